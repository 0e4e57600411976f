"""The table in a page that somebody copied."""

from __future__ import annotations

from html.parser import HTMLParser

_CELLS = {"td", "th"}


def table_rows(page: str) -> list[list[str]]:
    """Return the cells of the tables in *page*, row by row; without one, its lines of text."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    if reader.rows:
        return reader.rows
    lines = "".join(reader.loose).splitlines()
    return [[line.strip()] for line in lines if line.strip()]


class _Reader(HTMLParser):
    """Spans are not spread: each cell counts for one."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.loose: list[str] = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        if tag == "tr":
            self._end_cell()
            self.rows.append([])
        elif tag in _CELLS:
            self._end_cell()
            if not self.rows:
                self.rows.append([])
            self._cell = []
        elif tag in {"br", "p", "div"}:
            (self.loose if self._cell is None else self._cell).append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _CELLS or tag in {"tr", "table"}:
            self._end_cell()

    def handle_data(self, data: str) -> None:
        (self.loose if self._cell is None else self._cell).append(data)

    def close(self) -> None:
        super().close()
        self._end_cell()

    def _end_cell(self) -> None:
        if self._cell is not None:
            self.rows[-1].append("".join(self._cell).strip())
            self._cell = None
