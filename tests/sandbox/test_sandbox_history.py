"""The history of calls: whole for a run, bounded for months."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import requests

from sync.sandbox.history import Entry, History

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.sandbox import Sandbox

NOW = datetime(2026, 11, 24, 3, 15, tzinfo=UTC)


def _kept(history: History, *sizes: int) -> list[tuple[str, int | None]]:
    """Add calls with bodies of these sizes; return each call that is left, and its body."""
    for number, size in enumerate(sizes):
        entry = Entry(at=NOW, method=f"call {number}")
        entry.body = {"size": size}
        history.add(entry, size)
    return [(one.method, one.body["size"] if one.body else None) for one in history]


def test_the_oldest_calls_go() -> None:
    """Only so many calls are kept."""
    assert [("call 2", 1), ("call 3", 1)] == _kept(History(most_calls=2), 1, 1, 1, 1)


def test_the_oldest_bodies_go_before_their_calls() -> None:
    """Only so many bytes of bodies are kept, always the last one's; the calls stay."""
    found = _kept(History(most_bytes=10), 4, 4, 4, 4)
    assert [("call 0", None), ("call 1", None), ("call 2", 4), ("call 3", 4)] == found
    found = _kept(History(most_bytes=10), 4, 50)
    assert [("call 0", None), ("call 1", 50)] == found


def test_calls_that_are_gone_take_no_room() -> None:
    """What went with its call is kept nowhere, and cleared is cleared."""
    history = History(most_calls=2, most_bytes=10)

    assert [("call 2", 1), ("call 3", 1)] == _kept(history, 1, 1, 1, 1)
    assert (2, 2) == (len(history._with_body), history._bytes)
    history.clear()
    assert [("call 0", 5), ("call 1", 5)] == _kept(history, 5, 5)


def test_the_control_call_tells_what_is_left(sandbox: Sandbox, call: Callable[..., Any]) -> None:
    """A sandbox keeps its history within its bounds, by the size of what was sent."""
    sandbox.world.history = History(most_calls=3, most_bytes=100)
    for text in ("a", "b" * 90, "c"):
        call("PUT", "/values/A2", {"values": [[text]]}, valueInputOption="RAW")
    call("GET", "/values/A2")
    lines = requests.get(f"{sandbox.base_url}/_sandbox/history", timeout=5).json()["calls"]

    assert [None, {"values": [["c"]]}, None] == [line["body"] for line in lines]
    assert ["values.update", "values.update", "values.get"] == [
        line["method"].removeprefix("sheets.spreadsheets.") for line in lines
    ]
