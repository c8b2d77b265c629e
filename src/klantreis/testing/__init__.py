"""Contract suites: subclass one in the tests of your plug-in, and it is tested as ours are."""

from __future__ import annotations

from klantreis.testing.channel_contract import ChannelContract, FakeReceiver
from klantreis.testing.source_contract import Sample, SourceContract

__all__ = ["ChannelContract", "FakeReceiver", "Sample", "SourceContract"]
