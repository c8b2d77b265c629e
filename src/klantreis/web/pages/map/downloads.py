"""The journey map as a file: fill-in sheet, PDF on A3, picture, PowerPoint."""

from __future__ import annotations

from collections.abc import Sequence

from klantreis.charts import CurvePoint, curve_depth, emotion_curve, note_baselines, palette
from klantreis.documents import SLIDE_WIDTH, Deck, Slide, page_as_png, pdf
from klantreis.web.download import Download, DownloadedFile
from klantreis.web.marks import svg
from klantreis.web.pages.map.context import Column, JourneyMap, MapQuery
from klantreis.web.pages.map.drawings import curve_points
from klantreis.web.pages.map.naming import lane_names, subject_name
from klantreis.web.pages.map.view import journey_map
from klantreis.web.phases import phase_name
from klantreis.web.rendering import environment
from klantreis.words import Translator
from klantreis.workspace import MapPlace, SheetWords, Workspace

__all__ = ["DOWNLOADS"]

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILLS = {
    "response": palette.SKY,
    "pain": palette.ROSE,
    "gain": palette.MINT,
    "opportunity": palette.AMBER,
    "action": palette.VIOLET,
    "note": palette.CARD,
}
STYLE = """
.map { width: 100%; border-collapse: collapse; table-layout: fixed; font-size: 8.5pt; background: var(--card); }
.map thead th { background: var(--brand); color: #ffffff; text-align: left; padding: 6px 10px; border: 0; font-size: 10pt; }
.map tbody th, .map .corner { width: 112px; text-align: left; color: var(--muted); background: var(--ground); }
.map th, .map td { border: 0.5pt solid var(--line); padding: 5px; vertical-align: top; }
.map .designed td { height: 17mm; }
.map p { margin: 0 0 3px; } .map tr { break-inside: avoid; }
.map .curve { padding: 0; } .map .touch { border: 0.5pt solid var(--line); border-radius: 5px; padding: 2px 5px; }
.map .slip { background: var(--sky); border-radius: 5px; padding: 3px 6px; }
.map .pain { background: var(--rose); } .map .gain { background: var(--mint); }
.map .opportunity { background: var(--amber); } .map .action { background: var(--violet); }
.map .note { background: var(--ground); }
"""
# Places on a slide, in millimetres.
LEFT, TOP, EDGE = 48.0, 32.0, 14.0
PIXEL = 7 / 12 * 25.4 / 72  # at which the notes of twelve pixels have letters of 7 points
HEIGHTS = {"touchpoints": 24.0, "emotion": 34.0, "drop_off": 12.0}
LANE_ROOM = 70.0  # what is left for the six designed lanes


def sheet(workspace: Workspace, query: MapQuery, words: Translator) -> DownloadedFile:
    """The map as an Excel file to fill in, a sheet for each phase."""
    page = journey_map(workspace, query)
    place = MapPlace(page.subject.code, page.model, _variant(page))
    told = SheetWords(
        words.text("Fill in the white cells. A row is a card; new cards go below the last one."),
        (words.text("Lane"), words.text("Text of the card"), words.text("New comment")),
        {c.phase: phase_name(page.model, c.phase, words.language) for c in page.columns},
        lane_names(words),
    )
    return DownloadedFile(_name(page, words, "xlsx"), XLSX, workspace.maps.sheet(place, told))


def paper(workspace: Workspace, query: MapQuery, words: Translator) -> DownloadedFile:
    """The map on A3."""
    page = journey_map(workspace, query)
    content = pdf(
        _body(workspace, page, words),
        title=words.text("Journey map"),
        language=words.language,
        paper="A3 landscape",
        style=STYLE,
        footer=workspace.settings.name,
    )
    return DownloadedFile(_name(page, words, "pdf"), "application/pdf", content)


def picture(workspace: Workspace, query: MapQuery, words: Translator) -> DownloadedFile:
    """The map as a picture."""
    page = journey_map(workspace, query)
    printed = paper(workspace, query, words)
    return DownloadedFile(_name(page, words, "png"), "image/png", page_as_png(printed.content))


def slides(workspace: Workspace, query: MapQuery, words: Translator) -> DownloadedFile:
    """The map as a slide of shapes that can be changed."""
    page = journey_map(workspace, query)
    title = words.text("Journey map")
    deck = Deck(title, language=words.language)
    group = subject_name(page.subject, words)
    slide = deck.slide(
        words.text("%(group)s: what is their journey like?", group=group),
        eyebrow=" · ".join(
            (
                title,
                words.code("variant", page.variant),
                words.units(page.journeys.value or 0, "journeys"),
                words.period(page.first_at, page.last_at),
            )
        ),
    )
    _draw(slide, page, words)
    return DownloadedFile(_name(page, words, "pptx"), PPTX, deck.content())


def _draw(slide: Slide, page: JourneyMap, words: Translator) -> None:
    each = (SLIDE_WIDTH - LEFT - EDGE) / len(page.columns)
    for place, column in enumerate(page.columns):
        name = f"{place + 1} {phase_name(page.model, column.phase, words.language)}"
        slide.text(
            name, LEFT + place * each, TOP, each - 1.5, 8, size=11, colour=palette.CARD,
            is_bold=True, fill=palette.BRAND, anchor="middle", name=name,
        )  # fmt: skip
    top = TOP + 10
    rows: tuple[tuple[str, str, list[list[str]]], ...] = (
        ("touchpoints", words.text("Touchpoints"), [_touchpoints(c, words) for c in page.columns]),
        ("emotion", words.text("Emotion"), []),
        ("drop_off", words.text("Drop-off"), [_drop_off(c, words) for c in page.columns]),
    )
    for code, title, cells in rows:
        slide.text(title, EDGE, top, LEFT - EDGE - 2, 8, size=9, colour=palette.MUTED, is_bold=True)
        for place, lines in enumerate(cells):
            slide.text(lines, LEFT + place * each, top, each - 1.5, HEIGHTS[code], size=8)
        if code == "emotion":
            _curve(slide, curve_points(page, words), top, words)
        top += HEIGHTS[code]
    _lanes(slide, page, words, top, each)


def _touchpoints(column: Column, words: Translator) -> list[str]:
    return [
        f"{words.code('event', one.event)} ({words.code('channel', one.channel)}) {words.number(one.steps)}"
        for one in column.touchpoints
    ] or [words.text("none")]


def _drop_off(column: Column, words: Translator) -> list[str]:
    reached = f"{words.percent(column.reached.value)} {words.text('reached')}"
    if column.stopped.evidence.lacking:
        return [reached, words.lacking(column.stopped.evidence)]
    return [reached, f"{words.figure(column.stopped)} {words.text('stopped here')}"]


def _curve(slide: Slide, points: Sequence[CurvePoint], top: float, words: Translator) -> None:
    if not points:
        slide.text(words.text("Not measured yet."), LEFT, top, 80, 8, size=8, colour=palette.MUTED)
        return
    width, height = SLIDE_WIDTH - LEFT - EDGE, HEIGHTS["emotion"]
    spots = [(LEFT + p.x / 100 * width, top + curve_depth(p.score) * height) for p in points]
    slide.curve(
        [(LEFT, top + height / 2), (LEFT + width, top + height / 2)],
        colour=palette.LINE,
        weight=0.75,
    )
    if len(spots) > 1:
        slide.curve(spots, colour=palette.INK)
    baselines = note_baselines(points, across=width / PIXEL, height=height / PIXEL)
    for point, (x, y), baseline in zip(points, spots, baselines, strict=True):
        colour = palette.POSITIVE if point.score >= 0 else palette.NEGATIVE
        slide.dot(x, y, 1.4, fill=colour)
        if baseline is not None:
            note_top = top + baseline * PIXEL - 3
            slide.text(point.note, x - 25, note_top, 50, 4, size=7, colour=colour, align="center")


def _lanes(slide: Slide, page: JourneyMap, words: Translator, top: float, each: float) -> None:
    needed = [max(1, *(len(cell.cards) for cell in lane.cells)) for lane in page.lanes]
    line = min(8.0, LANE_ROOM / max(1, sum(needed)))
    for lane, lines in zip(page.lanes, needed, strict=True):
        name = words.code("lane", lane.lane)
        if page.variant == "both":
            name = f"{name} ({words.code('variant', lane.variant)})"
        slide.text(
            name, EDGE, top, LEFT - EDGE - 2, line, size=9, colour=palette.MUTED, is_bold=True
        )
        for place, cell in enumerate(lane.cells):
            for number, card in enumerate(cell.cards):
                slide.text(
                    card.text, LEFT + place * each, top + number * line, each - 2, line - 0.8,
                    size=7.5, fill=FILLS[lane.lane], line=palette.LINE, anchor="middle",
                    name=f"{name} {card.card_id}",
                )  # fmt: skip
        top += lines * line + 1


def _body(workspace: Workspace, page: JourneyMap, words: Translator) -> str:
    points = curve_points(page, words)
    title = words.text("Emotion over the journey")
    drawing = (
        svg(emotion_curve(points, title=title, description=title, height=150, width=1360))
        if points
        else ""
    )
    templates = environment(words.language, workspace.settings.time_zone)
    return templates.get_template("map/paper.html").render(page=page, drawing=drawing)


def _variant(page: JourneyMap) -> str:
    return "as_is" if page.variant == "both" else page.variant


def _name(page: JourneyMap, words: Translator, kind: str) -> str:
    parts = (words.text("journey-map"), page.subject.code, page.model, page.variant)
    return f"{'-'.join(parts).replace('.', '-')}.{kind}"


DOWNLOADS = (
    Download("map_xlsx", "/map.xlsx", MapQuery, sheet),
    Download("map_pdf", "/map.pdf", MapQuery, paper),
    Download("map_png", "/map.png", MapQuery, picture),
    Download("map_pptx", "/map.pptx", MapQuery, slides),
)
