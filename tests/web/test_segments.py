from __future__ import annotations

import csv
import io
from typing import Any

import httpx


def twin(client: httpx.Client, address: str, **query: str) -> Any:
    answer = client.get(address, params=query)
    assert answer.status_code == 200
    return answer.json()


def test_areas_stand_for_customers_or_for_revenue(client: httpx.Client) -> None:
    by_customers = client.get("/segments", params={"lang": "en"}).text
    by_revenue = client.get("/segments", params={"lang": "en", "size": "revenue"}).text
    assert 'aria-label="Groups by customers"' in by_customers
    assert 'aria-label="Groups by revenue"' in by_revenue


def test_every_buyer_is_in_one_flow(client: httpx.Client) -> None:
    page = twin(client, "/segments/moves.json")
    assert sum(move["customers"] for move in page["moves"]) == page["customers"]["value"]
    known = [move for move in page["moves"] if move["source"] != "not_yet"]
    assert page["new"]["value"] == page["customers"]["value"] - sum(
        move["customers"] for move in known
    )


def test_a_flow_leads_to_who_went_along_it_and_to_their_list(client: httpx.Client) -> None:
    move = twin(client, "/segments/moves.json")["moves"][0]
    query = {"source": move["source"], "target": move["target"]}
    listed = twin(client, "/segments/moves.json", **query)["movers"]
    assert len(listed) == min(50, move["customers"])
    written = client.get("/segments/moves.csv", params=query)
    rows = list(csv.DictReader(io.StringIO(written.text)))
    assert len(rows) == move["customers"]
    assert {one["customer_id"] for one in listed} <= {int(row["customer_id"]) for row in rows}


def test_days_that_cannot_be_compared_are_said_so(client: httpx.Client) -> None:
    for query in ({"since": "2031-01-01"}, {"until": "yesterday"}):
        assert twin(client, "/segments/moves.json", **query)["problem"] == "no_such_dates"
    refused = client.get("/segments/moves.csv", params={"since": "x", "target": "loyal"})
    assert refused.status_code == 400


def test_before_anything_was_bought_everybody_had_not_bought_yet(client: httpx.Client) -> None:
    page = twin(client, "/segments/moves.json", since="2001-01-01")
    assert {move["source"] for move in page["moves"]} == {"not_yet"}
    assert page["largest"] is None


def test_a_group_tells_its_course_and_who_came_in(client: httpx.Client) -> None:
    page = twin(client, "/segments/group.json", group="rfm.champions")
    measured = [one for one in page["points"] if not one["is_recomputed"]]
    assert len(measured) == 3
    before = [one for one in page["points"] if one["is_recomputed"]]
    assert page["points"] == [*before, *measured]
    other = twin(client, "/segments/group.json", group="rfm.at_risk")
    assert [one["at"] for one in other["points"]] == [one["at"] for one in page["points"]]
    assert measured[-1]["customers"] == page["customers"]["value"]
    assert page["flows"] == [{"at": page["flows"][0]["at"], "came": 1, "left": 0}]
    (passer,) = page["passers"]
    assert (passer["customer_id"], passer["came"], passer["other"]) == (1, True, "promising")


def test_a_group_says_what_it_is_large_enough_for(client: httpx.Client) -> None:
    page = twin(client, "/segments/group.json", group="rfm.champions")
    needed = {one["question"]: one["evidence"]["needed"] for one in page["carried"]}
    assert (needed["share"], needed["shares"], needed["model"]) == (93, 388, 186)
    shown = client.get("/segments/group", params={"group": "rfm.champions", "lang": "nl"}).text
    assert "klanten nodig" in shown


def test_a_group_that_is_not_there_is_not_found(client: httpx.Client) -> None:
    assert client.get("/segments/group", params={"group": "rfm.kings"}).status_code == 404


def test_overlap_counts_each_pair_of_groups(client: httpx.Client) -> None:
    page = twin(client, "/segments/overlap.json")
    for row in page["rows"]:
        own = [one for one in page["shared"] if one["row"] == row]
        assert sum(one["both"] for one in own) == own[0]["share"]["evidence"]["n"]
    assert sum(one["both"] for one in page["shared"]) == page["customers"]["value"]


def test_a_saved_audience_overlaps_wholly_with_itself(client: httpx.Client) -> None:
    page = twin(client, "/segments/overlap.json", rows="audience", columns="audience")
    (one,) = page["shared"]
    assert one["share"]["value"] == 1.0
    assert one["rule"] == "in_audience('Regulars') and in_audience('Regulars')"
    assert client.get("/customers", params={"rule": one["rule"]}).status_code == 200


def test_a_group_that_is_too_small_has_no_lookalikes_and_says_how_many_are_lacking(
    client: httpx.Client,
) -> None:
    page = twin(client, "/segments/lookalikes.json", group="rfm.champions")
    assert page["traits"] == page["people"] == []
    assert page["members"]["evidence"]["needed"] > page["members"]["value"]
    shown = client.get("/segments/lookalikes", params={"group": "rfm.champions", "lang": "en"}).text
    assert "more customers needed" in shown
    refused = client.get("/segments/lookalikes.csv", params={"group": "rfm.champions"})
    assert refused.status_code == 400


def test_lookalikes_of_a_group_that_is_not_there_are_not_found(client: httpx.Client) -> None:
    for group in ("rfm.kings", "audience.Nobody"):
        assert client.get("/segments/lookalikes", params={"group": group}).status_code == 404


def test_a_division_that_no_run_made_yet_still_leads_to_the_others(client: httpx.Client) -> None:
    shown = client.get("/segments", params={"division": "age", "lang": "en"}).text
    assert "Nobody is divided in this way yet" in shown
    assert 'href="/segments#divided"' in shown
