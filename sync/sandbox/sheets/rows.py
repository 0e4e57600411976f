"""The rows of a tab, in pieces that drafts share until a row in one is changed."""

from __future__ import annotations

from collections.abc import MutableSequence
from typing import TYPE_CHECKING, overload

from sync.sandbox.sheets.cells import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BITS = 8
_SIZE = 1 << _BITS
_INSIDE = _SIZE - 1


class Rows(MutableSequence[Row]):
    """
    A list of rows whose copy costs next to nothing: one write does not copy a large tab.

    Every piece but the last is full. Places are counted from 0, slices have no steps.
    """

    __slots__ = ("_length", "_own", "_pieces")

    def __init__(self, pieces: Iterable[list[Row]] = (), length: int = 0) -> None:
        self._pieces = list(pieces)
        self._length = length
        self._own: set[int] = set()  #: pieces that no copy shares

    def copy(self) -> Rows:
        """Return a copy; from now on each of the two changes pieces of its own."""
        self._own.clear()
        return Rows(self._pieces, self._length)

    def __len__(self) -> int:
        """Return how many rows there are."""
        return self._length

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows in order."""
        return (row for piece in self._pieces for row in piece)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> list[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | list[Row]:
        """Return a row, counted from 0, or a list of several."""
        if isinstance(at, slice):
            start, stop, _ = at.indices(self._length)
            first = start >> _BITS
            return self._from(first, stop)[start - (first << _BITS) :]
        return self._pieces[at >> _BITS][at & _INSIDE]

    @overload
    def __setitem__(self, at: int, rows: Row) -> None: ...
    @overload
    def __setitem__(self, at: slice, rows: Iterable[Row]) -> None: ...
    def __setitem__(self, at: int | slice, rows: Row | Iterable[Row]) -> None:
        """Put a row in another's place, or any number of rows in place of a slice."""
        if isinstance(at, slice) and not isinstance(rows, Row):
            self._replace(at, rows)
        elif isinstance(at, int) and isinstance(rows, Row):
            self._to_change(at >> _BITS)[at & _INSIDE] = rows

    def __delitem__(self, at: int | slice) -> None:
        """Take a row or several away."""
        self._replace(at if isinstance(at, slice) else slice(at, at + 1), ())

    def insert(self, index: int, value: Row) -> None:
        """Put one row before *index*."""
        self._replace(slice(index, index), (value,))

    def append(self, value: Row) -> None:
        """Put one row below the last."""
        if self._length & _INSIDE:
            self._to_change(len(self._pieces) - 1).append(value)
        else:
            self._own.add(len(self._pieces))
            self._pieces.append([value])
        self._length += 1

    def _to_change(self, piece: int) -> list[Row]:
        if piece not in self._own:
            self._pieces[piece] = self._pieces[piece].copy()
            self._own.add(piece)
        return self._pieces[piece]

    def _from(self, first: int, stop: int | None = None) -> list[Row]:
        """Return the rows from piece *first* on, up to row *stop*."""
        last = None if stop is None else (stop >> _BITS) + 1
        rows = [row for piece in self._pieces[first:last] for row in piece]
        return rows if stop is None else rows[: max(stop - (first << _BITS), 0)]

    def _replace(self, at: slice, rows: Iterable[Row]) -> None:
        """Put *rows* in place of a slice; the pieces below it are made anew."""
        start, stop, _ = at.indices(self._length)
        first = start >> _BITS
        below = self._from(first)
        begin = first << _BITS
        below[start - begin : stop - begin] = rows
        self._pieces[first:] = [below[at : at + _SIZE] for at in range(0, len(below), _SIZE)]
        self._own.update(range(first, len(self._pieces)))
        self._length = begin + len(below)
