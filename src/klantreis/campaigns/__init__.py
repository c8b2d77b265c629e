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
from klantreis.campaigns.product_neighbours import product_neighbours
from klantreis.campaigns.recommendation_checks import recommendation_checks
from klantreis.campaigns.uplift import (
    Arm,
    Estimate,
    balance,
    conversion_uplift,
    difference_of,
    over_all_purchases,
    revenue_uplift,
    share_difference,
)
from klantreis.campaigns.wanted_products import wanted_products

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
    "over_all_purchases",
    "payment_trouble",
    "play",
    "product_neighbours",
    "quiet_until",
    "read_flow",
    "recommendation_checks",
    "revenue_uplift",
    "share_difference",
    "share_held_out",
    "shipped",
    "wanted_products",
    "would_get",
]
