"""A deck for PowerPoint of native shapes, which the reader can change. Measures in millimetres."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any, Literal

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Mm, Pt

from klantreis.charts.palette import BRAND, GROUND, INK, LINE, MUTED
from klantreis.documents.png import png

__all__ = ["SLIDE_HEIGHT", "SLIDE_WIDTH", "Deck", "Slide"]

SLIDE_WIDTH, SLIDE_HEIGHT = 338.6, 190.5  # 16 : 9
MARGIN = 14.0
BLANK = 6  # number of the empty layout in the shipped template
# A deck is opened on machines that do not have our typeface; this one is on all of them.
FONT = "Arial"

Align = Literal["left", "center", "right"]
Anchor = Literal["top", "middle", "bottom"]
ALIGNED = {"left": PP_ALIGN.LEFT, "center": PP_ALIGN.CENTER, "right": PP_ALIGN.RIGHT}
ANCHORED = {"top": MSO_ANCHOR.TOP, "middle": MSO_ANCHOR.MIDDLE, "bottom": MSO_ANCHOR.BOTTOM}


class Deck:
    """Slides in order.

    Args:
        title: of the whole deck, in its properties.
        language: `nl` or `en`.
    """

    def __init__(self, title: str, *, language: str) -> None:
        self._deck: Any = Presentation()
        self._deck.slide_width, self._deck.slide_height = Mm(SLIDE_WIDTH), Mm(SLIDE_HEIGHT)
        self._deck.core_properties.title = title
        self._deck.core_properties.author = "Klantreis"
        self._deck.core_properties.language = language

    def slide(self, title: str, *, eyebrow: str = "") -> Slide:
        """Add a slide: its title says the finding, the line above it what that rests on."""
        slide = Slide(self._deck.slides.add_slide(self._deck.slide_layouts[BLANK]))
        if eyebrow:
            slide.text(eyebrow, MARGIN, 8, SLIDE_WIDTH - 2 * MARGIN, 6, size=10, colour=MUTED)
        slide.text(
            title, MARGIN, 13, SLIDE_WIDTH - 2 * MARGIN, 14, size=24, is_bold=True, name="Title"
        )
        return slide

    def content(self) -> bytes:
        """The deck as a .pptx file."""
        written = BytesIO()
        self._deck.save(written)
        return written.getvalue()


class Slide:
    """One slide; `left` and `top` are measured from its upper left corner."""

    def __init__(self, slide: Any) -> None:
        self._slide = slide
        background = slide.background.fill
        background.solid()
        background.fore_color.rgb = _colour(GROUND)

    def text(
        self,
        text: str | Sequence[str],
        left: float,
        top: float,
        width: float,
        height: float,
        *,
        size: float = 12,
        colour: str = INK,
        is_bold: bool = False,
        fill: str | None = None,
        line: str | None = None,
        align: Align = "left",
        anchor: Anchor = "top",
        name: str = "",
    ) -> None:
        """Text in a box; with `fill` or `line` a rounded card, otherwise nothing is seen of it.

        Args:
            text: one paragraph, or several.
            left, top, width, height: place, in millimetres.
            size: of the letters, in points.
            colour, fill, line: as `#1d5f5b`.
            is_bold: of all letters.
            align, anchor: where the text lies in the box.
            name: how PowerPoint's list of shapes calls it.
        """
        shape = self._slide.shapes.add_shape(
            MSO_SHAPE.ROUNDED_RECTANGLE, Mm(left), Mm(top), Mm(width), Mm(height)
        )
        shape.adjustments[0] = min(0.5, 2.5 / max(1.0, min(width, height)))
        shape.shadow.inherit = False
        _paint(shape, fill, line)
        if name:
            shape.name = name
        frame = shape.text_frame
        frame.word_wrap = True
        frame.vertical_anchor = ANCHORED[anchor]
        inset = Mm(2.5 if fill or line else 0)
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = inset
        for number, words in enumerate([text] if isinstance(text, str) else text):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            paragraph.alignment = ALIGNED[align]
            _write(paragraph, words, size, colour, is_bold)

    def table(
        self,
        rows: Sequence[Sequence[str]],
        left: float,
        top: float,
        width: float,
        *,
        widths: Sequence[float] = (),
        row_height: float = 7.0,
        size: float = 10,
    ) -> None:
        """A table; its first row is the head.

        Args:
            rows: texts, all rows equally long.
            left, top, width: place, in millimetres.
            widths: of the columns, as parts of the whole; by default all alike.
            row_height: in millimetres.
            size: of the letters, in points.
        """
        columns = len(rows[0])
        made = self._slide.shapes.add_table(
            len(rows), columns, Mm(left), Mm(top), Mm(width), Mm(row_height * len(rows))
        ).table
        parts = widths or [1.0] * columns
        for column, part in zip(made.columns, parts, strict=True):
            column.width = Mm(width * part / sum(parts))
        for number, row in enumerate(rows):
            made.rows[number].height = Mm(row_height)
            for place, words in enumerate(row):
                cell = made.cell(number, place)
                cell.margin_top = cell.margin_bottom = Mm(0.8)
                cell.fill.solid()
                cell.fill.fore_color.rgb = _colour(BRAND if number == 0 else "#ffffff")
                colour = "#ffffff" if number == 0 else INK
                _write(cell.text_frame.paragraphs[0], words, size, colour, number == 0)

    def bars(
        self,
        names: Sequence[str],
        values: Sequence[float],
        left: float,
        top: float,
        width: float,
        height: float,
        *,
        series: str,
        number_format: str = "0%",
        size: float = 10,
    ) -> None:
        """Horizontal bars as a native chart, the first name at the top.

        Args:
            names, values: of the bars.
            left, top, width, height: place, in millimetres.
            series: what the values stand for.
            number_format: as in Excel.
            size: of the letters, in points.
        """
        data: Any = CategoryChartData()  # type: ignore[no-untyped-call]  # python-pptx has no types
        data.categories = list(names)
        data.add_series(series, list(values))
        chart = self._slide.shapes.add_chart(
            XL_CHART_TYPE.BAR_CLUSTERED, Mm(left), Mm(top), Mm(width), Mm(height), data
        ).chart
        chart.has_legend = chart.has_title = False
        chart.font.size, chart.font.name = Pt(size), FONT
        chart.category_axis.reverse_order = True
        chart.category_axis.format.line.color.rgb = _colour(LINE)
        chart.value_axis.visible = chart.value_axis.has_major_gridlines = False
        plot = chart.plots[0]
        plot.gap_width, plot.has_data_labels = 45, True
        plot.data_labels.number_format = number_format
        plot.data_labels.number_format_is_linked = False
        plot.series[0].format.fill.solid()
        plot.series[0].format.fill.fore_color.rgb = _colour(BRAND)

    def curve(
        self, points: Sequence[tuple[float, float]], *, colour: str = BRAND, weight: float = 2.0
    ) -> None:
        """A line through at least two points (x, y in millimetres); `weight` in points."""
        start, *rest = [(int(Mm(x)), int(Mm(y))) for x, y in points]
        path = self._slide.shapes.build_freeform(*start)
        path.add_line_segments(rest, close=False)
        shape = path.convert_to_shape()
        shape.fill.background()
        shape.shadow.inherit = False
        shape.line.color.rgb, shape.line.width = _colour(colour), Pt(weight)

    def dot(self, x: float, y: float, radius: float, *, fill: str = BRAND) -> None:
        """A dot around a point."""
        shape = self._slide.shapes.add_shape(
            MSO_SHAPE.OVAL, Mm(x - radius), Mm(y - radius), Mm(2 * radius), Mm(2 * radius)
        )
        shape.shadow.inherit = False
        _paint(shape, fill, None)

    def drawing(self, svg: str, left: float, top: float, width: float, *, name: str) -> None:
        """A drawing as a picture, for what shapes cannot show (a face); `name` describes it."""
        picture = self._slide.shapes.add_picture(
            BytesIO(png(svg, scale=3)), Mm(left), Mm(top), width=Mm(width)
        )
        picture._element.nvPicPr.cNvPr.set("descr", name)

    def notes(self, text: str) -> None:
        """What the speaker reads."""
        self._slide.notes_slide.notes_text_frame.text = text


def _write(paragraph: Any, words: str, size: float, colour: str, is_bold: bool) -> None:
    run = paragraph.add_run()
    run.text = words
    run.font.size, run.font.name, run.font.bold = Pt(size), FONT, is_bold
    run.font.color.rgb = _colour(colour)


def _paint(shape: Any, fill: str | None, line: str | None) -> None:
    if fill:
        shape.fill.solid()
        shape.fill.fore_color.rgb = _colour(fill)
    else:
        shape.fill.background()
    if line:
        shape.line.color.rgb, shape.line.width = _colour(line), Pt(0.75)
    else:
        shape.line.fill.background()


def _colour(written: str) -> Any:
    # python-pptx has no types
    return RGBColor(*bytes.fromhex(written.removeprefix("#")))  # type: ignore[no-untyped-call]
