"""What a monitor wants to know, in Prometheus' text format; it holds no personal data.

Format: https://prometheus.io/docs/instrumenting/exposition_formats/, version 0.0.4.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from threading import Lock

from klantreis.workspace import Workspace

__all__ = ["Metrics", "metrics_text"]

EPOCH = datetime(1970, 1, 1)
OUTBOX_STATUSES = ("due", "claimed", "handed", "sent", "refused", "uncertain", "dropped")
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds


class Metrics:
    """Requests of this process, by route and status, with their durations by route."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._buckets: defaultdict[str, list[int]] = defaultdict(lambda: [0] * (len(BOUNDS) + 1))
        self._seconds: defaultdict[str, float] = defaultdict(float)

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request; `route` is a pattern as `/customers/{customer_id}`, never a path."""
        place = next((n for n, bound in enumerate(BOUNDS) if seconds <= bound), len(BOUNDS))
        with self._lock:
            self._requests[(route, method, status)] += 1
            self._buckets[route][place] += 1
            self._seconds[route] += seconds

    def lines(self) -> Iterator[str]:
        """The counts, as lines of the text format."""
        with self._lock:
            requests = dict(self._requests)
            buckets = {route: tuple(counts) for route, counts in self._buckets.items()}
            seconds = dict(self._seconds)
        yield "# TYPE klantreis_requests_total counter"
        for (route, method, status), n in sorted(requests.items()):
            labels = f'route="{_quoted(route)}",method="{_quoted(method)}",status="{status}"'
            yield f"klantreis_requests_total{{{labels}}} {n}"
        yield "# TYPE klantreis_request_seconds histogram"
        for route, counts in sorted(buckets.items()):
            yield from _histogram(_quoted(route), counts, seconds[route])


def metrics_text(workspace: Workspace, metrics: Metrics, *, now: datetime) -> str:
    """All that is told to a monitor.

    Args:
        now: naive UTC.
    """
    lines = [*metrics.lines(), *_of_tables(workspace, now), *_of_queues(workspace)]
    return "\n".join(lines) + "\n"


def _histogram(route: str, counts: tuple[int, ...], seconds: float) -> Iterator[str]:
    so_far = 0
    for bound, n in zip((*map(str, BOUNDS), "+Inf"), counts, strict=True):
        so_far += n
        yield f'klantreis_request_seconds_bucket{{route="{route}",le="{bound}"}} {so_far}'
    yield f'klantreis_request_seconds_sum{{route="{route}"}} {seconds:.6f}'
    yield f'klantreis_request_seconds_count{{route="{route}"}} {so_far}'


def _of_tables(workspace: Workspace, now: datetime) -> Iterator[str]:
    published = workspace.published
    if published is None:
        return
    epoch = (published.published_at - EPOCH).total_seconds()
    yield "# TYPE klantreis_publication gauge"
    yield f"klantreis_publication {published.publication_id}"
    yield "# TYPE klantreis_published_timestamp_seconds gauge"
    yield f"klantreis_published_timestamp_seconds {epoch:.0f}"
    yield "# TYPE klantreis_published_age_seconds gauge"
    yield f"klantreis_published_age_seconds {(now - published.published_at).total_seconds():.0f}"
    yield "# TYPE klantreis_run_seconds gauge"
    yield f"klantreis_run_seconds {sum(v.seconds for v in published.tables.values()):.3f}"
    yield "# TYPE klantreis_rows gauge"
    for name, version in sorted(published.tables.items()):
        yield f'klantreis_rows{{table="{name}"}} {version.rows}'


def _of_queues(workspace: Workspace) -> Iterator[str]:
    """What waits: messages by where they stand, collected events, rows put aside, erasures."""
    yield "# TYPE klantreis_outbox_messages gauge"
    queued = workspace.state.outbox.queued()
    for status in OUTBOX_STATUSES:
        yield f'klantreis_outbox_messages{{status="{status}"}} {queued.get(status, 0)}'
    yield "# TYPE klantreis_collected_waiting gauge"
    yield f"klantreis_collected_waiting {workspace.collecting.count_waiting()}"
    published = workspace.published
    aside = published.tables.get("quarantine") if published else None
    yield "# TYPE klantreis_quarantine_rows gauge"
    yield f"klantreis_quarantine_rows {aside.rows if aside else 0}"
    yield "# TYPE klantreis_erasures_pending gauge"
    pending = sum(not erasure.is_done for erasure in workspace.privacy.erasures())
    yield f"klantreis_erasures_pending {pending}"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
