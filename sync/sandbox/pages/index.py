"""`/`: what there is to see."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from sync.sandbox.drive.model import FORM, SPREADSHEET
from sync.sandbox.pages.frame import page
from sync.sandbox.reply import Reply, html

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sync.sandbox.drive.model import File
    from sync.sandbox.pages.visit import Visit
    from sync.sandbox.world import World

_KINDS = {FORM: "Formulir", SPREADSHEET: "Spreadsheet"}


def view(world: World, _visit: Visit) -> Reply:
    """Show links to the forms, the spreadsheets and the other files, and the accounts."""
    files = [file for file in world.state.files.values() if file.parent]
    groups = [(word, [f for f in files if f.mime_type == kind]) for kind, word in _KINDS.items()]
    groups.append(("Berkas lain", [file for file in files if file.mime_type not in _KINDS]))
    lists = "".join(_list(world, word, found) for word, found in groups if found)
    people = "".join(f"<li>{escape(email)}</li>" for email in world.state.accounts)
    body = (
        "<section><h1>Sandbox surat-sync</h1>"
        "<p>Tiruan Google di komputer ini. Semua data di sini hanya contoh.</p></section>"
        f"{lists}<section><h2>Akun</h2><ul>{people}</ul></section>"
    )
    return html(page("Sandbox surat-sync", body))


def _list(world: World, word: str, files: Iterable[File]) -> str:
    links = "".join(
        f'<li><a href="{escape(_address(world, file))}">{escape(file.name)}</a>'
        f"<small>{escape(file.owner)}</small></li>"
        for file in files
    )
    return f"<section><h2>{word}</h2><ul>{links}</ul></section>"


def _address(world: World, file: File) -> str:
    if file.mime_type == FORM and file.file_id in world.state.forms:
        return f"/forms/d/e/{world.state.form(file.file_id).public_id}/viewform"
    if file.mime_type == SPREADSHEET:
        return f"/spreadsheets/d/{file.file_id}/edit"
    return f"/file/d/{file.file_id}/view"
