"""`/file/d/{id}/view`: what a link to a file opens."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from sync.sandbox.pages.frame import page
from sync.sandbox.reply import Refused, Reply, html

if TYPE_CHECKING:
    from sync.sandbox.pages.visit import Visit
    from sync.sandbox.world import World


def view(world: World, visit: Visit) -> Reply:
    """Show a file's name, kind and owner."""
    file = world.state.files.get(visit.path["file"])
    if file is None:
        raise Refused(404, "Requested entity was not found.")
    rows = (("Nama", file.name), ("Jenis", file.mime_type), ("Pemilik", file.owner))
    table = "".join(f"<tr><th>{name}</th><td>{escape(text)}</td></tr>" for name, text in rows)
    body = f"<section><h1>{escape(file.name)}</h1><table>{table}</table></section>"
    return html(page(file.name, body))
