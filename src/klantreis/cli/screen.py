"""The screen that commands write on, and tables that suit its width."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType
from rich.table import Table
from rich.text import Text

__all__ = ["Grid", "screen"]

# Who reads on in a file or a pipe has no edge of a screen; lines are not folded there.
WIDE = 400
GAP = 3  # blanks that a table puts between two columns


def screen(*, stderr: bool = False) -> Console:
    """What commands write on; nothing is folded where no terminal says how wide it is, and no
    `:email:` of a mapping becomes a drawing."""
    stream = sys.stderr if stderr else sys.stdout
    is_as_wide_as_told = stream.isatty() or "COLUMNS" in os.environ
    return Console(stderr=stderr, width=None if is_as_wide_as_told else WIDE, emoji=False)


@dataclass(frozen=True)
class Grid:
    """A plain table, its columns as wide as they need; on a narrow screen a block for each row.

    Attributes:
        headings: one a column.
        rows: cells as they are written, without blanks around them.
        right: places of the columns with numbers; `whole`: of those to copy from. Neither is folded.
    """

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: Sequence[int] = ()
    whole: Sequence[int] = ()

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[RenderableType]:
        widths = self._widths(options.max_width - GAP * len(self.headings))
        if widths is None:
            yield from self._blocks()
            return
        table = Table(box=box.SIMPLE, pad_edge=False)
        for place, (heading, width) in enumerate(zip(self.headings, widths, strict=True)):
            justify = "right" if place in self.right else "left"
            table.add_column(Text(heading, justify=justify), justify=justify, width=width)  # type: ignore[arg-type]
        for row in self.rows:
            table.add_row(*map(Text, row))
        yield table

    def _widths(self, room: int) -> list[int] | None:
        """Of each column, so that words stay whole; None when they do not fit into the room."""
        columns = list(zip(self.headings, *self.rows, strict=True))
        wished = [max(map(cell_len, column)) for column in columns]
        widths = [
            max(
                _longest_word(cell) if folds else cell_len(cell)
                for cell, folds in zip(column, self._folding(place), strict=True)
            )
            for place, column in enumerate(columns)
        ]
        if sum(widths) > room:
            return None
        # What is left goes to whoever lacks most, so that few lines are folded.
        for _ in range(room - sum(widths)):
            lacking = [wish - width for wish, width in zip(wished, widths, strict=True)]
            if max(lacking) <= 0:
                break
            widths[lacking.index(max(lacking))] += 1
        return widths

    def _folding(self, place: int) -> list[bool]:
        """Whether the heading, and each cell below it, may be folded between words."""
        return [True] + [place not in self.right and place not in self.whole] * len(self.rows)

    def _blocks(self) -> Iterator[RenderableType]:
        """Each row below the other: a line for every cell that says something."""
        behind = max(map(cell_len, self.headings[1:]), default=0)
        for row in self.rows:
            block = Table(box=None, show_header=False, pad_edge=False)
            block.add_column(width=behind)
            block.add_column()
            for heading, cell in list(zip(self.headings, row, strict=True))[1:]:
                if cell:
                    block.add_row(Text(heading, style="dim"), Text(cell))
            yield Text(row[0], style="bold")
            yield block
            yield Text()


def _longest_word(text: str) -> int:
    return max(map(cell_len, text.split()), default=0)
