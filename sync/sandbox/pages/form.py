"""The form as residents see it, and what happens when they send it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from sync.sandbox.forms.uploads import posted
from sync.sandbox.pages.fields import email_html, item_html
from sync.sandbox.pages.frame import page
from sync.sandbox.reply import Refused, Reply, html

if TYPE_CHECKING:
    from sync.sandbox.forms.model import Form, Response
    from sync.sandbox.pages.visit import Visit
    from sync.sandbox.world import World

_KINDS_OF_BODY = {True: ' enctype="multipart/form-data"', False: ""}


def view(world: World, visit: Visit) -> Reply:
    """Show the form: empty, with answers from the address, or with those to be edited."""
    form = _form(world, visit.path["form"])
    if not form.accepting:
        text = f"<p>Formulir {escape(form.title)} tidak menerima jawaban lagi.</p>"
        return html(page(form.title, f"<section><h1>{escape(form.title)}</h1>{text}</section>"))
    edit_key = visit.asked.get("edit2", [""])[0]
    filled, email, hidden = visit.asked, "", ""
    if edit_key and form.editable:
        response = form.editable_response(edit_key)
        filled, email = _filled(form, response), response.email
        hidden = f'<input type="hidden" name="edit2" value="{escape(edit_key)}">'
    blocks = email_html(form.words.email, email) if form.collects_email else ""
    blocks += "".join(item_html(item, filled) for item in form.items)
    has_files = any(question.kind == "file" for question in form.questions)
    body = (
        f"{_head(form)}"
        f'<form method="post"{_KINDS_OF_BODY[has_files]} '
        f'action="/forms/d/e/{escape(form.public_id)}/formResponse">'
        f'{hidden}{blocks}<button type="submit">Kirim</button></form>'
    )
    return html(page(form.title, body))


def submitted(world: World, visit: Visit) -> Reply:
    """Take an answer; a required question left out is 400, and nothing is written."""
    form = _form(world, visit.path["form"])
    fields, uploads = posted(visit.body, visit.headers.get("content-type", ""))
    if edit_key := visit.asked.get("edit2"):
        fields["edit2"] = edit_key
    back = f'<p><a href="/forms/d/e/{escape(form.public_id)}/viewform%s">%s</a></p>'
    try:
        came = world.record("submit", form=form.form_id, fields=fields, uploads=uploads)
    except Refused as refused:
        text = f'<h1>{escape(form.title)}</h1><p class="required">{escape(refused.message)}</p>'
        again = back % ("", "Kembali ke formulir")
        return html(page(form.title, f"<section>{text}{again}</section>"), status=refused.status)
    text = f"<h1>{escape(form.title)}</h1><p>{escape(form.thanks)}</p>"
    if form.editable:
        response = world.state.form(form.form_id).response(came["response_id"])
        text += back % (f"?edit2={escape(response.edit_key)}", "Edit jawaban Anda")
    again = back % ("", "Kirim jawaban lain")
    return html(page(form.title, f"<section>{text}{again}</section>"))


def _form(world: World, public_id: str) -> Form:
    for form in world.state.forms.values():
        if public_id in {form.public_id, form.form_id}:
            return form
    raise Refused(404, "Requested entity was not found.")


def _head(form: Form) -> str:
    intro = escape(form.description).replace("\n", "<br>")
    star = ""
    if any(question.required for question in form.questions):
        star = '<p class="required">* Wajib diisi</p>'
    return f"<section><h1>{escape(form.title)}</h1><p>{intro}</p>{star}</section>"


def _filled(form: Form, response: Response) -> dict[str, list[str]]:
    """Return a response's answers by the page's fields."""
    found = {}
    for question in form.questions:
        texts = response.answers.get(question.question_id, ())
        if question.kind == "date" and question.details.with_time:
            texts = tuple(text.replace(" ", "T") for text in texts)
        if files := response.files.get(question.question_id):
            texts = tuple(file["fileId"] for file in files)
        found[question.entry] = list(texts)
    return found
