"""Kinds `phone` and `email`: where the applicant can be reached."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sync.fields.parsed import Parsed
from sync.model import Caution, CautionCode, Problem, ProblemCode

if TYPE_CHECKING:
    from datetime import date

    from sync.fields.answer import Answer
    from sync.model import FieldSpec

_CHAT_LINK = re.compile(
    r"(?:https?://)?(?:www\.)?(?:wa\.me/|api\.whatsapp\.com/send/?\?phone=)\+?([0-9]+)(?:[/?&].*)?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\+?[0-9 ().\-]+")
_BETWEEN_NUMBERS = re.compile(
    r"\s*(?:[/,;|&]|\batau\b|\bdan\b|\s(?=(?:\+?62|0)\s?8))\s*", re.IGNORECASE
)
_EMAIL = re.compile(
    r"[^\s@,;:<>()\[\]\"\\]+@(?:[^\s@,;:<>()\[\]\"\\.]+\.)+[^\s@,;:<>()\[\]\"\\.]{2,}"
)
_COUNTRY = "62"


def parse_phone(spec: FieldSpec, answer: Answer, today: date) -> Parsed | Problem:  # noqa: ARG001
    """
    Return the number as digits with its country code (62...).

    What is a number, and what a mobile one, phonenumberslite judges.
    """
    if whole := _judged(answer.text):
        digits, mobile = whole
        return Parsed(digits, _not_mobile(spec, mobile=mobile))
    first, *others = _BETWEEN_NUMBERS.split(answer.text)
    judged = _judged(first) if any(others) else None
    if judged is None:
        return Problem(ProblemCode.PHONE_INVALID, spec.name)
    two = Caution(CautionCode.PHONE_TWO_NUMBERS, spec.name)
    return Parsed(judged[0], (two, *_not_mobile(spec, mobile=judged[1])))


def parse_email(spec: FieldSpec, answer: Answer, today: date) -> Parsed | Problem:  # noqa: ARG001
    """Return the address."""
    if not _EMAIL.fullmatch(answer.text):
        return Problem(ProblemCode.EMAIL_INVALID, spec.name)
    return Parsed(answer.text)


def _not_mobile(spec: FieldSpec, *, mobile: bool) -> tuple[Caution, ...]:
    return () if mobile else (Caution(CautionCode.PHONE_NOT_MOBILE, spec.name),)


def _judged(text: str) -> tuple[str, bool] | None:
    """Return the digits, and whether they are a mobile number's; None for no number."""
    dialled = _dialled(text)
    if dialled is None:
        return None
    # Importing its tables costs more than a run without news may take.
    import phonenumbers  # noqa: PLC0415
    from phonenumbers import PhoneNumberType  # noqa: PLC0415

    try:
        number = phonenumbers.parse(dialled, "ID")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    plain = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    mobile = phonenumbers.number_type(number) in {
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
    }
    return plain.lstrip("+"), mobile


def _dialled(text: str) -> str | None:
    """Return +62..., or 0...; a zero that a number cell has eaten is put back."""
    if link := _CHAT_LINK.fullmatch(text):
        text = link[1]
    if not _NUMBER.fullmatch(text):
        return None
    digits = re.sub(r"[^0-9]", "", text)
    if text.startswith("+") or digits.startswith(_COUNTRY):
        return f"+{digits}"
    return digits if digits.startswith("0") else f"0{digits}"
