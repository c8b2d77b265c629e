"""RFM, a directly-follows graph and a wide profile over one timeline: ours beside pandas.

    python benchmarks/three_questions.py WORKSPACE ours|pandas|pandas_with_categories

Both read the same published Parquet files and must give the same answers (their check sums are in
the output). Each runs in a process of its own, with its libraries loaded before the clock starts;
`north_star.py` calls them in turn. Memory is limited to nine tenths of the machine's.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from typing import Any

import ibis
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from klantreis import Workspace
from measuring import measured

COLUMNS = ["customer_id", "position", "occurred_at", "channel", "event", "session", "amount"]
EVENTS = ("page_view", "view_item", "search", "add_to_cart", "begin_checkout", "opened", "clicked")
CHANNELS = ("web", "app", "store", "mail", "service")


def ours(workspace: Workspace) -> dict[str, Any]:
    timeline = workspace.table("timeline").select(*COLUMNS)
    bought = timeline.filter(timeline["event"] == "purchase")
    rfm = bought.group_by("customer_id").aggregate(
        last_at=bought["occurred_at"].max(),
        frequency=bought.count(),
        monetary=bought["amount"].sum(),
    )
    scored = rfm.mutate(
        r=ibis.ntile(5).over(order_by=[rfm["last_at"], rfm["customer_id"]]),
        f=ibis.ntile(5).over(order_by=[rfm["frequency"], rfm["customer_id"]]),
        m=ibis.ntile(5).over(order_by=[rfm["monetary"], rfm["customer_id"]]),
    )
    # As the step `steps` does: sorting numbers is cheap, names are not.
    names = timeline.select("channel", "event").distinct()
    names = names.mutate(
        touchpoint=names["channel"] + "." + names["event"],
        number=ibis.row_number().over(order_by=["channel", "event"]).cast("int16"),
    )
    touched = timeline.join(names, ["channel", "event"]).select(
        "customer_id", "position", "occurred_at", "number"
    )
    following = touched.mutate(
        target=touched["number"].lead().over(group_by="customer_id", order_by="position"),
        until=touched["occurred_at"].lead().over(group_by="customer_id", order_by="position"),
    )
    edges = (
        following.filter(following["target"].notnull())
        .group_by(["number", "target"])
        .aggregate(
            n=lambda t: t.count(),
            wait=lambda t: t["until"].delta(t["occurred_at"], unit="millisecond").mean(),
        )
    )
    targets = names.select(target="number", to_touchpoint="touchpoint").view()
    graph = edges.join(names, "number").join(targets, "target")
    graph = graph.select("touchpoint", "to_touchpoint", "n", "wait")
    profile = timeline.group_by("customer_id").aggregate(
        first_at=timeline["occurred_at"].min(),
        last_at=timeline["occurred_at"].max(),
        moments=timeline.count(),
        sessions=timeline["session"].max(),
        amount=timeline["amount"].sum(),
        **{f"n_{e}": timeline.count(where=timeline["event"] == e) for e in EVENTS},
        **{f"n_{c}": timeline.count(where=timeline["channel"] == c) for c in CHANNELS},
        **{
            f"last_{c}": timeline["occurred_at"].max(where=timeline["channel"] == c)
            for c in CHANNELS
        },
    )
    answers = [workspace.fetch(answer) for answer in (scored, graph, profile)]
    return _check_sums(*answers)


def with_pandas(files: list[str], *, has_categories: bool) -> dict[str, Any]:
    """As it is usually written, or with repeated texts as categories: smaller and faster."""
    timeline = pd.concat(
        [pd.read_parquet(file, columns=COLUMNS) for file in files], ignore_index=True
    )
    timeline["amount"] = pd.to_numeric(timeline["amount"])
    if has_categories:
        for name in ("channel", "event"):
            timeline[name] = timeline[name].astype("category")
    timeline = timeline.sort_values(["customer_id", "position"])
    bought = timeline[timeline["event"] == "purchase"].groupby("customer_id")
    rfm = bought.agg(
        last_at=("occurred_at", "max"), frequency=("event", "size"), monetary=("amount", "sum")
    ).reset_index()
    for score, column in (("r", "last_at"), ("f", "frequency"), ("m", "monetary")):
        order = rfm.sort_values([column, "customer_id"]).index
        rank = pd.Series(range(len(rfm)), index=order)
        rfm[score] = rank * 5 // max(len(rfm), 1) + 1
    touchpoint: pd.Series[Any] = (
        timeline["channel"].astype(str) + "." + timeline["event"].astype(str)
    )
    if has_categories:
        touchpoint = touchpoint.astype("category")
    steps = pd.DataFrame({"touchpoint": touchpoint, "target": touchpoint.shift(-1)})
    steps["wait"] = (
        timeline["occurred_at"].shift(-1) - timeline["occurred_at"]
    ).dt.total_seconds() * 1000
    same = timeline["customer_id"] == timeline["customer_id"].shift(-1)
    graph = (
        steps[same]
        .groupby(["touchpoint", "target"], observed=True)
        .agg(n=("wait", "size"), wait=("wait", "mean"))
        .reset_index()
    )
    for event in EVENTS:
        timeline[f"n_{event}"] = timeline["event"] == event
    for channel in CHANNELS:
        here = timeline["channel"] == channel
        timeline[f"n_{channel}"] = here
        timeline[f"last_{channel}"] = timeline["occurred_at"].where(here)
    profile = (
        timeline.groupby("customer_id")
        .agg(
            first_at=("occurred_at", "min"),
            last_at=("occurred_at", "max"),
            moments=("event", "size"),
            sessions=("session", "max"),
            amount=("amount", "sum"),
            **{f"n_{name}": (f"n_{name}", "sum") for name in (*EVENTS, *CHANNELS)},
            **{f"last_{name}": (f"last_{name}", "max") for name in CHANNELS},
        )
        .reset_index()
    )
    return _check_sums(rfm, graph, profile)


def _check_sums(rfm: Any, graph: Any, profile: Any) -> dict[str, Any]:
    def total(answer: Any, column: str) -> float:
        return float(pc.sum(pa.array(answer[column].to_numpy()).cast("float64")).as_py())

    return {
        "customers_rfm": len(rfm),
        "money": round(total(rfm, "monetary"), 2),
        "frequency": total(rfm, "frequency"),
        "edges": len(graph),
        "following": total(graph, "n"),
        "customers": len(profile),
        "page_views": total(profile, "n_page_view"),
        "web": total(profile, "n_web"),
    }


def main() -> None:
    folder, who = sys.argv[1:3]
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") * 9 // 10
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    with Workspace.open(folder) as workspace:
        published = workspace.published
        assert published is not None
        files = [str(f) for f in workspace.store.absolute(published.tables["timeline"].files)]
        workspace.fetch(workspace.table("customers").limit(1))
        with measured() as took:
            if who == "ours":
                sums = ours(workspace)
            else:
                sums = with_pandas(files, has_categories=who == "pandas_with_categories")
    print(json.dumps({"seconds": took.seconds, "peak_bytes": took.peak_bytes, "sums": sums}))


if __name__ == "__main__":
    main()
