"""Everything that can stop a run, and the exit code that it ends with (docs/how-it-works.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class SyncError(Exception):
    """The run could not finish."""

    exit_code: ClassVar[int] = 70

    def __init__(self, message: str = "", problems: Sequence[str] = ()) -> None:
        super().__init__(message or self.__doc__)
        self.problems = tuple(problems)


class UserError(SyncError):
    """Someone must fix something before the next run can do its work."""

    exit_code = 2


class ConfigError(UserError):
    """The config file is not usable as it is."""


class LayoutError(UserError):
    """The sheet's columns are not the ones that the config names."""


class TemplateError(UserError):
    """The letter's template cannot be used."""


class CabinetError(UserError):
    """Finished letters cannot be stored."""


class PdfError(UserError):
    """LibreOffice cannot make PDFs."""


class DiskError(UserError):
    """The state folder cannot be written, or its disk is nearly full."""


class GoogleRefused(UserError):
    """Google answered that we may not do this; repeating it will not help."""


class CredentialsError(GoogleRefused):
    """Google does not accept our credentials, or they cannot be read."""


class LedgerTooNew(UserError):
    """The ledger was written by a newer surat-sync."""


class SafetyStop(SyncError):
    """Going on could lose or repeat letters."""

    exit_code = 3

    def __init__(
        self, name: str, message: str, problems: Sequence[str] = (), *, can_pass: bool = True
    ) -> None:
        super().__init__(message, problems)
        self.name = name  #: what `run --accept NAME` takes, where an override exists
        self.can_pass = can_pass  #: False: this time not even the override helps


class GoogleSurprise(SyncError):
    """Google answered something that we do not understand."""


class TryLater(SyncError):
    """The next run will do."""

    exit_code = 75


class GoogleUnavailable(TryLater):
    """Google cannot be reached, or asks us to wait."""


class GoogleUnknown(GoogleUnavailable):
    """The answer to a request was lost: it may or may not have been applied."""


class LedgerBusy(TryLater):
    """Another run holds the lock or the ledger."""


def gravest(codes: Iterable[int]) -> int:
    """Return the exit code that tells most: a bug before a stop, a stop before the rest."""
    found = set(codes)
    return next((code for code in (70, 3, 2, 75, 1) if code in found), 0)
