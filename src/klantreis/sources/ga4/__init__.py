"""Google Analytics 4: events of website and app, as its export to BigQuery lays them out."""

from __future__ import annotations

from klantreis.sources.ga4.reading import source

__all__ = ["source"]
