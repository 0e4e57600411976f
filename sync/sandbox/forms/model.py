"""A form and its questions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sync.sandbox.reply import Json

Kind = Literal["text", "paragraph", "choice", "list", "checkbox", "date", "time"]

_CHOICES = {"choice": "RADIO", "list": "DROP_DOWN", "checkbox": "CHECKBOX"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question; its id is hexadecimal in the API and decimal on Google's pages."""

    question_id: str
    title: str
    kind: Kind = "text"
    required: bool = True
    options: tuple[str, ...] = ()
    hint: str = ""

    @property
    def entry(self) -> str:
        """The name of the page's field: `entry.` and the id in decimal."""
        return f"entry.{int(self.question_id, 16)}"

    def json(self) -> Json:
        """Return the API's Item."""
        question: Json = {"questionId": self.question_id}
        if self.required:
            question["required"] = True
        question |= self._kind_json()
        item: Json = {"itemId": f"{int(self.question_id, 16) ^ 0x5A5A5A5A:08x}"}
        item["title"] = self.title
        if self.hint:
            item["description"] = self.hint
        return item | {"questionItem": {"question": question}}

    def _kind_json(self) -> Json:
        if self.kind in _CHOICES:
            options = [{"value": option} for option in self.options]
            return {"choiceQuestion": {"type": _CHOICES[self.kind], "options": options}}
        if self.kind == "date":
            return {"dateQuestion": {"includeYear": True}}
        if self.kind == "time":
            return {"timeQuestion": {}}
        return {"textQuestion": {"paragraph": True} if self.kind == "paragraph" else {}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form that writes into a tab of a spreadsheet."""

    form_id: str
    public_id: str  #: the long id in the page's address
    title: str
    description: str
    questions: tuple[Question, ...]
    spreadsheet_id: str
    sheet_id: int
    timestamp_header: str = "Timestamp"
    thanks: str = "Jawaban Anda telah direkam."
    responses: tuple[Json, ...] = field(default=(), repr=False)

    def json(self) -> Json:
        """Return the API's Form."""
        return {
            "formId": self.form_id,
            "info": {
                "title": self.title,
                "description": self.description,
                "documentTitle": self.title,
            },
            "revisionId": "00000001",
            "responderUri": f"https://docs.google.com/forms/d/e/{self.public_id}/viewform",
            "linkedSheetId": self.spreadsheet_id,
            "items": [question.json() for question in self.questions],
        }
