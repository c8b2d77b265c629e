"""Who may be mailed by what Shopify says, from its exports to the customers' table."""

from __future__ import annotations

from pathlib import Path

from klantreis import Workspace
from tests.brief import run_briefly

ORDERS = (
    "Name,Email,Financial Status,Accepts Marketing,Created at,Lineitem quantity,Lineitem price\n"
    "#1,left@voorbeeld.nl,paid,yes,2026-01-05 14:22:11 +0100,1,10.00\n"
    "#2,blank@voorbeeld.nl,paid,yes,2026-01-05 15:00:00 +0100,1,10.00\n"
    "#3,blank@voorbeeld.nl,paid,no,2026-01-20 09:00:00 +0100,1,10.00\n"
    "#4,back@voorbeeld.nl,paid,yes,2026-01-20 09:00:00 +0100,1,10.00\n"
    "#5,never@voorbeeld.nl,paid,no,2026-01-20 09:30:00 +0100,1,10.00\n"
)
CUSTOMERS = (
    "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Total Spent\n"
    "71,Ann,Wit,left@voorbeeld.nl,no,10.00\n"
    "72,Bo,Smit,blank@voorbeeld.nl,yes,20.00\n"
    "73,Cas,Bos,back@voorbeeld.nl,no,10.00\n"
    "74,Dee,Vos,never@voorbeeld.nl,no,10.00\n"
)


def mailed(folder: Path, setting: str) -> set[str]:
    with Workspace.create(folder, name="Huis"):
        pass
    with (folder / "klantreis.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'\n[sources.shopify]\nconnector = "shopify"\n{setting}\n')
    exports = folder / "exports" / "shopify"
    exports.mkdir(parents=True, exist_ok=True)
    (exports / "orders_export.csv").write_text(ORDERS, encoding="utf-8")
    (exports / "customers_2026-01-10.csv").write_text(CUSTOMERS, encoding="utf-8")
    with Workspace.open(folder) as workspace:
        workspace.import_exports()
        run_briefly(workspace)
        customers = workspace.table("customers")
        may = customers.filter(customers["may_email"]).select("email")
        return {row["email"].split("@")[0] for row in workspace.rows(may)}


def test_who_left_the_list_is_not_mailed_and_a_form_left_blank_is_no_refusal(
    tmp_path: Path,
) -> None:
    # Who left by the 10th is out; who ticked the box again on the 20th is back.
    assert mailed(tmp_path / "own", 'consents = "email"') == {"blank", "back"}
    assert mailed(tmp_path / "elsewhere", "") == set()
