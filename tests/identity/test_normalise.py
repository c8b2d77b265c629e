from __future__ import annotations

import hashlib

import ibis

from klantreis.engine import Engine
from klantreis.identity.normalise import is_junk, normalised, normalised_postcode, trimmed

FORMS = [
    ("NL", "email", " Ann@Voorbeeld.NL ", "ann@voorbeeld.nl"),
    ("NL", "email", "ann+folder@voorbeeld.nl", "ann+folder@voorbeeld.nl"),
    ("NL", "email", "a.n.n@gmail.com", "a.n.n@gmail.com"),
    ("NL", "email", "testa@voorbeeld.nl", "testa@voorbeeld.nl"),
    ("NL", "email", "info@bakkerij.nl", "info@bakkerij.nl"),
    ("NL", "phone", "06-12345678", "+31612345678"),
    ("NL", "phone", "+31 6 12 34 56 78", "+31612345678"),
    ("NL", "phone", "0031612345678", "+31612345678"),
    ("NL", "phone", "+31 (0)6 12345678", "+31612345678"),
    ("NL", "phone", "+31 06 12345678", "+31612345678"),
    ("NL", "phone", "31612345678", "+31612345678"),
    ("NL", "phone", "612345678", "+31612345678"),
    ("NL", "phone", "(020) 123 45 67", "+31201234567"),
    ("NL", "phone", "06-12000000", "+31612000000"),
    ("NL", "phone", "+32 470 12 34 56", "+32470123456"),
    ("NL", "phone", "+49 30 1234567", "+49301234567"),
    ("NL", "phone", "+44 20 7946 0958", "+442079460958"),
    ("BE", "phone", "0470 12 34 56", "+32470123456"),
    ("DE", "phone", "030 1234567", "+49301234567"),
    ("FR", "phone", "06 12 34 56 78", "+33612345678"),
    ("IE", "phone", "085 123 4567", "+353851234567"),
    ("US", "phone", "(415) 555-2671", "+14155552671"),
    ("US", "phone", "1-415-555-2671", "+14155552671"),
    ("CA", "phone", "+1 416 555 2671", "+14165552671"),
    ("ES", "phone", "+34 612 345 678", "+34612345678"),
    ("NL", "loyalty_card", "26 0001-5", "2600015"),
    ("NL", "loyalty_card", "0000026000155", "26000155"),
    ("NL", "loyalty_card", "hh-001234", "HH001234"),
    ("NL", "loyalty_card", "2600000000017", "2600000000017"),
    ("NL", "social", " Instagram:@Huis_En ", "instagram:huis_en"),
    ("NL", "order", "#1001", "1001"),
    ("NL", "order", " 1001 ", "1001"),
    ("NL", "customer_number", "17", "crm:17"),
    ("NL", "user_id", " 7100 ", "7100"),
    ("NL", "cookie", "12.34", "12.34"),
    ("NL", "email_sha256", "AB" * 32, "ab" * 32),
]
JUNK = [
    ("email", "test@test.nl"),
    ("email", "noreply@winkel.nl"),
    ("email", "geen"),
    ("email", "ann voorbeeld.nl"),
    ("email", "NULL"),
    ("email_sha256", "abc"),
    ("email_sha256", hashlib.sha256(b"").hexdigest()),
    ("phone", "0000000000"),
    ("phone", "06-00000000"),
    ("phone", "bel mij"),
    ("phone", "12345"),
    ("phone", "+31 6 123"),
    ("loyalty_card", "0000000000000"),
    ("loyalty_card", "1111111111111"),
    ("loyalty_card", "123"),
    ("customer_number", "-1"),
    ("customer_number", "0000"),
    ("user_id", "null"),
    ("user_id", "Anonymous"),
    ("cookie", "00000000-0000-0000-0000-000000000000"),
    ("order", "n.v.t."),
]


def formed(engine: Engine, rows: list[tuple[str, str, str]]) -> list[tuple[str, bool]]:
    """The normal form of each value, and whether that is junk; rows of country, kind, value."""
    countries, kinds, values = zip(*rows, strict=True)
    given = ibis.memtable(
        {"n": range(len(rows)), "kind": kinds, "value": values, "country": countries}
    )
    source = ibis.literal("crm")
    bare = engine.keep(given.mutate(value=trimmed(given["value"])))
    form = normalised(bare["kind"], bare["value"], source, bare["country"])
    kept = engine.keep(bare.mutate(form=form))
    junk = is_junk(kept["kind"], kept["value"], kept["form"])
    rows_made = engine.fetch(kept.mutate(junk=junk).order_by("n")).to_pylist()
    return [(row["form"], row["junk"]) for row in rows_made]


def test_each_kind_has_one_way_of_writing(duckdb_engine: Engine) -> None:
    made = formed(duckdb_engine, [row[:3] for row in FORMS])
    assert list(zip(FORMS, made, strict=True)) == [(row, (row[3], False)) for row in FORMS]


def test_what_stands_for_nobody_is_junk(duckdb_engine: Engine) -> None:
    made = formed(duckdb_engine, [("NL", *row) for row in JUNK])
    assert [row for row, (_, junk) in zip(JUNK, made, strict=True) if not junk] == []


def test_a_national_number_of_an_unknown_country_is_no_dutch_one(duckdb_engine: Engine) -> None:
    made = formed(duckdb_engine, [("ES", "phone", "612345678"), ("ES", "phone", "0612345678")])
    assert made == [("612345678", True), ("0612345678", True)]


def test_a_north_american_number_lacks_its_area_or_has_a_figure_too_many(
    duckdb_engine: Engine,
) -> None:
    made = formed(duckdb_engine, [("US", "phone", "555-2671"), ("US", "phone", "0415 555 2671")])
    assert made == [("5552671", True), ("04155552671", True)]


def test_a_postcode_loses_its_spaces(duckdb_engine: Engine) -> None:
    row = ibis.memtable({"postcode": [" 2611 ab", "", None]})
    made = row.select(postcode=normalised_postcode(row["postcode"]))
    assert duckdb_engine.fetch(made)["postcode"].to_pylist() == ["2611AB", None, None]


def test_only_white_space_is_trimmed_not_letters(any_engine: Engine) -> None:
    texts = ["\t van der Graaf\f \n", "fluff", " ", ""]
    rows = ibis.memtable({"n": range(len(texts)), "text": texts})
    made = any_engine.fetch(rows.select("n", text=trimmed(rows["text"])).order_by("n"))
    assert made["text"].to_pylist() == ["van der Graaf", "fluff", "", ""]
