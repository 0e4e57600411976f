"""The pages that people open: the forms, the sheets, consent, and an index of all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from sync.sandbox.pages import consent, export, file, form, index, sheet
from sync.sandbox.pages.frame import page
from sync.sandbox.pages.visit import Visit
from sync.sandbox.reply import Reply, html

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sync.sandbox.world import World


def reply(
    world: World,
    verb: str,
    raw_path: str,
    query: str,
    *,
    headers: Mapping[str, str],
    body: bytes,
) -> Reply:
    """Answer a browser; what is no page is 404."""
    path = unquote(raw_path)
    for wanted, pattern, view in _VIEWS:
        match = pattern.fullmatch(path)
        if match and wanted == verb:
            parts = match.groupdict()
            visit = Visit(verb=verb, path=parts, query=query, headers=headers, body=body)
            return view(world, visit)
    return html(page("Tidak ditemukan", "<p>Halaman ini tidak ada.</p>"), status=404)


_CONSENT = re.compile(r"/o/oauth2/(?:v2/)?auth")
_VIEWS: tuple[tuple[str, re.Pattern[str], Callable[[World, Visit], Reply]], ...] = (
    ("GET", re.compile(r"/"), index.view),
    ("GET", re.compile(r"/forms/d/e/(?P<form>[^/]+)/viewform"), form.view),
    ("POST", re.compile(r"/forms/d/e/(?P<form>[^/]+)/formResponse"), form.submitted),
    ("GET", re.compile(r"/spreadsheets/d/(?P<spreadsheet>[^/]+)(?:/edit)?"), sheet.view),
    ("GET", re.compile(r"/spreadsheets/d/(?P<spreadsheet>[^/]+)/export"), export.view),
    ("GET", re.compile(r"/file/d/(?P<file>[^/]+)/view"), file.view),
    ("GET", _CONSENT, consent.view),
    ("POST", _CONSENT, consent.decided),
)
