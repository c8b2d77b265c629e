"""The chart of movement: groups at both days, with who went between them as bands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from klantreis.charts import Band, Node, sankey
from klantreis.web.marks import Svg, svg
from klantreis.web.pages.segment_moves.context import MoveShown, MovesPage
from klantreis.web.rendering import address
from klantreis.words import Translator
from klantreis.words.codes.segments import SEGMENTS

__all__ = ["draw"]

# From the best group to the worst; who had not bought yet stands below them.
ORDER = {name: place for place, name in enumerate((*SEGMENTS, "not_yet"))}
KINDS = {
    "champions": "good",
    "loyal": "good",
    "at_risk": "bad",
    "cannot_lose": "bad",
    "hibernating": "bad",
    "lost": "bad",
    "not_yet": "open",
}
NODE_ROOM = 44


def draw(page: MovesPage, words: Translator) -> Mapping[str, Svg]:
    """Draw the flows; nothing without buyers."""
    if not page.moves:
        return {}
    sides: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for move in page.moves:
        sides[0][move.source] += move.customers
        sides[1][move.target] += move.customers
    nodes = [
        Node(
            key=f"{column}:{name}",
            column=column,
            name=words.code("segment", name),
            label=words.number(side[name]),
            kind=KINDS.get(name, "flow"),
        )
        for column, side in enumerate(sides)
        for name in sorted(side, key=lambda name: ORDER[name])
    ]
    chart = sankey(
        nodes,
        [_band(page, move, words) for move in page.moves],
        columns=[words.day(page.since), words.day(page.until)],
        title=words.text("Movement between groups"),
        description=words.text(
            "On the left the groups at the first day, on the right those at the second; the "
            "thicker a band, the more customers went along it. The table holds the same numbers."
        ),
        width=900,
        height=max(420.0, NODE_ROOM * max(len(side) for side in sides)),
    )
    return {"moves": svg(chart)}


def _band(page: MovesPage, move: MoveShown, words: Translator) -> Band:
    source = words.code("segment", move.source)
    target = words.code("segment", move.target)
    href = address(
        "/segments/moves",
        since=page.since,
        until=page.until,
        source=move.source,
        target=move.target,
    )
    name = f"{source} → {target}: {words.units(move.customers, 'buyers')}"
    return Band(f"0:{move.source}", f"1:{move.target}", move.customers, name, href=f"{href}#who")
