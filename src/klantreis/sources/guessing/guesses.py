"""What a guess of a file says: each column, how sure and why, and what to look at."""

from __future__ import annotations

from dataclasses import dataclass

from klantreis.sources.guessing.moments import Order
from klantreis.sources.guessing.samples import Sample
from klantreis.sources.guessing.shapes import SHAPES, Shape
from klantreis.sources.guessing.totals import sides_told

__all__ = ["PERSON", "ColumnGuess", "Guess", "Why"]

UNSURE_BELOW = 0.7
PERSON = "person"


@dataclass(frozen=True)
class Why:
    """Why a column was taken for something; doors make the sentence.

    Attributes:
        code: `name` and `values` say so, only the `name`, only the `values`, somebody `said` so,
            or `nothing` did.
        kind: of the values, as `kinds.TESTS` has them.
        looked_at: different values that were looked at.
        share: part of them that is of the kind.
    """

    code: str
    kind: str = ""
    looked_at: int = 0
    share: float = 0.0


@dataclass(frozen=True)
class ColumnGuess:
    """What one column was taken for.

    Attributes:
        column: its name in the file.
        means: as in `synonyms.toml`; empty: it is not used.
        target: table and column of ours, as `persons.email`.
        sureness: from 0 to 1.
        examples: values that come most.
    """

    column: str
    means: str
    target: str
    sureness: float
    why: Why
    examples: tuple[str, ...] = ()

    @property
    def is_unsure(self) -> bool:
        return bool(self.means) and self.sureness < UNSURE_BELOW


@dataclass(frozen=True)
class Guess:
    """What a file seems to be.

    Attributes:
        sample: the part that was looked at.
        row_is: what one row is, as in `shapes.SHAPES`; empty when nothing fits.
        columns: in the order of the file.
        decimal_sign: `,` or `.`; empty where no number has decimals.
        date_order: `dmy`, `mdy` or `ymd`; empty without dates.
        time_zone: in which times without an offset are read.
        channel: where it happened, when no column tells.
        unsure: codes of what a person should look at: `heading`, `same_headings`, `dates`, `mixed_dates` (both orders are there), `decimal`, `time_zone`,
            `channel`, `row_is`, `amounts` (there are none),
            `returned_amounts` (neither, of returns), `returned_orders` (which source has the orders), `short_years` (two digits), `lists` (within the records, not read),
            `totals_channel` (where people bought what their totals tell of), and why totals are not
            used: `totals_without_number`, `totals_without_amount`,
            `totals_without_last`, `totals_without_person`, `totals_repeated`.
        lacks: what the rows must have and no column gives, as `orders.total_amount`.
    """

    sample: Sample
    row_is: str
    columns: tuple[ColumnGuess, ...]
    decimal_sign: str
    date_order: Order
    time_zone: str
    channel: str
    unsure: tuple[str, ...]
    lacks: tuple[str, ...]

    @property
    def shape(self) -> Shape | None:
        return SHAPES.get(self.row_is)

    @property
    def has_totals(self) -> bool:
        """Whether rows are people with how often and for how much they bought, all that is needed."""
        return self.row_is == PERSON and bool(sides_told({one.means for one in self.columns}))

    def column(self, means: str) -> str:
        """The column that means something; empty when none does."""
        return next((one.column for one in self.columns if one.means == means), "")
