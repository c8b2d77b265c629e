"""A workspace: a folder of exports, what was derived from it, and the questions to ask of it."""

from klantreis.workspace.reading import Reading, Tables
from klantreis.workspace.workspace import Workspace

__all__ = ["Reading", "Tables", "Workspace"]
