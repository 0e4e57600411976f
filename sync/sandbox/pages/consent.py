"""Where the owner of an account allows an application in, or does not."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from sync.sandbox.oauth.consent import ConsentError, Wanted, wanted_from
from sync.sandbox.pages.frame import page
from sync.sandbox.reply import Reply, html

if TYPE_CHECKING:
    from sync.sandbox.pages.visit import Visit
    from sync.sandbox.world import World

_GRANTED, _TICKED = "granted", "ticked"
_DRIVE = "https://www.googleapis.com/auth/drive"
_SCOPES = {
    _DRIVE: "Melihat, mengubah, membuat, dan menghapus semua berkas Google Drive Anda",
    f"{_DRIVE}.file": "Melihat, mengubah, membuat, dan menghapus hanya berkas Google Drive yang "
    "Anda gunakan dengan aplikasi ini",
    f"{_DRIVE}.readonly": "Melihat dan mengunduh semua berkas Google Drive Anda",
    "https://www.googleapis.com/auth/spreadsheets": "Melihat, mengubah, membuat, dan menghapus "
    "semua spreadsheet Google Sheets Anda",
    "https://www.googleapis.com/auth/spreadsheets.readonly": "Melihat semua spreadsheet Google "
    "Sheets Anda",
    "https://www.googleapis.com/auth/forms.body.readonly": "Melihat semua formulir Google "
    "Formulir Anda",
    "https://www.googleapis.com/auth/forms.responses.readonly": "Melihat semua jawaban formulir "
    "Google Formulir Anda",
    "https://www.googleapis.com/auth/userinfo.email": "Melihat alamat email Anda",
    "https://www.googleapis.com/auth/userinfo.profile": "Melihat nama dan foto profil Anda",
    "openid": "Mengaitkan Anda dengan info pribadi Anda di Google",
}


def view(world: World, visit: Visit) -> Reply:
    """Show who asks for what; something wrong is a page of its own, 400."""
    asked = {name: texts[-1] for name, texts in visit.asked.items()}
    try:
        wanted = wanted_from(asked)
    except ConsentError as error:
        return _error_page(error)
    if wanted.silent:
        return _redirect(wanted.answer(error="interaction_required"))
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(text)}">'
        for name, text in (asked | {_TICKED: "1"}).items()
    )
    body = (
        "<section><h1>surat-sync ingin mengakses Akun Google Anda</h1>"
        "<p>Ini tiruan Google di komputer ini: tidak ada yang dikirim ke internet.</p></section>"
        f'<form method="post">{hidden}<div>{_accounts(world, wanted)}</div>'
        f"<div><fieldset><legend>Aplikasi ini akan dapat</legend>{_scopes(wanted)}</fieldset></div>"
        f"<p>Setelah itu Anda kembali ke <strong>{escape(wanted.redirect_uri)}</strong></p>"
        '<p class="choice"><button name="decision" value="deny" class="plain">Batal</button>'
        '<button name="decision" value="allow">Izinkan</button></p></form>'
    )
    return html(page("Login dengan Google", body))


def decided(world: World, visit: Visit) -> Reply:
    """Send the browser back: with a code, or with `access_denied`."""
    sent = parse_qs(visit.body.decode("utf-8", "replace"), keep_blank_values=True)
    asked = {name: texts[-1] for name, texts in (visit.asked | sent).items()}
    try:
        wanted = wanted_from(asked)
    except ConsentError as error:
        return _error_page(error)
    if asked.get("decision") == "deny":
        return _redirect(wanted.answer(error="access_denied"))
    people = _people(world)
    hint = wanted.login_hint if wanted.login_hint in people else people[0]
    email = asked.get("account", hint)
    if email not in people:
        return _error_page(ConsentError("invalid_request", f"Akun tidak ditemukan: {email}"))
    if _TICKED in sent:  # the page was shown, and not everything need be ticked
        ticked = sent.get(_GRANTED, [])
        wanted = replace(wanted, scopes=tuple(one for one in wanted.scopes if one in ticked))
    if not wanted.scopes:
        return _redirect(wanted.answer(error="access_denied"))
    code = wanted.code(world.keys, email, now=world.clock(), random=world.dice)
    return _redirect(wanted.answer(code=code, scope=" ".join(wanted.scopes)))


def _people(world: World) -> list[str]:
    return [one.email for one in world.state.accounts.values() if one.kind == "user"]


def _accounts(world: World, wanted: Wanted) -> str:
    people = _people(world)
    chosen = wanted.login_hint if wanted.login_hint in people else people[0]
    buttons = "".join(
        f'<label><input type="radio" name="account" value="{escape(email)}"'
        f"{' checked' if email == chosen else ''}> {escape(email)}</label>"
        for email in people
    )
    return f"<fieldset><legend>Akun</legend>{buttons}</fieldset>"


def _scopes(wanted: Wanted) -> str:
    lines = ((scope, _SCOPES.get(scope, "")) for scope in wanted.scopes)
    return "".join(
        f'<label><input type="checkbox" name="{_GRANTED}" value="{escape(scope)}" checked> '
        f"{escape(words) or escape(scope)}<small>{escape(scope) if words else ''}</small></label>"
        for scope, words in lines
    )


def _error_page(error: ConsentError) -> Reply:
    body = (
        "<section><h1>Akses diblokir</h1>"
        f"<p>{escape(error.description)}</p><p>Error 400: {escape(error.error)}</p></section>"
    )
    return html(page("Akses diblokir", body), status=400)


def _redirect(address: str) -> Reply:
    return Reply(status=302, headers={"location": address}, content=b"", content_type="text/html")
