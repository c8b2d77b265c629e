"""The pages: what was found, in the reader's language, with what every number rests on."""

from __future__ import annotations

from klantreis.web.app import create_app
from klantreis.web.notebook import Drawing, drawings

__all__ = ["Drawing", "create_app", "drawings"]
