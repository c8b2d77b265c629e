"""The flows of a shop: those that come with the product and its own, checked, kept and started."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from klantreis.campaigns import SHIPPED, Flow, FlowFields, fields_of, flow_text, shipped
from klantreis.channels import Letter, check_letter
from klantreis.errors import ConflictError, FieldError, InputError, NotFoundError, message
from klantreis.state import State
from klantreis.workspace.audiences import Audiences
from klantreis.workspace.campaign_letters import LETTER_NAMES
from klantreis.workspace.drafting import now

__all__ = ["Campaign", "CampaignFlows", "Editing"]

NAME_AT_MOST = 60
FROM_NOTHING = """\
name = "new"
channel = "email"
holdout = 0.1
reentry_days = 30
exits = ["purchase"]

[trigger]
event = "purchase"
within_hours = 72

[[steps]]
wait_hours = 24

[[steps]]
send = "letter"

[letters.letter.nl]
subject = "Over uw bezoek aan {{ shop }}"
text = "Dag {{ first_name }},"

[letters.letter.en]
subject = "About your visit to {{ shop }}"
text = "Hello {{ first_name }},"
"""


@dataclass(frozen=True)
class Campaign:
    """A campaign: its flow, its text, and whether it runs."""

    flow: Flow
    text: str
    is_running: bool
    started_at: datetime | None
    changed_at: datetime | None
    changed_by: str


@dataclass(frozen=True)
class Editing:
    """A campaign as an editor last wrote it, which need not be its flow yet.

    Attributes:
        text: TOML.
        fields: the same as fields; of the flow itself when the text is no TOML.
        is_saved: whether it is the flow.
        error: what is wrong with it; None when it could be the flow.
    """

    text: str
    fields: FlowFields
    is_saved: bool
    error: InputError | None


class CampaignFlows:
    """Flows by name.

    Args:
        audiences: reads rules: knows the events of this shop, and its audiences.
        state: keeps flows and drafts of them.
    """

    def __init__(self, audiences: Audiences, state: State) -> None:
        self._audiences, self._state = audiences, state

    def all(self) -> tuple[Campaign, ...]:
        """Those that come with the product and those of the shop's own, running ones first."""
        saved = {one.name: one for one in self._state.campaigns.flows()}
        found = []
        for name in (*SHIPPED, *(name for name in saved if name not in SHIPPED)):
            kept = saved.get(name)
            text = kept.flow if kept else shipped(name)
            found.append(
                Campaign(
                    flow=self._audiences.flow(text),
                    text=text,
                    is_running=bool(kept and kept.is_running),
                    started_at=kept.started_at if kept else None,
                    changed_at=kept.changed_at if kept else None,
                    changed_by=kept.changed_by if kept else "",
                )
            )
        return tuple(sorted(found, key=lambda one: not one.is_running))

    def one(self, name: str) -> Campaign:
        """A campaign by its name.

        Raises:
            NotFoundError: there is none.
        """
        every = self.all()
        for campaign in every:
            if campaign.flow.name == name:
                return campaign
        allowed = ", ".join(one.flow.name for one in every)
        raise NotFoundError(message("Unknown campaign", got=repr(name), allowed=allowed))

    def check(self, text: str) -> Flow:
        """Read a flow and try its letters.

        Raises:
            InputError: something in it is wrong; says what, where, and what is allowed.
        """
        flow = self._audiences.flow(text)
        for name, languages in flow.letters.items():
            for language, letter in languages.items():
                try:
                    check_letter(Letter(**letter), LETTER_NAMES)
                except FieldError as error:
                    place = f"letters.{name}.{language}.{error.field}"
                    told = f"Letter {name}.{language}: {error}"
                    raise FieldError(place, told, error.got, error.allowed) from error
        return flow

    def save(self, text: str, *, by: str, name: str = "") -> Flow:
        """Keep a flow after checking it; one that runs goes on with it.

        Args:
            text: TOML.
            by: who changed it.
            name: the campaign that is edited; its name cannot change.

        Raises:
            InputError: something in it is wrong, or it bears another name; says what, where, and
                what is allowed. Nothing is kept then.
        """
        flow = self.check(text)
        if name and flow.name != name:
            told = message("A campaign keeps its name", where="name", got=flow.name, allowed=name)
            raise FieldError("name", told, flow.name, name)
        self._state.campaigns.save(flow.name, text, by=by, at=now())
        return flow

    # Editing

    def write(self, name: str, text: str, *, by: str) -> bool:
        """Keep what an editor wrote: as the flow when it is right, else as a draft to go on with.

        Returns:
            Whether it became the flow.
        """
        try:
            about = self.save(text, by=by, name=name).name
        except InputError as error:
            about = str(error)
        self._draft(name, text, "flow_written", about, by, is_open=False)
        return about == name

    def sketch(self, name: str, text: str, *, by: str) -> None:
        """Keep what an editor is at, without making it the flow, right or wrong."""
        self._draft(name, text, "flow_sketched", name, by, is_open=True)

    def drop(self, name: str, *, by: str) -> None:
        """Give up what was written and is not the flow yet."""
        self._draft(name, self.one(name).text, "flow_dropped", name, by, is_open=False)

    def editing(self, name: str) -> Editing:
        """A campaign as it was last written."""
        flow, draft = self.one(name).text, self._state.drafts.newest(f"campaign/{name}")
        text = str(draft.content.get("text", "")) if draft.number else flow
        error: InputError | None = None
        try:
            self.check(text)
        except InputError as found:
            error = found
        if error is None and not draft.content.get("is_open"):
            text = flow  # it was written when it was right, and others may have saved since
        try:
            raw = tomllib.loads(text)
        except tomllib.TOMLDecodeError:
            raw = tomllib.loads(flow)
        return Editing(text, fields_of(raw), text == flow, error)

    def draft(self, name: str) -> tuple[str, str]:
        """What was last written and is not the flow, and what is wrong with it; else both empty."""
        editing = self.editing(name)
        return ("", "") if editing.is_saved else (editing.text, str(editing.error or ""))

    def _draft(
        self, name: str, text: str, change: str, about: str, by: str, *, is_open: bool
    ) -> None:
        draft = self._state.drafts.newest(f"campaign/{name}")
        self._state.drafts.write(
            draft.name,
            {"text": text, "is_open": is_open},
            after=draft.number,
            change=change,
            about=about[:300],
            by=by,
            at=now(),
        )

    # Making and dropping campaigns

    def new(self, title: str, *, like: str = "", by: str) -> str:
        """Make a campaign that rests.

        Args:
            title: as editors see it; its name follows from it.
            like: the campaign to begin with; none to begin with next to nothing.
            by: who made it.

        Returns:
            Its name.

        Raises:
            InputError: the title has no letter or digit.
        """
        name = self._free_name(title)
        raw = tomllib.loads(self.one(like).text if like else FROM_NOTHING)
        raw |= {"name": name, "title": {"nl": title.strip(), "en": title.strip()}}
        raw.setdefault("kind", like or name)
        self.save(flow_text(raw), by=by)
        self.drop(name, by=by)
        return name

    def remove(self, name: str, *, by: str) -> None:
        """Delete a campaign of the shop's own, or bring one back to how it came with the product.

        The log of what was decided stays; who is on the way leaves.

        Raises:
            NotFoundError: there is none.
            ConflictError: it runs.
        """
        if self.one(name).is_running:
            raise ConflictError(
                message("The campaign runs", got=name, next_step="let it rest first")
            )
        self._state.campaigns.remove(name)
        text = shipped(name) if name in SHIPPED else ""
        self._draft(name, text, "flow_removed", name, by, is_open=False)

    def _free_name(self, title: str) -> str:
        plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
        words = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
        base = re.sub(r"^(?=[0-9])", "c_", words)[: NAME_AT_MOST - 4].strip("_")
        if not base:
            told = message(
                "A campaign needs a title", got=repr(title), allowed="letters and digits"
            )
            raise FieldError("title", told, title, "letters and digits")
        taken = {one.flow.name for one in self.all()}
        numbered = (f"{base}_{number}" for number in range(2, len(taken) + 3))
        return next(name for name in (base, *numbered) if name not in taken)

    # Running

    def start(self, name: str, *, by: str) -> None:
        """Let a campaign run: from now on the worker sends what is due."""
        self._run(name, True, by)

    def stop(self, name: str, *, by: str) -> None:
        """Let a campaign rest: nobody enters, and nobody on the way gets anything."""
        self._run(name, False, by)

    def _run(self, name: str, is_running: bool, by: str) -> None:
        campaign = self.one(name)
        if campaign.changed_at is None:
            self.save(campaign.text, by=by)
        self._state.campaigns.run(name, is_running, by=by, at=now())
