"""The card of a persona as a file: its face, PDF, PowerPoint."""

from __future__ import annotations

from collections.abc import Sequence

from klantreis.charts.palette import AMBER, BRAND, CARD, LINE, MUTED, ROSE
from klantreis.documents import SLIDE_WIDTH, Deck, Slide, pdf
from klantreis.web.download import Download, DownloadedFile
from klantreis.web.marks import svg
from klantreis.web.pages.persona.context import FaceQuery, Field, Part, Persona, PersonaQuery
from klantreis.web.pages.persona.view import persona
from klantreis.web.phases import phase_name
from klantreis.web.rendering import environment
from klantreis.words import Figure, Translator
from klantreis.workspace import Workspace

__all__ = ["DOWNLOADS"]

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
STYLE = """
.who .face { flex: 0 0 46mm; } .who .face svg { width: 46mm; height: 46mm; border-radius: 23mm; background: var(--amber); }
.who blockquote { font-size: 14pt; line-height: 1.3; color: var(--brand); margin: 0 0 3mm; } .who blockquote .muted { font-size: 8pt; color: var(--muted); }
.who table { margin-bottom: 2mm; } .figures { margin: 2mm 0 4mm; } .figures td { border: 0; width: 25%; } .big { font-size: 15pt; }
h3 { margin: 2mm 0 0.5mm; } .tells td:last-child { white-space: nowrap; } .card table td { padding-top: 0.8mm; padding-bottom: 0.8mm; }
.warning { background: var(--amber); padding: 2mm 3mm; border-radius: 2mm; }
"""
EDGE = 14.0
COLUMN = 62.0


def picture(workspace: Workspace, query: FaceQuery, words: Translator) -> DownloadedFile:
    """The face."""
    card = workspace.personas.card(query.persona_id)
    drawn = workspace.personas.face(card, None if query.number < 0 else query.number)
    return DownloadedFile(f"{query.persona_id}.svg", "image/svg+xml", drawn.encode())


def paper(workspace: Workspace, query: PersonaQuery, words: Translator) -> DownloadedFile:
    """The card on A4."""
    page = persona(workspace, query)
    face = svg(workspace.personas.face(workspace.personas.card(query.persona_id)))
    template = environment(words.language, words.zone.key).get_template("persona/paper.html")
    name = page.in_language(words.language)["name"].text
    content = pdf(
        template.render(page=page, face=face),
        title=name,
        language=words.language,
        style=STYLE,
        footer=f"{workspace.settings.name} · {words.day(page.as_of)}",
    )
    return DownloadedFile(f"persona-{query.persona_id}.pdf", "application/pdf", content)


def deck(workspace: Workspace, query: PersonaQuery, words: Translator) -> DownloadedFile:
    """The card as a slide of shapes that can be changed, and one with what they ask."""
    page = persona(workspace, query)
    own = page.in_language(words.language)
    made = Deck(own["name"].text, language=words.language)
    eyebrow = words.text(
        "about %(customers)s", customers=words.units(page.size.value or 0, "customers")
    )
    slide = made.slide(_title(page, words), eyebrow=f"{eyebrow} ({words.percent(page.size_share)})")
    face = _on_colour(workspace.personas.face(workspace.personas.card(query.persona_id)))
    alt = words.text("Drawn face of %(name)s", name=own["name"].text)
    slide.drawing(face, EDGE, 32, COLUMN - 6, name=alt)
    _who(slide, own, words)
    _numbers(slide, page, words)
    if not page.is_stable:
        _warn(slide, page, words)
    asked = made.slide(
        words.text("What do they want to know, and when?"),
        eyebrow=_asked_of(page, words),
    )
    _questions(asked, page, words)
    return DownloadedFile(f"persona-{query.persona_id}.pptx", PPTX, made.content())


def _who(slide: Slide, own: dict[str, Field], words: Translator) -> None:
    left, width = EDGE + COLUMN, SLIDE_WIDTH - 2 * EDGE - COLUMN
    slide.text(f"“{own['quote'].text}”", left, 32, width, 12, size=18, colour=BRAND)
    slide.text(_mark(own["quote"], words), left, 44, width, 5, size=9, colour=MUTED)
    slide.text(own["story"].text, left, 51, width, 28, size=13)
    slide.text(_mark(own["story"], words), left, 80, width, 5, size=9, colour=MUTED)
    rows = [[words.text("Text"), "", words.text("What it rests on")]]
    names = {
        "name": words.text("Name"),
        "age": words.text("Age"),
        "town": words.text("Home town"),
        "household": words.text("Household"),
        "hobbies": words.text("Hobbies"),
    }
    rows += [[name, own[code].text, _mark(own[code], words)] for code, name in names.items()]
    slide.table(rows, left, 87, width, widths=(2, 5, 3), row_height=6.2)


def _numbers(slide: Slide, page: Persona, words: Translator) -> None:
    figures = (
        (words.text("Revenue per customer"), page.revenue),
        (words.text("Purchases per customer"), page.orders),
        (words.text("Net promoter score"), page.nps),
        (words.text("Returned something"), page.returned),
    )
    width = (SLIDE_WIDTH - 2 * EDGE - 3 * 5) / 4
    for place, (name, figure) in enumerate(figures):
        left = EDGE + place * (width + 5)
        slide.text((), left, 128, width, 40, fill=CARD, line=LINE)
        slide.text(name, left + 4, 131, width - 8, 6, size=10, colour=MUTED)
        slide.text(_shown(figure, words), left + 4, 138, width - 8, 12, size=24, is_bold=True)
        told = " · ".join(words.evidence(figure.evidence, figure.measure))
        slide.text(told, left + 4, 152, width - 8, 14, size=9, colour=MUTED)


def _warn(slide: Slide, page: Persona, words: Translator) -> None:
    text = words.text(
        "Not firm yet: with another sample of customers this persona would look rather different (stability %(stability)s).",
        stability=words.number(page.stability, 2),
    )
    slide.text(text, EDGE, 172, SLIDE_WIDTH - 2 * EDGE, 10, size=10, fill=ROSE)


def _questions(slide: Slide, page: Persona, words: Translator) -> None:
    count = max(1, len(page.phases))
    width = (SLIDE_WIDTH - 2 * EDGE - (count - 1) * 6) / count
    for place, phase in enumerate(page.phases):
        left = EDGE + place * (width + 6)
        name = phase_name(page.phase_model, phase.phase, words.language)
        slide.text(name, left, 34, width, 8, size=14, is_bold=True)
        slide.bars(
            [_topic(part, words) for part in phase.questions],
            [part.figure.value or 0.0 for part in phase.questions],
            left,
            44,
            width,
            70,
            series=name,
        )
    half = (SLIDE_WIDTH - 2 * EDGE - 6) / 2
    met = (
        (words.text("Preferred channel"), page.channels),
        (words.text("Where they buy"), page.purchase_channels),
    )
    for place, (name, parts) in enumerate(met):
        if parts:
            _channels(slide, name, parts, EDGE + place * (half + 6), half, words)


def _channels(
    slide: Slide, name: str, parts: Sequence[Part], left: float, width: float, words: Translator
) -> None:
    told = f"{words.code('evidence', 'measured')} · {words.units(parts[0].figure.evidence.n, 'customers')}"
    slide.text(name, left, 117, width, 8, size=14, is_bold=True)
    slide.text(told, left, 124, width, 5, size=9, colour=MUTED)
    slide.bars(
        [words.code("channel", part.name.code) for part in parts],
        [part.figure.value or 0.0 for part in parts],
        left,
        129,
        width,
        52,
        series=name,
    )


def _title(page: Persona, words: Translator) -> str:
    """Who it is and what they need most, as the card itself says it."""
    own = page.in_language(words.language)
    who = ", ".join(filter(None, (own["name"].text, own["age"].text)))
    if not page.needs:
        return who
    need = page.needs[0]
    return f"{who}: {need.told(words.language) or words.code('segment', need.code)}"


def _asked_of(page: Persona, words: Translator) -> str:
    kinds = {part.figure.evidence.kind for phase in page.phases for part in phase.questions}
    told = (words.code("evidence", kind) for kind in sorted(kinds))
    return " · ".join((*told, words.units(page.members_told, "customers")))


def _on_colour(face: str) -> str:
    """The face on the colour that it has on the page."""
    head, end, rest = face.partition(">")
    return f'{head}{end}<rect width="100%" height="100%" fill="{AMBER}"/>{rest}'


def _topic(part: Part, words: Translator) -> str:
    return part.name.told(words.language) or words.code("segment", part.name.code)


def _shown(figure: Figure, words: Translator) -> str:
    return "–" if figure.value is None or figure.evidence.lacking else words.figure(figure)


def _mark(field: Field, words: Translator) -> str:
    parts = [words.code("evidence", field.kind)]
    if field.n:
        parts.append(words.units(field.n, "customers"))
    return " · ".join((*parts, *filter(None, (field.written_by,))))


DOWNLOADS = (
    Download("persona_face", "/personas/{persona_id}/face.svg", FaceQuery, picture),
    Download("persona_pdf", "/personas/{persona_id}/card.pdf", PersonaQuery, paper),
    Download("persona_pptx", "/personas/{persona_id}/card.pptx", PersonaQuery, deck),
)
