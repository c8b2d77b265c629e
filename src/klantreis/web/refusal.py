"""Why a change was refused, with what was typed: nothing that a person wrote is lost."""

# No annotations from the future: those of a query that others inherit must be real already.
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Annotated, Any

from fastapi import Query

from klantreis.errors import ConflictError, InputError, NotFoundError
from klantreis.web.rendering import address

__all__ = ["Refusable", "Refusal", "back_to", "refusal_of", "why_refused"]

TYPED_LENGTH = 12_000
CODES = (  # what was chosen, not typed
    "action_id", "after", "answers", "decision", "key", "measure", "offer_id", "opportunity",
    "part", "persona", "side", "status", "topic",
)  # fmt: skip


@dataclass(frozen=True)
class Refusable:
    """Why the last change was refused, and what was typed; empty when none was.

    `refused` is `changed`, `gone`, `nothing` or a reason of the page's own.
    """

    refused: Annotated[str, Query(max_length=40)] = ""
    typed: Annotated[str, Query(max_length=TYPED_LENGTH)] = ""


@dataclass(frozen=True)
class Refusal:
    """What a page says of it: code of the reason, and what was typed, to copy from."""

    reason: str
    typed: str


def refusal_of(query: Refusable) -> Refusal | None:
    """The refusal that an address tells of."""
    return Refusal(query.refused, query.typed) if query.refused else None


def why_refused(make: Callable[[], object], otherwise: str = "nothing") -> str:
    """Make a change; the code of why it was refused, empty when it was not.

    Args:
        make: makes it.
        otherwise: code where what was asked is not possible, and not for what others did meanwhile.

    Returns:
        `changed` when somebody else changed the same, `gone` when it is not there any more.
    """
    try:
        make()
    except ConflictError:
        return "changed"
    except NotFoundError:
        return "gone"
    except InputError:
        return otherwise
    return ""


def back_to(path: str, place: str, refused: str, form: Any, **query: str) -> str:
    """Where to go after a change: to the place, or to the top with what was refused.

    Args:
        path: of the page.
        place: id on the page; empty for none.
        refused: code; empty when it was made.
        form: dataclass that was sent; its texts go along when it was refused.
        query: what else the address asks.
    """
    if not refused:
        return address(path, **query) + (f"#{place}" if place else "")
    return address(path, refused=refused, typed=_typed(form), **query)


def _typed(form: Any) -> str:
    names = (one.name for one in fields(form) if not one.name.startswith("seen"))
    values = (getattr(form, name) for name in names if name not in CODES)
    texts = (str(value).strip() for value in values if not isinstance(value, int))
    return " · ".join(text for text in texts if text)[:TYPED_LENGTH]
