"""One tab: its cells, its rows and columns, and what lies over them."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

from sync.sandbox.sheets.cells import NO_EXTRA, Formula, Row, Value
from sync.sandbox.sheets.formulas.rewriting import followed
from sync.sandbox.sheets.moves import Reorder, Shift, edge
from sync.sandbox.sheets.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.book import Book
    from sync.sandbox.sheets.moves import Change
    from sync.sandbox.sheets.tags import Tag

_RUNS = frozenset(("textFormatRuns", "chipRuns"))


class Sheet:
    """
    One tab.

    properties: the API's SheetProperties, but what this class knows itself
    parts:      the API's other lists, by their names there, and `basicFilter`
    columns:    DimensionProperties by column, `{}` for an ordinary one
    metadata:   developer metadata of the tab, its rows and its columns
    sheet_type: GRID, or OBJECT for a tab that is one chart and has no cells
    has_formulas: a cell was a formula at some time
    """

    def __init__(self, sheet_id: int, title: str, rows: int, columns: int) -> None:
        self.sheet_id = sheet_id
        self.title = title
        self.row_count = rows
        self.column_count = columns
        self.properties: Json = {}
        self.grid: Json = {}
        self.parts: dict[str, Any] = {}
        self.named_ranges: list[Json] = []
        self.metadata: list[Tag] = []
        self.sheet_type = "GRID"
        self.has_formulas = False
        self.rows = Rows()
        self.columns: list[Json] = []
        self.owner: object = object()
        self._watchers: list[Callable[[int, int, Value, Value], None]] = []
        self.layout_version = 0  #: goes up when rows or columns move
        self.changes = 0  #: goes up when anything changes that formulas may see
        self._book: weakref.ref[Book] | None = None

    def draft(self) -> Sheet:
        """Return a copy that may be changed without this one noticing."""
        twin = Sheet(self.sheet_id, self.title, self.row_count, self.column_count)
        twin.properties, twin.grid = self.properties, self.grid
        twin.parts = {
            name: part.copy() if isinstance(part, list) else part
            for name, part in self.parts.items()
        }
        twin.named_ranges = self.named_ranges.copy()
        twin.metadata, twin.sheet_type = self.metadata.copy(), self.sheet_type
        twin.has_formulas = self.has_formulas
        twin.rows, twin.columns = self.rows.copy(), self.columns.copy()
        return twin

    def join(self, book: Book) -> None:
        """Belong to *book*: what its other tabs say of this one moves along."""
        self._book = weakref.ref(book)

    @property
    def is_grid(self) -> bool:
        """Whether the tab has cells."""
        return self.sheet_type == "GRID"

    @property
    def is_linked(self) -> bool:
        """Whether a form writes into the tab."""
        return any("question" in properties for properties in self.columns)

    def unlink(self) -> None:
        """Be no form's any longer: a copy of its tab is a tab like others."""
        self.columns = [
            {name: value for name, value in properties.items() if name != "question"}
            for properties in self.columns
        ]

    # -- cells

    def part(self, name: str) -> list[Json]:
        """Return the list called *name* of the API's Sheet, to be changed in place."""
        found: list[Json] = self.parts.setdefault(name, [])
        return found

    def value(self, row: int, column: int) -> Value:
        """Return what the cell holds."""
        return self.rows[row].value(column) if row < len(self.rows) else None

    def attached(self, row: int, column: int) -> Json:
        """Return the cell's CellData without its value; never change it in place."""
        if row >= len(self.rows):
            return NO_EXTRA
        return self.rows[row].extras.get(column, NO_EXTRA)

    def put(self, row: int, column: int, value: Value) -> None:
        """
        Set what the cell holds; None empties it, its format stays.

        A cell that a merge covers takes nothing in.
        """
        if value is None and row >= len(self.rows):
            return
        if value is not None and self.covers(row, column):
            return
        if value.__class__ is Formula:
            self.has_formulas = True
        line = self.row_to_change(row)
        for watcher in self._watchers:
            watcher(row, column, line.value(column), value)
        line.put(column, value)
        if line.extras:
            self.forget_runs(row, column, column + 1)

    def forget_runs(self, row: int, start: int, end: int) -> None:
        """Forget how parts of the old texts looked: columns start..end-1 hold others now."""
        for column, extra in list(self.rows[row].extras.items()):
            if start <= column < end and not _RUNS.isdisjoint(extra):
                kept = {name: part for name, part in extra.items() if name not in _RUNS}
                self.put_extra(row, column, kept)

    def covers(self, row: int, column: int) -> bool:
        """Return whether the cell lies under another one that it is merged with."""
        return any(
            merge["startRowIndex"] <= row < merge["endRowIndex"]
            and merge["startColumnIndex"] <= column < merge["endColumnIndex"]
            and (row, column) != (merge["startRowIndex"], merge["startColumnIndex"])
            for merge in self.parts.get("merges", ())
        )

    def put_extra(self, row: int, column: int, extra: Json) -> None:
        """Set the cell's format, note and the like."""
        if extra:
            self.row_to_change(row).extras[column] = extra
        elif row < len(self.rows) and column in self.rows[row].extras:
            del self.row_to_change(row).extras[column]
        self.layout_version += 1

    def row_to_change(self, row: int) -> Row:
        """Return row *row* as an object that belongs to this draft alone."""
        self.changes += 1
        while row >= len(self.rows):
            self.rows.append(Row(self.owner))
        line = self.rows[row]
        if line.owner is not self.owner:
            line = self.rows[row] = line.copy(self.owner)
        return line

    def watch(self, watcher: Callable[[int, int, Value, Value], None]) -> None:
        """Call *watcher* with row, column, old and new value before each change."""
        self._watchers.append(watcher)

    def last_filled_row(self) -> int:
        """Return the index of the lowest row that holds a value, -1 without one."""
        for row in range(len(self.rows) - 1, -1, -1):
            if self.rows[row].filled_width():
                return row
        return -1

    def filled_width(self) -> int:
        """Return one more than the rightmost filled column."""
        return max((row.filled_width() for row in self.rows), default=0)

    # -- rows and columns

    def insert_rows(self, at: int, count: int, *, inherit: int | None = None) -> None:
        """Insert *count* rows before *at*, formats as in row *inherit*."""
        if at < len(self.rows) or inherit is not None:
            self.row_to_change(max(at - 1, 0))
            model = None if inherit is None else self.row_to_change(inherit)
            self.rows[at:at] = [self._new_row(model) for _ in range(count)]
        self.row_count += count
        self.follow(Shift(sheet_id=self.sheet_id, rows=True, at=at, count=count))

    def delete_rows(self, at: int, count: int) -> None:
        """Take rows at..at+count-1 away."""
        del self.rows[at : at + count]
        self.row_count -= count
        self.follow(Shift(sheet_id=self.sheet_id, rows=True, at=at, count=-count))

    def move_rows(self, start: int, end: int, to: int) -> None:
        """Move rows start..end-1 before row *to*, counted before the move."""
        self.row_to_change(max(end, to) - 1)
        moving = self.rows[start:end]
        if to > end:
            self.rows[start:to] = self.rows[end:to] + moving
        else:
            self.rows[to:end] = moving + self.rows[to:start]
        self.follow(Reorder(sheet_id=self.sheet_id, rows=True, start=start, end=end, to=to))

    def insert_columns(self, at: int, count: int) -> None:
        """Insert *count* columns before *at*."""
        for row in range(len(self.rows)):
            self.row_to_change(row).insert_columns(at, count)
        if at < len(self.columns):
            self.columns[at:at] = [NO_EXTRA] * count
        self.column_count += count
        self.follow(Shift(sheet_id=self.sheet_id, rows=False, at=at, count=count))

    def delete_columns(self, at: int, count: int) -> None:
        """Take columns at..at+count-1 away."""
        for row in range(len(self.rows)):
            self.row_to_change(row).delete_columns(at, count)
        del self.columns[at : at + count]
        self.column_count -= count
        self.follow(Shift(sheet_id=self.sheet_id, rows=False, at=at, count=-count))

    def move_columns(self, start: int, end: int, to: int) -> None:
        """Move columns start..end-1 before column *to*, counted before the move."""
        order = list(range(self.column_count))
        moving = order[start:end]
        if to > end:
            order[start:to] = order[end:to] + moving
        else:
            order[to:end] = moving + order[to:start]
        places = {old: new for new, old in enumerate(order)}
        for row in range(len(self.rows)):
            line = self.row_to_change(row)
            if line.cells:  # most of a grid is empty, and shall be read as fast as before
                line.cells = [line.value(column) for column in order]
            line.extras = {places[column]: extra for column, extra in line.extras.items()}
        self.columns = [self.column_properties(column) for column in order]
        self.follow(Reorder(sheet_id=self.sheet_id, rows=False, start=start, end=end, to=to))

    def carry_metadata(self, places: Mapping[int, int], *, rows: bool) -> None:
        """Move what is tagged on rows or columns to their new places, old to new."""
        self.metadata = [tag.carried(places, rows=rows) for tag in self.metadata]

    def column_properties(self, column: int) -> Json:
        """Return what was set for the column: width, hidden."""
        return self.columns[column] if column < len(self.columns) else NO_EXTRA

    def set_column_properties(self, column: int, properties: Json) -> None:
        """Set the column's width or whether it is hidden."""
        while column >= len(self.columns):
            self.columns.append(NO_EXTRA)
        self.columns[column] = properties

    def cut_to(self, rows: int, columns: int) -> None:
        """Make the grid rows x columns; cells outside are lost."""
        if rows < self.row_count:
            self.delete_rows(rows, self.row_count - rows)
        if columns < self.column_count:
            self.delete_columns(columns, self.column_count - columns)
        self.row_count, self.column_count = rows, columns

    # -- what names cells

    def follow(self, change: Change) -> None:
        """Let whatever names cells of this tab, formulas too, move along with them."""
        self._follow_in_parts(change)
        self.layout_version += 1
        self.changes += 1
        self._follow_in_formulas(change)

    def cut_parts(self) -> None:
        """Cut what lies over cells where the grid ends."""
        for rows, limit in ((True, self.row_count), (False, self.column_count)):
            self._follow_in_parts(edge(self.sheet_id, limit, rows=rows))

    def _follow_in_parts(self, change: Change) -> None:
        moved = {name: change.moved(part) for name, part in self.parts.items()}
        self.parts = {name: part for name, part in moved.items() if part is not None}
        self.keep_merges(self.parts.get("merges", ()))
        self.named_ranges = change.moved(self.named_ranges)
        shifted = (tag.shifted(change) for tag in self.metadata)
        self.metadata = [tag for tag in shifted if tag is not None]
        self._keep_anchors()
        for sheet in self._family():
            if sheet is not self and "charts" in sheet.parts:
                sheet.parts["charts"] = change.moved(sheet.parts["charts"])

    def _keep_anchors(self) -> None:
        """Let charts whose cell is gone stand at the last row or column."""
        last = {"rowIndex": self.row_count - 1, "columnIndex": self.column_count - 1}
        for at, chart in enumerate(self.parts.get("charts", ())):
            overlay = chart["position"].get("overlayPosition", {})
            anchor = overlay.get("anchorCell", {})
            cut = {name: min(anchor[name], last[name]) for name in last.keys() & anchor.keys()}
            if cut.items() - anchor.items():
                kept = overlay | {"anchorCell": anchor | cut}
                self.parts["charts"][at] = chart | {"position": {"overlayPosition": kept}}

    def keep_merges(self, merges: Iterable[Json]) -> None:
        """Let these GridRanges be the tab's merges; a merge of one cell is none."""
        kept = [merge for merge in merges if _cell_count(merge) > 1]
        if kept:
            self.parts["merges"] = kept
        else:
            self.parts.pop("merges", None)

    def rewrite_formulas(self, change: Callable[[Formula], Formula]) -> None:
        """Put what *change* makes of each formula in its place."""
        if not self.has_formulas:
            return
        for row, line in enumerate(self.rows):
            if Formula not in map(type, line.cells):
                continue
            for column, old in enumerate(line.cells):
                new = change(old) if isinstance(old, Formula) else old
                if new is not old:
                    self.row_to_change(row).put(column, new)

    def _follow_in_formulas(self, change: Change) -> None:
        book = self._book() if self._book is not None else None
        if book is None:
            return
        for sheet in book.sheets:
            sheet.rewrite_formulas(
                lambda formula, home=sheet: followed(formula, change, book, home)  # type: ignore[misc]
            )

    # -- the API's view

    def properties_json(self, index: int) -> Json:
        """Return the API's SheetProperties."""
        head = {"sheetId": self.sheet_id, "title": self.title, "index": index}
        head["sheetType"] = self.sheet_type
        if self.is_grid:
            counts = {"rowCount": self.row_count, "columnCount": self.column_count}
            head["gridProperties"] = counts | self.grid
        return head | self.properties

    def _new_row(self, model: Row | None) -> Row:
        row = Row(self.owner)
        if model is not None:
            row.extras = {
                column: kept for column, extra in model.extras.items() if (kept := _lasting(extra))
            }
        return row

    def _family(self) -> list[Sheet]:
        book = self._book() if self._book is not None else None
        return [self] if book is None else book.sheets


def _cell_count(grid_range: Json) -> int:
    rows = grid_range["endRowIndex"] - grid_range["startRowIndex"]
    columns = grid_range["endColumnIndex"] - grid_range["startColumnIndex"]
    return int(rows * columns)


def _lasting(extra: Json) -> Json:
    """Return what an inserted row takes over from its neighbour: no notes, no links."""
    lasting = ("userEnteredFormat", "dataValidation")
    kept = {name: part for name, part in extra.items() if name in lasting}
    return extra if len(kept) == len(extra) else kept
