"""Whatever people type: printed as it stands, or refused; and nowhere else."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from canaries import everything_logged
from command_line import command
from history import WRITES
from office import OUR_HEADERS, resident
from strings import ATTACKS
from village_user import VillageUser, spread

from sync.commands.register_csv import agenda, written
from sync.fields import parse
from sync.fields.parsed import Parsed
from sync.letter import letter_text
from sync.model import FieldSpec, Kind, LineState, Problem, RegisterLine

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from office import Office

    from sync.model import Cell

TODAY = date(2026, 11, 24)
TEXT, LONG_TEXT = ("Tempat Lahir", "Jenis Usaha", "Alamat Usaha"), (
    "Pekerjaan", "Nama Usaha", "Keperluan",
)  # fmt: skip
STRICT = (
    "NIK", "Tanggal Lahir", "Jenis Kelamin", "Agama", "Status Perkawinan", "Dusun", "RT", "RW",
    "Mulai Usaha",
)  # fmt: skip
SENT = {name: text for name, text in ATTACKS.items() if not re.search("[\ud800-\udfff]", text)}
_DROPPED = re.compile("[\u200b\u200e\u200f\u061c\u2060\ufeff]")
_NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff"
                    "\ufdd0-\ufdef\ufffe\uffff]")  # fmt: skip
_UNSEEN = set(
    "\u034f\u115f\u1160\u17b5\u180b\u3164\ufe0f\uffa0"
)  #: letters and marks that show nothing
_CELL_ERRORS = {"#REF!", "#N/A"}
_MEANS_NOTHING = {"", "-", ".", "tidak ada"}
_FORMULA_STARTS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def printed(text: str, kind: Kind) -> str | None:
    """Return what a letter shows for an answer; None when it must be refused."""
    if _NEVER.search(text) or text.strip() in _CELL_ERRORS:
        return None
    shown = unicodedata.normalize("NFC", _DROPPED.sub("", text))
    if kind is Kind.LONG_TEXT:
        lines = re.split("\r\n|[\r\n\u2028\u2029]", shown)
        shown = "\n".join(" ".join(line.split()) for line in lines).strip()
    else:
        shown = " ".join(shown.split())
    limit = 1000 if kind is Kind.LONG_TEXT else 200
    return None if len(shown) > limit or shown in _MEANS_NOTHING else shown


PRINTED = {
    kind: [t for t in SENT.values() if printed(t, kind)] for kind in (Kind.TEXT, Kind.LONG_TEXT)
}
REFUSED = {
    kind: [t for t in SENT.values() if not printed(t, kind)] for kind in (Kind.TEXT, Kind.LONG_TEXT)
}


def test_there_are_enough_of_them() -> None:
    """Hundreds, all different, most of which are printed."""
    assert len(set(ATTACKS.values())) == len(ATTACKS) >= 300
    assert len(PRINTED[Kind.TEXT]) >= 300
    assert len(REFUSED[Kind.LONG_TEXT]) >= 50


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_prints_or_refuses(kind: Kind) -> None:
    """An answer of any kind is a problem, or a text that holds nothing a letter cannot print."""
    spec = FieldSpec(name="x", question=("X",), kind=kind, options={"Ya": ("y",)})
    for name, attack in ATTACKS.items():
        outcome = parse(spec, attack, today=TODAY)
        if kind in PRINTED:
            said = outcome.value if isinstance(outcome, Parsed) else None
            assert printed(attack, kind) == said, name
        elif isinstance(outcome, Parsed):
            assert not _NEVER.search(outcome.value), name
            assert _is_plain(outcome.value, kind), name
        else:
            assert isinstance(outcome, Problem), name


def _is_plain(text: str, kind: Kind) -> bool:
    """Tell whether the text is of the few characters that an answer of this kind may have."""
    if kind is Kind.NAME:
        letters = {c for c in text if c not in " .,'’-"}
        return all(unicodedata.category(c)[0] in "LM" for c in letters) and not letters & _UNSEEN
    allowed = {
        Kind.NUMBER: r"[0-9.,]+",
        Kind.MONEY: r"Rp[0-9.]+",
        Kind.DATE: r"[0-9]{2}-[0-9]{2}-[0-9]{4}",
        Kind.MONTH_YEAR: r"[A-Za-z]+ [0-9]{4}|[0-9]{4}",
        Kind.RT_RW: r"[0-9]{3}",
        Kind.AGREEMENT: r"true",
    }
    return bool(re.fullmatch(allowed.get(kind, "(?!)"), text))


@pytest.fixture
def typed(office: Office) -> list[dict[str, Cell]]:
    """Type every attack into rows; return the rows."""
    kinds = {
        f"services__sku__fields__{n}__kind": "long_text"
        for n in ("pekerjaan", "nama_usaha", "keperluan")
    }
    office.configure(limits__rows_per_run=2000, **kinds)
    answers = [
        *_in_threes(PRINTED[Kind.TEXT], PRINTED[Kind.LONG_TEXT]),
        *({TEXT[0]: text} for text in REFUSED[Kind.TEXT]),
        *({LONG_TEXT[2]: text} for text in REFUSED[Kind.LONG_TEXT]),
        *({"Nama Lengkap": text} | dict.fromkeys(STRICT, text) for text in SENT.values()),
        *({"Nomor WhatsApp": text, "Email": text} for text in [*SENT.values()][::20]),
    ]
    people = [resident("Siti Contoh", number) | row for number, row in enumerate(answers)]
    stamps = spread(len(people))
    rows: list[dict[str, Cell]] = [
        {"Timestamp": at, **one} for at, one in zip(stamps, people, strict=True)
    ]
    VillageUser(office.sandbox).write_rows(rows)
    return rows


def test_attacks_reach_the_letter_and_nothing_else(
    office: Office, typed: list[dict[str, Cell]], capsys: pytest.CaptureFixture[str]
) -> None:
    """A whole run over HTTP: letters, our cells, calls, register, file names and the log."""
    mark = office.mark()
    with everything_logged() as log:
        first = command(office, "run", "--json")
        again = command(office, "run")
        exported = command(office, "register", "export", "--agenda")
    said = [first.out, first.err, again.out, again.err, *log.values(), *capsys.readouterr()]
    records = office.sandbox.records()

    assert (0, 0, 0) == (first.code, again.code, exported.code), first.err
    assert [] == list(_not_printed(office, records))
    assert [] == list(_not_refused(records))
    assert [] == list(_shown_by_us(records))
    assert [] == list(_unsafe_writes(office, mark))
    assert [] == [
        name for name, text in SENT.items() for one in said if _is_telling(text) and text in one
    ]
    assert [] == [path.name for path in office.letters() if not _LETTER.fullmatch(path.name)]
    assert first.json["issued"] == len(office.letters()) >= 100
    summaries = [row[5] for row in office.register_tab()[1:]]
    assert {typed_in["Keperluan"] for typed_in in typed} & set(summaries)
    cells = [cell for row in csv.reader(io.StringIO(exported.out)) for cell in row]
    assert [] == [cell for cell in cells if cell.startswith(_FORMULA_STARTS)]


_LETTER = re.compile(r"[0-9]{4}_SKU-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]_r1\.docx")


def _in_threes(texts: Sequence[str], long_texts: Sequence[str]) -> Iterator[dict[str, str]]:
    """Yield answers that hold three texts of each kind; the last ones may hold fewer."""
    threes = [
        [texts[at : at + 3] for at in range(0, len(texts), 3)] for texts in (texts, long_texts)
    ]
    for row in range(max(map(len, threes))):
        found = [three[row] if row < len(three) else [] for three in threes]
        yield dict(zip(TEXT, found[0], strict=False)) | dict(zip(LONG_TEXT, found[1], strict=False))


def _not_printed(office: Office, records: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the free texts that a letter does not show exactly."""
    for record in records:
        if record["Surat"]:
            content = (office.folder / "letters" / record["Surat"]).read_bytes()
            text = "\n".join(letter_text(content))
            for kind, questions in ((Kind.TEXT, TEXT), (Kind.LONG_TEXT, LONG_TEXT)):
                for question in questions:
                    shown = printed(record[question], kind) or ""
                    if shown.replace("\n\n", "\n") not in re.sub("\n+", "\n", text):
                        yield f"{question}: {record[question]!r}"


def _not_refused(records: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield rows that hold what cannot be printed, and have a letter all the same."""
    for record in records:
        kinds = dict.fromkeys(TEXT, Kind.TEXT) | dict.fromkeys(LONG_TEXT, Kind.LONG_TEXT)
        unfit = [q for q, kind in kinds.items() if printed(record[q], kind) is None]
        strict = [q for q in STRICT if record[q] in ATTACKS.values()]
        fine = record["Status"] == "Siap Ditandatangani" and record["Nomor Surat"]
        refused = record["Status"] == "Perlu Perbaikan" and not record["Nomor Surat"]
        if (unfit or strict) and not refused:
            yield f"{unfit or strict} of {record!r}"
        if not (unfit or strict or fine):
            yield f"no letter for {record!r}"


def _shown_by_us(records: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield our cells that hold a resident's words, or that a sheet could take for a formula."""
    telling = [text for text in SENT.values() if _is_telling(text)]
    for record in records:
        for header in OUR_HEADERS:
            cell = str(record[header])
            yield from (f"{header} holds {text!r}" for text in telling if text in cell)
            if cell.startswith(_FORMULA_STARTS):
                yield f"{header}: {cell!r}"


def _is_telling(text: str) -> bool:
    """Tell whether a text is long enough to be found nowhere by chance."""
    return len(text.strip()) >= 7


def _unsafe_writes(office: Office, mark: int) -> Iterator[str]:
    """Yield the worker's writes that Google could parse, or that carry an answer elsewhere."""
    telling = [
        json.dumps(text, ensure_ascii=False)[1:-1] for text in SENT.values() if _is_telling(text)
    ]
    for call in office.sandbox.history()[mark:]:
        if call.method not in WRITES:
            continue
        body = call.body or {}
        if "data" in body and body.get("valueInputOption") != "RAW":
            yield f"values written as {body.get('valueInputOption')}"
        for request in body.get("requests", ()):
            ((kind, details),) = request.items()
            if kind == "updateCells":
                yield from _not_as_text(details)
            else:
                said = json.dumps(details, ensure_ascii=False)
                yield from (f"{kind} carries {text!r}" for text in telling if text in said)


def _not_as_text(details: Mapping[str, Any]) -> Iterator[str]:
    for row in details["rows"]:
        for cell in row.get("values", ()):
            entered = cell.get("userEnteredValue", {})
            if set(entered) - {"stringValue"}:
                yield f"a cell is written as {entered}"


def _line(at: int, text: str) -> RegisterLine:
    return RegisterLine(
        register="surat-keterangan",
        year=2026,
        sequence=at,
        letter_number=f"500.3/{at}/35.07.32.2004/2026",
        issued_on=TODAY,
        state=LineState.VOID,
        title=text,
        submission_id=None,
        applicant=text,
        summary=text,
        revision=0,
        reason=text,
        line_hash="",
    )


def test_no_exported_cell_is_a_formula() -> None:
    """A spreadsheet that opens the register or the agenda book computes nothing."""
    lines = [_line(at, text) for at, text in enumerate(SENT.values(), start=1)]
    facts = [{"register": text, "year": 2026, "sequence": 1, "letter_number": text, "date": text,
              "state": text, "submission_id": text, "revision": text, "reason": text}
             for text in SENT.values()]  # fmt: skip
    for table in (agenda(lines), written(facts)):
        cells = [cell for row in csv.reader(io.StringIO(table, newline="")) for cell in row]

        assert [] == [cell for cell in cells if cell.startswith(_FORMULA_STARTS)]
        assert {text for text in SENT.values() if text not in "\n\r"} - set(cells) <= {
            text for text in SENT.values() if text.startswith((*_FORMULA_STARTS, "'"))
        } | {text for text in SENT.values() if "\r" in text or "\x00" in text}
