"""*Terbitkan Ulang*: the same number, the next revision, and when it is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from history import quiet
from office import SWAP

if TYPE_CHECKING:
    from office import Office

_SIGNERS = {
    "kades": {"name": "SUGENG CONTOH", "title": "Kepala Desa Kebobang"},
    "sekdes": {
        "name": "WATI CONTOH",
        "title": "Sekretaris Desa",
        "on_behalf_of": "a.n. Kepala Desa Kebobang",
    },
}


@pytest.fixture
def issued(office: Office) -> Office:
    """Return an office with one letter, for Siti Contoh."""
    office.submit("Siti Contoh")
    office.run()
    return office


def _revision(office: Office) -> tuple[str, str]:
    """Return Siti's letter number and revision, as register tab and sheet agree on them."""
    record, line = office.record("Siti Contoh"), office.register_tab()[1]
    assert record["Nomor Surat"] == line[1]
    assert record["Surat"].endswith(f"_r{line[7]}.docx")
    return record["Nomor Surat"], line[7]


def test_it_happens_once_when_it_is_set(issued: Office) -> None:
    """The first run with the action makes revision 2; the standing action makes no third."""
    office = issued
    number, _ = _revision(office)
    office.ask("Siti Contoh", "Terbitkan Ulang")
    report = office.run()

    assert (1, 0) == (report.counts["reissued"], report.counts["issued"])
    assert (number, "2") == _revision(office)
    assert "Surat pengganti, revisi 2." in office.letter("Siti Contoh")
    assert quiet(office)
    office.ask("Siti Contoh", "")
    office.run()
    office.ask("Siti Contoh", "Terbitkan Ulang")
    office.run()
    assert (number, "3") == _revision(office)
    assert 3 == len(office.letters())


def test_it_happens_once_although_the_run_was_cut_short(issued: Office) -> None:
    """The second revision was stored and nobody was told of it: it is told, and not made again."""
    issued.sandbox.fault(SWAP, kind="403", times=1)
    issued.ask("Siti Contoh", "Terbitkan Ulang")

    reports = [issued.run() for _ in range(4)]

    assert [2, 0, 0, 0] == [report.exit_code for report in reports]
    assert "2" == _revision(issued)[1]
    assert 2 == len(issued.letters())


def test_while_it_stands_changed_answers_make_the_next(issued: Office) -> None:
    """Each time the answers differ from the last issue, and are valid, there is a new revision."""
    office = issued
    office.ask("Siti Contoh", "Terbitkan Ulang")
    office.run()
    office.edit("Siti Contoh", "Pekerjaan", "Petani")
    office.run()
    assert "3" == _revision(office)[1]
    assert "Pekerjaan\t:\tPetani" in office.letter("Siti Contoh")
    assert "Data berubah" not in office.record("Siti Contoh")["Catatan"]

    office.edit("Siti Contoh", "RT", "tidak tahu")
    office.run()
    assert "3" == _revision(office)[1]
    assert "RT: tulis satu angka saja, misalnya 003." in office.record("Siti Contoh")["Catatan"]
    assert quiet(office)
    office.edit("Siti Contoh", "RT", "'004")
    office.run()
    assert "4" == _revision(office)[1]
    assert quiet(office)


def test_another_persons_letter_is_refused(issued: Office) -> None:
    """With two identity answers changed it would be another person's letter."""
    office = issued
    office.edit("Siti Contoh", "NIK", "'3507321702609955")
    office.edit("Siti Contoh", "Tanggal Lahir", "'17-02-1960")
    office.ask("Siti Contoh", "Terbitkan Ulang")
    office.settle()

    assert "1" == _revision(office)[1]
    assert "tampaknya milik orang lain" in office.record("Siti Contoh")["Catatan"]
    assert 1 == len(office.letters())


def test_it_brings_a_signed_letter_back_to_the_desk(issued: Office) -> None:
    """The new revision has to be signed again."""
    office = issued
    office.ask("Siti Contoh", "Sudah Diambil")
    office.run()
    office.ask("Siti Contoh", "Terbitkan Ulang")
    office.run()

    assert "Siap Ditandatangani" == office.record("Siti Contoh")["Status"]


def test_a_full_disk_leaves_the_letter_that_is_there(
    issued: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A re-issue that cannot begin takes nothing back of what is known."""
    office = issued
    office.ask("Siti Contoh", "Sudah Diambil")
    office.run()
    office.ask("Siti Contoh", "Terbitkan Ulang")
    with monkeypatch.context() as patches:
        patches.setattr("sync.commands.program.free_bytes", lambda _: 1_000_000)
        assert 2 == office.run().exit_code
    assert "Selesai" == office.record("Siti Contoh")["Status"]

    office.run()
    assert "2" == _revision(office)[1]
    assert quiet(office)


def test_staff_choose_who_signs(bare_office: Office) -> None:
    """`Penandatangan` names the signer; any other text counts as empty and is pointed out."""
    office = bare_office
    office.configure(signers=_SIGNERS)
    office.set_up()
    assert "Penandatangan" in office.header()
    office.submit("Siti Contoh")
    office.edit("Siti Contoh", "Penandatangan", "Wati Contoh")
    office.run()
    letter = office.letter("Siti Contoh")
    assert "\ta.n. Kepala Desa Kebobang" in letter
    assert "Siti Contoh\tWATI CONTOH" in letter

    (first,) = office.letters()
    content = first.read_bytes()
    office.edit("Siti Contoh", "Penandatangan", "Pak RT")
    office.ask("Siti Contoh", "Terbitkan Ulang", "kades sudah\nkembali")
    office.run()
    assert content == first.read_bytes(), "the earlier letter is kept"
    assert "Siti Contoh\tSUGENG CONTOH" in office.letter("Siti Contoh")
    assert "Penandatangan yang tertulis tidak dikenal" in office.record("Siti Contoh")["Catatan"]
    assert quiet(office)


def test_the_register_says_who_when_and_why(bare_office: Office) -> None:
    """Of each revision, one after the other; without a reason it says that there is none."""
    office = bare_office
    office.configure(signers=_SIGNERS)
    office.set_up()
    office.submit("Siti Contoh")
    office.run()
    office.ask("Siti Contoh", "Terbitkan Ulang", "salah\nalamat")
    office.run()
    second = "Revisi 2, 24 November 2026, penandatangan SUGENG CONTOH: salah alamat"
    assert second == office.register_tab()[1][8]

    office.edit("Siti Contoh", "Alasan Petugas", "")
    office.edit("Siti Contoh", "Penandatangan", "WATI CONTOH")
    office.edit("Siti Contoh", "Pekerjaan", "Petani")
    office.run()
    third = "Revisi 3, 24 November 2026, penandatangan WATI CONTOH: tanpa keterangan"
    assert f"{second}; {third}" == office.register_tab()[1][8]
    assert [f"{second}; {third}"] == [line.reason for line in office.register()]
    assert ["WATI CONTOH"] == [e.letter.signer.name for e in office.entries() if e.letter]
    assert quiet(office)
