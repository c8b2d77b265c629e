"""The settings and mapping files with which a workspace reads these exports."""

from __future__ import annotations

from importlib.resources import files

from klantreis.simulate.desk import Desk

__all__ = ["LOCALE", "write_settings"]

MAPPINGS = ("parcels", "webshop_offers")
LOCALE = "nl"
SETTINGS = f"""\
# A simulated shop: klantreis import reads exports/, klantreis run makes the tables.

[workspace]
name = "Huis & Haard"
time_zone = "Europe/Amsterdam"
locale = "{LOCALE}"

[sources.shopify]
connector = "shopify"

[sources.ga4]
connector = "ga4"

[sources.till]
connector = "till"

[sources.crm]
connector = "crm"

[sources.mailchimp]
connector = "mailchimp"

[sources.reviews]
connector = "reviews"

[sources.zendesk]
connector = "zendesk"

[sources.survey]
connector = "survey"

[sources.mollie]
connector = "mollie"
orders_source = "shopify"

[sources.google_ads]
connector = "google_ads"

[sources.meta_ads]
connector = "meta_ads"

[sources.search_console]
connector = "search_console"

[sources.leaflet]
connector = "leaflet"

[sources.webshop_offers]
connector = "mapping"
mapping = "mappings/webshop_offers.toml"

[sources.stock]
connector = "stock"

[sources.parcels]
connector = "mapping"
mapping = "mappings/parcels.toml"

[sources.social]
connector = "social"
"""


def write_settings(desk: Desk) -> None:
    """Write `klantreis.toml` and the mappings that it names."""
    desk.bytes("klantreis.toml", SETTINGS.encode())
    for name in MAPPINGS:
        file = files("klantreis.simulate").joinpath("data", f"{name}.toml")
        desk.bytes(f"mappings/{name}.toml", file.read_bytes())
