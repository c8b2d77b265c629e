"""Every code that the pages put into words, by context; both catalogues hold all of them."""

from __future__ import annotations

from collections.abc import Mapping

from klantreis.words.codes.campaigns import CAMPAIGNS
from klantreis.words.codes.customers import CUSTOMERS
from klantreis.words.codes.identity import IDENTITY
from klantreis.words.codes.imports import IMPORTS
from klantreis.words.codes.planning import PLANNING
from klantreis.words.codes.rules import RULES
from klantreis.words.codes.segments import GROUPS
from klantreis.words.codes.trust import TRUST

__all__ = ["SUBJECTS", "codes"]

SUBJECTS = (CAMPAIGNS, CUSTOMERS, GROUPS, IDENTITY, IMPORTS, PLANNING, RULES, TRUST)


def codes() -> Mapping[str, tuple[str, ...]]:
    """The codes of each context, of all subjects together; a context is of one subject."""
    return {context: names for subject in SUBJECTS for context, names in subject.items()}
