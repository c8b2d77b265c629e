from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from klantreis.channels import (
    SIGNATURE,
    EmailChannel,
    FileChannel,
    Outgoing,
    WebhookChannel,
    open_channel,
    signature,
)
from klantreis.channels.email import message_id
from klantreis.errors import DeliveryError, NotFoundError, RefusedMessageError, SettingsError
from klantreis.settings import Settings
from klantreis.testing import ChannelContract
from klantreis.testing.channel_contract import MESSAGE
from tests.channels.servers import MailServer, WebhookServer

SENDER = "Huis & Haard <post@huisenhaard.nl>"


def send(channel: EmailChannel | WebhookChannel | FileChannel, message: Outgoing) -> None:
    channel.send(message, handing_over=lambda: None)


class TestEmail(ChannelContract):
    @pytest.fixture
    def receiver(self) -> Iterator[MailServer]:
        server = MailServer()
        yield server
        with suppress(Exception):
            server.shut_down()

    @pytest.fixture
    def channel(self, receiver: MailServer) -> Iterator[EmailChannel]:
        channel = EmailChannel(receiver.url, SENDER)
        yield channel
        channel.close()

    def test_a_mail_has_a_plain_twin_and_is_ended_with_one_click(
        self, channel: EmailChannel, receiver: MailServer
    ) -> None:
        send(channel, MESSAGE)
        (mail,) = receiver.mails
        assert mail["To"] == "Sanne de Vries <sanne@voorbeeld.nl>"
        assert mail["From"] == '"Huis & Haard" <post@huisenhaard.nl>' or "post@" in mail["From"]
        assert mail["Subject"] == MESSAGE.subject
        assert mail["List-Unsubscribe"] == f"<{MESSAGE.unsubscribe_url}>"
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        kinds = [part.get_content_type() for part in mail.iter_parts()]
        assert kinds == ["text/plain", "text/html"]
        plain = mail.get_body(("plain",))
        assert plain is not None
        assert plain.get_content().strip() == "Dag Sanne"

    def test_a_service_message_cannot_be_unsubscribed_from(
        self, channel: EmailChannel, receiver: MailServer
    ) -> None:
        send(channel, replace(MESSAGE, unsubscribe_url=""))
        assert receiver.mails[0]["List-Unsubscribe"] is None

    def test_one_refused_address_does_not_stop_the_others(
        self, channel: EmailChannel, receiver: MailServer
    ) -> None:
        receiver.refused["nobody@voorbeeld.nl"] = "550 no such user"
        with pytest.raises(RefusedMessageError, match="550"):
            send(channel, replace(MESSAGE, recipient="nobody@voorbeeld.nl"))
        send(channel, MESSAGE)
        assert len(receiver.mails) == 1

    def test_a_refused_address_that_may_be_right_later_is_tried_again(
        self, channel: EmailChannel, receiver: MailServer
    ) -> None:
        receiver.refused[MESSAGE.recipient] = "450 mailbox is busy"
        with pytest.raises(DeliveryError, match="450"):
            send(channel, MESSAGE)

    @pytest.mark.parametrize("recipient", ["", "no address", "a@b.nl\r\nBcc: c@d.nl", "a@b@c"])
    def test_what_is_no_address_is_refused(
        self, channel: EmailChannel, receiver: MailServer, recipient: str
    ) -> None:
        with pytest.raises(RefusedMessageError):
            send(channel, replace(MESSAGE, recipient=recipient))
        assert receiver.mails == []

    def test_no_header_can_be_smuggled_in(
        self, channel: EmailChannel, receiver: MailServer
    ) -> None:
        for wrong in (
            replace(MESSAGE, subject="Hi\r\nBcc: all@example.nl"),
            replace(MESSAGE, name="Ann\r\nBcc: all@example.nl"),
        ):
            with pytest.raises(RefusedMessageError):
                send(channel, wrong)
        assert receiver.mails == []


class TestWebhook(ChannelContract):
    @pytest.fixture
    def receiver(self) -> Iterator[WebhookServer]:
        server = WebhookServer()
        yield server
        with suppress(OSError):
            server.shut_down()

    @pytest.fixture
    def channel(self, receiver: WebhookServer) -> WebhookChannel:
        return WebhookChannel(receiver.url, "secret")

    def test_the_receiver_can_check_that_it_was_us(
        self, channel: WebhookChannel, receiver: WebhookServer
    ) -> None:
        send(channel, MESSAGE)
        headers, body = receiver.posts[0]
        at = int(headers[SIGNATURE].split(",")[0].removeprefix("t="))
        assert headers[SIGNATURE] == signature(body, "secret", at)
        assert headers[SIGNATURE] != signature(body, "other", at)
        assert json.loads(body)["customer_id"] == 7

    @pytest.mark.parametrize("status", [400, 410])
    def test_a_refusal_is_final(
        self, channel: WebhookChannel, receiver: WebhookServer, status: int
    ) -> None:
        receiver.status = status
        with pytest.raises(RefusedMessageError, match=str(status)):
            send(channel, MESSAGE)


class TestFile(ChannelContract):
    @pytest.fixture
    def receiver(self, tmp_path: Path) -> FolderOfFiles:
        return FolderOfFiles(tmp_path / "outbox")

    @pytest.fixture
    def channel(self, receiver: FolderOfFiles) -> FileChannel:
        return FileChannel(receiver.folder)

    def test_a_key_that_is_in_the_file_is_not_written_again_by_a_new_process(
        self, channel: FileChannel, receiver: FolderOfFiles
    ) -> None:
        send(channel, MESSAGE)
        send(FileChannel(receiver.folder), MESSAGE)
        assert receiver.keys() == [MESSAGE.key]

    def test_no_value_becomes_a_formula(
        self, channel: FileChannel, receiver: FolderOfFiles
    ) -> None:
        send(channel, replace(MESSAGE, name="=1+1"))
        assert receiver.rows()[0]["name"] == "'=1+1"


class FolderOfFiles:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def rows(self) -> list[dict[str, str]]:
        file = self.folder / "abandoned_basket.csv"
        if not file.exists():
            return []
        with file.open(newline="", encoding="utf-8") as lines:
            return list(csv.DictReader(lines, delimiter=";"))

    def keys(self) -> list[str]:
        return [row["key"] for row in self.rows()]

    def shut_down(self) -> None:
        self.folder.parent.joinpath("outbox").mkdir(exist_ok=True)
        (self.folder / "abandoned_basket.csv").mkdir()


def test_channels_are_opened_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(
        smtp_url="smtp://127.0.0.1:25", mail_from=SENDER, webhook_url="http://127.0.0.1:1"
    )
    monkeypatch.setenv("KLANTREIS_WEBHOOK_SECRET", "s")
    for name in ("email", "webhook", "file"):
        channel = open_channel(name, settings, tmp_path)
        assert channel.name == name
        channel.close()
    with pytest.raises(NotFoundError, match="email, file, webhook"):
        open_channel("pigeon", settings, tmp_path)


@pytest.mark.parametrize("name", ["email", "webhook"])
def test_a_channel_that_is_not_set_up_says_so(name: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="_url"):
        open_channel(name, Settings(), tmp_path)


def test_the_message_id_follows_from_the_key() -> None:
    assert hashlib.sha256(b"k").hexdigest()[:32] in message_id("k", SENDER)
