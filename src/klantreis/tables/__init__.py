"""The written contracts of all tables, in the order in which data flow; one file a table."""

from __future__ import annotations

from collections.abc import Mapping

from klantreis.errors import NotFoundError, message
from klantreis.tables import (
    best_differences,
    blocked_identifiers,
    consents,
    customer_channels,
    customer_merges,
    customer_values,
    customers,
    drop_offs,
    effects,
    emotions,
    events,
    feedback,
    households,
    identifier_groups,
    identifiers,
    imports,
    joined_measures,
    joined_occasions,
    journeys,
    links,
    match_keys,
    match_model,
    matches,
    measures,
    memberships,
    messages,
    moment_lists,
    name_doubles,
    need_overlaps,
    occurrences,
    offer_prices,
    offers,
    order_lines,
    orders,
    patterns,
    payments,
    person_profiles,
    persona_memberships,
    persona_merges,
    personas,
    persons,
    phase_visits,
    portraits,
    product_neighbours,
    products,
    quarantine,
    questions,
    recommendation_checks,
    rfm,
    search_terms,
    searches,
    segment_changes,
    segment_sizes,
    source_columns,
    source_days,
    source_quality,
    spend,
    stated_identifiers,
    steps,
    stock_levels,
    survey_answers,
    tallies,
    target_groups,
    timeline,
    transitions,
    value_checks,
    visits,
)
from klantreis.tables.contract import (
    Column,
    Table,
    check_rows,
    check_shape,
    conform,
    empty,
    filled_up,
)
from klantreis.tables.portion import EVERYONE, Portion
from klantreis.tables.renewal import Renewal
from klantreis.tables.sample import SAMPLED_OF, is_sampled

__all__ = [
    "EVERYONE",
    "SAMPLED_OF",
    "SOURCE_TABLES",
    "TABLES",
    "Column",
    "Portion",
    "Renewal",
    "Table",
    "check_rows",
    "check_shape",
    "conform",
    "contract",
    "empty",
    "filled_up",
    "is_sampled",
]

TABLES: Mapping[str, Table] = {
    module.TABLE.name: module.TABLE
    for module in (
        persons,
        identifiers,
        events,
        orders,
        order_lines,
        products,
        offers,
        payments,
        messages,
        feedback,
        survey_answers,
        spend,
        consents,
        stock_levels,
        search_terms,
        quarantine,
        imports,
        stated_identifiers,
        blocked_identifiers,
        identifier_groups,
        person_profiles,
        name_doubles,
        match_keys,
        match_model,
        matches,
        links,
        customer_merges,
        customers,
        households,
        timeline,
        occurrences,
        tallies,
        moment_lists,
        visits,
        portraits,
        customer_channels,
        rfm,
        memberships,
        segment_changes,
        segment_sizes,
        value_checks,
        customer_values,
        steps,
        journeys,
        phase_visits,
        transitions,
        drop_offs,
        offer_prices,
        questions,
        searches,
        emotions,
        effects,
        product_neighbours,
        recommendation_checks,
        target_groups,
        need_overlaps,
        persona_merges,
        personas,
        persona_memberships,
        measures,
        joined_occasions,
        joined_measures,
        patterns,
        best_differences,
        source_quality,
        source_days,
        source_columns,
    )
}

SOURCE_TABLES: tuple[str, ...] = tuple(t.name for t in TABLES.values() if t.room == "sources")


def contract(name: str) -> Table:
    """The contract of a table by name.

    Raises:
        NotFoundError: there is no such table.
    """
    if name not in TABLES:
        raise NotFoundError(
            message(
                "Unknown table",
                got=repr(name),
                allowed=", ".join(TABLES),
                next_step="klantreis tables lists them",
            )
        )
    return TABLES[name]
