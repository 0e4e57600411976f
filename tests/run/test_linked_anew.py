"""The form's owner links it to another tab: all answers stand there again, and new ones come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from history import quiet

if TYPE_CHECKING:
    from office import Office


def _titles(office: Office) -> list[str]:
    book = office.sandbox.world.state.book(office.sandbox.spreadsheet_id)
    return [sheet.title for sheet in book.sheets]


@pytest.fixture
def linked_anew(office: Office) -> Office:
    """Return an office with two letters, whose form writes into another tab now."""
    office.submit("Siti Contoh", "Budi Contoh")
    office.settle()
    before = _titles(office)
    office.sandbox.staff({"relink": {}})
    (title,) = set(_titles(office)) - set(before)
    office.configure(services__sku__sheet=title)
    return office


def test_the_old_tab_stays_as_it_is(linked_anew: Office) -> None:
    """Runs go on with the tab that setup knows, and nothing happens to it."""
    office = linked_anew
    before = office.sandbox.rows()

    assert quiet(office)
    assert before == office.sandbox.rows()


def test_setup_takes_up_the_new_tab(linked_anew: Office) -> None:
    """Rows are known again, with ticket and number; who asks next gets the next."""
    office = linked_anew
    assert () == office.set_up().failures
    office.submit("Ani Contoh")
    office.settle()

    rows = office.sandbox.records(office.sandbox.world.state.form(office.sandbox.form_id).sheet_id)
    assert ["Siap Ditandatangani"] * 3 == [row["Status"] for row in rows]
    assert [f"500.3/{n}/35.07.32.2004/2026" for n in (1, 2, 3)] == [
        row["Nomor Surat"] for row in rows
    ]
    assert (3, 3) == (len(office.register()), len(office.letters()))
    assert quiet(office)
