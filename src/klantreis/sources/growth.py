"""How much larger than it looks a packed file may be: more was made to fill memory or a disk."""

from __future__ import annotations

__all__ = ["largest_unpacked"]

GROWS_AT_MOST = 200  # text packs some tens of times smaller
ALWAYS_ALLOWED_BYTES = 2**28


def largest_unpacked(packed_bytes: int) -> int:
    """The bytes that a packed file may unpack to.

    >>> largest_unpacked(1_000), largest_unpacked(10_000_000)
    (268435456, 2000000000)
    """
    return max(ALWAYS_ALLOWED_BYTES, GROWS_AT_MOST * packed_bytes)
