"""Checks that take long: run with `make test-at-length`, not with each change."""

from __future__ import annotations

import os

import pytest

__all__ = ["LONGER", "at_length"]

at_length = pytest.mark.skipif(
    not os.environ.get("KLANTREIS_AT_LENGTH"), reason="takes long: make test-at-length runs it"
)

# How many times as many cases are drawn then.
LONGER = 4 if os.environ.get("KLANTREIS_AT_LENGTH") else 1
