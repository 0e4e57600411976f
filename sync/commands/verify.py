"""`surat-sync verify`: is this letter ours, unchanged, and does it still count? Offline."""

from __future__ import annotations

import contextlib
import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sync.commands import program
from sync.commands.verdict import ISSUED, Verdict
from sync.errors import TemplateError, UserError
from sync.keys import is_submission_id
from sync.letter import letter_text
from sync.letter.compare import CODE, differing_fields, has_picture, missing_values
from sync.letter.kept import LOGO
from sync.letter.scan import codes_in
from sync.letter.seal import UnknownSeal, UnreadableSeal, opened, token_in, values_digest
from sync.letter.sealing import SEAL, qr_png
from sync.letter.signing import public_keys
from sync.model import Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sync.clock import Clock
    from sync.commands.program import Books
    from sync.config import Config
    from sync.letter import Template
    from sync.letter.seal import PublicKeys, Seal
    from sync.model import Entry, Letter

_MOST_BYTES = 30_000_000
_WORD = re.compile(r"[A-Z0-9_-]+")


def verify(config: Config, what: str, clock: Clock | None = None) -> Verdict:
    """
    Return what is to be said of *what*: a token, an address with one, or a file.

    Raises `UserError` when the village is not set up, and whatever keeps a ledger from being
    opened.
    """
    clock = clock or program.system_clock()
    today = program.village_time(config, clock.now()).date()
    with program.opened_books(config, clock) as books:
        desk = _Desk(config, books, today)
        if not _is_file(what):
            return desk.of_code(what)
        try:
            content = _content(Path(what))
            if content.startswith(b"PK"):
                return desk.of_letter(content)
            return desk.of_codes(codes_in(content))
        except UserError as error:
            return Verdict(result="unreadable", note="; ".join((str(error), *error.problems)))


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where letters are looked at, with the keys and the ledger at hand."""

    config: Config
    books: Books
    today: date

    def of_codes(self, texts: Sequence[str]) -> Verdict:
        """Return the verdict of the code that is a letter's; photos show others too."""
        verdicts = (self.of_code(text) for text in texts)
        nothing = Verdict(result="unreadable", note="no code of a letter is to be seen")
        return next((one for one in verdicts if one.result != "unreadable"), nothing)

    def of_code(self, text: str) -> Verdict:
        """Return the verdict of a token, or of an address with one."""
        try:
            seal = opened(token_in(text), self._public_keys())
        except UnreadableSeal:
            return Verdict(result="unreadable", note="this is not the code of a letter")
        except UnknownSeal:
            return Verdict(result="unknown", note="the code was not made by this village")
        entry = self._entry_of(seal)
        if entry is None or entry.letter is None or seal.revision > entry.letter.revision:
            note = "sealed here, but the ledger does not know the letter"
            return replace(Verdict.of_seal(seal), result="unknown", note=note)
        if not self._has_values_of(seal, entry):
            note = "the ledger knows other answers than the ones that were sealed"
            return replace(Verdict.of_seal(seal), result="changed", note=note, differences=(CODE,))
        return self._standing(Verdict.of_seal(seal), entry, entry.letter)

    def of_letter(self, docx: bytes) -> Verdict:
        """Return the verdict of a DOCX: its text first, then its seal."""
        lines = letter_text(docx)
        entry = self._entry_in(lines)
        if entry is None or entry.letter is None:
            return Verdict(result="unknown", note="no letter of this village has its ticket")
        found = [
            verdict
            for revision in range(entry.letter.revision, 0, -1)
            if (verdict := self._if_revision(docx, lines, entry, entry.letter, revision))
        ]
        if not found:
            note = "the answers were purged, and this is not the file that was stored"
            return Verdict(result="unknown", note=note, letter_number=entry.letter.letter_number)
        return min(found, key=lambda verdict: len(verdict.differences))

    def _if_revision(
        self, docx: bytes, lines: Sequence[str], entry: Entry, letter: Letter, revision: int
    ) -> Verdict | None:
        """Return the verdict if the file is to be this revision; None: nothing to compare with."""
        values = dict(self.books.ledger.letter_values(entry.submission_id, revision))
        said, logo = values.pop(SEAL, ""), values.pop(LOGO, "")
        known = self._known(letter, revision, said)
        latest = revision == letter.revision
        if latest and hashlib.sha256(docx).hexdigest() == letter.sha256:
            return self._standing(known, entry, letter)
        if not values:
            return None
        picture = qr_png(said) if said else None
        template = self._template(entry.service, letter, logo)
        found = _differing(lines, template, letter, values, picture)
        if picture is not None and not has_picture(docx, picture):
            found.append(CODE)
        if found:
            note = "the letter that was issued says otherwise"
            return replace(known, result="changed", note=note, differences=tuple(found))
        return self._standing(known, entry, letter)

    def _template(self, service: str, letter: Letter, logo: str) -> Template:
        """Return what the letter was made from; where that is not known, today's template."""
        kept = program.kept_templates(self.config).get(letter.template_hash, logo)
        template = kept or program.open_templates(self.config).get(service)
        if template is None or isinstance(template, TemplateError):
            raise template or TemplateError(f"there is no template of {service!r} any more")
        return template

    def _known(self, letter: Letter, revision: int, said: str) -> Verdict:
        """Return what is known of a revision: from its seal, else from the ledger alone."""
        with contextlib.suppress(UnreadableSeal, UnknownSeal):
            return Verdict.of_seal(opened(token_in(said), self._public_keys()))
        latest = revision == letter.revision
        return Verdict(
            result="genuine",
            note=ISSUED,
            letter_number=letter.letter_number,
            revision=revision,
            issued_on=letter.issued_on if latest else None,
            valid_until=letter.valid_until if latest else None,
        )

    def _standing(self, known: Verdict, entry: Entry, letter: Letter) -> Verdict:
        """Return whether what is ours and unchanged still counts."""
        if entry.status is Status.VOID:
            reason = f": {entry.reason}" if entry.reason else ""
            return replace(known, result="void", note=f"withdrawn by the village{reason}")
        if known.revision != letter.revision:
            note = f"replaced by revision {letter.revision} of the same number"
            return replace(known, result="replaced", note=note)
        if known.valid_until is not None and known.valid_until < self.today:
            return replace(known, result="expired", note="genuine, but its time is over")
        return known

    def _entry_of(self, seal: Seal) -> Entry | None:
        entries = self.books.ledger.entries(seal.service)
        return next((e for e in entries if _number_of(e) == seal.letter_number), None)

    def _entry_in(self, lines: Sequence[str]) -> Entry | None:
        """Return whose letter this is to be: by its ticket, else by its number."""
        text = "\n".join(lines)
        tickets = {word for word in _WORD.findall(text) if is_submission_id(word)}
        entries = [
            entry
            for service in self.config.services
            for entry in self.books.ledger.entries(service)
            if entry.letter is not None
        ]
        of_ticket = (entry for entry in entries if entry.submission_id in tickets)
        of_number = (entry for entry in entries if _stands_in(_number_of(entry), text))
        return next(of_ticket, None) or next(of_number, None)

    def _has_values_of(self, seal: Seal, entry: Entry) -> bool:
        """Tell whether the ledger's answers are the sealed ones; purged ones may be."""
        values = dict(self.books.ledger.letter_values(entry.submission_id, seal.revision))
        for beside in (SEAL, LOGO):
            values.pop(beside, None)
        secret = self.books.keys.derive(program.LETTER_VALUES_KEY)
        return not values or values_digest(secret, values) == seal.digest

    def _public_keys(self) -> PublicKeys:
        return public_keys(self.config.state_folder)


def _differing(
    lines: Sequence[str],
    template: Template,
    letter: Letter,
    values: Mapping[str, str],
    code: bytes | None,
) -> list[str]:
    if template.sha256 == letter.template_hash:
        return differing_fields(lines, template, values, code)
    printed = {name: values[name] for name in template.names & values.keys()}
    return missing_values(lines, printed)  # staff have changed the template since


def _number_of(entry: Entry) -> str:
    return entry.letter.letter_number if entry.letter else ""


def _stands_in(number: str, text: str) -> bool:
    """Tell whether *number* is in *text*, and not as a part of a longer one."""
    return re.search(rf"(?<![\w/.-]){re.escape(number)}(?![\w/-])", text) is not None


def _is_file(what: str) -> bool:
    try:
        return Path(what).is_file()
    except (OSError, ValueError):  # a token is longer than a file's name may be
        return False


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror})") from error
    if len(content) > _MOST_BYTES:
        raise UserError(f"{path} is larger than {_MOST_BYTES // 1_000_000} MB")
    return content
