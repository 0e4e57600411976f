"""What happens to places when cells move: rows and columns that come, go or change places."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sync.sandbox.sheets.ranges import is_place

if TYPE_CHECKING:
    from sync.sandbox.reply import Json


_FAR = 10_000_000  #: more lines than any grid has


class Change(ABC):
    """Cells that moved, and what becomes of the places that name them."""

    __slots__ = ()

    def moved(self, part: Any) -> Any:  # noqa: ANN401  # JSON in, JSON out
        """Return *part* with every place in it moved along; None where one is gone."""
        if isinstance(part, list):
            kept = [self.moved(item) for item in part]
            return [item for item in kept if item is not None]
        if not isinstance(part, dict):
            return part
        return self.place(part) if is_place(part) else self._message(part)

    @abstractmethod
    def place(self, part: Json) -> Json | None:
        """Return where a GridRange, DimensionRange or GridCoordinate is now, None: nowhere."""

    def _message(self, part: Json) -> Json | None:
        changed = {key: self.moved(inner) for key, inner in part.items()}
        gone = any(inner is None and part[key] is not None for key, inner in changed.items())
        emptied = any(part.get(name) and not changed[name] for name in ("ranges", "sources"))
        return None if gone or emptied else changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift(Change):
    """
    Rows or columns that came (count > 0) or went (count < 0) at `at`.

    across: the columns (of rows; rows of columns), from and to, that alone moved: None for
            whole rows and columns. Places that reach beyond them stay.
    """

    sheet_id: int
    rows: bool
    at: int
    count: int
    across: tuple[int, int] | None = None

    def place(self, part: Json) -> Json | None:
        """Return the place after the shift."""
        if part.get("sheetId", 0) != self.sheet_id or not self._reaches(part):
            return part
        if "dimension" in part:
            same = (part["dimension"] == "ROWS") == self.rows
            return self._ends(part, "startIndex", "endIndex") if same else part
        axis = _axis(rows=self.rows)
        if part.keys() & {"rowIndex", "columnIndex"}:
            name = f"{axis.lower()}Index"
            return part | {name: self._position(part[name])} if name in part else part
        return self._ends(part, f"start{axis}Index", f"end{axis}Index")

    def _reaches(self, part: Json) -> bool:
        """Return whether all of a place lies in the lines that moved."""
        if self.across is None:
            return True
        span = _span(part, rows=not self.rows)
        return span is not None and self.across[0] <= span[0] and span[1] <= self.across[1]

    def _ends(self, part: Json, start_name: str, end_name: str) -> Json | None:
        start, end = part.get(start_name), part.get(end_name)
        new_start = None if start is None else self._position(start)
        new_end = None if end is None else self._position(end, closing=True)
        if new_start is not None and new_end is not None and new_start >= new_end:
            return None
        ends = {start_name: new_start, end_name: new_end}
        return part | {name: value for name, value in ends.items() if value is not None}

    def _position(self, position: int, *, closing: bool = False) -> int:
        if self.count > 0:
            after = position > self.at if closing else position >= self.at
            return position + self.count if after else position
        return max(min(position, self.at), position + self.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reorder(Change):
    """
    Rows or columns start..end-1 that went before line `to`, counted before the move.

    A place within them goes along; to any other one they leave where they were and come
    where they are.
    """

    sheet_id: int
    rows: bool
    start: int
    end: int
    to: int

    def place(self, part: Json) -> Json | None:
        """Return the place after the move."""
        if part.get("sheetId", 0) != self.sheet_id:
            return part
        span = _span(part, rows=self.rows)
        if span is not None and self.start <= span[0] and span[1] <= self.end:
            return _offset(part, self._landing - self.start, rows=self.rows)
        came = self._shift(self.to, self.end - self.start).place(part)
        gone = self.start if self.to > self.start else self.start + self.end - self.start
        left = self._shift(gone, self.start - self.end)
        return None if came is None else left.place(came)

    @property
    def _landing(self) -> int:
        return self.to - (self.end - self.start) if self.to > self.start else self.to

    def _shift(self, at: int, count: int) -> Shift:
        return Shift(sheet_id=self.sheet_id, rows=self.rows, at=at, count=count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carry(Change):
    """Cells of one area that were cut out and pasted; what lies wholly in it goes along."""

    source: Json  #: a GridRange with both ends of both dimensions
    sheet_id: int  #: the tab where they were pasted
    down: int
    right: int

    def place(self, part: Json) -> Json | None:
        """Return the place after the paste."""
        if part.get("sheetId", 0) != self.source.get("sheetId", 0) or "dimension" in part:
            return part
        for rows in (True, False):
            own, whole = _span(part, rows=rows), _span(self.source, rows=rows)
            if own is None or whole is None or own[0] < whole[0] or own[1] > whole[1]:
                return part
        moved = _offset(_offset(part, self.down, rows=True), self.right, rows=False)
        rest = {name: value for name, value in moved.items() if name != "sheetId"}
        return ({"sheetId": self.sheet_id} if self.sheet_id else {}) | rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss(Change):
    """Tabs that went: only those with an id in `kept` are still there."""

    kept: frozenset[int]

    def place(self, part: Json) -> Json | None:
        """Return the place, None on a tab that went."""
        return part if part.get("sheetId", 0) in self.kept else None


def edge(sheet_id: int, limit: int, *, rows: bool) -> Shift:
    """Return the change that cuts places at the end of a grid of *limit* lines."""
    return Shift(sheet_id=sheet_id, rows=rows, at=limit, count=-_FAR)


def _axis(*, rows: bool) -> str:
    return "Row" if rows else "Column"


def _names(part: Json, *, rows: bool) -> tuple[str, str]:
    """Return what the two ends of a place are called; of one cell they are the same."""
    axis = _axis(rows=rows)
    if "dimension" in part:
        return "startIndex", "endIndex"
    if part.keys() & {"rowIndex", "columnIndex"}:
        return (f"{axis.lower()}Index",) * 2
    return f"start{axis}Index", f"end{axis}Index"


def _span(part: Json, *, rows: bool) -> tuple[int, int] | None:
    """Return from which to before which line a place reaches; None: its end is open."""
    if "dimension" in part and (part["dimension"] == "ROWS") != rows:
        return None
    start_name, end_name = _names(part, rows=rows)
    start = part.get(start_name, 0)
    if start_name == end_name:
        return start, start + 1
    return (start, part[end_name]) if end_name in part else None


def _offset(part: Json, by: int, *, rows: bool) -> Json:
    names = _names(part, rows=rows)
    return part | {name: part.get(name, 0) + by for name in names}
