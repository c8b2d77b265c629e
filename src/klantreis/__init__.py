"""Klantreis: one portrait per customer, online and offline, and the journey measured from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["Workspace", "__version__"]

__version__ = "0.1.0"

if TYPE_CHECKING:
    from klantreis.workspace import Workspace


def __getattr__(name: str) -> Any:
    # Loaded on first use: `import klantreis` alone stays below 0.3 s.
    if name == "Workspace":
        from klantreis.workspace import Workspace

        return Workspace
    raise AttributeError(f"module 'klantreis' has no attribute {name!r}")
