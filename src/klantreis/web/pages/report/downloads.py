"""The quarterly report as PDF and as slides."""

from __future__ import annotations

from textwrap import shorten

from klantreis.documents import SLIDE_WIDTH, Deck, pdf
from klantreis.web.download import Download, DownloadedFile
from klantreis.web.measures import KpiShown
from klantreis.web.page import NoQuery
from klantreis.web.pages.report.context import QuarterlyReport
from klantreis.web.pages.report.view import report
from klantreis.web.phases import phase_name
from klantreis.web.rendering import environment
from klantreis.words import Figure, Translator
from klantreis.workspace import Workspace

__all__ = ["DOWNLOADS"]

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
LEFT, TOP, ROWS = 14.0, 36.0, 16
SLIDE_LETTERS = 400  # of a text, so that all parts stay on their slide


def paper(workspace: Workspace, query: NoQuery, words: Translator) -> DownloadedFile:
    """The report on A4."""
    page = report(workspace, query)
    templates = environment(words.language, workspace.settings.time_zone)
    title = words.text("What did this quarter bring our customers, and us?")
    head = words.text("the 90 days before %(day)s", day=words.day(page.as_of))
    body = templates.get_template("report/body.html").render(page=page)
    content = pdf(
        f'<p class="eyebrow">{head}</p><h1>{title}</h1>{body}',
        title=words.text("Quarterly report"),
        language=words.language,
        paper="A4 landscape",
        footer=workspace.settings.name,
    )
    return DownloadedFile(_name(page, words, "pdf"), "application/pdf", content)


def slides(workspace: Workspace, query: NoQuery, words: Translator) -> DownloadedFile:
    """The report as slides: a question each, with tables that can be changed."""
    page = report(workspace, query)
    deck = Deck(words.text("Quarterly report"), language=words.language)
    eyebrow = words.text("the 90 days before %(day)s", day=words.day(page.as_of))
    for title, rows in _tables(page, words):
        slide = deck.slide(title, eyebrow=f"{workspace.settings.name} · {eyebrow}")
        if len(rows) > 1:
            slide.table(rows[: ROWS + 1], LEFT, TOP, SLIDE_WIDTH - 2 * LEFT)
        else:
            slide.text(words.text("Not measured yet."), LEFT, TOP, 200, 10)
    return DownloadedFile(_name(page, words, "pptx"), PPTX, deck.content())


def _tables(page: QuarterlyReport, words: Translator) -> list[tuple[str, list[list[str]]]]:
    return [
        (words.text("What changed?"), _changed(page, words)),
        *(
            [(words.text("Who are we, and where do we want to go?"), _strategy(page, words))]
            if page.strategy
            else []
        ),
        (words.text("Where do customers feel least positive?"), _lowest(page, words)),
        (words.text("Where does the roadmap stand, and what did it bring?"), _actions(page, words)),
        (words.text("What did campaigns bring?"), _campaigns(page, words)),
        (words.text("How good are the data?"), _sources(page, words)),
    ]


def _changed(page: QuarterlyReport, words: Translator) -> list[list[str]]:
    head = [words.text(text) for text in ("Measure", "Before", "Now", "Against the target")]
    return [head] + [
        [
            _called(kpi, words),
            words.figure(kpi.before),
            _level(kpi.now, words),
            words.code("standing", kpi.standing) if kpi.standing else "",
        ]
        for kpi in (page.goal, *page.kpis)
    ]


def _strategy(page: QuarterlyReport, words: Translator) -> list[list[str]]:
    head = [words.text(text) for text in ("Part", "Text", "What it rests on")]
    return [head] + [
        [
            words.code("strategy_part", one.part),
            shorten(one.text, SLIDE_LETTERS, placeholder=" …"),
            " · ".join((words.code("evidence", "assumed"), one.by, words.day(one.at))),
        ]
        for one in page.strategy
    ]


def _lowest(page: QuarterlyReport, words: Translator) -> list[list[str]]:
    head = [
        words.text(text) for text in ("Moment", "Phase", "Emotion", "Value at risk in the phase")
    ]
    return [head] + [
        [
            f"{words.code('event', one.event)} ({words.code('channel', one.channel)})",
            phase_name(page.model, one.phase, words.language),
            f"{words.figure(one.emotion)} · {words.code('evidence', one.emotion.evidence.kind)}"
            f" · {words.units(one.emotion.evidence.n, 'moments')}",
            words.money(one.value_at_risk_amount, cents=False),
        ]
        for one in page.lowest
    ]


def _actions(page: QuarterlyReport, words: Translator) -> list[list[str]]:
    texts = ("Action", "Owner", "Status", "Last day", "Expected effect", "Measured")
    return [[words.text(text) for text in texts]] + [
        [
            one.title,
            one.owner,
            words.code("status", one.status),
            words.day(one.ends_on),
            words.value(one.expected, one.measure.now.measure)
            if one.measure
            else words.number(one.expected, None),
            f"{_called(one.measure, words)}: {words.figure(one.measure.before)} → "
            f"{_level(one.measure.now, words)}"
            if one.measure
            else "",
        ]
        for one in page.actions
    ]


def _campaigns(page: QuarterlyReport, words: Translator) -> list[list[str]]:
    texts = ("Campaign", "Since", "Customers", "Revenue a customer above the holdout")
    return [[words.text(text) for text in texts]] + [
        [
            one.campaign.told(words.language) or one.campaign.code,
            words.day(one.started_at),
            words.number(one.customers),
            _level(one.revenue, words) if one.revenue else words.text("no holdout"),
        ]
        for one in page.campaigns
    ]


def _sources(page: QuarterlyReport, words: Translator) -> list[list[str]]:
    texts = ("Source", "Rows", "Put aside", "Tied to a customer")
    return [[words.text(text) for text in texts]] + [
        [
            one.source,
            words.number(one.rows),
            words.number(one.quarantined),
            words.percent(one.tied.value),
        ]
        for one in page.sources
    ]


def _called(kpi: KpiShown, words: Translator) -> str:
    return kpi.name_nl if words.language == "nl" else kpi.name_en


def _level(figure: Figure, words: Translator) -> str:
    low, high = figure.evidence.low, figure.evidence.high
    if low is None or high is None:
        return words.figure(figure)
    return f"{words.figure(figure)} ({words.interval(low, high, figure.measure)})"


def _name(page: QuarterlyReport, words: Translator, kind: str) -> str:
    return f"{words.text('quarterly-report')}-{page.as_of.date().isoformat()}.{kind}"


DOWNLOADS = (
    Download("report_pdf", "/report.pdf", NoQuery, paper),
    Download("report_pptx", "/report.pptx", NoQuery, slides),
)
