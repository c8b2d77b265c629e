"""Names of products, which many pages need and which only change with a run."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from klantreis.workspace import Workspace

__all__ = ["product_names"]


def product_names(workspace: Workspace) -> Mapping[str, str]:
    """Name by product; products without a name are left out."""
    published = workspace.published
    return _names(workspace, published.publication_id) if published else {}


@lru_cache(maxsize=2)
def _names(workspace: Workspace, publication_id: int) -> Mapping[str, str]:
    products = workspace.table("products")
    rows = workspace.rows(products.filter(products["name"].notnull()).select("product_id", "name"))
    return {row["product_id"]: row["name"] for row in rows}
