"""Which role each touchpoint plays in a journey; the roles themselves are data."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import ibis
import ibis.expr.types as ir

__all__ = ["ROLES", "RoleRule", "acts", "role", "role_rules"]

ROLES = ("before", "purchase", "after", "contact", "glance", "passive")
FILE = Path(__file__).with_name("touchpoints.toml")


@dataclass(frozen=True)
class RoleRule:
    """One rule: the role of some events on some channels; empty means all."""

    role: str
    events: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


@cache
def role_rules() -> tuple[RoleRule, ...]:
    """The rules of `touchpoints.toml`, in order; the last one fits everything."""
    rules = tomllib.loads(FILE.read_text(encoding="utf-8"))["rules"]
    return tuple(
        RoleRule(rule["role"], tuple(rule.get("events", ())), tuple(rule.get("channels", ())))
        for rule in rules
    )


def role(event: ir.StringValue, channel: ir.StringValue) -> ir.StringValue:
    """The role of a touchpoint: one of `ROLES`.

    Args:
        event: name of what happened.
        channel: where it happened.
    """
    *rules, fallback = role_rules()
    return ibis.cases(
        *((fits(event, rule.events) & fits(channel, rule.channels), rule.role) for rule in rules),
        else_=fallback.role,
    )


def acts(event: ir.StringValue, channel: ir.StringValue) -> ir.BooleanValue:
    """Whether the customer did something on the way to a purchase at this touchpoint."""
    return role(event, channel).isin(("before", "contact", "glance"))


def fits(value: ir.StringValue, allowed: Sequence[str]) -> ir.BooleanValue:
    """Whether the value is one of those allowed; an empty list allows every value."""
    return value.isin(allowed) if allowed else ibis.literal(True)
