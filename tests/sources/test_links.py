"""The link in a mailing tells whose visit it is, whichever source writes the visit down."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from klantreis.sources import Source
from klantreis.sources.ga4 import source as ga4
from klantreis.sources.segment import source as segment
from klantreis.sources.snowplow import source as snowplow
from tests.sources.files import export_file, rows_of, taken, written

LINKS = {
    "mc_cid=1&mc_eid=26408FFA70": "26408FFA70",
    "klaviyo_id=01HABC0000000000000000ANNA&_kx=abc": "01HABC0000000000000000ANNA",
    "_cio_id=a3000001": "a3000001",
    "x=1&relatie=ac9hj8er12": "ac9hj8er12",  # as the owner says
    "relatie={{code}}": None,  # a mailing to try it out
    "x=mc_eid": None,
}


def visits(source: Source) -> tuple[str, str]:
    """Name and content of an export with a visit of somebody else for each link."""
    links = [(f"v{n}", f"https://shop.example/?{query}") for n, query in enumerate(LINKS)]
    if source is ga4:
        at: dict[str, Any] = {"event_timestamp": "1767619330000000", "event_name": "page_view"}
        lines = [
            at
            | {"user_pseudo_id": visitor}
            | {"event_params": [{"key": "page_location", "value": {"string_value": link}}]}
            for visitor, link in links
        ]
    else:
        at = {"type": "page", "timestamp": "2026-01-05T09:00:00Z"}
        lines = [
            at
            | {"messageId": visitor, "anonymousId": visitor}
            | {"context": {"page": {"search": f"?{link.partition('?')[2]}"}}}
            for visitor, link in links
        ]
    if source is not snowplow:
        return "events.json", "\n".join(map(json.dumps, lines))
    names = snowplow.mapping.files[0].layout
    rows = [
        {"event": "page_view", "event_id": visitor, "domain_userid": visitor, "page_url": link}
        | {"page_urlquery": link.partition("?")[2], "derived_tstamp": "2026-01-05 09:00:00"}
        for visitor, link in links
    ]
    return "enriched.tsv", "".join("\t".join(r.get(n, "") for n in names) + "\n" for r in rows)


@pytest.mark.parametrize("source", [ga4, segment, snowplow], ids=lambda source: source.name)
def test_the_link_in_a_mailing_tells_whose_visit_it_is(source: Source, tmp_path: Path) -> None:
    name, content = visits(source)
    file = export_file(written(tmp_path / name, content), subscriber_parameter="relatie")
    rows = rows_of(taken(source, [file], tmp_path / "parts"))["identifiers"]
    told = {row["person_id"]: row["value"] for row in rows if row["kind"] == "subscriber"}
    mark = {"ga4": "c", "segment": "a", "snowplow": "c"}[source.name]
    assert told == {f"shop:{mark}:v{n}": v for n, v in enumerate(LINKS.values()) if v}
