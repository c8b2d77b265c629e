"""The contract of `value_checks`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

MODELS = (
    "bg_nbd",
    "mbg_nbd",
    "pareto_nbd",
    "cell_average",
    "gamma_gamma",
    "own_mixed",
    "average",
    "none",
)
OUTCOMES = ("good", "too_low", "too_high", "weak", "uncertain")
TABLE = Table(
    name="value_checks",
    room="segments",
    meaning="How far the models of what customers will buy may be trusted: learned from an earlier period, tested on a later one.",
    key=("model", "check", "item"),
    columns=(
        column(
            "model",
            "string",
            "`cell_average`: the average of customers who bought as often and as recently; `own_mixed`: the mean of a customer's own purchases with two of everybody's mean added; `average`: of all purchases; `none`: there was nothing to learn from",
            required=True,
            allowed=MODELS,
        ),
        column(
            "check",
            "string",
            "`verdict`: the model in use, and why; `parameter`: what it learned from all data; `period`: days learned from and tested on; `score`: of every model; `order_amount`: of every way to tell what an order is worth; the others of the model in use, on the later period",
            required=True,
            allowed=(
                "verdict",
                "parameter",
                "period",
                "score",
                "order_amount",
                "accuracy",
                "cumulative",
                "conditional",
                "reliability",
                "revenue",
                "lift",
                "range",
                "next_order",
            ),
        ),
        column(
            "item",
            "string",
            "what is told: the reason, the parameter, the score, the day, the number of repeat orders or the tenth of the customers",
            required=True,
        ),
        column("place", "int64", "place of the item among the others of its check", required=True),
        column(
            "expected",
            "float64",
            "what the model said; of a parameter its value; of `brier`, `squared_error` and `order_amount` the error of giving everyone the same number",
        ),
        column("measured", "float64", "what the later period showed"),
        column("low", "float64", "lower end of the 95 % interval of `measured`, or of a parameter"),
        column("high", "float64", "upper end of it"),
        column(
            "outcome",
            "string",
            "of `accuracy`: `good`: at most 20 % off, by an interval no wider to either side; `too_low`, `too_high`: farther off, and farther than chance; of the top tenth `good`: at least a fifth of the revenue, `weak`: less; `uncertain`: chance may be the cause",
            allowed=OUTCOMES,
        ),
        column("customers", "int64", "how many it rests on", unit="customers", required=True),
    ),
    order=("model", "check", "place", "item"),
)
