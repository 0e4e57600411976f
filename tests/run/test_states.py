"""What holds a submission, what releases it, and what the note beside it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from history import quiet
from office import resident
from village_user import VillageUser

from sync.model import LineState

if TYPE_CHECKING:
    from office import Office

_NUMBER = "500.3/{}/35.07.32.2004/2026"


def _send(office: Office, name: str, number: int, **answers: str) -> None:
    """Let the person *number* send the form under *name*."""
    changed = {question.replace("_", " "): text for question, text in answers.items()}
    office.sandbox.submit(resident(name, number) | changed)
    office.pass_time(minutes=1)


def test_a_possible_duplicate_is_held(office: Office) -> None:
    """The same NIK and business again: the older goes on, the newer names it and waits."""
    _send(office, "Siti Contoh", 1)
    _send(office, "Siti C.", 1)
    office.run()

    older, newer = office.record("Siti Contoh"), office.record("Siti C.")
    assert ("Siap Ditandatangani", "Ditahan") == (older["Status"], newer["Status"])
    wanted = f"mirip permohonan {older['ID Permohonan']}, nomor {_NUMBER.format(1)}."
    assert wanted in newer["Catatan"]
    assert quiet(office)

    office.ask("Siti C.", "Setujui")
    office.run()
    assert _NUMBER.format(2) == office.record("Siti C.")["Nomor Surat"]


def test_a_duplicate_is_free_once_the_older_one_is_void(office: Office) -> None:
    """Withdrawing the older letter releases the newer request."""
    _send(office, "Siti Contoh", 1)
    _send(office, "Siti C.", 1)
    office.run()
    office.ask("Siti Contoh", "Batalkan", "salah ketik")
    office.run()

    assert {"Siti Contoh": "Dibatalkan", "Siti C.": "Siap Ditandatangani"} == office.statuses()
    assert _NUMBER.format(2) == office.record("Siti C.")["Nomor Surat"]


def test_another_business_is_no_duplicate(office: Office) -> None:
    """One person may ask for letters for two businesses."""
    _send(office, "Siti Contoh", 1)
    _send(office, "Siti C.", 1, Nama_Usaha="Warung Kedua")
    office.run()

    assert {"Siap Ditandatangani"} == set(office.statuses().values())


def test_a_duplicate_counts_only_for_some_days(office: Office) -> None:
    """After `limits.duplicate_days` the same request is a new one."""
    rows = [{**resident(name, 1)} for name in ("Siti Contoh", "Siti C.", "Siti Ct.")]
    for row, day in zip(rows, (46_300.0, 46_330.1, 46_350.0), strict=True):
        row["Timestamp"] = day  # type: ignore[assignment]
    VillageUser(office.sandbox).write_rows(rows)
    office.run()

    assert ["Siap Ditandatangani", "Siap Ditandatangani", "Ditahan"] == [
        record["Status"] for record in office.sandbox.records()
    ]


def test_a_newer_request_replaces_one_that_waits_for_correction(office: Office) -> None:
    """The note names the newer ticket, and the older stays as it is for good."""
    _send(office, "Siti Contoh", 1, Mulai_Usaha="dulu sekali")
    office.run()
    assert "Perlu Perbaikan" == office.record("Siti Contoh")["Status"]
    _send(office, "Siti C.", 1)
    office.run()

    older, newer = office.record("Siti Contoh"), office.record("Siti C.")
    assert ("Diganti", "Siap Ditandatangani") == (older["Status"], newer["Status"])
    assert f"Diganti oleh permohonan {newer['ID Permohonan']} yang" in older["Catatan"]
    office.edit("Siti Contoh", "Mulai Usaha", "Januari 2019")
    office.run()
    assert "Diganti" == office.record("Siti Contoh")["Status"]
    assert 1 == len(office.register())


def test_a_corrected_cell_is_enough(office: Office) -> None:
    """Staff correct the answer; the next run issues the letter by itself."""
    office.submit("Siti Contoh", NIK="35073218016099")
    office.run()
    record = office.record("Siti Contoh")
    assert "NIK: harus 16 angka; yang tertulis 14 angka." in record["Catatan"].splitlines()
    assert quiet(office)

    office.edit("Siti Contoh", "NIK", "'3507321801609901")
    office.run()
    assert "Siap Ditandatangani" == office.record("Siti Contoh")["Status"]
    assert "NIK\t:\t3507321801609901" in office.letter("Siti Contoh")
    assert record["ID Permohonan"] == office.record("Siti Contoh")["ID Permohonan"]


def test_approval_stays_when_the_cell_is_emptied(office: Office) -> None:
    """*Setujui* on a service that needs approval issues; emptying it takes nothing back."""
    office.configure(services__sku__approval="staff")
    office.submit("Siti Contoh")
    office.run()
    assert "Menunggu Persetujuan" == office.record("Siti Contoh")["Status"]
    office.ask("Siti Contoh", "Setujui")
    office.run()
    office.ask("Siti Contoh", "")
    office.run()

    assert "Siap Ditandatangani" == office.record("Siti Contoh")["Status"]
    assert quiet(office)


def test_one_approval_serves_hold_and_service(office: Office) -> None:
    """A held duplicate of a service that needs approval takes one *Setujui*, not two."""
    office.configure(services__sku__approval="staff")
    _send(office, "Siti Contoh", 1)
    _send(office, "Siti C.", 1)
    office.run()
    assert "Ditahan" == office.record("Siti C.")["Status"]
    office.ask("Siti C.", "Setujui")
    office.run()

    assert "Siap Ditandatangani" == office.record("Siti C.")["Status"]


def test_old_rows_are_archived_and_one_is_taken_up(bare_office: Office) -> None:
    """What was there before `setup` gets no letter, until staff choose *Setujui*."""
    office = bare_office
    office.submit("Siti Contoh", "Budi Contoh")
    office.set_up()
    office.submit("Ani Contoh")
    office.run()
    statuses = {"Siti Contoh": "Arsip", "Budi Contoh": "Arsip", "Ani Contoh": "Siap Ditandatangani"}
    assert statuses == office.statuses()

    office.ask("Budi Contoh", "Setujui")
    office.run()
    assert _NUMBER.format(2) == office.record("Budi Contoh")["Nomor Surat"]


def test_a_row_without_timestamp_waits_for_staff(office: Office) -> None:
    """Somebody typed it in; it is held, and *Setujui* makes it a request like any other."""
    VillageUser(office.sandbox).write_rows([resident("Siti Contoh", 1)])
    office.run()
    record = office.record("Siti Contoh")
    assert "Ditahan" == record["Status"]
    assert "baris ini belum pasti milik siapa." in record["Catatan"]

    office.ask("Siti Contoh", "Setujui")
    office.run()
    assert _NUMBER.format(1) == office.record("Siti Contoh")["Nomor Surat"]


def test_a_copied_row_is_held_and_its_action_is_void(office: Office) -> None:
    """The original keeps ticket and number; the copy's *Setujui* counts once staff choose anew."""
    office.submit("Siti Contoh", "Budi Contoh")
    office.run()
    office.ask("Siti Contoh", "Setujui")
    office.run()
    original = office.record("Siti Contoh")
    row = office.row_index("Siti Contoh")
    gid = office.sandbox.sheet_id
    office.sandbox.staff({"copy": {"sheet": gid, "row": row, "to": row + 2}})
    office.run()
    office.run()

    lines = [one for one in office.sandbox.records() if one["Nama Lengkap"] == "Siti Contoh"]
    assert original == lines[0]
    assert ("Ditahan", "") == (lines[1]["Status"], lines[1]["Nomor Surat"])
    assert lines[1]["ID Permohonan"] not in {"", original["ID Permohonan"]}
    assert 2 == len(office.register())
    column = office.column_index("Tindakan")
    place = {"sheet": gid, "row": row + 2, "column": column}
    office.sandbox.staff({"edit": place | {"value": ""}})
    office.run()
    office.sandbox.staff({"edit": place | {"value": "Setujui"}})
    office.run()
    lines = [one for one in office.sandbox.records() if one["Nama Lengkap"] == "Siti Contoh"]
    assert [_NUMBER.format(1), _NUMBER.format(3)] == [one["Nomor Surat"] for one in lines]


def test_a_refusal_shows_its_reason_and_can_be_taken_back(office: Office) -> None:
    """*Tolak* with a reason, then the cell emptied: the ordinary flow goes on."""
    office.configure(services__sku__approval="staff")
    office.submit("Siti Contoh")
    office.run()
    office.ask("Siti Contoh", "Tolak", "usaha tidak ditemukan")
    office.run()
    record = office.record("Siti Contoh")
    assert "Ditolak" == record["Status"]
    assert "Permohonan ditolak: usaha tidak ditemukan" in record["Catatan"]
    assert quiet(office)

    office.ask("Siti Contoh", "")
    office.run()
    record = office.record("Siti Contoh")
    assert ("Menunggu Persetujuan", "") == (record["Status"], record["Nomor Surat"])
    assert "usaha tidak ditemukan" not in record["Catatan"]


def test_a_withdrawn_number_stays_in_the_register(office: Office) -> None:
    """*Batalkan* marks the line with the reason; the number is not given again."""
    office.submit("Siti Contoh")
    office.run()
    office.ask("Siti Contoh", "Batalkan", "pemohon pindah")
    report = office.run()

    record = office.record("Siti Contoh")
    assert (1, 0) == (report.counts["void"], report.exit_code)
    assert ("Dibatalkan", _NUMBER.format(1)) == (record["Status"], record["Nomor Surat"])
    assert "Dibatalkan: pemohon pindah. Nomor tetap tercatat" in record["Catatan"]
    assert [_NUMBER.format(1), "Batal: pemohon pindah"] == [
        office.register_tab()[1][at] for at in (1, 8)
    ]
    office.ask("Siti Contoh", "")
    office.submit("Budi Contoh")
    office.run()
    assert "Dibatalkan" == office.record("Siti Contoh")["Status"]
    assert _NUMBER.format(2) == office.record("Budi Contoh")["Nomor Surat"]
    assert quiet(office)


def test_a_withdrawn_letter_is_not_issued_again(office: Office) -> None:
    """*Terbitkan Ulang* after *Batalkan* changes nothing: a void number never revives."""
    office.submit("Siti Contoh")
    office.run()
    office.ask("Siti Contoh", "Batalkan")
    office.run()
    office.ask("Siti Contoh", "Terbitkan Ulang")
    office.run()

    assert "Dibatalkan" == office.record("Siti Contoh")["Status"]
    assert [(LineState.VOID, 1)] == [(line.state, line.revision) for line in office.register()]


def test_changed_answers_are_pointed_out(office: Office) -> None:
    """After the letter, a changed cell makes no second number, only a note."""
    office.submit("Siti Contoh")
    office.run()
    office.edit("Siti Contoh", "Pekerjaan", "Petani")
    office.run()
    assert "Data berubah setelah surat terbit." in office.record("Siti Contoh")["Catatan"]
    assert quiet(office)

    office.edit("Siti Contoh", "Pekerjaan", "Pedagang")
    office.run()
    assert "Data berubah" not in office.record("Siti Contoh")["Catatan"]
    assert (1, 1) == (len(office.register()), len(office.letters()))


def test_a_release_outlasts_a_correction(office: Office) -> None:
    """*Setujui* on a held row with a mistake: it is corrected, and not held again."""
    _send(office, "Siti Contoh", 1)
    VillageUser(office.sandbox).write_rows([resident("Siti C.", 1) | {"RT": "entah"}], first_row=3)
    office.run()
    assert "Ditahan" == office.record("Siti C.")["Status"]
    office.ask("Siti C.", "Setujui")
    office.run()
    assert "Perlu Perbaikan" == office.record("Siti C.")["Status"]
    office.ask("Siti C.", "")
    office.edit("Siti C.", "RT", "'003")
    office.run()

    assert "Siap Ditandatangani" == office.record("Siti C.")["Status"]
