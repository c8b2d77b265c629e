"""How the audiences page is found."""

from __future__ import annotations

from klantreis.errors import RuleError
from klantreis.tables import TABLES
from klantreis.web.figures import share
from klantreis.web.pages.audiences.context import AudiencesPage, AudiencesQuery, Problem, Word
from klantreis.workspace import PLATFORMS, RULE_COLUMNS, Workspace

__all__ = ["audiences"]

EXAMPLES = (
    "orders in last 90 days >= 2 and channel('store') and not consent('email')",
    "did 'add_to_cart' in last 3 days and not did 'purchase' in last 3 days",
    "revenue in last 365 days > 500 and segment('champions')",
    "did 'view_item' via 'web' in last 2 weeks and orders = 0",
    "has_open_complaint or did 'return' in last 14 days",
)


def audiences(workspace: Workspace, query: AudiencesQuery) -> AudiencesPage:
    """Answer the audiences page."""
    published = workspace.published
    assert published is not None
    rule = query.rule.replace("\r\n", "\n")
    problem, found = None, None
    if rule.strip():
        try:
            found = _found(workspace, rule)
        except RuleError as error:
            problem = _problem(error)
    everyone = published.tables["portraits"].rows
    return AudiencesPage(
        as_of=published.as_of,
        rule=rule,
        problem=problem,
        customers=found[0] if found else None,
        share=found[0] / everyone if found and everyone else 0.0,
        reachable=share(found[1], found[0], "customers") if found else None,
        revenue_amount=found[2] if found else 0.0,
        examples=EXAMPLES,
        words=_words(),
        platforms=PLATFORMS,
    )


def _found(workspace: Workspace, rule: str) -> tuple[int, int, float]:
    portraits = workspace.table("portraits")
    members = portraits.semi_join(workspace.audiences.members(rule), "customer_id")
    totals = members.aggregate(
        customers=members.count(),
        reachable=members.count(where=members["may_email"]),
        revenue=members["revenue_amount"].sum(),
    )
    row = workspace.rows(totals)[0]
    return row["customers"], row["reachable"], round(float(row["revenue"] or 0), 2)


def _problem(error: RuleError) -> Problem:
    shown = error.text.split("\n")[error.line - 1]
    caret = " " * (error.column - 1) + "^"
    return Problem(error.kind, error.line, error.column, shown, caret, error.got, error.allowed)


def _words() -> tuple[Word, ...]:
    meanings = {
        column.name: column.meaning
        for table in ("portraits", "customers")
        for column in TABLES[table].columns
    }
    return tuple(Word(name, kind, meanings[name]) for name, kind in sorted(RULE_COLUMNS.items()))
