"""Needs: counted per topic, phase and group; topics and notes changed on the page."""

from __future__ import annotations

import httpx

from klantreis.workspace import Workspace
from tests.web.forms import token

GIFTS = {
    "topic_id": "gifts",
    "name_nl": "Cadeaus",
    "name_en": "Gifts",
    "keywords_nl": "cadeau*, inpakken",
    "keywords_en": "gift*\npresent",
}


def send(editor: httpx.Client, path: str, **fields: str) -> httpx.Response:
    return editor.post(path, data={"csrf": token(editor, "/needs?lang=nl"), **fields})


def test_topics_are_counted_with_intervals_for_everybody_and_for_a_group(
    editor: httpx.Client,
) -> None:
    page = editor.get("/needs.json").json()
    assert {row["topic"]["code"] for row in page["rows"]} == {"product_details", "stock"}
    for row in page["rows"]:
        known = row["share"]["evidence"]
        assert known["low"] <= row["share"]["value"] <= known["high"]
        assert len(row["phases"]) == len(page["phases"])
    group = editor.get("/needs.json", params={"group": "persona.stock"}).json()
    assert group["group"] == "persona.stock"
    assert 0 < group["speakers"]["value"] < page["speakers"]["value"]


def test_an_unknown_group_shows_everybody(editor: httpx.Client) -> None:
    assert editor.get("/needs.json", params={"group": "channel.nobody"}).json()["group"] == ""


def test_a_note_is_kept_with_who_and_taken_off(editor: httpx.Client, own: Workspace) -> None:
    shown = send(editor, "/needs/notes", text="Past de <kast> in de lift?", moment="before").text
    assert "Past de &lt;kast&gt; in de lift?" in shown
    [note] = own.research.notes()
    assert (note.written_by, note.moment, note.language) == ("owner", "before", "nl")
    assert own.state.research.notes_for_steps()[0]["text"] == note.text
    assert editor.get("/needs.json").json()["waits"] == 1
    send(editor, f"/needs/notes/{note.note_id}/remove")
    assert own.research.notes() == ()


def test_an_empty_note_is_refused(editor: httpx.Client, own: Workspace) -> None:
    assert send(editor, "/needs/notes", text="   ").status_code == 400
    assert own.research.notes() == ()


def test_a_topic_is_added_changed_and_taken_off(editor: httpx.Client, own: Workspace) -> None:
    assert "Cadeaus" in send(editor, "/needs/topics", **GIFTS).text
    topic = {topic.id: topic for topic in own.research.topics()}["gifts"]
    assert topic.keywords == {"nl": ("cadeau*", "inpakken"), "en": ("gift*", "present")}
    send(editor, "/needs/topics", **{**GIFTS, "name_nl": "Geschenken"})
    assert [change.changed_by for change in own.research.topic_changes()] == ["owner", "owner"]
    send(editor, "/needs/topics/gifts/remove")
    assert "gifts" not in {topic.id for topic in own.research.topics()}


def test_a_topic_of_the_product_can_be_put_back(editor: httpx.Client, own: Workspace) -> None:
    before = own.research.topics()
    send(editor, "/needs/topics/price/remove")
    assert own.research.removed_topics() == ("price",)
    send(editor, "/needs/topics/price/restore")
    assert sorted(own.research.topics(), key=lambda topic: topic.id) == sorted(
        before, key=lambda topic: topic.id
    )


def test_a_wrong_topic_is_refused_and_named(editor: httpx.Client) -> None:
    answer = send(editor, "/needs/topics", **{**GIFTS, "topic_id": "Not a code"})
    assert answer.status_code == 400
    assert "Not a code" in answer.text


def test_what_was_searched_stands_beside_what_was_asked(editor: httpx.Client) -> None:
    found = editor.get("/needs.json").json()["searched"]
    assert (found["shown"], found["on_site"], found["reported_on"]) == (7020, 340, "2026-01-31")
    told = [
        (row["topic"]["code"], row["shown"], row["clicks"], row["on_site"]) for row in found["rows"]
    ]
    assert told == [("product_details", 6120, 210, None), ("stock", None, None, 340)]
    assert [one["term"] for one in found["unplaced"]] == ["huis en haard openingstijden"]
    page = editor.get("/needs?lang=nl").text
    assert "Waar zoeken ze naar?" in page
    assert "levertijd hoekbank" in page
