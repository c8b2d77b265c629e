"""How the editor of a campaign is found."""

from __future__ import annotations

from klantreis.errors import FieldError, InputError, RuleError
from klantreis.tables.vocabulary import EVENTS
from klantreis.web.pages.campaign_editor.context import (
    EditorPage,
    EditorQuery,
    LetterEdited,
    Problem,
    StepEdited,
)
from klantreis.workspace import (
    CHANNEL_NAMES,
    LETTER_NAMES,
    SHIPPED,
    LetterFields,
    Workspace,
)

__all__ = ["campaign_editor"]

# What errors say may stand in a field, for readers of other languages.
MEANT = {"a text": "text", "an event, a rule or both": "event_or_rule"}


def campaign_editor(workspace: Workspace, query: EditorQuery) -> EditorPage:
    """Answer the editor of one campaign."""
    campaign = workspace.campaigns.one(query.name)
    editing = workspace.campaigns.editing(query.name)
    fields = editing.fields
    known = {*EVENTS, *workspace.audiences.own_events, *fields.exits, fields.event} - {""}
    own = sorted(known - set(EVENTS))
    return EditorPage(
        name=query.name,
        is_running=campaign.is_running,
        is_saved=editing.is_saved,
        is_shipped=query.name in SHIPPED,
        problem=_problem(editing.error) if editing.error else None,
        title_nl=fields.title_nl,
        title_en=fields.title_en,
        kind=fields.kind,
        channel=fields.channel,
        channels=CHANNEL_NAMES,
        holdout_percent=fields.holdout_percent,
        reentry_days=fields.reentry_days,
        event=fields.event,
        events=(*EVENTS, *own),
        within=fields.within,
        within_unit=fields.within_unit,
        score_at_most=fields.score_at_most,
        rule=fields.rule,
        exits=fields.exits,
        audiences=tuple(one.name for one in workspace.audiences.saved()),
        steps=tuple(
            StepEdited(place=place, **vars(step)) for place, step in enumerate(fields.steps)
        ),
        letters=tuple(
            _letter(workspace, place, letter) for place, letter in enumerate(fields.letters)
        ),
        letter_names=tuple(dict.fromkeys(letter.name for letter in fields.letters)),
        names=LETTER_NAMES,
        text=editing.text,
    )


def _problem(error: InputError) -> Problem:
    told = str(error)
    if not isinstance(error, FieldError):
        return Problem("", "", "", "", "", told)
    if not isinstance(error, RuleError):
        meant = MEANT.get(error.allowed, "")
        return Problem(error.field, "", "", error.got, error.allowed, told, _limits(error), meant)
    line = error.text.split("\n")[error.line - 1]
    shown = f"{line}\n{' ' * (error.column - 1)}^"
    return Problem(error.field, error.kind, shown, error.got, error.allowed, told, ends=error.ends)


def _limits(error: FieldError) -> tuple[float, float] | None:
    """As the page's own field asks for them: a holdout is typed in per cent."""
    if error.limits is None or error.field != "holdout":
        return error.limits
    lowest, highest = error.limits
    return 100 * lowest, 100 * highest


def _letter(workspace: Workspace, place: int, letter: LetterFields) -> LetterEdited:
    try:
        mail = workspace.campaigns.letter_example(letter)
    except InputError:
        return LetterEdited(place, **vars(letter), shown_subject="", paragraphs=(), shown_button="")
    parts = [part for part in mail.text.split("\n-- ")[0].split("\n\n") if part.strip()]
    has_button = bool(letter.button and letter.link)
    button = parts.pop().partition(": ")[0] if has_button else ""
    return LetterEdited(
        place,
        **vars(letter),
        shown_subject=mail.subject,
        paragraphs=tuple(parts),
        shown_button=button,
    )
