"""
Planted people, and a checker that finds them wherever no person may show.

`Canaries` is given the people that were planted and tells which texts hold one of their answers,
in any spelling that a program makes of it. `everything_logged` catches every log line of every
library while its block lasts.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import re
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from sync.text.dates import long_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_FIRST = ("Wulandarmi", "Kusnadarto", "Rahmanisti", "Pramudianto", "Sekarwinih", "Giyantomo")
_LAST = ("Xaverindo", "Quintarsa", "Zebuliarta", "Yudhaswari", "Vidyantika", "Umbularjo")
_WA_LINK = re.compile(r"wa\.me/\d+")
_WORD = re.compile(r"[^\W\d_]+")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_DATE = re.compile(r"\d{4}([-/. ])\d\d\1\d\d|\d\d([-/. ])\d\d\2\d{4}|date\(\d{4}, \d+, \d+")
_LONG_DATE = re.compile(r"\d{1,2} [a-z]+ \d{4}")
_NUMBER = re.compile(r"\d(?:[ .\-]?\d){8,}")
_NIK_PART = 12  #: the district and a birth date; ten can be a village's own code
_PHONE_PART = 10
_HASH_LENGTH = 32
_HASH = re.compile(rf"(?<![0-9a-f])[0-9a-f]{{{_HASH_LENGTH}}}")
_BASE64_LENGTH = 12
_BASE64 = re.compile(rf"[a-z0-9+/]{{{_BASE64_LENGTH},}}")
_LONG_WORD = 7
_HASHES = (hashlib.md5, hashlib.sha1, hashlib.sha224, hashlib.sha256, hashlib.sha512)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What one planted resident answers, by what it is."""

    name: str
    nik: str
    birth_date: date
    phone: str
    email: str

    def answers(self) -> dict[str, str]:
        """Return the answers by the sample form's questions."""
        return {
            "Nama Lengkap": self.name,
            "NIK": self.nik,
            "Tanggal Lahir": f"{self.birth_date:%d-%m-%Y}",
            "Nomor WhatsApp": self.phone,
            "Email": self.email,
        }


@dataclass(frozen=True, slots=True)
class Leak:
    """Where a planted answer was found, which kind it is, and what stands around it."""

    place: str
    kind: str
    found: str


def person(number: int) -> Person:
    """Return an invented resident whose answers nobody else has; *number* counts from 0."""
    rounds, place = divmod(number, len(_FIRST) * len(_LAST))
    first, last = divmod(place, len(_LAST))
    middle = "abcdefghijklmnopqrstuvwxyz"[rounds % 26]
    born = date(1951, 2, 3) + timedelta(days=23 * number)
    return Person(
        name=f"{_FIRST[first]} Ol{middle}vanto {_LAST[last]}",
        nik=f"350732{born:%d%m%y}{9900 + number % 100:04d}",
        birth_date=born,
        phone=f"0857{41_907_300 + number:08d}",
        email=f"{_FIRST[first]}.{_LAST[last]}.{number}@surel-contoh.example".lower(),
    )


class Canaries:
    """
    The planted answers; `leaks` tells where they show.

    Looked for are: names whole and each long word of them, NIKs and phones with any dividers and
    in part (twelve and ten digits in a row), e-mails, birth dates as they are written, all of
    these in percent-encoding, in base64, and as plain hashes. Time is that of reading the text
    a few times, however many people there are.
    """

    def __init__(self, people: Iterable[Person], *, name_words: bool = True) -> None:
        """name_words: a single word of a name is a leak; not for names like "Siti Contoh"."""
        self._names: dict[str, set[str]] = {}
        self._known: dict[str, str] = {}  # what may stand there to its kind
        for one in people:
            name = one.name.casefold()
            first, *others = name.split()
            self._names.setdefault(first, set()).add(name)
            if name_words:
                words = (word for word in (first, *others) if len(word) >= _LONG_WORD)
                self._known |= dict.fromkeys(words, "name")
            self._known |= dict.fromkeys(_in_part(one.nik, _NIK_PART), "nik")
            self._known |= dict.fromkeys(_in_part(one.phone.lstrip("0"), _PHONE_PART), "phone")
            self._known |= dict.fromkeys(_dates(one.birth_date), "birth_date")
            self._known |= dict.fromkeys(_encoded(one), "encoded")
            self._known[one.email.casefold()] = "email"

    def leaks(self, texts: Mapping[str, str | bytes], *, wa_links: bool = False) -> list[Leak]:
        """
        Return what shows in *texts*, a place's name to what stands there.

        wa_links: the phone number of a `wa.me` link may stand there
        """
        return [
            Leak(place, kind, text[max(at - 40, 0) : at + 40])
            for place, content in texts.items()
            for text in _spellings(content, wa_links=wa_links)
            for at, kind in self._shown(text)
        ]

    def leaks_in_files(self, folder: Path, *, contents: bool) -> list[Leak]:
        """Return what shows in the names, and if wanted the *contents*, of all in *folder*."""
        paths = sorted(folder.rglob("*"))
        names = {f"name of {path}": str(path.relative_to(folder)) for path in paths}
        if not contents:
            return self.leaks(names)
        return self.leaks(names | {str(p): p.read_bytes() for p in paths if p.is_file()})

    def _shown(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield place and kind of each planted answer in a text in lower case."""
        for at, part in _parts(text):
            if kind := self._known.get(part):
                yield at, kind
            elif any(text.startswith(name, at) for name in self._names.get(part, ())):
                yield at, "name"


class Catcher(logging.Handler):
    """Keeps every record as all that any formatter could make of it."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.lines: dict[str, str] = {}

    def emit(self, record: logging.LogRecord) -> None:
        facts = {key: value for key, value in vars(record).items() if key != "exc_info"}
        error = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
        place = f"log line {len(self.lines)} of {record.name}"
        self.lines[place] = f"{record.getMessage()} {facts!r} {error}"


@contextmanager
def everything_logged(
    level: int = logging.DEBUG, catcher: Catcher | None = None
) -> Iterator[dict[str, str]]:
    """
    Yield what all loggers say while the block lasts, by place; libraries at *level* too.

    catcher: keeps the lines, instead of a new one

    A command that begins its own log inside (`sync.logs.begin`) quiets libraries again.
    """
    root, catcher = logging.getLogger(), catcher or Catcher()
    disabled = root.manager.disable
    known = [one for one in root.manager.loggerDict.values() if isinstance(one, logging.Logger)]
    levels = {one: one.level for one in (root, *known)}
    for one in known:
        one.setLevel(logging.NOTSET)
    root.setLevel(level)
    root.addHandler(catcher)
    logging.disable(logging.NOTSET)
    try:
        yield catcher.lines
    finally:
        logging.disable(disabled)
        root.removeHandler(catcher)
        for one, before in levels.items():
            one.setLevel(before)


def exception_texts(error: BaseException) -> dict[str, str]:
    """Return what an exception, its causes, contexts and notes say, by place."""
    texts: dict[str, str] = {}
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or f"{type(one)} {id(one)}" in texts:
            continue
        notes = getattr(one, "__notes__", ())
        problems = getattr(one, "problems", ())
        texts[f"{type(one)} {id(one)}"] = f"{one} {one!r} {notes!r} {problems!r}"
        waiting += [one.__cause__, one.__context__]
    return texts


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """Yield place and spelling of all in *text* that a planted answer could be."""
    for pattern in (_WORD, _EMAIL, _DATE, _LONG_DATE, _HASH):
        yield from ((found.start(), found[0]) for found in pattern.finditer(text))
    for found in _NUMBER.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        for length in (_NIK_PART, _PHONE_PART):
            yield from ((found.start(), part) for part in _in_part(digits, length))
    for found in _BASE64.finditer(text):
        for at in range(len(found[0]) - _BASE64_LENGTH + 1):
            yield found.start(), found[0][at : at + _BASE64_LENGTH]


def _in_part(digits: str, length: int) -> Iterator[str]:
    """Yield each *length* digits in a row: a cut NIK still tells whose it is."""
    return (digits[at : at + length] for at in range(max(len(digits) - length, 0) + 1))


def _dates(day: date) -> Iterator[str]:
    for gap in "-/. ":
        yield f"{day.year}{gap}{day:%m}{gap}{day:%d}"
        yield f"{day:%d}{gap}{day:%m}{gap}{day.year}"
    yield f"date({day.year}, {day.month}, {day.day}"
    yield long_date(day).casefold()


def _encoded(one: Person) -> Iterator[str]:
    for text in (one.name, one.nik, one.phone, one.email):
        content = text.encode()
        yield from (make(content).hexdigest()[:_HASH_LENGTH] for make in _HASHES)
        for shift in range(3):  # where a text begins within base64's groups of three bytes
            shifted = base64.b64encode(bytes(shift) + content).decode().casefold()
            yield shifted[4 if shift else 0 :][:_BASE64_LENGTH]


def _spellings(content: str | bytes, *, wa_links: bool) -> Iterator[str]:
    """Yield the texts that a content may be read as, in lower case."""
    if isinstance(content, bytes):
        text, *others = content.decode("latin-1"), content.decode("utf-16-le", errors="ignore")
    else:
        text, others = content, []
    text = (_WA_LINK.sub("", text) if wa_links else text).casefold()
    yield text
    if "%" in text:
        yield unquote_plus(text)
    yield from (other.casefold() for other in others)
