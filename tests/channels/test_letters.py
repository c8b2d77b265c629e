from __future__ import annotations

import hashlib

import pytest

from klantreis.channels import Contact, Letter, check_letter, hashed_audience, render
from klantreis.errors import InputError, NotFoundError

LETTER = Letter(
    subject="Uw mandje, {{ first_name }}",
    text="Dag {{ first_name }},\n\nUw {{ product }} ligt nog klaar.",
    button="Naar het mandje",
    link="https://shop.nl/cart",
)
VALUES = {"first_name": "Sanne", "product": "<b>tafel</b> & stoel"}


def test_a_letter_becomes_html_and_a_plain_twin() -> None:
    mail = render(
        LETTER, VALUES, shop="Huis & Haard", language="nl", unsubscribe_url="https://s.nl/u"
    )
    assert mail.subject == "Uw mandje, Sanne"
    assert "Uw <b>tafel</b> & stoel ligt nog klaar." in mail.text
    assert "Naar het mandje: https://shop.nl/cart" in mail.text
    assert mail.text.endswith("Afmelden: https://s.nl/u\n")
    assert "<b>tafel" not in mail.html
    assert "&lt;b&gt;tafel" in mail.html
    assert 'href="https://s.nl/u"' in mail.html
    assert 'lang="nl"' in mail.html


def test_a_service_message_has_no_link_to_unsubscribe() -> None:
    mail = render(LETTER, VALUES, shop="H", language="en")
    assert "nsubscribe" not in mail.html + mail.text


@pytest.mark.parametrize(
    ("letter", "words"),
    [
        (Letter("", "x"), "subject"),
        (Letter("x", "{{ nam }}"), "nam.*first_name"),
        (Letter("x", "{% if %}"), "text"),
    ],
)
def test_a_letter_that_cannot_be_written_is_refused(letter: Letter, words: str) -> None:
    with pytest.raises(InputError, match=words):
        check_letter(letter, ("first_name",))


@pytest.mark.parametrize(
    "text",
    [
        "{{ first_name.__class__.__mro__ }}",
        "{{ first_name.__class__.__subclasses__() }}",
        "{% for i in range(10000000000) %}x{% endfor %}",
    ],
)
def test_a_letter_stays_in_its_sandbox(text: str) -> None:
    with pytest.raises(InputError):
        render(Letter("x", text), VALUES, shop="H", language="nl")


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


SANNE = Contact(" Sanne@Voorbeeld.nl ", "+31612345678", "Sanne de Vries", "nl", "3511 AB")


@pytest.mark.parametrize(
    ("platform", "lines"),
    [
        (
            "google",
            [
                "Email,Phone,First Name,Last Name,Country,Zip",
                f"{sha('sanne@voorbeeld.nl')},{sha('+31612345678')},{sha('sanne')},{sha('de vries')},NL,3511 AB",
            ],
        ),
        (
            "meta",
            [
                "email,phone,fn,ln,zip,country",
                ",".join(
                    map(
                        sha,
                        (
                            "sanne@voorbeeld.nl",
                            "31612345678",
                            "sanne",
                            "de vries",
                            "3511ab",
                            "nl",
                        ),
                    )
                ),
            ],
        ),
        (
            "tiktok",
            ["Email_SHA256,Phone_SHA256", f"{sha('sanne@voorbeeld.nl')},{sha('+31612345678')}"],
        ),
    ],
)
def test_each_platform_gets_its_own_form_and_no_plain_address(
    platform: str, lines: list[str]
) -> None:
    file = hashed_audience(platform, [SANNE, Contact(name="No Address")]).decode()
    assert file.splitlines() == lines


def test_an_unknown_platform_is_named() -> None:
    with pytest.raises(NotFoundError, match="google, meta, tiktok"):
        hashed_audience("x", [])
