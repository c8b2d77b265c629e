"""The cards of personas: rewritten with history, put back, printed and presented."""

from __future__ import annotations

from io import BytesIO

import httpx
import pypdfium2
from pptx import Presentation

from klantreis.workspace import Workspace
from tests.web.forms import token

CARD = "/personas/stock"


def send(editor: httpx.Client, path: str, **fields: str) -> httpx.Response:
    return editor.post(path, data={"csrf": token(editor, f"{CARD}?lang=nl"), **fields})


def field(editor: httpx.Client, name: str, language: str = "nl") -> dict[str, object]:
    fields = editor.get(f"{CARD}.json").json()["fields"]
    return next(f for f in fields if (f["field"], f["language"]) == (name, language))


def test_every_text_of_a_card_says_what_it_rests_on(editor: httpx.Client) -> None:
    fields = editor.get(f"{CARD}.json").json()["fields"]
    assert len(fields) == 14
    kinds = {f["field"]: (f["kind"], f["n"] > 0) for f in fields if f["language"] == "nl"}
    assert kinds["age"] == ("measured", True)
    assert kinds["town"] == ("measured", True)
    assert kinds["quote"] == ("measured", True)
    assert {kinds[name] for name in ("name", "household", "hobbies", "story")} == {
        ("assumed", False)
    }


def test_a_text_is_rewritten_with_who_and_put_back(editor: httpx.Client, own: Workspace) -> None:
    drafted = field(editor, "name")
    answer = send(editor, f"{CARD}/write", field="name", language="nl", text="Noor <b>&")
    assert "Noor &lt;b&gt;&amp;" in answer.text
    written = field(editor, "name")
    assert (written["text"], written["kind"], written["written_by"]) == (
        "Noor <b>&",
        "assumed",
        "owner",
    )
    assert field(editor, "name", "en")["written_by"] == ""
    [change] = own.personas.history("stock")
    assert (change.before, change.after) == (drafted["text"], "Noor <b>&")
    send(editor, f"{CARD}/restore", edit_id=str(change.edit_id))
    assert field(editor, "name") == drafted
    assert len(own.personas.history("stock")) == 2


def test_the_same_text_again_is_no_change(editor: httpx.Client, own: Workspace) -> None:
    drafted = str(field(editor, "story")["text"])
    send(editor, f"{CARD}/write", field="story", language="nl", text=drafted)
    assert own.personas.history("stock") == ()


def test_a_field_or_persona_that_does_not_exist_is_refused(editor: httpx.Client) -> None:
    assert send(editor, f"{CARD}/write", field="shoe", language="nl").status_code == 400
    assert send(editor, "/personas/nobody/write", field="name", language="nl").status_code == 404
    assert editor.get("/personas/nobody").status_code == 404


def test_the_card_prints_and_presents_with_its_texts(editor: httpx.Client) -> None:
    send(editor, f"{CARD}/write", field="name", language="nl", text="Noor")
    printed = editor.get(f"{CARD}/card.pdf?lang=nl")
    assert printed.headers["content-type"] == "application/pdf"
    opened = pypdfium2.PdfDocument(printed.content)
    text = "".join(page.get_textpage().get_text_range() for page in opened)
    assert "Noor" in text
    assert "gemeten" in text
    assert len(opened) == 1
    shown = Presentation(BytesIO(editor.get(f"{CARD}/card.pptx?lang=nl").content))
    words = [s.text_frame.text for slide in shown.slides for s in slide.shapes if s.has_text_frame]
    assert any(text.startswith("Noor") for text in words)
    assert any(shape.has_chart for shape in shown.slides[1].shapes)


def test_the_same_persona_always_has_the_same_face(editor: httpx.Client) -> None:
    face = editor.get(f"{CARD}/face.svg")
    assert face.headers["content-type"].startswith("image/svg+xml")
    assert face.text == editor.get(f"{CARD}/face.svg").text
    assert "<script" not in face.text
    assert face.text != editor.get("/personas/product_details/face.svg").text


def test_another_face_is_chosen_and_the_first_one_put_back(editor: httpx.Client) -> None:
    first = editor.get(f"{CARD}/face.svg").text
    shown = send(editor, f"{CARD}/face", number="3").text
    assert "face.svg?number=3" in shown
    assert editor.get(f"{CARD}/face.svg").text == editor.get(f"{CARD}/face.svg?number=3").text
    assert editor.get(f"{CARD}/face.svg").text != first
    page = editor.get(f"{CARD}.json").json()
    assert (page["face"], page["changes"][0]["field"]) == (3, "face")
    edit_id = page["changes"][0]["edit_id"]
    send(editor, f"{CARD}/restore", edit_id=str(edit_id))
    assert editor.get(f"{CARD}/face.svg").text == first


def test_a_persona_goes_by_the_name_on_its_card_everywhere(editor: httpx.Client) -> None:
    send(editor, f"{CARD}/write", field="name", language="en", text="Famke")
    names = {one["code"]: one["en"] for one in editor.get("/kpis.json").json()["personas"]}
    assert names["stock"] == "Famke"
    send(editor, f"{CARD}/write", field="name", language="en", text="")
    drafted = field(editor, "name", "en")["draft"]
    names = {one["code"]: one["en"] for one in editor.get("/kpis.json").json()["personas"]}
    assert names["stock"] == drafted
