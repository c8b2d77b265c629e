"""How the audiences page is found."""

from __future__ import annotations

from datetime import datetime

from klantreis.errors import InputError, RuleError, message
from klantreis.tables import SAMPLED_OF
from klantreis.web.figures import counted, share
from klantreis.web.pages.audiences.context import (
    AudiencesPage,
    AudiencesQuery,
    Estimated,
    Moved,
    PasserShown,
    Point,
    Problem,
    RuleConsent,
    SavedShown,
    StrangerShown,
    Word,
)
from klantreis.web.pages.audiences.meanings import MEANINGS
from klantreis.words import Figure
from klantreis.workspace import (
    PLATFORMS,
    RULE_COLUMNS,
    RULE_PURPOSES,
    AudienceEstimate,
    AudienceSize,
    SavedAudience,
    Workspace,
)

__all__ = ["asked_moment", "audiences"]

EXAMPLES = (
    "orders in last 90 days >= 2 and channel('store') and not consent('email')",
    "did 'add_to_cart' in last 3 days and not did 'purchase' in last 3 days",
    "revenue in last 365 days > 500 and segment('champions')",
    "did 'view_item' via 'web' in last 2 weeks and orders = 0",
    "has_open_complaint or did 'return' in last 14 days",
    "did 'view_item' in last 30 days then 'purchase' via 'store' within 7 days",
    "did 'add_to_cart' in last 14 days then not 'purchase' within 2 days",
    "first('purchase') in last 90 days and churn_risk > 0.5",
)


def audiences(workspace: Workspace, query: AudiencesQuery) -> AudiencesPage:
    """Answer the audiences page."""
    published = workspace.published
    assert published is not None
    saved = workspace.audiences.saved()
    mine = next((one for one in saved if one.name == query.name), None)
    rule = query.rule.replace("\r\n", "\n") or (mine.rule if mine else "")
    problem: Problem | None = None
    found: AudienceSize | AudienceEstimate | None = None
    if rule.strip():
        try:
            ask = workspace.audiences.size if query.exact else workspace.audiences.soon
            found = ask(rule)
        except RuleError as error:
            problem = _problem(error)
    everyone = published.tables["portraits"].rows
    return AudiencesPage(
        as_of=published.as_of,
        rule=rule,
        name=query.name,
        description=query.description or (mine.description if mine else ""),
        refused=query.refused,
        problem=problem,
        customers=found.customers if found else None,
        estimated=_estimated(found),
        strangers=tuple(
            StrangerShown(one.asked, one.kind, one.name, one.known)
            for one in (workspace.audiences.strangers(rule) if found else ())
        ),
        share=_part(found, everyone),
        reachable=_reachable(found) if found else None,
        revenue_amount=found.revenue_amount if found else 0.0,
        saved=tuple(_saved(workspace, one, everyone) for one in saved),
        history=_history(workspace, mine),
        moved=_moved(workspace, mine, asked_moment(query.at)),
        examples=EXAMPLES,
        consents=tuple(RuleConsent(*pair) for pair in workspace.audiences.purposes.items()),
        unstated=tuple(one for one in RULE_PURPOSES if one not in workspace.audiences.purposes),
        words=_words(),
        platforms=PLATFORMS,
    )


def _saved(workspace: Workspace, audience: SavedAudience, everyone: int) -> SavedShown:
    try:
        found = workspace.audiences.soon(audience.rule)
    except InputError:
        found = None  # it speaks of an event that is no longer in the data
    use = workspace.audiences.use(audience.name)
    return SavedShown(
        name=audience.name,
        description=audience.description,
        rule=audience.rule,
        customers=counted(found.customers, "customers") if found else None,
        estimated=_estimated(found),
        share=_part(found, everyone),
        reachable=_reachable(found) if found and found.customers else None,
        used_in=(*use.audiences, *use.campaigns),
        changed_at=audience.changed_at,
        changed_by=audience.changed_by,
    )


def _history(workspace: Workspace, audience: SavedAudience | None) -> tuple[Point, ...]:
    found = workspace.audiences.history(audience.name) if audience else ()
    return tuple(Point(**vars(one)) for one in found)


def asked_moment(text: str) -> datetime | None:
    """The run that an address asks for; None for the last one.

    Raises:
        InputError: it is no moment.
    """
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError as error:
        allowed = "a moment of a run, as 2026-03-01T10:00:00"
        raise InputError(
            message("This is no moment", where="at", got=repr(text), allowed=allowed)
        ) from error


def _moved(
    workspace: Workspace, audience: SavedAudience | None, at: datetime | None
) -> Moved | None:
    found = workspace.audiences.moves(audience.name, at) if audience else None
    if found is None:
        return None
    passers = tuple(PasserShown(**vars(one)) for one in found.passers)
    return Moved(found.since, found.at, found.came, found.left, passers)


def _estimated(found: AudienceSize | AudienceEstimate | None) -> Estimated | None:
    if not isinstance(found, AudienceEstimate):
        return None
    return Estimated(found.low, found.high, found.sampled, SAMPLED_OF)


def _reachable(found: AudienceSize | AudienceEstimate) -> Figure:
    asked = found.found if isinstance(found, AudienceEstimate) else found.customers
    return share(found.reachable, asked, "customers")


def _part(found: AudienceSize | AudienceEstimate | None, everyone: int) -> float:
    return found.customers / everyone if found and everyone else 0.0


def _problem(error: RuleError) -> Problem:
    shown = error.text.split("\n")[error.line - 1]
    caret = " " * (error.column - 1) + "^"
    return Problem(
        error.kind,
        error.line,
        error.column,
        error.position,
        shown,
        caret,
        error.got,
        error.allowed,
        error.ends,
    )


def _words() -> tuple[Word, ...]:
    return tuple(Word(name, kind, MEANINGS[name]) for name, kind in sorted(RULE_COLUMNS.items()))
