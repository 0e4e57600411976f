"""The pages that people open: the form, the sheet, and an index of both."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from sync.sandbox.pages import export, file, form, index, sheet
from sync.sandbox.pages.frame import page
from sync.sandbox.reply import Reply, html

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.sandbox.world import World


def reply(world: World, verb: str, raw_path: str, query: str, body: bytes) -> Reply:
    """Answer a browser; what is no page is 404."""
    path = unquote(raw_path)
    for wanted, pattern, view in _VIEWS:
        match = pattern.fullmatch(path)
        if match and wanted == verb:
            return view(world, match.groupdict(), query, body)
    return html(page("Tidak ditemukan", "<p>Halaman ini tidak ada.</p>"), status=404)


_VIEWS: tuple[
    tuple[str, re.Pattern[str], Callable[[World, dict[str, str], str, bytes], Reply]], ...
] = (
    ("GET", re.compile(r"/"), index.view),
    ("GET", re.compile(r"/forms/d/e/(?P<form>[^/]+)/viewform"), form.view),
    ("POST", re.compile(r"/forms/d/e/(?P<form>[^/]+)/formResponse"), form.submitted),
    ("GET", re.compile(r"/spreadsheets/d/(?P<spreadsheet>[^/]+)(?:/edit)?"), sheet.view),
    ("GET", re.compile(r"/spreadsheets/d/(?P<spreadsheet>[^/]+)/export"), export.view),
    ("GET", re.compile(r"/file/d/(?P<file>[^/]+)/view"), file.view),
)
