"""Midnights, month ends and leap days, wherever the village and its computer are."""

from __future__ import annotations

import time
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from history import quiet
from office import CLAIM, resident
from village_user import VillageUser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from office import Office

_NUMBER = "500.3/{}/35.07.32.2004/{}"
_ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


@contextmanager
def _host_in(zone: str) -> Iterator[None]:
    """Let this computer's own time zone be another."""
    with pytest.MonkeyPatch.context() as patches:
        patches.setenv("TZ", zone)
        time.tzset()
        offset = datetime.now(ZoneInfo(zone)).utcoffset()
        assert datetime.now().astimezone().utcoffset() == offset
        yield
    time.tzset()


def _at(office: Office, moment: str) -> None:
    """Move to a moment of the village's own time."""
    assert office.clock
    zone = ZoneInfo(office.config.village.timezone)
    here = datetime.fromisoformat(moment).replace(tzinfo=zone)
    office.clock.move_to(here.astimezone(UTC))  # a zone's own name would become the host's


def _tab(office: Office, year: int) -> list[list[Any]]:
    """Return the lines of the year's register tab."""
    sheets = office.sandbox.world.state.book(office.sandbox.spreadsheet_id).sheets
    title = f"Register surat-keterangan {year}"
    gid = next(one.sheet_id for one in sheets if one.title == title)
    return office.sandbox.rows(gid)[1:]


def _validity(office: Office, name: str) -> str:
    """Return the sentence of the letter that says how long it holds."""
    return next(line for line in office.letter(name) if line.startswith("Surat ini berlaku"))


@pytest.mark.parametrize("host", ["UTC", "America/New_York"])
@pytest.mark.parametrize("zone", _ZONES)
def test_new_year_comes_at_the_villages_midnight(bare_office: Office, zone: str, host: str) -> None:
    """A letter at 23.59 is of the old year, at 00.00 of the new one, which begins at 1."""
    office = bare_office
    office.configure(village__timezone=zone)
    with _host_in(host):
        _at(office, "2026-12-31T23:58:00")
        office.set_up()
        office.submit("Siti Contoh", "Budi Contoh")
        _at(office, "2026-12-31T23:59:30")
        office.run()
        _at(office, "2027-01-01T00:00:00")
        office.submit("Ani Contoh")
        _at(office, "2027-01-01T00:00:00")
        report = office.run()

        assert 0 == report.exit_code
        numbers = [office.record(f"{n} Contoh")["Nomor Surat"] for n in ("Siti", "Budi", "Ani")]
        assert [
            _NUMBER.format(1, 2026),
            _NUMBER.format(2, 2026),
            _NUMBER.format(1, 2027),
        ] == numbers
        ani = office.record("Ani Contoh")
        assert ani["Surat"].startswith("surat-keterangan/2027/0001_")
        assert f"diperbarui 1 Januari 2027 pukul 00.00 {_ZONES[zone]}" == ani["Diperbarui"]
        assert "\tKebobang, 31 Desember 2026" in office.letter("Siti Contoh")
        assert "\tKebobang, 1 Januari 2027" in office.letter("Ani Contoh")
        assert _validity(office, "Siti Contoh").endswith("sampai dengan 31 Maret 2027.")
        assert _validity(office, "Ani Contoh").endswith("sampai dengan 1 April 2027.")
        assert ["31 Desember 2026"] * 2 == [line[2] for line in _tab(office, 2026)]
        assert [["1", "1 Januari 2027"]] == [line[0:3:2] for line in _tab(office, 2027)]
        assert quiet(office)


@pytest.mark.parametrize("host", ["UTC", "America/New_York"])
def test_a_run_over_midnight_is_of_one_year(office: Office, host: str) -> None:
    """It reads at 23.59 and numbers at 00.00: number, date, file and tab agree."""
    with _host_in(host):
        _at(office, "2026-12-31T23:50:00")
        office.submit("Siti Contoh")
        office.run()
        _at(office, "2026-12-31T23:59:58")
        office.submit("Budi Contoh", "Ani Contoh")
        _at(office, "2026-12-31T23:59:58")
        office.sandbox.on_exchange.append(
            lambda method, *_: office.pass_time(seconds=3) if method == CLAIM else None
        )
        report = office.run()
        office.sandbox.on_exchange.clear()

        assert (0, 2) == (report.exit_code, report.counts["issued"])
        assert [_NUMBER.format(1, 2026)] == [line[1] for line in _tab(office, 2026)]
        assert [_NUMBER.format(n, 2027) for n in (1, 2)] == [line[1] for line in _tab(office, 2027)]
        assert {"1 Januari 2027"} == {line[2] for line in _tab(office, 2027)}
        for name in ("Budi Contoh", "Ani Contoh"):
            assert "surat-keterangan/2027/" in office.record(name)["Surat"]
            assert "\tKebobang, 1 Januari 2027" in office.letter(name)
        assert quiet(office)


def test_a_reissue_in_the_new_year_keeps_number_and_place(office: Office) -> None:
    """The letter has the new date; its line and number stay in the old register."""
    _at(office, "2026-12-31T10:00:00")
    office.submit("Siti Contoh")
    office.run()
    _at(office, "2027-01-04T10:00:00")
    office.ask("Siti Contoh", "Terbitkan Ulang")
    office.run()

    record = office.record("Siti Contoh")
    assert _NUMBER.format(1, 2026) == record["Nomor Surat"]
    assert record["Surat"].startswith("surat-keterangan/2026/0001_")
    assert "\tKebobang, 4 Januari 2027" in office.letter("Siti Contoh")
    assert [["1", "31 Desember 2026", "2"]] == [
        [line[at] for at in (0, 2, 7)] for line in _tab(office, 2026)
    ]
    assert quiet(office)


def test_month_ends_and_leap_days(office: Office) -> None:
    """A month's last day is followed by a last day; who was born on one gets a letter."""
    days = [
        ("2027-01-31", 1, "28 Februari 2027"),
        ("2027-01-31", 3, "30 April 2027"),
        ("2027-11-30", 3, "29 Februari 2028"),
        ("2028-02-29", 3, "29 Mei 2028"),
        ("2028-02-29", 12, "28 Februari 2029"),
        ("2028-02-29", 48, "29 Februari 2032"),
    ]
    born = resident("Siti Contoh", 1) | {"Tanggal Lahir": "29-02-1960", "NIK": "3507322902609901"}
    for place, (day, months, until) in enumerate(days):
        office.configure(services__sku__valid_months=months)
        _at(office, f"{day}T09:{place:02}:00")
        name = f"Siti {'ABCDEF'[place]} Contoh"
        office.sandbox.submit(born | {"Nama Lengkap": name, "Nama Usaha": f"Toko {place}"})
        assert 0 == office.run().exit_code
        assert _validity(office, name).endswith(f"sampai dengan {until}."), (day, months)
    letter = office.letter("Siti F Contoh")
    assert "\tKebobang, 29 Februari 2028" in letter
    assert any("29 Februari 1960" in line for line in letter)
    assert ["1", "2", "3"] == [line[0] for line in _tab(office, 2028)]

    office.submit("Budi Contoh", Tanggal_Lahir="29-02-1961")
    office.submit("Ani Contoh", Tanggal_Lahir="01-03-2028")
    office.run()
    assert "tidak ada di kalender" in office.record("Budi Contoh")["Catatan"]
    assert "melewati hari ini" in office.record("Ani Contoh")["Catatan"]


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Auckland"])
def test_a_spreadsheet_in_another_zone_changes_no_date(bare_office: Office, zone: str) -> None:
    """The form's times only tell rows apart and put them in order: letters go by the village."""
    office = bare_office
    change = {"properties": {"timeZone": zone}, "fields": "timeZone"}
    VillageUser(office.sandbox).change({"updateSpreadsheetProperties": change})
    office.configure(village__timezone="Asia/Jayapura")
    _at(office, "2026-12-31T23:30:00")
    office.submit("Siti Contoh")
    office.set_up()
    office.submit("Budi Contoh")
    _at(office, "2027-01-01T00:05:00")
    office.submit("Ani Contoh")
    office.run()

    numbers = [office.record(f"{n} Contoh")["Nomor Surat"] for n in ("Siti", "Budi", "Ani")]
    assert ["", _NUMBER.format(1, 2027), _NUMBER.format(2, 2027)] == numbers
    assert "\tKebobang, 1 Januari 2027" in office.letter("Budi Contoh")
    assert quiet(office)


def test_a_zone_that_changes_meanwhile_loses_nothing(office: Office) -> None:
    """Later rows look earlier: they are new all the same, and no row becomes another's."""
    _at(office, "2026-11-24T10:00:00")
    office.submit("Siti Contoh", "Budi Contoh")
    office.run()
    before = [office.record(f"{n} Contoh") for n in ("Siti", "Budi")]
    change = {"properties": {"timeZone": "America/New_York"}, "fields": "timeZone"}
    VillageUser(office.sandbox).change({"updateSpreadsheetProperties": change})
    _at(office, "2026-11-24T10:30:00")
    office.submit("Ani Contoh")
    office.run()

    assert before == [office.record(f"{n} Contoh") for n in ("Siti", "Budi")]
    ani = office.record("Ani Contoh")
    assert ani["Timestamp"] < before[0]["Timestamp"]
    assert _NUMBER.format(3, 2026) == ani["Nomor Surat"]
    assert quiet(office)
