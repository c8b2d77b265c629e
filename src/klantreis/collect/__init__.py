"""The HTTP collection API: live events in, durable before they are accepted."""

from klantreis.collect.app import create_app

__all__ = ["create_app"]
