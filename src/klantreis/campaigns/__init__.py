"""Rules and portraits become audiences, decisions and measured effect."""

from klantreis.campaigns.decisions import Played, entry_of, play, would_get
from klantreis.campaigns.flows import (
    SHIPPED,
    Flow,
    Send,
    Step,
    Stop,
    Trigger,
    Wait,
    read_flow,
    shipped,
)
from klantreis.campaigns.gathering import GATHERED, candidates, horizon, known_customers
from klantreis.campaigns.guards import REASONS, payment_trouble, quiet_until
from klantreis.campaigns.holdout import EVERYTHING, is_held_out, share_held_out
from klantreis.campaigns.known import Decision, Entry, Known, Payment, Policy, Sent

__all__ = [
    "EVERYTHING",
    "GATHERED",
    "REASONS",
    "SHIPPED",
    "Decision",
    "Entry",
    "Flow",
    "Known",
    "Payment",
    "Played",
    "Policy",
    "Send",
    "Sent",
    "Step",
    "Stop",
    "Trigger",
    "Wait",
    "candidates",
    "entry_of",
    "horizon",
    "is_held_out",
    "known_customers",
    "payment_trouble",
    "play",
    "quiet_until",
    "read_flow",
    "share_held_out",
    "shipped",
    "would_get",
]
