"""Rules and portraits become audiences, decisions and measured effect."""

from klantreis.campaigns.decisions import Played, entry_of, play, would_get
from klantreis.campaigns.effects import arms_measured, effects
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
from klantreis.campaigns.uplift import (
    Arm,
    Estimate,
    balance,
    conversion_uplift,
    difference_of,
    revenue_uplift,
    share_difference,
)

__all__ = [
    "EVERYTHING",
    "GATHERED",
    "REASONS",
    "SHIPPED",
    "Arm",
    "Decision",
    "Entry",
    "Estimate",
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
    "arms_measured",
    "balance",
    "candidates",
    "conversion_uplift",
    "difference_of",
    "effects",
    "entry_of",
    "horizon",
    "is_held_out",
    "known_customers",
    "payment_trouble",
    "play",
    "quiet_until",
    "read_flow",
    "revenue_uplift",
    "share_difference",
    "share_held_out",
    "shipped",
    "would_get",
]
