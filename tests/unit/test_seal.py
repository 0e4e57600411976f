"""The seal: what was sealed is read again, and nothing else passes for it."""

import json
from datetime import date, timedelta
from io import BytesIO

import cbor2
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_L

from sync.letter.qr import MAX_BYTES, qr_png
from sync.letter.seal import (
    Seal,
    SigningKey,
    UnknownSeal,
    UnreadableSeal,
    from_base64url,
    key_id,
    masked,
    opened,
    to_base64url,
    token_in,
    values_digest,
)

SIGNER = SigningKey.of(bytes(range(32)))
KEYS = {SIGNER.key_id: SIGNER.public_key}
SEAL = Seal(
    village_code="35.07.32.2004",
    service="sku",
    letter_number="500.3/24/35.07.32.2004/2026",
    revision=1,
    issued_on=date(2026, 11, 24),
    valid_until=date(2027, 2, 24),
    masked_name="S*** C*****",
    digest=bytes(range(16)),
)
TOKEN = SIGNER.token(SEAL)
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
#: the order of the curve's base point (RFC 8032, 5.1)
ORDER = 2**252 + 27742317777372353535851937790883648493

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
days = st.dates(min_value=date(1970, 1, 1), max_value=date(2200, 1, 1))
seals = st.builds(
    Seal,
    village_code=texts,
    service=texts,
    letter_number=texts,
    revision=st.integers(1, 70_000),
    issued_on=days,
    valid_until=st.none() | days,
    masked_name=texts,
    digest=st.binary(min_size=16, max_size=16),
)


@given(seal=seals, seed=st.binary(min_size=32, max_size=32))
def test_what_was_sealed_is_read_again(seal: Seal, seed: bytes) -> None:
    """Sign, spell, read: the same again, with the right key among others."""
    signer = SigningKey.of(seed)

    assert seal == opened(signer.token(seal), KEYS | {signer.key_id: signer.public_key})


def test_same_seal_has_same_token() -> None:
    """The file of a letter can be made again: signatures do not vary."""
    assert TOKEN == SigningKey.of(bytes(range(32))).token(SEAL)


def test_format_stays() -> None:
    """Letters that are out there keep their seals: this one was made by the first version."""
    version, key, payload, signature = cbor2.loads(from_base64url(TOKEN))

    assert TOKEN == (
        "hAFoVmtkYXAxUmpYVIhtMzUuMDcuMzIuMjAwNGNza3V4GzUwMC4zLzI0LzM1LjA3LjMyLjIwMDQvMjAyNgEZUS0Z"
        "UYlrUyoqKiBDKioqKipQAAECAwQFBgcICQoLDA0OD1hAu5nKcDTXN_u7yl3X-2wsY6antson7LVPQA4RorU2JZPD"
        "7vWd2Tz-UMq3UYhqKWbNWovtOfzgIlShfPlhKtsnBA"
    )
    assert (1, SIGNER.key_id, SIGNER.sign(payload)) == (version, key, signature)
    assert cbor2.loads(payload) == [
        "35.07.32.2004", "sku", "500.3/24/35.07.32.2004/2026", 1, 20781, 20873, "S*** C*****",
        bytes(range(16)),
    ]  # fmt: skip


@pytest.mark.parametrize("bit", range(6))
def test_changed_letter_of_the_token_is_refused(bit: int) -> None:
    """Each of the six bits of each character, one after the other."""
    for at, letter in enumerate(TOKEN):
        other = ALPHABET[ALPHABET.index(letter) ^ 1 << bit]
        with pytest.raises((UnreadableSeal, UnknownSeal)):
            opened(TOKEN[:at] + other + TOKEN[at + 1 :], KEYS)


def test_flipped_bit_is_refused() -> None:
    """Each bit of the bytes, spelled properly."""
    content = from_base64url(TOKEN)
    for bit in range(8 * len(content)):
        changed = (int.from_bytes(content) ^ 1 << bit).to_bytes(len(content))
        with pytest.raises((UnreadableSeal, UnknownSeal)):
            opened(to_base64url(changed), KEYS)


@given(at=st.integers(0, len(TOKEN)), more=st.text(max_size=3))
def test_other_length_is_refused(at: int, more: str) -> None:
    """Something put in or left out, anywhere."""
    for changed in (TOKEN[:at] + more + TOKEN[at:], TOKEN[:at] + TOKEN[at + 1 :]):
        if changed != TOKEN:
            with pytest.raises((UnreadableSeal, UnknownSeal)):
                opened(changed, KEYS)


@given(st.text() | st.binary().map(to_base64url))
def test_anything_else_is_refused(text: str) -> None:
    """Whatever a scanner reads, only a seal is one."""
    with pytest.raises(UnreadableSeal):
        opened(text, KEYS)


def _payload() -> bytes:
    content = from_base64url(TOKEN)
    return content[13:-66]


def _again(payload: bytes, signature: bytes, head: bytes = b"\x84\x01\x68") -> str:
    content = head + SIGNER.key_id.encode() + b"\x58" + bytes([len(payload)])
    return to_base64url(content + payload + b"\x58\x40" + signature)


OTHER_SPELLINGS = {
    "padding": TOKEN + "=" * (-len(TOKEN) % 4 or 4),
    "new line": TOKEN + "\n",
    "space": f" {TOKEN}",
    "standard alphabet": TOKEN.replace("-", "+").replace("_", "/"),
    "array of unknown length": to_base64url(b"\x9f" + from_base64url(TOKEN)[1:] + b"\xff"),
    "long form of the array": to_base64url(b"\x98\x04" + from_base64url(TOKEN)[1:]),
    "long form of the format": _again(_payload(), from_base64url(TOKEN)[-64:], b"\x84\x18\x01\x68"),
    "long form of a length": to_base64url(
        from_base64url(TOKEN)[:11] + b"\x59\x00" + from_base64url(TOKEN)[12:]
    ),
    "tagged": to_base64url(b"\xd9\xd9\xf7" + from_base64url(TOKEN)),
    "more at the end": to_base64url(from_base64url(TOKEN) + b"\0"),
    "signature plus the order": _again(
        _payload(),
        from_base64url(TOKEN)[-64:-32]
        + (int.from_bytes(from_base64url(TOKEN)[-32:], "little") + ORDER).to_bytes(32, "little"),
    ),
}


@pytest.mark.parametrize("name", OTHER_SPELLINGS)
def test_other_spelling_is_refused(name: str) -> None:
    """A seal has one spelling: base64url, CBOR and signature can all be written otherwise."""
    assert OTHER_SPELLINGS[name] != TOKEN
    with pytest.raises((UnreadableSeal, UnknownSeal)):
        opened(OTHER_SPELLINGS[name], KEYS)


def test_spelling_by_hand_is_the_real_one() -> None:
    """The list above differs from a good token in just one thing each."""
    assert TOKEN == _again(_payload(), from_base64url(TOKEN)[-64:])


def test_unknown_key_is_refused() -> None:
    """A seal of another village, or of nobody."""
    stranger = SigningKey.of(bytes(32))

    with pytest.raises(UnknownSeal):
        opened(stranger.token(SEAL), KEYS)
    with pytest.raises(UnknownSeal):
        opened(TOKEN, {})


def test_forged_key_id_is_refused() -> None:
    """A stranger's signature under our key's name."""
    stranger = SigningKey.of(bytes(32))
    signature = stranger.sign(_payload())

    with pytest.raises(UnknownSeal):
        opened(_again(_payload(), signature), KEYS)


def test_other_signed_content_is_no_seal() -> None:
    """The keys sign lists too; none of those passes for a letter."""
    listed = json.dumps({"letters": []}).encode()

    with pytest.raises(UnreadableSeal):
        opened(_again(listed, SIGNER.sign(listed)), KEYS)


@pytest.mark.parametrize(
    "text",
    [TOKEN, f"https://desa.example/periksa#{TOKEN}", f"  {TOKEN}\n", f"file:///x.html#{TOKEN}"],
)
def test_token_is_found_in_what_was_scanned(text: str) -> None:
    """A code alone, or the page's address with it."""
    assert TOKEN == token_in(text)


@pytest.mark.parametrize(
    "name, expected",
    [
        ("Siti Contoh", "S*** C*****"),
        ("Hj. Siti Contoh, S.Pd.", "H** S*** C****** S****"),
        ("O'Neil", "O*****"),
        ("'Abd", "*A**"),
        ("Ani", "A**"),
        ("", ""),
        ("Siti  Á", "S*** Á"),
    ],
)
def test_name_is_masked(name: str, expected: str) -> None:
    """Enough to compare with an identity card, too little to learn a name."""
    assert expected == masked(name)


def test_digest_needs_the_secret() -> None:
    """The digest depends on each value and on the village's secret, not on the order."""
    digest = values_digest(b"secret", {"nama": "Siti", "nik": "1"})

    assert digest == values_digest(b"secret", {"nik": "1", "nama": "Siti"})
    assert digest != values_digest(b"other", {"nama": "Siti", "nik": "1"})
    assert digest != values_digest(b"secret", {"nama": "Siti", "nik": "2"})
    assert 16 == len(digest)


def test_key_id_is_of_the_public_key() -> None:
    """Two keys have two names; a name is eight letters of base64url."""
    assert SIGNER.key_id == key_id(SIGNER.public_key)
    assert 8 == len(SIGNER.key_id)
    assert SIGNER.key_id != SigningKey.of(bytes(32)).key_id


def test_longest_seal_fits_a_code() -> None:
    """A long number and the longest name still leave a code that a phone reads."""
    longest = SIGNER.token(
        Seal(
            village_code="35.07.32.2004",
            service="s" * 30,
            letter_number="n" * 80,
            revision=999,
            issued_on=date(2026, 11, 24),
            valid_until=date(2026, 11, 24) + timedelta(days=400),
            masked_name="Ö" * 100,
            digest=bytes(16),
        )
    )

    assert len(longest) < 700
    assert longest == read(qr_png(longest))


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=700))
def test_code_reads_as_it_was_written(text: str) -> None:
    """Another program reads what the code says, at every size that letters have."""
    assert text == read(qr_png(text))


@pytest.mark.parametrize("size", [1, 271, 272, 400, 1000, MAX_BYTES])
def test_code_is_the_one_that_the_library_draws(size: int) -> None:
    """The quick way joins the same dots as `qrcode` does by itself."""
    text = ("https://desa.example/periksa#" + TOKEN * 20)[:size]
    picture = Image.open(BytesIO(qr_png(text)))
    code = QRCode(version=10, error_correction=ERROR_CORRECT_L, mask_pattern=2, border=4)
    code.add_data(text.encode(), optimize=0)
    code.make(fit=True)
    drawn = code.get_matrix()
    side = len(drawn)

    assert (side * 8, side * 8) == picture.size
    assert drawn == [
        [not picture.getpixel((8 * x + 4, 8 * y + 4)) for x in range(side)] for y in range(side)
    ]


def test_code_has_a_limit() -> None:
    """A text that no code holds is told before anything is drawn."""
    with pytest.raises(ValueError, match="2954 bytes"):
        qr_png("x" * (MAX_BYTES + 1))


def read(png: bytes) -> str:
    """Return what the code says, as a phone would read it."""
    found = zxingcpp.read_barcode(Image.open(BytesIO(png)))
    assert found is not None
    return str(found.text)
