"""A workspace in which some customers left a basket this morning."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from klantreis import Workspace
from klantreis import engine as engines
from klantreis.state import TableVersion
from klantreis.tables import TABLES
from tests.rows import rows_of

__all__ = ["NOON", "make_baskets"]

NOON = datetime(2026, 1, 14, 11)  # 12:00 in Amsterdam
SETTINGS = """
[workspace]
name = "Huis & Haard"
global_holdout = 0.0
mail_from = "post@huisenhaard.nl"
smtp_url = "{smtp}"
shop_url = "https://huisenhaard.nl"
"""


def make_baskets(
    folder: Path, *, customers: int = 5, smtp: str = "", more: dict[str, list[Any]] | None = None
) -> Workspace:
    """Customers 1 and on, each with a basket of six hours ago; the basket campaign runs."""
    Workspace.create(folder).close()
    (folder / "klantreis.toml").write_text(SETTINGS.format(smtp=smtp), encoding="utf-8")
    workspace = Workspace.open(folder)
    publish(workspace, _tables(customers), more or {})
    campaigns = workspace.campaigns
    text = campaigns.one("abandoned_basket").text.replace("holdout = 0.1", "holdout = 0.0")
    campaigns.save(text, by="Ann")
    campaigns.start("abandoned_basket", by="Ann")
    return workspace


def publish(workspace: Workspace, tables: dict[str, list[Any]], more: dict[str, list[Any]]) -> None:
    """Publish tables as of noon; `more` are added rows."""
    engine = engines.connect("duckdb", threads=1)
    versions = {}
    for name in {**tables, **more}:
        rows = [*tables.get(name, ()), *more.get(name, ())]
        home = workspace.store.versions / name / "1"
        written = engine.write(engine.table(rows_of(name, rows).to_pyarrow()), TABLES[name], home)
        files = workspace.store.relative(written.files)
        version = TableVersion(f"{name}-1", name, "made", files, written.rows, 0.1, NOON)
        workspace.state.add_version(version)
        versions[name] = version
    engine.close()
    workspace.state.publish(versions, as_of=NOON, at=NOON)


def _tables(customers: int) -> dict[str, list[Any]]:
    people = [
        {
            "customer_id": number,
            "is_known": True,
            "name": f"Sanne {number}",
            "email": f"sanne{number}@voorbeeld.nl",
            "may_email": True,
            "language": "nl",
        }
        for number in range(1, customers + 1)
    ]
    return {
        "customers": [{**one, "country": "NL"} for one in people],
        "portraits": [{**one, "open_basket_amount": 80} for one in people],
        "timeline": [
            {
                "customer_id": number,
                "position": 1,
                "occurred_at": NOON - timedelta(hours=6),
                "channel": "web",
                "event": "add_to_cart",
                "record_id": f"e{number}",
                "product_id": "SKU-1",
            }
            for number in range(1, customers + 1)
        ],
        "products": [{"product_id": "SKU-1", "name": "Eettafel Oak"}],
    }
