"""Click-to-chat links: whom they go to, what they say, and what they never hold."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.model import Problem, ProblemCode, Status, SubmissionId
from sync.notices import whatsapp_link

ID = SubmissionId("SKU-0000-0000-0")
NIK = Problem(ProblemCode.NIK_LENGTH, "nik", {"count": 15})


def link(status: Status, phone: str = "6281200000001", problems: tuple[Problem, ...] = ()) -> str:
    return whatsapp_link(
        phone=phone,
        status=status,
        submission_id=ID,
        problems=problems,
        questions={"nik": "NIK", "agama": "Agama"},
        office_hours="Senin–Jumat 08.00–15.00 WIB",
        village="Kebobang",
    )


def message(address: str) -> str:
    return parse_qs(urlsplit(address).query, strict_parsing=True)["text"][0]


def test_link_opens_a_chat_with_the_applicant() -> None:
    """The number stands in the path, the message is percent-encoded."""
    parts = urlsplit(link(Status.READY))
    assert ("https", "wa.me", "/6281200000001") == (parts.scheme, parts.netloc, parts.path)
    assert parts.query.isascii()
    assert " " not in parts.query


def test_message_says_ticket_status_and_what_to_do() -> None:
    """A letter that is ready is fetched with the KTP."""
    assert (
        "Yth. Bapak/Ibu, permohonan SKU-0000-0000-0: surat siap diambil di kantor desa, "
        "Senin–Jumat 08.00–15.00 WIB. Bawa KTP asli. Salam, Kantor Desa Kebobang."
    ) == message(link(Status.READY))


def test_message_lists_what_to_correct() -> None:
    """The applicant reads the same words as staff."""
    problems = (NIK, Problem(ProblemCode.MISSING, "agama"))
    assert (
        "mohon perbaiki yang berikut. NIK: harus 16 angka; yang tertulis 15 angka. "
        "Agama: belum diisi. Balas pesan ini"
    ) in message(link(Status.NEEDS_CORRECTION, problems=problems))


def test_message_names_only_the_first_problems() -> None:
    """A long list stays readable on a phone."""
    text = message(link(Status.NEEDS_CORRECTION, problems=(NIK,) * 8))
    assert (5, True) == (text.count("NIK:"), "dan 3 isian lain." in text)


@pytest.mark.parametrize("phone", ["", "62341000001"])
def test_no_mobile_number_no_link(phone: str) -> None:
    """A landline has no chat."""
    assert "" == link(Status.READY, phone=phone)


@pytest.mark.parametrize("status", [Status.DELAYED, Status.ARCHIVED, Status.REPLACED])
def test_status_without_news_has_no_link(status: Status) -> None:
    """Nobody is told of our own trouble, or of an old row."""
    assert "" == link(status)


@given(status=st.sampled_from(Status), hours=st.text(max_size=40), village=st.text(max_size=40))
def test_any_text_makes_a_plain_address(status: Status, hours: str, village: str) -> None:
    """Whatever the config says, the address stays one ASCII word."""
    address = whatsapp_link(
        phone="6281200000001",
        status=status,
        submission_id=ID,
        problems=(NIK,),
        questions={},
        office_hours=hours,
        village=village,
    )
    assert address.isascii()
    assert [] == address.split()[1:]
