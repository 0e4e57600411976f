"""Staff act at once, before a certain call, or at random."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.sandbox import Sandbox

GET = "sheets.spreadsheets.values.get"


@pytest.fixture(autouse=True)
def _tab(call: Callable[..., Any], batch: Callable[..., Any]) -> None:
    grid = {"rowCount": 10, "columnCount": 4}
    batch({"addSheet": {"properties": {"title": "T", "sheetId": 7, "gridProperties": grid}}})
    values = [["h1", "h2"], ["b", 2], ["a", 1], ["c", 3]]
    call("PUT", "/values/T!A1", {"values": values}, valueInputOption="RAW")


@pytest.mark.parametrize(
    "action,expected",
    [
        ({"sort": {"column": 0}}, [["h1", "h2"], ["a", 1], ["b", 2], ["c", 3]]),
        (
            {"sort": {"column": 1, "descending": True}},
            [["h1", "h2"], ["c", 3], ["b", 2], ["a", 1]],
        ),
        ({"insert": {"row": 2}}, [["h1", "h2"], ["b", 2], [], ["a", 1], ["c", 3]]),
        ({"delete": {"row": 1}}, [["h1", "h2"], ["a", 1], ["c", 3]]),
        ({"copy": {"row": 1, "to": 3}}, [["h1", "h2"], ["b", 2], ["a", 1], ["b", 2], ["c", 3]]),
        ({"move_row": {"row": 1, "to": 3}}, [["h1", "h2"], ["a", 1], ["c", 3], ["b", 2]]),
        ({"move_row": {"row": 3, "to": 1}}, [["h1", "h2"], ["c", 3], ["b", 2], ["a", 1]]),
        (
            {"move_column": {"column": 0, "to": 1}},
            [["h2", "h1"], [2, "b"], [1, "a"], [3, "c"]],
        ),
        (
            {"edit": {"row": 1, "column": 1, "value": "007"}},
            [["h1", "h2"], ["b", 7], ["a", 1], ["c", 3]],
        ),
        (
            {"rename_header": {"column": 0, "value": "Baru"}},
            [["Baru", "h2"], ["b", 2], ["a", 1], ["c", 3]],
        ),
    ],
)
def test_actions(sandbox: Sandbox, action: dict[str, Any], expected: list[Any]) -> None:
    """Each action does at once what its name says; row 0 is the header."""
    name, details = next(iter(action.items()))
    sandbox.staff({name: {"sheet": 7} | details})

    assert expected == sandbox.rows(7)


def test_a_renamed_tab_keeps_its_gid(sandbox: Sandbox, call: Callable[..., Any]) -> None:
    """rename_sheet changes the title only."""
    sandbox.staff({"rename_sheet": {"sheet": 7, "value": "Lain"}})

    assert "Lain!A1" == call("GET", "/values/Lain!A1")["range"]


def test_staff_wait_for_the_nth_call(sandbox: Sandbox, call: Callable[..., Any]) -> None:
    """Actions with `before` happen just before that call, once."""
    sandbox.staff({"delete": {"sheet": 7, "row": 1}}, before=GET, nth=2)

    heights = [len(call("GET", "/values/T")["values"]) for _ in range(3)]
    assert [4, 3, 3] == heights


def test_an_impossible_action_is_noted(
    sandbox: Sandbox, call: Callable[..., Any], api: Any
) -> None:
    """What cannot be done when its time comes is skipped, and told afterwards."""
    control = f"{sandbox.base_url}/_sandbox/staff"
    wanted = {"do": [{"delete": {"sheet": 7, "row": 99}}]}
    assert 400 == api.post(control, json=wanted).status_code
    api.post(control, json=wanted | {"before": {"method": GET, "nth": 1}})
    call("GET", "/values/T")
    assert {"waiting": []} == api.get(control).json()


def test_random_staff_repeat_with_their_seed(sandbox: Sandbox, call: Callable[..., Any]) -> None:
    """Random staff act before calls at their rate; the seed repeats them."""

    def stormy(seed: int) -> list[list[Any]]:
        sandbox.reset()
        for name in ("Siti", "Budi", "Joko"):
            values = [[name, "x"]]
            body = {"values": values}
            call("POST", "/values/A1:B1:append", body, valueInputOption="RAW")
        wanted = {"seed": seed, "do": "random", "rate": 0.5}
        url = f"{sandbox.base_url}/_sandbox/staff"
        import requests  # noqa: PLC0415

        requests.post(url, json=wanted, timeout=5).raise_for_status()
        for _ in range(30):
            call("GET", "/values/A1")
        return sandbox.rows()

    assert stormy(1) == stormy(1) != stormy(2)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"do": []},
        {"do": [{"tiada": {}}]},
        {"do": [{"sort": {"sheet": 7}}]},
        {"do": [{"sort": {"sheet": 7, "column": -1}}]},
        {"do": [{"sort": {"sheet": 7, "column": 0}}], "before": {"method": "tiada"}},
        {"do": "random", "rate": 2},
    ],
)
def test_misspelt_scripts_are_refused(sandbox: Sandbox, api: Any, body: dict[str, Any]) -> None:
    """A script that could never happen is 400 at once."""
    assert 400 == api.post(f"{sandbox.base_url}/_sandbox/staff", json=body).status_code
