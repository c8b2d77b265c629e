"""What customers are worth: foretold values, and how far they may be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir

from klantreis.errors import InputError, message
from klantreis.tables import contract
from klantreis.workspace.reading import Reading

__all__ = [
    "Accuracy",
    "CustomerWorth",
    "GroupWorth",
    "Totals",
    "ValueCheck",
    "ValueVerdict",
    "Worth",
]

MOST_CUSTOMERS = 1_000


@dataclass(frozen=True)
class Accuracy:
    """How near the later period was foretold in one respect.

    Attributes:
        item: `orders` and `revenue` (EUR) of all customers, or `top_tenth`: the part of the revenue
            that the most promising tenth of them brought in.
        expected, measured: foretold, and what came.
        low, high: 95 % interval of `measured`, had other customers of the same kind bought.
        outcome: `good`, `too_low`, `too_high`, `weak` (of the top tenth) or `uncertain`.
        customers: how many it rests on.
    """

    item: str
    expected: float
    measured: float
    low: float
    high: float
    outcome: str
    customers: int

    @property
    def gap(self) -> float | None:
        """Part that was foretold too much; below 0 too little; None where nothing came."""
        return _gap(self.expected, self.measured)

    @property
    def gap_low(self) -> float | None:
        """Lower end of the 95 % interval of `gap`."""
        return _gap(self.expected, self.high)

    @property
    def gap_high(self) -> float | None:
        """Upper end of it; None where chance could have left nothing."""
        return _gap(self.expected, self.low)


def _gap(expected: float, measured: float) -> float | None:
    return expected / measured - 1 if measured > 0 else None


@dataclass(frozen=True)
class ValueVerdict:
    """Which model is in use, and why; and what of it came true.

    Attributes:
        order_model, amount_model: codes, as in `customer_values`; `none` where nothing is foretold.
        reason: code: `best`, `none_good`, `unforeseen`, `too_few`, `few_customers`, `no_repeats`,
            `too_short`, `undated`, or `nothing` before the first run.
        learning_days, later_days: what the test learned from, and was held against; 0 without one.
        customers: whom it was tested on.
        orders, revenue, top_tenth: how near the later period was foretold; None without a test, and
            of what was not there to foretell.
    """

    order_model: str
    amount_model: str
    reason: str
    learning_days: int
    later_days: int
    customers: int
    orders: Accuracy | None = None
    revenue: Accuracy | None = None
    top_tenth: Accuracy | None = None

    @property
    def is_model(self) -> bool:
        """Whether it is a model of purchases that stood its test."""
        return self.reason == "best"

    @property
    def accuracy(self) -> tuple[Accuracy, ...]:
        """All that was held against the later period."""
        found = (self.orders, self.revenue, self.top_tenth)
        return tuple(one for one in found if one is not None)

    @property
    def use(self) -> str:
        """What it may be used for: `all`, `total` (the amounts, not who brings them in),
        `ranking` (who brings in most, not how much), `orders` (purchases, not money) or `nothing`.
        """
        good = {one.item for one in self.accuracy if one.outcome == "good"}
        if "revenue" in good:
            return "all" if "top_tenth" in good else "total"
        if "top_tenth" in good:
            return "ranking"
        return "orders" if "orders" in good else "nothing"


@dataclass(frozen=True)
class ValueCheck:
    """What was expected beside what the later period showed; as in `value_checks`."""

    model: str
    check: str
    item: str
    place: int
    expected: float | None
    measured: float | None
    low: float | None
    high: float | None
    customers: int
    outcome: str | None = None  # of `accuracy`; not in tables of before it was told


@dataclass(frozen=True)
class Totals:
    """Of all who bought. Amounts in EUR.

    Attributes:
        customers: how many.
        history_amount: measured: completed purchases so far, also those of which only the number is
            known, less returns and refunds.
        expected_orders, expected_amount: in the next twelve months; empty where nothing is
            foretold.
        returning: customers of whom an order is expected, as a sum of chances.
        top_share: part of the expected amount that the most promising tenth brings in.
    """

    customers: int
    history_amount: float
    expected_orders: float | None
    expected_amount: float | None
    returning: float | None
    top_share: float | None


@dataclass(frozen=True)
class GroupWorth:
    """One named group of RFM: measured so far beside expected in twelve months."""

    segment: str
    customers: int
    history_amount: float
    expected_orders: float | None
    expected_amount: float | None
    churn_risk: float | None


@dataclass(frozen=True)
class CustomerWorth:
    """One customer: measured so far beside expected in twelve months; as in `customer_values`."""

    customer_id: int
    name: str
    order_days: int
    history_amount: float
    order_model: str
    amount_model: str
    alive_probability: float | None
    expected_orders: float | None
    expected_orders_low: float | None
    expected_orders_high: float | None
    expected_amount: float | None
    expected_amount_low: float | None
    expected_amount_high: float | None
    next_order_on: date | None
    churn_risk: float | None


class Worth:
    """What customers have been worth and will be: `workspace.worth`.

    Args:
        reading: the published tables.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def verdict(self) -> ValueVerdict:
        """The model in use, and why it is."""
        rows = {(one.check, one.item): one for one in self.checks()}
        found = next((one for one in rows.values() if one.check == "verdict"), None)
        if found is None:
            return ValueVerdict("none", "none", "nothing", 0, 0, 0)
        learned = {one.model for one in rows.values() if one.check == "parameter"} - {found.model}
        days = [rows[("period", i)].measured or 0 if ("period", i) in rows else 0 for i in PERIODS]
        return ValueVerdict(
            order_model=found.model,
            amount_model=next(iter(learned), found.model),
            reason=found.item,
            learning_days=round(days[0]),
            later_days=round(days[1]),
            customers=found.customers,
            **{
                one.item: Accuracy(
                    item=one.item,
                    expected=one.expected or 0.0,
                    measured=one.measured or 0.0,
                    low=one.low or 0.0,
                    high=one.high or 0.0,
                    outcome=one.outcome or "uncertain",
                    customers=one.customers,
                )
                for one in self.checks("accuracy")
            },
        )

    def checks(self, check: str = "") -> tuple[ValueCheck, ...]:
        """What was expected beside what was measured, in order.

        Args:
            check: only of this one, such as `reliability`; empty for all.

        Raises:
            InputError: the test has no such part.
        """
        parts = contract("value_checks").column("check").allowed
        if check and check not in parts:
            raise InputError(
                message("No such part of the test", got=repr(check), allowed=", ".join(parts))
            )
        found = self._reading.remembered("worth.checks", self._all_checks)
        return tuple(one for one in found if check in ("", one.check))

    def _all_checks(self) -> tuple[ValueCheck, ...]:
        table = self._reading.table("value_checks").order_by(["check", "model", "place"])
        return tuple(ValueCheck(**row) for row in self._reading.rows(table))

    def totals(self) -> Totals:
        """What all customers together were worth, and will be."""
        return self._reading.remembered("worth.totals", self._all_totals)

    def _all_totals(self) -> Totals:
        values = self._reading.table("customer_values")
        expected = values["expected_amount"].cast("float64")
        tenth = ibis.ntile(10).over(order_by=[ibis.desc(expected), values["customer_id"]])
        placed = values.mutate(tenth=tenth, expected=expected)
        row = self._reading.rows(
            placed.aggregate(
                customers=placed.count(),
                history_amount=placed["history_amount"].cast("float64").sum(),
                expected_orders=placed["expected_orders"].sum(),
                expected_amount=placed["expected"].sum(),
                returning=(1.0 - placed["churn_risk"]).sum(),
                top=placed["expected"].sum(where=placed["tenth"] == 0),
            )
        )[0]
        top, whole = row.pop("top"), row["expected_amount"]
        row["history_amount"] = row["history_amount"] or 0.0
        return Totals(**row, top_share=top / whole if whole else None)

    def groups(self) -> tuple[GroupWorth, ...]:
        """The named groups of RFM, the most promising first."""
        return self._reading.remembered("worth.groups", self._all_groups)

    def _all_groups(self) -> tuple[GroupWorth, ...]:
        values, rfm = self._reading.table("customer_values"), self._reading.table("rfm")
        rows = values.join(rfm.select("customer_id", "segment"), "customer_id")
        sums = rows.group_by("segment").aggregate(
            customers=rows.count(),
            history_amount=rows["history_amount"].cast("float64").sum(),
            expected_orders=rows["expected_orders"].sum(),
            expected_amount=rows["expected_amount"].cast("float64").sum(),
            churn_risk=rows["churn_risk"].mean(),
        )
        found = [GroupWorth(**row) for row in self._reading.rows(sums)]
        order = sorted(found, key=lambda g: (-(g.expected_amount or g.history_amount), g.segment))
        return tuple(order)

    def of(self, customer_id: int) -> CustomerWorth | None:
        """One customer; None for who never bought."""
        values = self._reading.table("customer_values")
        found = self._customers(values.filter(values["customer_id"] == customer_id))
        return found[0] if found else None

    def best(self, limit: int = 10) -> tuple[CustomerWorth, ...]:
        """Those of whom most is expected, in money and then in purchases.

        Where nothing is foretold those who brought in most.

        Args:
            limit: how many, at most a thousand.
        """
        values = self._reading.table("customer_values")
        order = [
            ibis.desc(values["expected_amount"].fill_null(0)),
            ibis.desc(values["expected_orders"].fill_null(0)),
            ibis.desc(values["history_amount"]),
            values["customer_id"],
        ]
        taken = max(0, min(limit, MOST_CUSTOMERS))
        best = self._customers(values.order_by(order).limit(taken))
        return tuple(
            sorted(
                best,
                key=lambda c: (
                    -(c.expected_amount or 0),
                    -(c.expected_orders or 0),
                    -c.history_amount,
                    c.customer_id,
                ),
            )
        )

    def _customers(self, values: ir.Table) -> list[CustomerWorth]:
        portraits = self._reading.table("portraits").select("customer_id", "name", "email")
        named = values.left_join(portraits, "customer_id").drop("customer_id_right")
        return [_customer(row) for row in self._reading.rows(named)]


PERIODS = ("learning", "later")


def _customer(row: dict[str, Any]) -> CustomerWorth:
    facts = {name: row[name] for name in CustomerWorth.__dataclass_fields__ if name != "name"}
    money = {
        name: None if value is None else float(value)
        for name, value in facts.items()
        if name.endswith(("_amount", "_amount_low", "_amount_high"))
    }
    return CustomerWorth(**facts | money, name=row["name"] or row["email"] or "")
