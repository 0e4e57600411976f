"""`/`: what there is to see."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from sync.sandbox.drive.model import FORM, SPREADSHEET
from sync.sandbox.pages.frame import page
from sync.sandbox.reply import Reply, html

if TYPE_CHECKING:
    from sync.sandbox.drive.model import File
    from sync.sandbox.world import World


def view(world: World, _path: dict[str, str], _query: str, _body: bytes) -> Reply:
    """Show links to the forms, the spreadsheets and the other files."""
    links = "".join(
        f'<li><a href="{escape(_address(world, file))}">{escape(file.name)}</a></li>'
        for file in world.state.files.values()
        if file.parent
    )
    intro = "<p>Tiruan Google di komputer ini. Semua data di sini hanya contoh.</p>"
    body = f"<section><h1>Sandbox surat-sync</h1>{intro}<ul>{links}</ul></section>"
    return html(page("Sandbox surat-sync", body))


def _address(world: World, file: File) -> str:
    if file.mime_type == FORM:
        return f"/forms/d/e/{world.state.form(file.file_id).public_id}/viewform"
    if file.mime_type == SPREADSHEET:
        return f"/spreadsheets/d/{file.file_id}/edit"
    return f"/file/d/{file.file_id}/view"
