"""Writes the reference pages from the code itself, so that they cannot tell another story.

    python -m klantreis.reference docs

A test holds the written pages against what this makes.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from klantreis.patterns import JOINED_MEASURES, JoinedMeasure
from klantreis.pipeline import STEPS
from klantreis.registry import GROUPS, names
from klantreis.settings import (
    IDENTIFIER_KINDS,
    OWN_SECTIONS,
    IdentifierSettings,
    Retention,
    RfmLimits,
    Settings,
)
from klantreis.tables import TABLES, Column, Table

__all__ = ["pages", "write_pages"]

SETTING_MEANINGS: Mapping[str, str] = {
    "name": "name of the shop, as the pages show it",
    "time_zone": "IANA time zone in which local times and dates are read and shown",
    "country": "ISO 3166-1 alpha-2 code; numbers and addresses without a country are read as of it",
    "locale": "language of the pages when the browser does not say: `nl` or `en`",
    "engine": "where tables are computed: see plug-in group `engines`",
    "as_of": "moment (UTC) up to which everything holds; empty: the last moment in the data, or of taking in where nothing has a date",
    "session_minutes": "silence after which a new visit starts, in minutes",
    "lapse_days": "a journey without a step for this many days has ended",
    "aftercare_days": "what comes later than this many days no longer belongs to the purchase",
    "rfm_window_days": "days before `as_of` over which frequency and money are counted",
    "persona_groups": "target groups that personas are made of: `need` (a customer's main need), or a segmentation of `memberships` (`channel`, `rfm`, `value`)",
    "persona_count": "how many personas; 0: as many as is advised, at most three",
    "update_at": "times of day, as `06:00` or `06:00, 13:30` on the clock of `time_zone`, at which `klantreis work` takes in what waits and brings everything up to date; empty: never by itself",
    "upload_megabytes": "largest file that may be brought in through the pages, also when unpacked, in MB",
    "shared_identifier_limit": "an identifier of more persons than this ties nobody together",
    "public_url": "address at which receivers of a mail find these pages (to unsubscribe); `https://` outside of tests",
    "shop_url": "address of the webshop, which links in mails begin with",
    "mail_from": "address that mails come from, as `Huis & Haard <post@huisenhaard.nl>`",
    "smtp_url": "mail server: `smtp://user@host:587` (encrypted when the server offers it), `smtps://user@host:465`; the password comes from the environment, `KLANTREIS_SMTP_PASSWORD`",
    "webhook_url": "where the webhook channel sends to; signed with `KLANTREIS_WEBHOOK_SECRET` from the environment",
    "quiet_from_hour": "hour on the customer's clock from which nothing is sent",
    "quiet_until_hour": "hour on the customer's clock from which messages go out again",
    "messages_per_week": "marketing messages that a customer gets at most in seven days, all campaigns and the mail tool together",
    "returned_days": "days after something was brought back in which no marketing message goes out",
    "global_holdout": "part of all customers that gets no marketing message at all, to measure what they bring together",
    "effect_days": "days after a message in which purchases count for its effect",
}

IDENTIFIER_MEANINGS: Mapping[str, str] = {
    "unique": "`true` when a customer has one value at most (of customer numbers: one in each source): what would give them two ties nobody, neither an identifier nor name and address",
    "limit": "most records of one source that may state the same value; 0: as usual",
    "junk": "patterns (regular expressions) of values in their normal form that point to nobody, as `['^info@', '^kassa[0-9]+@']`",
    "priority": "when it ties: kinds with a lower number do so first, so that what they hold together does not count as several people for the next; 0: as usual (customer number 1, user id 2, loyalty card 3, e-mail 4, hashed e-mail 5, order 6, social handle 7, telephone 8); not for cookies, devices and payers, which tie last or nobody",
}

RFM_MEANINGS: Mapping[str, str] = {
    "days": "days since the last purchase: below the first limit score 5, from each next one on a point less, from the last on 1; at most `rfm_window_days`",
    "orders": "purchases in the window: below the first limit score 1, from each limit on a point more",
    "amount": "money in the window in EUR, in the same way",
}

RETENTION_MEANINGS: Mapping[str, str] = {
    "events_days": "what visitors did: rows of `events`, and exports that hold nothing newer",
    "orders_days": "purchases: rows of `orders`, `order_lines` and `payments`, and such exports",
    "messages_days": "what mail tools sent: rows of `messages`, and such exports",
    "feedback_days": "what customers said: rows of `feedback` and `survey_answers`, and such exports",
    "customers_days": "customers without any sign of life for so long, with all their rows",
    "collected_days": "files of collected events in `exports/`, once they were imported; their rows stay",
    "taken_back_days": "files in `taken-back/`, counted from the day on which they were taken back",
    "campaigns_days": "who got which message of a campaign and why not; consents stay",
    "audit_days": "lines of the audit log",
    "versions_days": "earlier versions of the tables; at most five are kept in any case",
    "proofs_days": "proofs of erasures; what keeps somebody out stays",
    "backups_days": "advice only: how old a backup may become, for it still holds who was erased since",
}


def pages() -> Mapping[str, str]:
    """The reference pages: file name and Markdown text."""
    return {
        "tables.md": _tables_page(),
        "settings.md": _settings_page(),
        "plugins.md": _plugins_page(),
        "joined-measures.md": _joined_measures_page(),
    }


def write_pages(folder: Path) -> None:
    """Write the reference pages into a folder."""
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


def _tables_page() -> str:
    rooms = "\n".join(_room_line(table) for table in TABLES.values())
    return (
        "# Tables\n\n"
        "Made from the contracts in `src/klantreis/tables/`; do not edit by hand (`make docs`).\n\n"
        "Columns ending in `_at` are moments in UTC, in `_on` calendar dates in the workspace's time "
        "zone; `money` is decimal(18,4). Tables of room `sources` come from your exports; every "
        "other table is made by the step of the same name from the tables named with it.\n\n"
        f"| table | room | one row is |\n|---|---|---|\n{rooms}\n\n"
        + "\n".join(_table_section(table) for table in TABLES.values())
    )


def _room_line(table: Table) -> str:
    return f"| [{table.name}](#{table.name}) | {table.room} | {table.meaning} |"


def _table_section(table: Table) -> str:
    step = next((step for step in STEPS if step.name == table.name), None)
    made = f" Made from {', '.join(f'`{name}`' for name in step.reads)}." if step else ""
    tells_source = any(c.source for c in table.columns)
    heads = ["column", "type", "unit", "required", "meaning", *(["comes from"] * tells_source)]
    lines = "\n".join(_column_line(c, tells_source) for c in table.columns)
    return (
        f"## {table.name}\n\n{table.meaning} Key: {', '.join(f'`{name}`' for name in table.key)}."
        f"{made}\n\n| {' | '.join(heads)} |\n{'|---' * len(heads)}|\n{lines}\n"
    )


def _column_line(column: Column, tells_source: bool) -> str:
    names = ", ".join(f"`{value}`" for value in column.allowed)
    required = "yes" if column.required else ""
    meaning = column.meaning + (f"; one of {names}" if names else "")
    source = f" {column.source} |" if tells_source else ""
    return f"| `{column.name}` | {column.type} | {column.unit} | {required} | {meaning} |{source}"


def _settings_page() -> str:
    own = {name: value for name, value in vars(Settings()).items() if name not in OWN_SECTIONS}
    return (
        "# Settings\n\n"
        "Made from `src/klantreis/settings/settings.py`; do not edit by hand (`make docs`).\n\n"
        "They stand in `klantreis.toml` of a workspace. A run or other command reads them when it "
        "begins, `klantreis serve` when the file was changed, at the next request, and "
        "`klantreis work` before each round. When the changed file is wrong, the settings of before "
        "hold; the log says what is wrong, and so does every page to an administrator. Only after a "
        "restart hold: `url` in `[state]`, `engine`, `locale` (as the language for who states "
        "none), everything for `klantreis collect`, and what is said on the "
        "command line (host, port, certificate).\n\n"
        "Section `[workspace]`:\n\n"
        f"{_defaults(own, SETTING_MEANINGS)}\n\n"
        "Section `[sources.<folder>]`, one for each folder below `exports/` that needs one:\n\n"
        "| setting | meaning |\n|---|---|\n"
        "| `connector` | registered connector; without it the connector is recognised from the file |\n"
        "| `mapping` | mapping file for connector `mapping`, relative to the workspace; with it that connector need not be named |\n"
        "| `time_zone` | IANA time zone of times in its files that do not tell theirs; else that of the workspace |\n"
        "| anything else | an option of the connector: its page in `docs/sources/` names them, for connector `mapping` they stand in `[options]` of the mapping file. An option that the connector does not have is refused |\n\n"
        "Section `[identity.<kind>]`, for a kind of identifier that is not as usual "
        f"({', '.join(f'`{kind}`' for kind in IDENTIFIER_KINDS)}):\n\n"
        f"{_defaults(vars(IdentifierSettings()), IDENTIFIER_MEANINGS)}\n\n"
        "Section `[rfm]`, for limits of your own between the scores of RFM, four ascending numbers "
        "each, as `orders = [2, 3, 5, 10]`; without them scores are fifths of the customers:\n\n"
        f"{_defaults(vars(RfmLimits()), RFM_MEANINGS)}\n\n"
        "Section `[state]`, for what people decide:\n\n"
        "| setting | meaning |\n|---|---|\n"
        "| `url` | SQLAlchemy address of a PostgreSQL database, as "
        "`postgresql+pg8000://klantreis:${DB_PASSWORD}@db.example/klantreis` (needs the extra "
        "`postgres`); `${NAME}` comes from the environment. Without it: a SQLite file in the "
        "workspace |\n\n"
        "Section `[retention]`, in days; 0 is for ever. `klantreis retain` and the worker keep to it:\n\n"
        f"{_defaults(vars(Retention()), RETENTION_MEANINGS)}\n"
    )


def _defaults(defaults: Mapping[str, object], meanings: Mapping[str, str]) -> str:
    """A table of settings, each with its default as it is written in TOML and what it means."""
    lines = (
        f"| `{name}` | `{list(value) if isinstance(value, tuple) else value!r}` | {meanings[name]} |"
        for name, value in defaults.items()
    )
    return "\n".join(("| setting | default | meaning |", "|---|---|---|", *lines))


def _plugins_page() -> str:
    sections = "\n".join(
        f"## {group.name}\n\nEntry-point group `{group.entry_point_group}`: {group.meaning}. "
        f"A member has {', '.join(f'`{attribute}`' for attribute in group.attributes)}.\n\n"
        f"{_comes_with(group.name)}\n"
        for group in GROUPS.values()
    )
    return (
        "# Plug-ins\n\nMade from `src/klantreis/registry.py`; do not edit by hand (`make docs`).\n\n"
        "A plug-in is an entry point of an installed package. The built-ins come in by the same "
        f"door.\n\n{sections}"
    )


def _comes_with(group: str) -> str:
    if group == "joined_measures":
        return "Those that come with the product are in [joined measures](joined-measures.md)."
    return f"Comes with: {', '.join(f'`{name}`' for name in names(group))}."


def _joined_measures_page() -> str:
    rows = "\n".join(_joined_measure_row(one) for one in JOINED_MEASURES.values())
    return (
        "# Joined measures\n\n"
        "Made from `src/klantreis/patterns/joined.py` and `joined.toml`; do not edit by hand "
        "(`make docs`). What they are for, and how to add one, is in [patterns](patterns.md).\n\n"
        "Each exists only once sources are joined. Occasions of one customer are alike, so the "
        "interval is one over customers. An occasion counts only where enough was seen before or "
        "after it. *Rests on* is what is in a measure by its definition; groups made of the same "
        "are not compared on it.\n\n"
        "| code | name | definition | unit | needs | rests on |\n|---|---|---|---|---|---|\n"
        f"{rows}\n"
    )


def _joined_measure_row(measure: JoinedMeasure) -> str:
    one = measure.meaning
    needs = ", ".join(f"[{name}](tables.md#{name})" for name in one.needs)
    return (
        f"| `{one.code}` | {one.name['en']} | {one.definition['en']} | {one.unit} of {one.counts} "
        f"| {needs} | {', '.join(one.rests_on)} |"
    )


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
