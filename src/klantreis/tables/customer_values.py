"""The contract of `customer_values`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="customer_values",
    room="segments",
    meaning="What a customer who bought has been worth, and will be worth in the next twelve months.",
    key=("customer_id",),
    columns=(
        column("customer_id", "int64", "the customer", required=True),
        column("as_of", "timestamp(6)", "moment of measuring", unit="UTC", required=True),
        column(
            "order_days",
            "int64",
            "days (UTC) with a completed purchase, as far as the days are known; the models count these as orders",
            unit="days",
            required=True,
        ),
        column(
            "active_days",
            "int64",
            "from the first to the last completed purchase with a known day",
            unit="days",
            required=True,
        ),
        column(
            "known_days",
            "int64",
            "from the first purchase with a known day to `as_of`; of who has none, from what a total says",
            unit="days",
            required=True,
        ),
        column(
            "history_amount",
            "money",
            "completed purchases so far, also those of which only the number is known, less returns and refunds",
            unit="EUR",
            required=True,
        ),
        column(
            "order_model",
            "string",
            "what the expected orders come from, as in `value_checks`",
            required=True,
            allowed=("bg_nbd", "mbg_nbd", "pareto_nbd", "cell_average", "none"),
        ),
        column(
            "amount_model",
            "string",
            "what the value of an order comes from",
            required=True,
            allowed=("gamma_gamma", "own_mixed", "average", "cell_average", "none"),
        ),
        column(
            "alive_probability",
            "float64",
            "chance of being a customer still; empty without a model",
        ),
        column("expected_orders", "float64", "in the next twelve months", unit="orders"),
        column(
            "expected_orders_low",
            "float64",
            "one in ten such customers stays below this",
            unit="orders",
        ),
        column(
            "expected_orders_high",
            "float64",
            "nine in ten such customers do not pass this",
            unit="orders",
        ),
        column("order_amount", "money", "expected value of an order", unit="EUR"),
        column("expected_amount", "money", "in the next twelve months", unit="EUR"),
        column(
            "expected_amount_low",
            "money",
            "value at the lower number of orders",
            unit="EUR",
        ),
        column(
            "expected_amount_high",
            "money",
            "value at the higher number of orders",
            unit="EUR",
        ),
        column(
            "next_order_on",
            "date",
            "half of such customers who order again within twelve months do so by this day; empty without a model",
        ),
        column(
            "churn_risk",
            "float64",
            "chance of no order in the next twelve months",
        ),
    ),
    order=("customer_id",),
)
