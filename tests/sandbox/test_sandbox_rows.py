"""A tab's rows behave as a list, and no copy notices what happens to another."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sync.sandbox.sheets.cells import Row
from sync.sandbox.sheets.rows import Rows

PLACES = st.integers(0, 700)
COUNTS = st.integers(0, 600)
STEPS = st.lists(
    st.tuples(st.sampled_from(("append", "put", "insert", "delete", "copy")), PLACES, COUNTS),
    max_size=8,
)


def _rows(count: int) -> list[Row]:
    return [Row(None) for _ in range(count)]


def _apply(step: tuple[str, int, int], rows: Rows | list[Row], news: list[Row]) -> None:
    kind, at, count = step
    if kind == "append":
        for row in news:
            rows.append(row)
    elif kind == "put" and at < len(rows):
        rows[at] = news[0]
    elif kind == "insert":
        rows[at:at] = news
    elif kind == "delete":
        del rows[at : at + count]


@given(st.integers(0, 600), STEPS)
def test_rows_are_a_list_of_which_copies_are_independent(
    count: int, steps: list[tuple[str, int, int]]
) -> None:
    """Whatever is put in, inserted and taken out, every copy has what its own list has."""
    rows, listed = Rows(), _rows(count)
    rows[0:0] = listed
    kept = [(rows, listed)]
    for step in steps:
        if step[0] == "copy":
            rows, listed = rows.copy(), listed.copy()
            kept.append((rows, listed))
            rows, listed = kept[step[1] % len(kept)]
            continue
        news = _rows(step[2] + 1)
        _apply(step, rows, news)
        _apply(step, listed, news)

    for found, expected in kept:
        assert expected == list(found)
        assert (len(expected), expected) == (len(found), found[0 : len(expected)])
        assert expected[3:300] == found[3:300]
        assert expected[250:] == [found[at] for at in range(250, len(expected))]
