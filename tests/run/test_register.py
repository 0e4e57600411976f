"""The register over the years, with a paper past, and shared by two services."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from history import counted, quiet
from office import ROOT, resident
from ruamel.yaml import YAML
from village_user import SECOND_GID, VillageUser

if TYPE_CHECKING:
    from office import Office

_NUMBER = "500.3/{}/35.07.32.2004/{}"


def second_service(office: Office, **changes: Any) -> dict[str, Any]:
    """Add a second sheet to the spreadsheet; return the service that looks after it."""
    VillageUser(office.sandbox).add_second_sheet()
    example = YAML(typ="safe").load((ROOT / "config.example.yaml").read_text("utf-8"))
    plain: dict[str, Any] = example["services"]["sku"]
    spreadsheet = office.sandbox.spreadsheet_id
    own = {"title": "Surat Keterangan Domisili", "sheet": "Domisili", "spreadsheet": spreadsheet}
    return plain | own | changes


def _tab(office: Office, year: int) -> list[list[Any]]:
    sheets = office.sandbox.world.state.book(office.sandbox.spreadsheet_id).sheets
    title = f"Register surat-keterangan {year}"
    return office.sandbox.rows(next(one.sheet_id for one in sheets if one.title == title))


def test_a_new_year_begins_at_one_in_village_time(office: Office) -> None:
    """Ten minutes after midnight in the village, still 31 December in London."""
    assert office.clock
    office.clock.move_to(datetime(2026, 12, 31, 16, 50, tzinfo=UTC))
    office.submit("Siti Contoh")
    office.run()
    office.clock.move_to(datetime(2026, 12, 31, 17, 10, tzinfo=UTC))
    office.submit("Budi Contoh")
    report = office.run()

    assert 0 == report.exit_code
    assert _NUMBER.format(1, 2026) == office.record("Siti Contoh")["Nomor Surat"]
    assert _NUMBER.format(1, 2027) == office.record("Budi Contoh")["Nomor Surat"]
    assert office.record("Budi Contoh")["Surat"].startswith("surat-keterangan/2027/0001_")
    assert "\tKebobang, 1 Januari 2027" in office.letter("Budi Contoh")
    assert "\tKebobang, 31 Desember 2026" in office.letter("Siti Contoh")
    assert ["31 Desember 2026"] == [line[2] for line in _tab(office, 2026)[1:]]
    assert [_NUMBER.format(1, 2027)] == [line[1] for line in _tab(office, 2027)[1:]]
    assert quiet(office)


def test_the_paper_register_is_continued_in_its_first_year(office: Office) -> None:
    """`number.start` is the first sequence; the tab begins with it, and next year with 1."""
    office.configure(services__sku__number__start=41)
    office.submit("Siti Contoh", "Budi Contoh")
    office.run()
    assert ["41", "42"] == [line[0] for line in _tab(office, 2026)[1:]]
    assert _NUMBER.format(41, 2026) == office.record("Siti Contoh")["Nomor Surat"]

    assert office.clock
    office.clock.move_to(datetime(2027, 1, 4, 3, tzinfo=UTC))
    office.submit("Ani Contoh")
    office.run()
    assert _NUMBER.format(1, 2027) == office.record("Ani Contoh")["Nomor Surat"]
    assert ["1"] == [line[0] for line in _tab(office, 2027)[1:]]
    assert quiet(office)


def test_two_services_share_one_sequence(bare_office: Office) -> None:
    """Both sheets go through one run of at most six calls, and one register."""
    office = bare_office
    office.configure(services__skd=second_service(office, template=""))
    office.set_up()
    office.submit("Siti Contoh")
    second = [resident("Budi Contoh", 8) | {"Timestamp": 46_350.1}]
    VillageUser(office.sandbox).write_rows(second, gid=SECOND_GID)
    before = office.mark()
    report = office.run()

    calls = counted(office, before)
    assert (0, 2) == (report.exit_code, report.counts["issued"])
    assert calls["sheets_read"] + calls["sheets_write"] <= 6
    theirs = office.sandbox.records(SECOND_GID)[0]
    assert "Siap Ditandatangani" == theirs["Status"]
    numbers = {office.record("Siti Contoh")["Nomor Surat"], theirs["Nomor Surat"]}
    assert {_NUMBER.format(1, 2026), _NUMBER.format(2, 2026)} == numbers
    assert ["1", "2"] == [line[0] for line in _tab(office, 2026)[1:]]
    kinds = {line[3] for line in _tab(office, 2026)[1:]}
    assert {"Surat Keterangan Usaha", "Surat Keterangan Domisili"} == kinds
    assert theirs["ID Permohonan"].startswith("SKD-")
    assert ("", 1) == (theirs["Surat"], len(office.letters()))
    assert quiet(office)


def test_what_staff_do_to_the_register_tab_is_put_right(office: Office) -> None:
    """The tab is ours: a line typed over, a sorted tab, a deleted tab come back as they were."""
    office.submit("Siti Contoh", "Budi Contoh", "Ani Contoh")
    office.run()
    before = _tab(office, 2026)
    sheets = office.sandbox.world.state.book(office.sandbox.spreadsheet_id).sheets
    gid = next(one.sheet_id for one in sheets if one.title.startswith("Register"))
    place = {"sheet": gid, "row": 2, "column": 4}
    troubles: list[dict[str, Any]] = [
        {"edit": place | {"value": "Orang Lain"}},
        {"edit": place | {"value": ""}},
        {"sort": {"sheet": gid, "column": 0, "descending": True}},
        {"delete": {"sheet": gid, "row": 2}},
        {"rename_sheet": {"sheet": gid, "value": "Buku Surat"}},
    ]
    for trouble in troubles:
        office.sandbox.staff(trouble)
        assert 0 == office.run().exit_code
        assert before == office.sandbox.rows(gid)[:4], trouble
        assert quiet(office)
    VillageUser(office.sandbox).change({"deleteSheet": {"sheetId": gid}})
    assert 0 == office.run().exit_code
    assert before == _tab(office, 2026)
    assert quiet(office)
