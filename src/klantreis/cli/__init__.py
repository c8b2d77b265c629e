"""The command line: one file a command; `klantreis --help` is the way in."""

from klantreis.cli.app import main

__all__ = ["main"]
