"""The checker of planted people finds each of them, in every spelling."""

from __future__ import annotations

import base64
import hashlib
import logging
from urllib.parse import quote

import pytest
from canaries import Canaries, everything_logged, exception_texts, person

ONE = person(0)
CANARIES = Canaries([ONE, person(7)])

SHOWN = {
    "name": f"letter of {ONE.name}",
    "name in capitals": ONE.name.upper(),
    "a word of the name": f"_{ONE.name.split()[0]}_",
    "NIK": f"nik={ONE.nik}",
    "NIK with spaces": " ".join(ONE.nik[at : at + 4] for at in range(0, 16, 4)),
    "half a NIK": ONE.nik[:12],
    "end of a NIK": ONE.nik[-12:],
    "phone": ONE.phone,
    "phone abroad": f"+62 {ONE.phone[1:4]}-{ONE.phone[4:8]}-{ONE.phone[8:]}",
    "e-mail": ONE.email.upper(),
    "e-mail in a URL": quote(ONE.email, safe=""),
    "name in a URL": ONE.name.replace(" ", "+") + "%20",
    "birth date": f"{ONE.birth_date}",
    "birth date as answered": f"{ONE.birth_date:%d-%m-%Y}",
    "birth date in words": "3 Februari 1951",
    "birth date in a repr": repr(ONE.birth_date),
    "hash of a NIK": hashlib.sha256(ONE.nik.encode()).hexdigest(),
    "old hash of a name": hashlib.md5(ONE.name.encode()).hexdigest(),
    "base64": base64.b64encode(b"{" + ONE.nik.encode() + b"}").decode(),
    "link": f"https://wa.me/62{ONE.phone[1:]}?text=x",
}


@pytest.mark.parametrize("text", SHOWN.values(), ids=SHOWN.keys())
def test_a_planted_answer_is_found(text: str) -> None:
    """As text, and as the bytes of a file in each encoding."""
    assert CANARIES.leaks({"here": text})
    assert CANARIES.leaks({"here": text.encode()})
    assert CANARIES.leaks({"here": text.encode("utf-16-le")})


@pytest.mark.parametrize(
    "text",
    [
        "letter.issued SKU-2V4K-8H3D-X",
        "500.3/1/35.07.32.2004/2026",
        "2026-11-24 10:15",
        "35.07.32.2004 2026",
    ],
)
def test_what_tells_of_nobody_is_let_pass(text: str) -> None:
    """Tickets, letter numbers, today and the district's code are no leak."""
    assert [] == CANARIES.leaks({"here": text, "there": text.encode()})


def test_the_number_of_a_chat_link_may_be_let_pass() -> None:
    """Only the number, and only where the caller says so."""
    link = f"https://wa.me/62{ONE.phone[1:]}?text=Halo"

    assert [] == CANARIES.leaks({"cell": link}, wa_links=True)
    assert CANARIES.leaks({"cell": f"{link} {ONE.phone}"}, wa_links=True)


def test_log_lines_of_every_library_are_caught() -> None:
    """With their arguments, extras and tracebacks, at every level."""
    with everything_logged() as lines:
        logging.getLogger("urllib3.connectionpool").debug("asked %s", ONE.nik)
        logging.getLogger("x").info("y", extra={"who": ONE.name})
        try:
            _fail()
        except RuntimeError:
            logging.getLogger("z").exception("bug")

    assert {"nik", "name", "phone"} <= {leak.kind for leak in CANARIES.leaks(lines)}


def test_what_an_exception_carries_is_looked_at() -> None:
    """Its causes, contexts and notes too."""
    with pytest.raises(RuntimeError) as caught:
        _fail()

    found = CANARIES.leaks(exception_texts(caught.value))
    assert {"phone", "email"} <= {leak.kind for leak in found}


def _fail() -> None:
    error = KeyError(ONE.phone)
    error.add_note(ONE.email)
    raise RuntimeError("outside") from error


def test_people_are_all_different() -> None:
    """No two share an answer, so that a leak tells whose it is."""
    people = [person(number) for number in range(300)]

    for what in ("name", "nik", "phone", "email"):
        assert 300 == len({getattr(one, what) for one in people}), what
