"""Rules and portraits become audiences, decisions and measured effect."""

from klantreis.campaigns.decisions import Played, entry_of, play, would_get
from klantreis.campaigns.effects import arms_measured, effects
from klantreis.campaigns.fields import (
    FlowFields,
    LetterFields,
    StepFields,
    changed,
    fields_of,
    raw_of,
)
from klantreis.campaigns.flows import (
    LETTER_FIELDS,
    SHIPPED,
    Flow,
    Send,
    Step,
    Stop,
    Trigger,
    Wait,
    shipped,
)
from klantreis.campaigns.gathering import GATHERED, candidates, horizon, known_customers
from klantreis.campaigns.guards import REASONS, night_end, payment_trouble, quiet_until
from klantreis.campaigns.holdout import EVERYTHING, is_held_out, share_held_out
from klantreis.campaigns.known import Decision, Entry, Known, Payment, Policy, Sent
from klantreis.campaigns.product_neighbours import product_neighbours
from klantreis.campaigns.reading import read_flow
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
from klantreis.campaigns.writing import flow_text

__all__ = [
    "EVERYTHING",
    "GATHERED",
    "LETTER_FIELDS",
    "REASONS",
    "SHIPPED",
    "Arm",
    "Decision",
    "Entry",
    "Estimate",
    "Flow",
    "FlowFields",
    "Known",
    "LetterFields",
    "Payment",
    "Played",
    "Policy",
    "Send",
    "Sent",
    "Step",
    "StepFields",
    "Stop",
    "Trigger",
    "Wait",
    "arms_measured",
    "balance",
    "candidates",
    "changed",
    "conversion_uplift",
    "difference_of",
    "effects",
    "entry_of",
    "fields_of",
    "flow_text",
    "horizon",
    "is_held_out",
    "known_customers",
    "night_end",
    "over_all_purchases",
    "payment_trouble",
    "play",
    "product_neighbours",
    "quiet_until",
    "raw_of",
    "read_flow",
    "recommendation_checks",
    "revenue_uplift",
    "share_difference",
    "share_held_out",
    "shipped",
    "wanted_products",
    "would_get",
]
