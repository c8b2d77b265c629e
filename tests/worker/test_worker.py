from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from klantreis import Workspace
from klantreis.errors import WorkspaceError
from klantreis.worker import work_once
from tests.channels.servers import MailServer
from tests.conftest import ROOT
from tests.worker.baskets import NOON, make_baskets

LATER = NOON + timedelta(minutes=11)  # the claim of a dead process has run out


@pytest.fixture
def server() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    with suppress(Exception):
        server.shut_down()


def receivers(server: MailServer) -> Counter[str]:
    return Counter(str(mail["To"].addresses[0].addr_spec) for mail in server.mails)


def as_file(workspace: Workspace) -> None:
    text = workspace.campaigns.one("abandoned_basket").text
    workspace.campaigns.save(text.replace('"email"', '"file"'), by="Ann")


def written(folder: Path) -> Counter[str]:
    file = folder / ".klantreis" / "outbox" / "abandoned_basket.csv"
    if not file.exists():
        return Counter()
    with file.open(newline="", encoding="utf-8") as lines:
        return Counter(row["recipient"] for row in csv.DictReader(lines, delimiter=";"))


def killed_at(folder: Path, place: str) -> None:
    """Work in a process of its own that is killed at a place."""
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    script = [sys.executable, str(ROOT / "tests" / "worker" / "crash.py"), str(folder), place]
    done = subprocess.run(script, env=os.environ | {"PYTHONPATH": paths}, capture_output=True)
    assert done.returncode == -9, done.stderr.decode()


def test_everyone_gets_one_mail_and_a_second_round_sends_nothing(
    tmp_path: Path, server: MailServer
) -> None:
    with make_baskets(tmp_path / "shop", smtp=server.url) as workspace:
        done = work_once(workspace, now=NOON)
        assert done.delivered.by_status == {"sent": 5}
        for minutes in (0, 1, 30):
            again = work_once(workspace, now=NOON + timedelta(minutes=minutes))
            assert again.delivered.by_status == {}
            assert again.worked.decided == {}
        assert set(receivers(server).values()) == {1}
        mail = server.mails[0]
        assert mail["Subject"] == "Eettafel Oak ligt nog voor u klaar"
        assert "/unsubscribe/1-" in mail["List-Unsubscribe"]
        line = workspace.state.campaigns.log("abandoned_basket", action="sent")[0]
        assert (line.letter, line.reason) == ("reminder", "")


@pytest.mark.parametrize("place", ["decided", "claimed"])
def test_a_crash_before_the_handing_over_loses_and_doubles_nothing(
    tmp_path: Path, server: MailServer, place: str
) -> None:
    folder = tmp_path / "shop"
    make_baskets(folder, smtp=server.url).close()
    killed_at(folder, place)
    with Workspace.open(folder) as workspace:
        work_once(workspace, now=LATER)
    assert receivers(server) == {f"sanne{number}@voorbeeld.nl": 1 for number in range(1, 6)}


@pytest.mark.parametrize(("place", "arrived"), [("handed", 4), ("delivered", 5)])
def test_a_mail_of_which_nobody_knows_whether_it_arrived_is_not_sent_again(
    tmp_path: Path, server: MailServer, place: str, arrived: int
) -> None:
    folder = tmp_path / "shop"
    make_baskets(folder, smtp=server.url).close()
    killed_at(folder, place)
    with Workspace.open(folder) as workspace:
        done = work_once(workspace, now=LATER)
        assert done.delivered.by_status["uncertain"] == 1
    assert set(receivers(server).values()) == {1}
    assert len(server.mails) == arrived


@pytest.mark.parametrize("place", ["decided", "claimed", "handed", "delivered"])
def test_where_doubles_are_known_every_message_arrives_once_after_any_crash(
    tmp_path: Path, place: str
) -> None:
    folder = tmp_path / "shop"
    with make_baskets(folder) as workspace:
        as_file(workspace)
    killed_at(folder, place)
    with Workspace.open(folder) as workspace:
        work_once(workspace, now=LATER)
    assert written(folder) == {f"sanne{number}@voorbeeld.nl": 1 for number in range(1, 6)}


def test_two_workers_at_once_send_every_message_once(tmp_path: Path, server: MailServer) -> None:
    folder = tmp_path / "shop"
    make_baskets(folder, customers=40, smtp=server.url).close()

    def work() -> None:
        with Workspace.open(folder) as workspace:
            work_once(workspace, now=NOON)

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.mails) == 40
    assert set(receivers(server).values()) == {1}


def failed_payment(number: int) -> dict[str, list[Any]]:
    return {
        "timeline": [
            {
                "customer_id": number,
                "position": 2,
                "occurred_at": NOON - timedelta(hours=5),
                "channel": "web",
                "event": "payment_failed",
                "record_table": "payments",
                "record_id": f"p{number}",
            }
        ]
    }


def test_a_failed_payment_gets_the_service_message_and_the_log_says_why(
    tmp_path: Path, server: MailServer
) -> None:
    folder = tmp_path / "shop"
    with make_baskets(folder, smtp=server.url, more=failed_payment(2)) as workspace:
        work_once(workspace, now=NOON)
        line = next(
            line
            for line in workspace.state.campaigns.log("abandoned_basket", action="sent")
            if line.customer_id == 2
        )
    assert (line.letter, line.reason) == ("payment_help", "payment_failed")
    subjects = {str(mail["To"].addresses[0].username): mail["Subject"] for mail in server.mails}
    assert "betaling" in subjects["sanne2"]
    assert "ligt nog voor u klaar" in subjects["sanne1"]
    help_mail = next(mail for mail in server.mails if "betaling" in mail["Subject"])
    assert help_mail["List-Unsubscribe"] is None


def test_a_pending_payment_is_found_by_its_order(tmp_path: Path, server: MailServer) -> None:
    at = NOON - timedelta(hours=5)
    more = {
        "links": [{"person_id": "shopify:2", "customer_id": 2}],
        "orders": [{"order_id": "o2", "person_id": "shopify:2", "ordered_at": at}],
        "payments": [{"payment_id": "p", "order_id": "o2", "status": "open", "created_at": at}],
    }
    with make_baskets(tmp_path / "shop", smtp=server.url, more=more) as workspace:
        work_once(workspace, now=NOON)
        reasons = {
            line.customer_id: line.reason
            for line in workspace.state.campaigns.log("abandoned_basket", action="sent")
        }
    assert reasons == {1: "", 2: "payment_pending", 3: "", 4: "", 5: ""}


def test_what_is_out_of_stock_is_not_praised(tmp_path: Path, server: MailServer) -> None:
    levels = [
        {"product_id": "SKU-1", "location_id": place, "counted_on": day, "quantity": quantity}
        for place, day, quantity in (
            ("a", NOON.date() - timedelta(days=1), 5.0),
            ("a", NOON.date(), 0.0),
            ("b", NOON.date() - timedelta(days=1), 0.0),
        )
    ]
    with make_baskets(
        tmp_path / "shop", smtp=server.url, more={"stock_levels": levels}
    ) as workspace:
        done = work_once(workspace, now=NOON)
    assert done.worked.decided[("abandoned_basket", "blocked", "out_of_stock")] == 5
    assert server.mails == []


def test_who_unsubscribes_gets_nothing_more_from_any_campaign(
    tmp_path: Path, server: MailServer
) -> None:
    with make_baskets(tmp_path / "shop", smtp=server.url) as workspace:
        campaigns = workspace.campaigns
        campaigns.decide(now=NOON)
        token = campaigns.unsubscribe_url(3).rsplit("/", 1)[1]
        assert not campaigns.withdraw(f"4{token[1:]}", way="one_click")
        assert not campaigns.withdraw("nonsense", way="one_click")
        assert campaigns.withdraw(token, way="one_click")
        done = work_once(workspace, now=NOON)
        assert done.delivered.by_status == {"sent": 4, "dropped": 1}
        assert "sanne3@voorbeeld.nl" not in receivers(server)
        preview = campaigns.would_get(campaigns.one("abandoned_basket").flow, now=NOON)
        assert preview.examples[("blocked", "no_consent")] == (3,)


def test_a_server_that_is_away_is_tried_again_later(tmp_path: Path, server: MailServer) -> None:
    with make_baskets(tmp_path / "shop", customers=1, smtp=server.url) as workspace:
        server.refused["sanne1@voorbeeld.nl"] = "450 busy"
        assert work_once(workspace, now=NOON).delivered.by_status == {"due": 1}
        server.refused.clear()
        assert work_once(workspace, now=NOON).delivered.by_status == {}
        later = work_once(workspace, now=NOON + timedelta(minutes=2))
        assert later.delivered.by_status == {"sent": 1}


def test_old_tables_send_nothing(tmp_path: Path, server: MailServer) -> None:
    with (
        make_baskets(tmp_path / "shop", smtp=server.url) as workspace,
        pytest.raises(WorkspaceError, match="too old"),
    ):
        work_once(workspace, now=NOON + timedelta(days=3))


def test_a_stopped_campaign_rests(tmp_path: Path, server: MailServer) -> None:
    with make_baskets(tmp_path / "shop", smtp=server.url) as workspace:
        workspace.campaigns.stop("abandoned_basket", by="Ann")
        assert work_once(workspace, now=NOON).worked.decided == {}


def test_messages_to_a_merged_customer_count_for_the_one_that_remains(
    tmp_path: Path, server: MailServer
) -> None:
    folder = tmp_path / "shop"
    merges = {"customer_merges": [{"old_customer_id": 99, "customer_id": 1, "merged_at": NOON}]}
    with make_baskets(folder, customers=1, smtp=server.url, more=merges) as workspace:
        workspace.state.campaigns.withdraw(99, "", way="page", at=NOON)
        done = work_once(workspace, now=NOON)
        assert done.worked.decided[("abandoned_basket", "blocked", "no_consent")] == 1
