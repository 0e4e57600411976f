"""Every `Tindakan` in every status: what becomes of the submission, and what `Catatan` says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from history import quiet, written_headers
from office import CLAIM, answers_by_question, resident

from sync.layout import serial_of
from sync.model import Status
from sync.text import status_word

if TYPE_CHECKING:
    from collections.abc import Callable

    from office import Office

    from sync.model import Entry

_NAMES = (
    "Siti Contoh",
    "Budi Contoh",
    "Ani Contoh",
    "Joko Contoh",
    "Sri Contoh",
    "Dewi Contoh",
    "Agus Contoh",
    "Rina Contoh",
)
_ACTIONS = (
    "",
    "Setujui",
    "Tolak",
    "Sudah Ditandatangani",
    "Sudah Diambil",
    "Terbitkan Ulang",
    "Batalkan",
    "Minta dipercepat",
)

# For each status, in the order of _ACTIONS: the status after one run, `!` where `Catatan` says
# that the action does not fit, and, where the standing action fits what that run made, the
# status after the next. Source: the table of actions in docs/how-it-works.md.
_MATRIX: dict[str, tuple[str, ...]] = {
    "RECEIVED": (
        "Siap Ditandatangani",
        "Siap Ditandatangani",
        "Ditolak",
        "Siap Ditandatangani! Siap Diambil",
        "Siap Ditandatangani! Selesai",
        "Siap Ditandatangani! Siap Ditandatangani",
        "Dibatalkan",
        "Siap Ditandatangani!",
    ),
    "NEEDS_CORRECTION": (
        "Perlu Perbaikan",
        "Perlu Perbaikan!",
        "Ditolak",
        "Perlu Perbaikan!",
        "Perlu Perbaikan!",
        "Perlu Perbaikan!",
        "Dibatalkan",
        "Perlu Perbaikan!",
    ),
    "AWAITING_APPROVAL": (
        "Menunggu Persetujuan",
        "Siap Ditandatangani",
        "Ditolak",
        "Menunggu Persetujuan!",
        "Menunggu Persetujuan!",
        "Menunggu Persetujuan!",
        "Dibatalkan",
        "Menunggu Persetujuan!",
    ),
    "HELD": (
        "Ditahan",
        "Siap Ditandatangani",
        "Ditolak",
        "Ditahan!",
        "Ditahan!",
        "Ditahan!",
        "Dibatalkan",
        "Ditahan!",
    ),
    "ISSUED": (
        "Siap Ditandatangani",
        "Siap Ditandatangani",
        "Siap Ditandatangani!",
        "Siap Diambil",
        "Selesai",
        "Siap Ditandatangani",
        "Dibatalkan",
        "Siap Ditandatangani!",
    ),
    "READY": (
        "Siap Diambil",
        "Siap Diambil",
        "Siap Diambil!",
        "Siap Diambil",
        "Selesai",
        "Siap Ditandatangani",
        "Dibatalkan",
        "Siap Diambil!",
    ),
    "COLLECTED": (
        "Selesai",
        "Selesai",
        "Selesai!",
        "Selesai",
        "Selesai",
        "Siap Ditandatangani",
        "Dibatalkan",
        "Selesai!",
    ),
    "REFUSED": (
        "Siap Ditandatangani",
        "Siap Ditandatangani",
        "Ditolak",
        "Ditolak!",
        "Ditolak!",
        "Ditolak!",
        "Dibatalkan",
        "Ditolak!",
    ),
    "REPLACED": (
        "Diganti",
        "Diganti!",
        "Diganti!",
        "Diganti!",
        "Diganti!",
        "Diganti!",
        "Dibatalkan",
        "Diganti!",
    ),
    "VOID": (
        "Dibatalkan",
        "Dibatalkan!",
        "Dibatalkan!",
        "Dibatalkan!",
        "Dibatalkan!",
        "Dibatalkan!",
        "Dibatalkan",
        "Dibatalkan!",
    ),
    "VOID with a number": (
        "Dibatalkan",
        "Dibatalkan!",
        "Dibatalkan!",
        "Dibatalkan!",
        "Dibatalkan!",
        "Dibatalkan!",
        "Dibatalkan",
        "Dibatalkan!",
    ),
    "DELAYED": (
        "Siap Ditandatangani",
        "Siap Ditandatangani",
        "Ditolak",
        "Siap Ditandatangani! Siap Diambil",
        "Siap Ditandatangani! Selesai",
        "Siap Ditandatangani! Siap Ditandatangani",
        "Dibatalkan",
        "Siap Ditandatangani!",
    ),
    "DELAYED with a number": (
        "Siap Ditandatangani",
        "Siap Ditandatangani",
        "Siap Ditandatangani!",
        "Siap Ditandatangani! Siap Diambil",
        "Siap Ditandatangani! Selesai",
        "Siap Ditandatangani! Siap Ditandatangani",
        "Dibatalkan",
        "Siap Ditandatangani!",
    ),
    "ARCHIVED": (
        "Arsip",
        "Siap Ditandatangani",
        "Arsip!",
        "Arsip!",
        "Arsip!",
        "Arsip!",
        "Arsip!",
        "Arsip!",
    ),
}


@pytest.mark.parametrize("status", _MATRIX)
def test_every_action_in_every_status(
    status: str, bare_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An action does what the table says, or is explained; a second run changes nothing more."""
    office = bare_office
    if status != "ARCHIVED":
        office.set_up()
    with monkeypatch.context() as patches:
        _REACHED[status](office, patches)
    assert [status.split(maxsplit=1)[0]] * 8 == [
        _entry(office, name).status.value for name in _NAMES
    ]
    word = "" if status == "RECEIVED" else status_word(Status(status.split(maxsplit=1)[0]))
    assert {word} == {office.record(name)["Status"] for name in _NAMES}
    numbers = {one["Nama Lengkap"]: one["Nomor Surat"] for one in office.sandbox.records()}
    for name, action in zip(_NAMES, _ACTIONS, strict=True):
        if action:
            office.ask(name, action)
    people, mark = office.people(), office.mark()

    office.run()
    shown = tuple(map(_shown(office), _NAMES))
    office.run()
    later = tuple(map(_shown(office), _NAMES))

    table = [cell.split("! ") for cell in _MATRIX[status]]
    assert tuple(parts[0] + "!" * (len(parts) > 1) for parts in table) == shown
    assert tuple(parts[-1] for parts in table) == later
    assert quiet(office)
    assert people == office.people()
    assert written_headers(office, mark)
    now = {one["Nama Lengkap"]: one["Nomor Surat"] for one in office.sandbox.records()}
    kept = {name: number for name, number in numbers.items() if number}
    assert kept == {name: now[name] for name in kept}
    assert [*range(1, len(office.register()) + 1)] == [one.sequence for one in office.register()]


def _entry(office: Office, name: str) -> Entry:
    """Return a resident's entry, by the time of the form: a new one has no ticket yet."""
    serial = serial_of(office.record(name)["Timestamp"])
    return next(entry for entry in office.entries() if entry.serial == serial)


def _shown(office: Office) -> Callable[[str], str]:
    """Return what gives a resident's status, and `!` where the note explains the action."""

    def shown(name: str) -> str:
        record = office.record(name)
        note, action = record["Catatan"], record["Tindakan"]
        unfit = f"{action} tidak berlaku sekarang; pilih " in note
        unknown = "Tindakan yang tertulis tidak dikenal; pilih dari daftar." in note
        return f"{record['Status']}{'!' * (unfit or unknown)}"

    return shown


def _received(office: Office, _: pytest.MonkeyPatch) -> None:
    """Give tickets, but fail the first write: nothing is decided yet."""
    office.submit(*_NAMES)
    office.sandbox.fault(CLAIM, kind="503")
    office.run()


def _needing_correction(office: Office, _: pytest.MonkeyPatch) -> None:
    office.submit(*_NAMES, Mulai_Usaha="dulu sekali")
    office.run()


def _awaiting(office: Office, _: pytest.MonkeyPatch) -> None:
    office.configure(services__sku__approval="staff")
    office.submit(*_NAMES)
    office.run()


def _held(office: Office, _: pytest.MonkeyPatch) -> None:
    """Send everybody's request twice; the name differs, NIK and business do not."""
    _send(office, " Lama")
    _send(office)
    office.run()


def _issued(office: Office, _: pytest.MonkeyPatch) -> None:
    office.submit(*_NAMES)
    office.run()


def _after(action: str) -> Callable[[Office, pytest.MonkeyPatch], None]:
    """Return what issues letters, lets staff choose *action*, and empties the cells again."""

    def reach(office: Office, patches: pytest.MonkeyPatch) -> None:
        _issued(office, patches)
        _all_ask(office, action)

    return reach


def _refused(office: Office, patches: pytest.MonkeyPatch) -> None:
    _awaiting(office, patches)
    for name in _NAMES:
        office.ask(name, "Tolak")
    office.run()
    office.configure()
    for name in _NAMES:
        office.ask(name, "")


def _replaced(office: Office, _: pytest.MonkeyPatch) -> None:
    """Send everybody's request again, this time with a valid answer."""
    _send(office, Mulai_Usaha="dulu sekali")
    _send(office, " Baru")
    office.run()


def _void(office: Office, patches: pytest.MonkeyPatch) -> None:
    _awaiting(office, patches)
    _all_ask(office, "Batalkan")


def _delayed(office: Office, patches: pytest.MonkeyPatch) -> None:
    patches.setattr("sync.commands.program.free_bytes", lambda _: 1_000_000)
    office.submit(*_NAMES)
    assert 2 == office.run().exit_code


def _delayed_with_number(office: Office, _: pytest.MonkeyPatch) -> None:
    """Fail to store: a file stands where the register's folder should be."""
    obstacle = office.folder / "letters" / "surat-keterangan"
    obstacle.write_text("")
    office.submit(*_NAMES)
    assert 2 == office.run().exit_code
    obstacle.unlink()


def _archived(office: Office, _: pytest.MonkeyPatch) -> None:
    office.submit(*_NAMES)
    office.set_up()


def _all_ask(office: Office, action: str) -> None:
    for name in _NAMES:
        office.ask(name, action)
    office.run()
    for name in _NAMES:
        office.ask(name, "")


def _send(office: Office, suffix: str = "", **answers: str) -> None:
    for number, name in enumerate(_NAMES, start=1):
        office.sandbox.submit(resident(name + suffix, number) | answers_by_question(answers))
        office.pass_time(seconds=2)


_REACHED: dict[str, Callable[[Office, pytest.MonkeyPatch], None]] = {
    "RECEIVED": _received,
    "NEEDS_CORRECTION": _needing_correction,
    "AWAITING_APPROVAL": _awaiting,
    "HELD": _held,
    "ISSUED": _issued,
    "READY": _after("Sudah Ditandatangani"),
    "COLLECTED": _after("Sudah Diambil"),
    "REFUSED": _refused,
    "REPLACED": _replaced,
    "VOID": _void,
    "VOID with a number": _after("Batalkan"),
    "DELAYED": _delayed,
    "DELAYED with a number": _delayed_with_number,
    "ARCHIVED": _archived,
}
