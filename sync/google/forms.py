"""Google Forms: which questions a form asks, for `check`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sync.google.discovery import service
from sync.google.interface import FormQuestion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.google.transport import Transport

_CHOICES = {"RADIO": "radio", "CHECKBOX": "checkbox", "DROP_DOWN": "drop_down"}


class GoogleForms:
    """Implements `interface.Forms`."""

    def __init__(self, transport: Transport) -> None:
        self._forms = service("forms", "v1", transport).forms()

    def questions(self, form_id: str) -> tuple[FormQuestion, ...]:
        """Return the form's questions in its order; a grid's rows as `Title [Row]`."""
        form = self._forms.get(formId=form_id).execute()
        return tuple(question for item in form.get("items", []) for question in _questions(item))


def _questions(item: dict[str, Any]) -> Iterator[FormQuestion]:
    title = item.get("title", "")
    if "questionItem" in item:
        yield _question(title, item["questionItem"].get("question", {}))
    for row in item.get("questionGroupItem", {}).get("questions", []):
        row_title = row.get("rowQuestion", {}).get("title", "")
        yield _question(f"{title} [{row_title}]", row)


def _question(title: str, question: dict[str, Any]) -> FormQuestion:
    return FormQuestion(title=title, required=question.get("required", False), kind=_kind(question))


def _kind(question: dict[str, Any]) -> str:
    if "choiceQuestion" in question:
        return _CHOICES.get(question["choiceQuestion"].get("type", ""), "choice")
    if "textQuestion" in question:
        return "paragraph" if question["textQuestion"].get("paragraph") else "text"
    kinds = [name.removesuffix("Question") for name in question if name.endswith("Question")]
    return kinds[0] if kinds else "unknown"
