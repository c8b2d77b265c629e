"""The mailing list and what happened with the mailings, as Mailchimp exports them."""

from __future__ import annotations

from dataclasses import replace

from klantreis.simulate.clock import month_number
from klantreis.simulate.desk import Desk, Flaw, Sheet, csv_row, quoted
from klantreis.simulate.market import Market
from klantreis.simulate.subscribers import ACTIONS

__all__ = ["export_mailchimp"]

MEMBER_COLUMNS = (
    "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,"
    "LAST_CHANGED,LEID,EUID,NOTES,TAGS"
)
UNSUBSCRIBED_COLUMNS = MEMBER_COLUMNS + ",UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_REASON"
REASONS = ("Normal", "Te veel mail", "Niet relevant", "Niet aangemeld", "")

MEMBERS = """
CREATE TABLE list_members AS
SELECT s.*, e.address, h.first_name, trim(h.prefix || ' ' || h.surname) AS last_name,
  s.subscribed_on + INTERVAL (8 + s.human % 12) HOUR + INTERVAL (s.human % 3600) SECOND AS joined_at,
  m.title AS left_title
FROM subscribers s JOIN humans h USING (human) JOIN emails e ON e.email = s.email
LEFT JOIN mailings m ON m.mailing = s.left_after
WHERE s.subscribed_on IS NOT NULL
"""


ACTIVITY = Sheet(
    "exports/mailchimp/activity_{month}.csv",
    "Email Address,Campaign,Subject,Action,Timestamp,URL",
    flaws=(Flaw("unparsable date", "Timestamp", -2, "gisteren"), Flaw("too few columns")),
    rate=0.00005,
)
URL = """CASE WHEN action = 3 THEN 'https://www.huisenhaard.example/?utm_source=nieuwsbrief'
  || '&utm_medium=email&utm_campaign=' || slug ELSE '' END"""


def export_mailchimp(desk: Desk, market: Market) -> None:
    """Write the three member files and the activity by month."""
    desk.run(MEMBERS)
    _members(desk, market)
    action = f"({list(ACTIONS)!r})[action + 1]"
    row = csv_row("address", quoted("title"), quoted("subject"), action, "iso_z(done_at)", URL)
    for month in market.plan.calendar_months:
        sheet = replace(ACTIVITY, path=ACTIVITY.path.format(month=month))
        number = month_number(month)
        if not desk.scratch.files("sendings", number):
            desk.text(sheet, [])
            continue
        desk.view("sendings", number)
        desk.lines(
            sheet,
            f"""SELECT {row} FROM sendings JOIN mailings USING (mailing) JOIN emails e USING (email)
                ORDER BY done_at, human, action""",
        )


def _members(desk: Desk, market: Market) -> None:
    end = market.plan.end.isoformat()
    stamp = "strftime({}, '%Y-%m-%d %H:%M:%S')"
    address = "'2001:db8::' || to_hex(human % 65536)"
    cells = (
        "address", quoted("first_name"), quoted("last_name"), "2 + human % 4", stamp.format("joined_at"), address,
        stamp.format("joined_at + INTERVAL 3 MINUTE"), address, stamp.format("coalesce(left_on::TIMESTAMP, joined_at)"),
        "100000 + human", "substr(md5(human::VARCHAR), 1, 10)", "''", "''",
    )  # fmt: skip
    left = (
        stamp.format("left_on::TIMESTAMP + INTERVAL 10 HOUR"),
        quoted("left_title"),
        f"({list(REASONS)!r})[1 + human % {len(REASONS)}]",
    )
    for name, header, row, which in (
        ("subscribed", MEMBER_COLUMNS, csv_row(*cells), "left_on IS NULL AND NOT cleaned"),
        (
            "unsubscribed",
            UNSUBSCRIBED_COLUMNS,
            csv_row(*cells, *left),
            "left_on IS NOT NULL AND NOT cleaned",
        ),
        ("cleaned", MEMBER_COLUMNS, csv_row(*cells), "cleaned"),
    ):
        desk.lines(
            Sheet(
                f"exports/mailchimp/{name}_export.csv",
                header,
            ),
            f"SELECT {row} FROM list_members WHERE {which} AND subscribed_on < '{end}' ORDER BY joined_at, human",
        )
