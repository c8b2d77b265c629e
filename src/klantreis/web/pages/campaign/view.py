"""How the page of one campaign is found."""

from __future__ import annotations

from klantreis.web.effects import shown
from klantreis.web.pages.campaign.context import (
    CampaignPage,
    CampaignQuery,
    LetterShown,
    LogEntry,
    Outcome,
    StepShown,
)
from klantreis.workspace import LETTER_NAMES, Flow, Send, Wait, Workspace, text_of

__all__ = ["campaign"]

LOG_LINES = 40


def campaign(workspace: Workspace, query: CampaignQuery) -> CampaignPage:
    """Answer the page of one campaign."""
    published = workspace.published
    assert published is not None
    found = workspace.campaigns.one(query.name)
    flow, settings = found.flow, workspace.settings
    would_get = workspace.campaigns.would_get(flow, now=published.as_of)
    outcomes = sorted(would_get.by_outcome.items(), key=lambda one: (one[0][0] != "sent", -one[1]))
    editing = workspace.campaigns.editing(flow.name)
    effect = workspace.effects.own(flow.name)
    log = workspace.state.campaigns.log(flow.name, most=LOG_LINES, action=query.action)
    return CampaignPage(
        as_of=published.as_of,
        name=flow.name,
        title_nl=flow.title["nl"],
        title_en=flow.title["en"],
        channel=flow.channel,
        is_running=found.is_running,
        is_service=flow.is_service,
        changed_at=found.changed_at,
        changed_by=found.changed_by,
        trigger_event=flow.trigger.event,
        trigger_rule=text_of(flow.trigger.rule) if flow.trigger.rule else "",
        trigger_seconds=flow.trigger.within.total_seconds(),
        exits=flow.exits,
        reentry_seconds=flow.reentry.total_seconds() if flow.reentry else None,
        holdout=flow.holdout,
        global_holdout=settings.global_holdout,
        steps=_steps(flow),
        letters=_letters(workspace, flow),
        names=LETTER_NAMES,
        customers=would_get.customers,
        looked_at=would_get.looked_at,
        outcomes=tuple(
            Outcome(action, reason, customers, would_get.examples[(action, reason)])
            for (action, reason), customers in outcomes
        ),
        outbox=tuple(sorted(workspace.state.outbox.statuses(flow.name).items())),
        log=tuple(
            LogEntry(line.at, line.customer_id, line.action, line.reason, line.letter)
            for line in log
        ),
        action=query.action,
        effect=shown(effect) if effect else None,
        text=editing.text,
        is_saved=editing.is_saved,
        problem="" if editing.is_saved else str(editing.error or ""),
    )


def _steps(flow: Flow) -> tuple[StepShown, ...]:
    steps = []
    for step in flow.steps:
        when = text_of(step.when) if step.when else ""
        if isinstance(step, Wait):
            steps.append(StepShown("wait", step.length.total_seconds(), "", "", False, when))
        elif isinstance(step, Send):
            shown = StepShown("send", 0.0, step.letter, step.instead, step.is_service, when)
            steps.append(shown)
        else:
            steps.append(StepShown("stop", 0.0, "", "", False, when))
    return tuple(steps)


def _letters(workspace: Workspace, flow: Flow) -> tuple[LetterShown, ...]:
    letters = []
    for name, languages in flow.letters.items():
        for language in languages:
            mail = workspace.campaigns.example(flow, name, language)
            letter = flow.letter(name, language)
            parts = [part for part in mail.text.split("\n-- ")[0].split("\n\n") if part.strip()]
            has_button = bool(letter.get("button") and letter.get("link"))
            button, _, link = parts.pop().partition(": ") if has_button else ("", "", "")
            letters.append(
                LetterShown(name, language, mail.subject, tuple(parts), button, link.strip())
            )
    return tuple(letters)
