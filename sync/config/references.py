"""What one part of the config says about another: names that exist, and fit."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sync import text
from sync.config.document import Finding, Node
from sync.model import Column, Kind, NumberSpec
from sync.values import PLACEHOLDERS, number_format_problem

if TYPE_CHECKING:
    from collections.abc import Mapping

Findings = Iterator[Finding]

NUMBER_FORMAT = "{code}/{sequence}/{village_code}/{year}"  #: where the config gives none

_PICTURES = {"seal", "logo"}  #: what a template's pictures are called

_ONLY_FOR = {
    "options": Kind.CHOICE,
    "region": Kind.NIK,
    "birth_date": Kind.NIK,
    "sex": Kind.NIK,
    "warn_if_newer_than_months": Kind.MONTH_YEAR,
}


def reference_findings(root: Node, *, complete: bool) -> Findings:
    """
    Yield what does not fit together, looking past parts that are wrong in themselves.

    complete: an empty `spreadsheet` or `drive_folder` is a finding too
    """
    if complete:
        yield from _drive_folder(root)
    services = _children(root, "services")
    signers = _children(root, "signers")
    for service in services.values():
        if complete:
            yield from _spreadsheet(service)
        yield from _named(service.child("signer"), signers, "signer")
        yield from _service_fields(service)
        yield from _headers(service, several_signers=len(signers) > 1)
        yield from _number_format(service, _text(root, "village", "code"))
    yield from _tabs(services.values())
    yield from _register_starts(services.values())


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return a "did you mean" for *word*; "" where nothing is close."""
    close = difflib.get_close_matches(word.lower(), list(known), n=1)
    return f'; did you mean "{close[0]}"?' if close else ""


def _children(node: Node, key: str) -> Mapping[str, Node]:
    child = node.child(key)
    return child.children if child else {}


def _text(node: Node, *keys: str) -> str:
    child = node.child(*keys)
    return child.text if child else ""


def _drive_folder(root: Node) -> Findings:
    cabinet, folder = root.child("letters", "cabinet"), root.child("letters", "drive_folder")
    if cabinet and cabinet.text == "drive" and not (folder and folder.text):
        message = (
            "letters.drive_folder: put the id of a folder in Drive here; `surat-sync login` makes"
            " one and prints its id"
        )
        yield Finding((folder or cabinet).place, message)


def _spreadsheet(service: Node) -> Findings:
    node = service.child("spreadsheet")
    if node is None or node.scalar == "":
        message = "spreadsheet: put the id or URL of the form's response spreadsheet here"
        yield Finding((node or service).key_place, message)


def _service_fields(service: Node) -> Findings:
    fields = _children(service, "fields")
    for key in ("identity", "duplicate_of"):
        for reference in _texts(service, key):
            yield from _named(reference, fields, "field")
    yield from _named(service.child("whatsapp"), fields, "field", Kind.PHONE)
    yield from _named(service.child("email"), fields, "field", Kind.EMAIL)
    if fields and Kind.NAME not in {_text(one, "kind") for one in fields.values()}:
        message = "fields: one must be of kind name; the first such is the applicant's name"
        yield Finding(service.children["fields"].key_place, message)
    for name, field in fields.items():
        yield from _field(name, field, fields)


def _texts(node: Node, key: str) -> Iterator[Node]:
    child = node.child(key)
    return child.texts() if child else iter(())


def _named(
    reference: Node | None, known: Mapping[str, Node], what: str, kind: Kind | None = None
) -> Findings:
    if reference is None or not reference.text:
        return
    name = reference.text
    if name not in known:
        yield Finding(reference.place, f"no {what} is called {name!r}{suggestion(name, known)}")
    elif kind and _text(known[name], "kind") not in {kind.value, ""}:
        yield Finding(reference.place, f"the field {name!r} is not of kind {kind}")


def _field(name: str, field: Node, fields: Mapping[str, Node]) -> Findings:
    if name in PLACEHOLDERS or name in _PICTURES:
        yield Finding(field.key_place, f"{name}: the letter itself has something of this name")
    kind = _text(field, "kind")
    for key, only in _ONLY_FOR.items():
        node = field.child(key)
        if node and kind and kind != only:
            yield Finding(node.key_place, f"{name}.{key}: only a field of kind {only} has it")
    if kind == Kind.CHOICE and not _children(field, "options"):
        yield Finding(field.key_place, f"{name}: a choice needs its `options`")
    yield from _options(name, _children(field, "options"))
    yield from _named(field.child("birth_date"), fields, "field", Kind.DATE)
    yield from _named(field.child("sex"), fields, "field", Kind.CHOICE)


def _options(name: str, options: Mapping[str, Node]) -> Findings:
    seen: dict[str, str] = {}
    for option, aliases in options.items():
        spellings = [(option, aliases.key_place)]
        spellings += [(alias.text, alias.place) for alias in aliases.texts()]
        for spelling, place in spellings:
            other = seen.setdefault(text.folded(spelling), option)
            if other != option:
                yield Finding(place, f"{name}: {spelling!r} is also a spelling of {other!r}")


def _headers(service: Node, *, several_signers: bool) -> Findings:
    """Yield headers that two columns would share: questions, time column, ours, the staff's."""
    seen: dict[str, str] = {}
    for header, place_node, owner in _all_headers(service, several_signers=several_signers):
        other = seen.setdefault(text.folded(header), owner)
        if other != owner:
            message = f"the header {header!r} of {owner} is also that of {other}"
            yield Finding(place_node.place, message)


def _all_headers(service: Node, *, several_signers: bool) -> Iterator[tuple[str, Node, str]]:
    for node in _texts(service, "timestamp"):
        yield node.text, node, "the time column"
    for name, field in _children(service, "fields").items():
        for node in _texts(field, "question"):
            yield node.text, node, f"the field {name}"
    for column in Column:
        node_or_none = service.child("columns", column)
        renamed = node_or_none.text if node_or_none else ""
        if several_signers or column is not Column.SIGNER:
            yield (
                renamed or text.COLUMN_HEADERS[column],
                node_or_none or service,
                f"columns.{column}",
            )


def _number_format(service: Node, village_code: str) -> Findings:
    node = service.child("number")
    code, register = _text(service, "number", "code"), _text(service, "number", "register")
    if node is None or not code or not register or not village_code:
        return
    written = node.child("format")
    number_format = written.text if written else NUMBER_FORMAT
    spec = NumberSpec(format=number_format, code=code, register=register)
    problem = number_format_problem(spec, village_code=village_code)
    if number_format and problem:
        yield Finding((written or node).place, f"number.format: {problem}")


def _tabs(services: Iterable[Node]) -> Findings:
    """Yield services that would write into one another's columns."""
    seen: set[tuple[str, str]] = set()
    for service in services:
        sheet = service.child("sheet")
        tab = _text(service, "spreadsheet"), sheet.written if sheet else ""
        if tab[0] and tab in seen:
            yield Finding(service.key_place, "another service reads the same sheet")
        seen.add(tab)


def _register_starts(services: Iterable[Node]) -> Findings:
    starts: dict[str, object] = {}
    for service in services:
        register = _text(service, "number", "register")
        node = service.child("number", "start")
        start = node.scalar if node else 1
        if register and starts.setdefault(register, start) != start:
            place = (node or service).key_place
            message = f"number.start: another service starts the register {register!r} at "
            yield Finding(place, message + str(starts[register]))
