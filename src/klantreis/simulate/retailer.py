"""From a plan to a workspace folder: lives are lived chunk by chunk, then each system exports."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from klantreis.errors import WorkspaceError, message
from klantreis.simulate.desk import Desk
from klantreis.simulate.exports.advertising import export_advertising
from klantreis.simulate.exports.crm import export_crm
from klantreis.simulate.exports.ga4 import export_ga4
from klantreis.simulate.exports.mailchimp import export_mailchimp
from klantreis.simulate.exports.mollie import export_mollie
from klantreis.simulate.exports.offers import export_leaflet, export_stock, export_webshop_offers
from klantreis.simulate.exports.parcels import export_parcels
from klantreis.simulate.exports.reviews import export_mentions, export_reviews
from klantreis.simulate.exports.search_console import export_search_console
from klantreis.simulate.exports.shopify import export_shopify
from klantreis.simulate.exports.survey import export_survey
from klantreis.simulate.exports.till import export_till
from klantreis.simulate.exports.truth import write_truth
from klantreis.simulate.exports.workspace import write_settings
from klantreis.simulate.exports.zendesk import export_zendesk
from klantreis.simulate.lay_down import lay_down
from klantreis.simulate.lives import CHUNK, live
from klantreis.simulate.market import open_market
from klantreis.simulate.names import give_names
from klantreis.simulate.pages import site
from klantreis.simulate.plan import Plan
from klantreis.simulate.scratch import Scratch

__all__ = ["simulate"]

EXPORTS = (
    ("shopify", export_shopify),
    ("till", export_till),
    ("crm", export_crm),
    ("mailchimp", export_mailchimp),
    ("mollie", export_mollie),
    ("parcels", export_parcels),
    ("zendesk", export_zendesk),
    ("reviews", export_reviews),
    ("social", export_mentions),
    ("survey", export_survey),
    ("advertising", export_advertising),
    ("search_console", export_search_console),
    ("leaflet", export_leaflet),
    ("webshop_offers", export_webshop_offers),
    ("stock", export_stock),
)


def simulate(folder: Path, plan: Plan, progress: Callable[[str, int], None] | None = None) -> None:
    """Write the workspace of a simulated shop: settings, exports of every system, and the truth.

    Args:
        folder: the workspace; made when it is not there.
        plan: size, seed and period; the same plan writes the same bytes.
        progress: told what is being made and how many customers or files are done by then.

    Raises:
        WorkspaceError: the folder already holds a workspace.
    """
    _refuse_to_overwrite(folder)
    folder.mkdir(parents=True, exist_ok=True)
    tell = progress or (lambda _step, _done: None)
    market = open_market(plan)
    shop = site(market.products)
    with tempfile.TemporaryDirectory(prefix=".simulate-", dir=folder) as temporary:
        scratch = Scratch(Path(temporary))
        for chunk in range(-(-plan.customers // CHUNK)):
            lay_down(scratch, market, chunk, live(market, shop, chunk))
            tell("customers", min((chunk + 1) * CHUNK, plan.customers))
        desk = Desk(folder, scratch, plan.seed)
        try:
            give_names(desk, market)
            for name, export in EXPORTS:
                export(desk, market)
                tell(name, desk.files)
            export_ga4(desk, market, shop)
            tell("ga4", desk.files)
            write_truth(desk, market)
            write_settings(desk)
            tell("truth", desk.files)
        finally:
            desk.close()


def _refuse_to_overwrite(folder: Path) -> None:
    taken = [name for name in ("klantreis.toml", "exports", "truth") if (folder / name).exists()]
    if taken:
        raise WorkspaceError(
            message(
                "This folder already holds a workspace",
                where=str(folder),
                got=", ".join(taken),
                allowed="an empty or a new folder",
                next_step="choose another folder, or remove this one first",
            )
        )
