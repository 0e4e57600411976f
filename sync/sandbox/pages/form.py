"""The form as residents see it, and what happens when they send it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from sync.sandbox.pages.frame import page
from sync.sandbox.reply import Refused, Reply, html

if TYPE_CHECKING:
    from sync.sandbox.forms.model import Form, Question
    from sync.sandbox.world import World


def view(world: World, path: dict[str, str], _query: str, _body: bytes) -> Reply:
    """Show the empty form."""
    form = _form(world, path["form"])
    intro = escape(form.description).replace("\n", "<br>")
    questions = "".join(_question(question) for question in form.questions)
    body = (
        f"<section><h1>{escape(form.title)}</h1><p>{intro}</p>"
        '<p class="required">* Wajib diisi</p></section>'
        f'<form method="post" action="/forms/d/e/{escape(form.public_id)}/formResponse">'
        f'{questions}<button type="submit">Kirim</button></form>'
    )
    return html(page(form.title, body))


def submitted(world: World, path: dict[str, str], _query: str, body: bytes) -> Reply:
    """Take an answer; a required question left out is 400, and nothing is written."""
    form = _form(world, path["form"])
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    back = f'<p><a href="/forms/d/e/{escape(form.public_id)}/viewform">%s</a></p>'
    try:
        world.submit(form.form_id, fields)
    except Refused as refused:
        text = f'<h1>{escape(form.title)}</h1><p class="required">{escape(refused.message)}</p>'
        again = back % "Kembali ke formulir"
        return html(page(form.title, f"<section>{text}{again}</section>"), status=refused.status)
    text = f"<h1>{escape(form.title)}</h1><p>{escape(form.thanks)}</p>"
    again = back % "Kirim jawaban lain"
    return html(page(form.title, f"<section>{text}{again}</section>"))


def _form(world: World, public_id: str) -> Form:
    for form in world.state.forms.values():
        if public_id in {form.public_id, form.form_id}:
            return form
    raise Refused(404, "Requested entity was not found.")


def _question(question: Question) -> str:
    star = ' <span class="required">*</span>' if question.required else ""
    hint = f"<small>{escape(question.hint)}</small>" if question.hint else ""
    title = escape(question.title) + star
    if question.kind in {"choice", "checkbox"}:
        return f"<div><fieldset><legend>{title}</legend>{hint}{_buttons(question)}</fieldset></div>"
    return f'<div><label for="{question.entry}">{title}</label>{hint}{_field(question)}</div>'


def _buttons(question: Question) -> str:
    kind = "radio" if question.kind == "choice" else "checkbox"
    single = question.kind == "choice" or len(question.options) == 1
    required = " required" if question.required and single else ""
    return "".join(
        f'<label><input type="{kind}" name="{question.entry}" value="{escape(option)}"'
        f"{required}> {escape(option)}</label>"
        for option in question.options
    )


def _field(question: Question) -> str:
    common = f'id="{question.entry}" name="{question.entry}"'
    common += " required" if question.required else ""
    match question.kind:
        case "paragraph":
            return f'<textarea {common} rows="3"></textarea>'
        case "list":
            options = "".join(f"<option>{escape(option)}</option>" for option in question.options)
            return f'<select {common}><option value="">Pilih</option>{options}</select>'
        case "date" | "time":
            return f'<input type="{question.kind}" {common}>'
    return f'<input type="text" {common} autocomplete="off">'
