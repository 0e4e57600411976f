"""A form's questions as fields of its page."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from sync.sandbox.forms.answers import OTHER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sync.sandbox.forms.questions import Item, Question

_STAR = ' <span class="required">*</span>'


def item_html(item: Item, filled: Mapping[str, Sequence[str]]) -> str:
    """
    Return one block of the page.

    filled: the answers that stand there already, by field
    """
    hint = f"<small>{escape(item.hint)}</small>" if item.hint else ""
    title = escape(item.title)
    match item.kind:
        case "section" | "note":
            heading = "h2" if item.kind == "section" else "strong"
            return f"<div><{heading}>{title}</{heading}>{hint}</div>"
        case "grid":
            star = _STAR if item.questions[0].required else ""
            rows = "".join(_grid_row(row, filled.get(row.entry, ())) for row in item.questions)
            return f"<div><strong>{title}{star}</strong>{hint}{rows}</div>"
    question = item.questions[0]
    answer = filled.get(question.entry, ())
    if question.kind == "file":
        return _uploads(question, title, hint, answer)
    label = title + (_STAR if question.required else "")
    if question.kind in {"choice", "checkbox", "scale", "rating"}:
        buttons = "".join(_buttons(question, answer))
        return f"<div><fieldset><legend>{label}</legend>{hint}{buttons}</fieldset></div>"
    field = _field(question, answer[0] if answer else "")
    return f'<div><label for="{question.entry}">{label}</label>{hint}{field}</div>'


def email_html(header: str, email: str) -> str:
    """Return the block that asks for the respondent's address."""
    return (
        f'<div><label for="emailAddress">{escape(header)}{_STAR}</label>'
        f'<input type="email" id="emailAddress" name="emailAddress" value="{escape(email)}" '
        'required autocomplete="off"></div>'
    )


def _grid_row(question: Question, answer: Sequence[str]) -> str:
    buttons = "".join(_buttons(question, answer))
    return f"<fieldset><legend>{escape(question.row)}</legend>{buttons}</fieldset>"


def _buttons(question: Question, answer: Sequence[str]) -> Iterator[str]:
    kind = "checkbox" if question.takes_many else "radio"
    options = _numbers(question) or [(option, escape(option)) for option in question.options]
    required = question.required and (kind == "radio" or len(options) == 1)
    need = " required" if required else ""
    for value, label in options:
        checked = " checked" if value in answer else ""
        yield (
            f'<label><input type="{kind}" name="{question.entry}" value="{escape(value)}"'
            f"{need}{checked}> {label}</label>"
        )
    if question.details.with_other:
        known = {value for value, _ in options}
        yield _other(question, kind, next((text for text in answer if text not in known), ""))


def _numbers(question: Question) -> list[tuple[str, str]]:
    """Return the numbers of a scale or rating, and how each is shown; none of others."""
    own = question.details
    if question.kind == "rating":
        return [(str(number), f"{number} ★") for number in range(1, own.high + 1)]
    if question.kind != "scale":
        return []
    words = {own.low: own.low_label, own.high: own.high_label}
    return [
        (str(number), f"{number} {escape(words.get(number, ''))}".strip())
        for number in range(own.low, own.high + 1)
    ]


def _other(question: Question, kind: str, text: str) -> str:
    checked = " checked" if text else ""
    return (
        f'<label class="other"><input type="{kind}" name="{question.entry}" value="{OTHER}"'
        f"{checked}> Yang lain: "
        f'<input type="text" name="{question.entry}.other_option_response" '
        f'aria-label="Yang lain" value="{escape(text)}" autocomplete="off"></label>'
    )


def _field(question: Question, text: str) -> str:
    common = f'id="{question.entry}" name="{question.entry}"'
    common += " required" if question.required else ""
    match question.kind:
        case "paragraph":
            return f'<textarea {common} rows="3">{escape(text)}</textarea>'
        case "list":
            options = "".join(
                f"<option{' selected' if option == text else ''}>{escape(option)}</option>"
                for option in question.options
            )
            return f'<select {common}><option value="">Pilih</option>{options}</select>'
    kind, pattern = _type(question)
    shown = f' placeholder="{pattern}"' if pattern else ""
    return f'<input type="{kind}" {common} value="{escape(text)}"{shown} autocomplete="off">'


def _uploads(question: Question, title: str, hint: str, file_ids: Sequence[str]) -> str:
    """Return a file question; what was uploaded before is kept unless it is unticked."""
    star, many = (_STAR if question.required else ""), question.details.max_files > 1
    kept = "".join(
        f'<label class="kept"><input type="checkbox" name="{question.entry}" '
        f'value="{escape(file_id)}" checked> <a href="/file/d/{escape(file_id)}/view">'
        f"Berkas {number}</a></label>"
        for number, file_id in enumerate(file_ids, 1)
    )
    need = " required" if question.required and not file_ids else ""
    return (
        f'<div><label for="{question.entry}">{title}{star}</label>{hint}{kept}'
        f'<input type="file" id="{question.entry}" name="{question.entry}"{need}'
        f"{' multiple' if many else ''}></div>"
    )


def _type(question: Question) -> tuple[str, str]:
    """Return the browser's kind of field, and how to fill in one that it has no kind for."""
    own = question.details
    match question.kind:
        case "date" if own.with_year:
            return "datetime-local" if own.with_time else "date", ""
        case "date":
            return "text", "bulan-tanggal, contoh 03-21"
        case "time":
            return ("text", "jam:menit:detik, contoh 01:30:00") if own.duration else ("time", "")
    return "text", ""
