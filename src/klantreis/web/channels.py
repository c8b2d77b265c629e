"""How pages show channels: an icon each, and which of them are reached through a screen."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["CHANNEL_ICONS", "ON_SCREEN"]

CHANNEL_ICONS: Mapping[str, str] = {
    "web": "globe",
    "app": "smartphone",
    "store": "store",
    "mail": "mail",
    "ads": "megaphone",
    "social": "share-2",
    "service": "headset",
    "survey": "clipboard-list",
    "review": "star",
    "leaflet": "newspaper",
    "phone": "phone",
    "other": "circle-dot",
}
# What is left happens in the world outside: store, service desk, leaflet, telephone, parcel.
ON_SCREEN = frozenset({"web", "app", "mail", "ads", "social", "review", "survey"})
