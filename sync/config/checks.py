"""Checks of single values of the config; each names what would be right."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

_LONGEST_PAGE_URL = 200
_SPREADSHEET_URL = re.compile(r"/spreadsheets/(?:u/[0-9]+/)?d/([A-Za-z0-9_-]+)")


def spreadsheet_id(given: object) -> object:
    """Return the id out of a spreadsheet's URL; an id stays, what is no text stays."""
    if not isinstance(given, str) or re.fullmatch(r"[A-Za-z0-9_-]*", given):
        return given
    found = _SPREADSHEET_URL.search(given)
    if not found or found[1] == "e":
        raise _wrong("neither the id nor the URL of a spreadsheet, as its editor's address bar has")
    return found[1]


def folder(context: object) -> Path:
    """Return the folder that a validation was given as its context, else this one."""
    return context if isinstance(context, Path) else Path()


def _key(value: str) -> str:
    return _matching(value, r"[a-z][a-z0-9_]{0,39}", "a key is small letters, digits and _")


def _service_key(value: str) -> str:
    return _matching(value, r"[a-z][a-z0-9]{0,11}", "a service's key is up to 12 letters or digits")


def _village_code(value: str) -> str:
    return _matching(
        value, r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}", 'must look like "35.07.32.2004"'
    )


def _register(value: str) -> str:
    return _matching(
        value,
        r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}",
        "names a folder: letters, digits, - and _ only",
    )


def _region(value: str) -> str:
    return _matching(value, r"([0-9]{6})?", "must be six digits")


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise _wrong("not a time zone; Indonesia's are in the example") from None
    return value


def _loopback_url(value: str) -> str:
    if value and not _is_loopback(value):
        raise _wrong("only for the sandbox on this computer: http://127.0.0.1:PORT")
    return value.rstrip("/")


def _web_url(value: str) -> str:
    if value and (urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname):
        raise _wrong("must be a web address (https://…)")
    return value


def _page_url(value: str) -> str:
    if "#" in _web_url(value) or len(value) > _LONGEST_PAGE_URL:
        raise _wrong(f"must have no # and at most {_LONGEST_PAGE_URL} characters: codes hold it")
    return value


def _is_loopback(url: str) -> bool:
    try:
        parts = urlsplit(url)
        plain = (parts.scheme, parts.username, parts.query, parts.fragment)
        if plain != ("http", None, "", "") or parts.path.strip("/") or parts.port == 0:
            return False
        return (
            parts.hostname == "localhost" or ipaddress.ip_address(parts.hostname or "").is_loopback
        )
    except ValueError:
        return False


def _matching(value: str, pattern: str, message: str) -> str:
    if not re.fullmatch(pattern, value):
        raise _wrong(message)
    return value


def _wrong(message: str) -> PydanticCustomError:
    return PydanticCustomError("house_rule", "{message}", {"message": message})


Key = AfterValidator(_key)
ServiceKey = AfterValidator(_service_key)
VillageCode = AfterValidator(_village_code)
RegisterName = AfterValidator(_register)
Region = AfterValidator(_region)
Timezone = AfterValidator(_timezone)
LoopbackUrl = AfterValidator(_loopback_url)
WebUrl = AfterValidator(_web_url)
PageUrl = AfterValidator(_page_url)
