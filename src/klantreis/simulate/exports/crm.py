"""The loyalty programme's contacts, as a Dutch CRM writes them for Excel."""

from __future__ import annotations

from klantreis.simulate.desk import Desk, Flaw, Sheet, csv_row, quoted
from klantreis.simulate.market import Market

__all__ = ["export_crm"]

COLUMNS = (
    "Klantnummer;Kaartnummer;Aanhef;Voornaam;Tussenvoegsel;Achternaam;Geboortedatum;E-mail;Telefoon;"
    "Mobiel;Straat;Huisnummer;Toevoeging;Postcode;Woonplaats;Land;Taal;Ingeschreven op;Mailing;Gewijzigd op"
)
AREA_CODES = ("010", "013", "020", "023", "024", "026", "030", "033", "040", "050", "058", "070")
FLAWS = (
    Flaw("unparsable date", "Geboortedatum", 6, "00-00-1900"),
    Flaw("missing key", "Klantnummer", 0, ""),
    Flaw("too few columns"),
)

# Who typed it chose how to write initials, prefixes, streets and towns, and made the errors.
CONTACTS = """
CREATE TABLE contacts AS
WITH placed AS (
  SELECT r.*, gender, language, household, first_name, prefix, surname, born_on,
    CASE WHEN r.married AND h.married IS NOT NULL
      THEN '-' || trim(h.married_prefix || ' ' || h.married) ELSE '' END AS partner,
    CASE WHEN at_new_home THEN moved_street ELSE home_street END AS own_street,
    CASE WHEN at_new_home THEN moved_number ELSE home_number END AS house_number,
    CASE WHEN at_new_home THEN moved_addition ELSE home_addition END AS addition,
    CASE WHEN at_new_home THEN moved_digits ELSE home_digits END AS digits,
    CASE WHEN at_new_home THEN moved_letters ELSE home_letters END AS pair,
    CASE WHEN at_new_home THEN moved_town ELSE home_town END AS own_town
  FROM records r JOIN humans h USING (human)
)
SELECT *, 10000000 + row_number() OVER (ORDER BY day, human, number) AS customer_number,
  card_number(human, number) AS card,
  CASE WHEN initial THEN left(first_name, 1) || '.' ELSE typo(first_name, first_typo, place) END AS first,
  CASE WHEN style % 9 > 0 THEN prefix WHEN prefix IN ('van der', 'van den', 'van de')
    THEN replace(replace(replace(prefix, 'van der', 'v.d.'), 'van den', 'v.d.'), 'van de', 'v.d.') ELSE prefix END AS tussen,
  typo(surname, surname_typo, place) || partner AS last,
  CASE WHEN born_typo = 3 THEN NULL WHEN born_typo = 2 THEN born_on + INTERVAL 1 YEAR
    WHEN born_typo = 1 AND day(born_on) <= 12 THEN make_date(year(born_on), day(born_on), month(born_on))
    ELSE born_on END AS born,
  replace(typo(own_street, street_typo, place), 'straat', CASE WHEN style % 23 = 0 THEN 'str.' ELSE 'straat' END) AS street,
  CASE WHEN style % 2 > 0 THEN own_town
    ELSE replace(replace(own_town, '''s-Gravenhage', 'Den Haag'), '''s-Hertogenbosch', 'Den Bosch') END AS town
FROM placed
"""


def export_crm(desk: Desk, market: Market) -> None:
    """Write all contacts, in order of enrolment as the programme lists them."""
    desk.run(CONTACTS)
    postcode = "CASE WHEN style % 3 = 0 THEN digits || pair WHEN style % 3 = 1 THEN digits || ' ' || pair ELSE lower(digits || pair) END"
    area = f"({list(AREA_CODES)!r})[1 + household % {len(AREA_CODES)}]"
    landline = f"{area} || '-' || (2000000 + household * 7919 % 7000000)"
    row = csv_row(
        "customer_number", "card", "CASE WHEN gender = 'female' THEN 'Mevr.' ELSE 'Dhr.' END",
        quoted("first", ";"), "tussen", quoted("last", ";"), "dutch_day(born)",
        "CASE WHEN c.email < 0 AND style % 31 = 0 THEN (['geen@geen.nl', 'test@test.nl', 'onbekend'])[1 + place % 3] ELSE address END",
        f"CASE WHEN landline THEN {landline} ELSE '' END",
        "CASE WHEN phone THEN as_dialled(mobile(human), style) WHEN style % 53 = 0 THEN '0000000000' ELSE '' END",
        quoted("street", ";"), "house_number", "addition", postcode, quoted("town", ";"), "'NL'",
        "upper(language)", "dutch_day(day)", "CASE WHEN mails THEN 'J' ELSE 'N' END", "dutch_day(changed)",
        separator=";",
    )  # fmt: skip
    desk.lines(
        Sheet(
            "exports/crm/contacten.csv",
            "\ufeff" + COLUMNS,
            separator=";",
            flaws=FLAWS,
            rate=0.002,
        ),
        f"SELECT {row} FROM contacts c LEFT JOIN emails e ON e.email = c.email ORDER BY customer_number",
    )
