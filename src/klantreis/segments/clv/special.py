"""Special functions, by their names in `scipy.special`: loaded by who needs them first.

Loading SciPy takes half a second, which most commands can do without.
"""

from __future__ import annotations

from typing import Any

__all__: list[str] = []


def __getattr__(name: str) -> Any:
    import scipy.special

    return getattr(scipy.special, name)
