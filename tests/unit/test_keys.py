"""What the secret, the keys from it and the tickets can be trusted for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import DiskError, UserError
from sync.keys import Keys, is_submission_id, register_gid, submission_id

if TYPE_CHECKING:
    from pathlib import Path

    from sync.model import SubmissionId

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
KEYS = Keys(bytes(range(32)))
NUMBERS = st.integers(0, 2**40)


def ticket(serial: int | None = 1, **changes: object) -> SubmissionId:
    """Return the ticket of an invented row."""
    row: dict[str, object] = {"prefix": "sku", "spreadsheet": "s", "gid": 1, "occurrence": 1}
    return submission_id(KEYS, serial=serial, **row | changes)  # type: ignore[arg-type]


def test_keys_are_made_once_and_kept_private(tmp_path: Path) -> None:
    """What was made is what is loaded, from a file for the owner alone."""
    assert None is Keys.load(tmp_path)
    made = Keys.create(tmp_path)

    assert made == Keys.load(tmp_path)
    assert 32 == len(made.secret)
    assert 0o600 == (tmp_path / "secret.key").stat().st_mode & 0o777
    assert made.secret.hex() == (tmp_path / "secret.key").read_text().strip()


def test_keys_are_never_made_anew(tmp_path: Path) -> None:
    """A new key would orphan every id and digest."""
    made = Keys.create(tmp_path)

    with pytest.raises(UserError, match="already"):
        Keys.create(tmp_path)
    assert made == Keys.load(tmp_path)


def test_two_villages_have_two_secrets(tmp_path: Path) -> None:
    """The secret is random."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    assert Keys.create(tmp_path / "a") != Keys.create(tmp_path / "b")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_readable_secret_is_refused(tmp_path: Path, mode: int) -> None:
    """The message says the remedy, and not the secret."""
    made = Keys.create(tmp_path)
    (tmp_path / "secret.key").chmod(mode)

    with pytest.raises(UserError, match="chmod 600") as caught:
        Keys.load(tmp_path)
    assert made.secret.hex() not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"ab", b"g" * 64, b"A" * 64, b"a" * 65, b"\xff" * 64])
def test_a_malformed_secret_is_refused(tmp_path: Path, content: bytes) -> None:
    """A truncated or typed-over file is told, and used for nothing."""
    path = tmp_path / "secret.key"
    path.touch(0o600)
    path.write_bytes(content)

    with pytest.raises(UserError, match="backup"):
        Keys.load(tmp_path)


def test_a_secret_that_cannot_be_read_is_the_disks_trouble(tmp_path: Path) -> None:
    """It is not taken for a missing one."""
    (tmp_path / "file").touch()

    with pytest.raises(DiskError):
        Keys.load(tmp_path / "file")


def test_the_secret_is_not_shown() -> None:
    """Not even in a log of the object."""
    assert KEYS.secret.hex() not in repr(KEYS)
    assert str(KEYS.secret) not in repr(KEYS)


def test_each_purpose_has_its_key() -> None:
    """Knowing one says nothing about another."""
    keys = [KEYS.derive(purpose) for purpose in ("a", "b", "ab")]

    assert 4 == len({KEYS.secret, *keys})
    assert {32} == {len(key) for key in keys}


def test_derived_keys_stay_what_they_are() -> None:
    """Ledgers and letters of years ago were made with them."""
    assert "86ddc841" == KEYS.derive("register-line").hex()[:8]
    assert "7d634e68dc9325a95a3a936e8fa42841" == KEYS.digest("identity", "Siti Contoh")
    assert "SKU-1QYV-YB5X-C" == ticket(4_000_000_000_000)
    assert 596_316_138 == register_gid("surat-keterangan", 2026)


@given(st.text(), st.text())
def test_digests_are_equal_when_texts_are(one: str, other: str) -> None:
    """Same text, same digest, of 32 hexadecimal digits; another secret, another digest."""
    digest = KEYS.digest("identity", one)

    assert (one == other) == (digest == KEYS.digest("identity", other))
    assert re.fullmatch("[0-9a-f]{32}", digest)
    assert digest != KEYS.digest("fingerprint", one)
    assert digest != Keys(bytes(32)).digest("identity", one)


def test_a_lone_surrogate_has_a_digest() -> None:
    """A broken answer is told apart like any other."""
    assert KEYS.digest("identity", "\ud800") != KEYS.digest("identity", "\ud801")


@given(st.none() | st.integers(), st.integers(1, 99), st.integers(0, 2**31), st.text())
def test_a_ticket_is_spelled_like_one(
    serial: int | None, occurrence: int, gid: int, spreadsheet: str
) -> None:
    """Every row has one, and it is the same whenever it is asked for."""
    made = ticket(serial, occurrence=occurrence, gid=gid, spreadsheet=spreadsheet)

    assert re.fullmatch(rf"SKU-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}-[{ALPHABET}]", made)
    assert is_submission_id(made)
    assert made == ticket(serial, occurrence=occurrence, gid=gid, spreadsheet=spreadsheet)


@pytest.mark.parametrize(
    "changes",
    [{"serial": 2}, {"serial": None}, {"gid": 2}, {"spreadsheet": "t"}, {"occurrence": 2}],
)
def test_another_row_has_another_ticket(changes: dict[str, object]) -> None:
    """Each part of where a row came from counts."""
    assert ticket() != ticket(**changes)  # type: ignore[arg-type]


@given(NUMBERS, st.integers(0, 8), st.sampled_from(ALPHABET))
def test_a_wrong_character_is_noticed(serial: int, place: int, wrong: str) -> None:
    """Any one character that is misread makes the ticket unknown."""
    prefix, code = _split(ticket(serial))
    typed = code[:place] + wrong + code[place + 1 :]

    assert (typed == code) == is_submission_id(_join(prefix, typed))


@given(NUMBERS, st.integers(0, 8), st.integers(0, 8))
def test_an_exchange_is_noticed(serial: int, one: int, other: int) -> None:
    """Any two characters that change places, adjacent or not, make the ticket unknown."""
    prefix, code = _split(ticket(serial))
    typed = list(code)
    typed[one], typed[other] = typed[other], typed[one]

    assert ("".join(typed) == code) == is_submission_id(_join(prefix, "".join(typed)))


@pytest.mark.parametrize(
    "text", ["", "SKU", "sku-1QYV-YB5X-C", "1QYV-YB5X-C", "SKU-1QYV-YB5X-C ", "SKU-1QYV-YB5X-C\n"]
)
def test_other_texts_are_no_tickets(text: str) -> None:
    """Only the exact spelling counts."""
    assert not is_submission_id(text)


@given(st.text(), st.integers(2000, 2100))
def test_a_registers_tab_has_a_valid_id(register: str, year: int) -> None:
    """It is positive, fits Google's 31 bits, and differs from next year's."""
    gid = register_gid(register, year)

    assert 0 < gid < 2**31
    assert gid != register_gid(register, year + 1)


def _split(ticket: str) -> tuple[str, str]:
    prefix, first, second, check = ticket.split("-")
    return prefix, first + second + check


def _join(prefix: str, code: str) -> str:
    return f"{prefix}-{code[:4]}-{code[4:8]}-{code[8]}"
