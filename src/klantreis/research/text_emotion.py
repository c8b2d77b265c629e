"""The emotion of a text: terms of shoppers, a lexicon, and what a negation turns round."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.research.feelings import feelings, lexicon
from klantreis.research.wording import LANGUAGES, count_of, pattern

__all__ = ["text_emotion"]

TURNED = "not_"
# A general word says less about a purchase than a term of shoppers does.
LEXICON_WEIGHT = 0.5
# "Not good" is less bad than "bad": half as strong, the other way round.
NEGATED = -0.5


def text_emotion(texts: ir.Table, *, engine: Engine) -> ir.Table:
    """Judge texts by their words.

    The emotion is the weighted mean of what was found: terms of `feelings.toml` on their own value,
    words of the lexicon (polarity -1 to 1, doubled) at half weight. The word after a negation
    counts half and reversed. Forms of politeness are taken out first.

    Args:
        texts: `record_table`, `record_id`, `language` and `plain`, one row a text.

    Returns:
        `record_table`, `record_id` and `emotion` (-2 to 2), for texts that hold a judging word.
    """
    polite = engine.keep(texts.mutate(plain=_by_language(texts, _without_courtesies)))
    terms = polite.select("record_table", "record_id", **_terms(polite))
    words = _lexicon_words(polite, engine)
    both = terms.left_join(words, ["record_table", "record_id"])
    weight = both["terms"] + LEXICON_WEIGHT * both["words"].fill_null(0)
    total = both["value"] + LEXICON_WEIGHT * 2 * both["polarity"].fill_null(0.0)
    judged = both.filter(weight > 0)
    return judged.select(
        "record_table", "record_id", emotion=(total / weight).cast("float64").clip(-2.0, 2.0)
    )


def _by_language(texts: ir.Table, made: object) -> ir.StringValue:
    assert callable(made)
    return texts["language"].cases(
        *((language, made(texts["plain"], language)) for language in LANGUAGES),
        else_=texts["plain"],
    )


def _without_courtesies(plain: ir.StringValue, language: str) -> ir.StringValue:
    return plain.re_replace(pattern(feelings().courtesies[language]), " . ")


def _terms(texts: ir.Table) -> dict[str, ir.Value]:
    """How many terms a text holds, and the sum of their values."""
    counts = []
    for value, words in feelings().terms:
        found = texts["language"].cases(
            *(
                (language, count_of(texts["plain"], pattern(words[language])).cast("int64"))
                for language in LANGUAGES
            ),
            else_=0,
        )
        counts.append((value, found))
    terms = sum((found for _, found in counts[1:]), start=counts[0][1])
    value = sum((v * found for v, found in counts[1:]), start=counts[0][0] * counts[0][1])
    return {"terms": terms, "value": value}


def _lexicon_words(texts: ir.Table, engine: Engine) -> ir.Table:
    """Per text how many words of the lexicon it holds, and the sum of their polarities."""
    told = texts.select(
        "record_table", "record_id", "language", words=_by_language(texts, _turned).split(" ")
    ).unnest("words")
    told = told.filter(told["words"] != "")
    is_turned = told["words"].startswith(TURNED)
    told = told.mutate(
        is_turned=is_turned,
        bare=ibis.ifelse(is_turned, told["words"].substr(len(TURNED)), told["words"]),
    )
    known = engine.table(lexicon())
    found = told.join(
        known, [told["bare"] == known["word"], told["language"] == known["word_language"]]
    )
    polarity = ibis.ifelse(found["is_turned"], NEGATED * found["polarity"], found["polarity"])
    return found.group_by("record_table", "record_id").aggregate(
        words=found.count(), polarity=polarity.sum()
    )


def _turned(plain: ir.StringValue, language: str) -> ir.StringValue:
    """The text with each negation glued to the word that it turns round."""
    known = feelings()
    negation = "|".join(known.negations[language])
    small = "|".join(known.small_words[language])
    return plain.re_replace(f" ({negation})  (({small})  )?", f"  {TURNED}")
