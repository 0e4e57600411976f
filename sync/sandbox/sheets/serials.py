"""Dates as a sheet keeps them: days since 1899-12-30, without a zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta

_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  # a serial has no zone
_DAY = timedelta(days=1)
_MS_A_DAY = 86_400_000


def serial(moment: datetime) -> float:
    """Return the serial of a local time, to the millisecond."""
    local = moment.replace(tzinfo=None)
    milliseconds = round((local - _EPOCH) / timedelta(milliseconds=1))
    return milliseconds / _MS_A_DAY


def date_serial(day: date) -> int:
    """Return the serial of a day."""
    return (datetime(day.year, day.month, day.day) - _EPOCH) // _DAY  # noqa: DTZ001  # no zone


def moment(value: float) -> datetime:
    """Return the local time, without a zone, that a serial stands for."""
    return _EPOCH + timedelta(milliseconds=round(value * _MS_A_DAY))
