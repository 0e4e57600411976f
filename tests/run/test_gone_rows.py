"""A row that staff delete: the request is not forgotten, and `check` tells of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from command_line import command
from village_user import VillageUser

if TYPE_CHECKING:
    from command_line import Outcome
    from office import Office


def _rows(outcome: Outcome) -> list[str]:
    """Return the levels and messages of what `check` says about rows."""
    found = [f for f in outcome.json["findings"] if f["code"] == "rows"]
    return [f"{f['level']}: {f['message'].partition(' (')[0]}" for f in found]


def test_check_names_the_tickets_without_a_row(office: Office) -> None:
    """Until the row comes back, or the request is closed; the exit code stays 0."""
    office.submit("Siti Contoh", "Budi Contoh", "Ani Contoh")
    office.ask("Ani Contoh", "Sudah Diambil")
    office.settle()
    fine = "ok: service sku: every open request has its row"
    assert [fine] == _rows(command(office, "check", "--json"))
    ticket, row = office.record("Siti Contoh")["ID Permohonan"], office.row_index("Siti Contoh")
    cells = office.sandbox.rows()[row]
    for name in ("Siti Contoh", "Ani Contoh"):
        place = {"sheet": office.sandbox.sheet_id, "row": office.row_index(name)}
        office.sandbox.staff({"delete": place})
    office.run()

    outcome = command(office, "check", "--json")
    assert (0, [f"caution: service sku: the rows of open requests are gone: {ticket}"]) == (
        outcome.code,
        _rows(outcome),
    )
    VillageUser(office.sandbox).write_cells([cells], first_row=5)
    office.run()
    assert [fine] == _rows(command(office, "check", "--json"))
