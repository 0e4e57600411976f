"""What a form asks: its items, and the questions that they hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

if TYPE_CHECKING:
    from sync.sandbox.reply import Json

Kind: TypeAlias = Literal[
    "text",
    "paragraph",
    "choice",
    "list",
    "checkbox",
    "date",
    "time",
    "scale",
    "rating",
    "file",
    "grid",
    "checkbox_grid",
]
KINDS: frozenset[str] = frozenset(get_args(Kind))
GRIDS = frozenset(("grid", "checkbox_grid"))

_CHOICES = {
    "choice": "RADIO",
    "list": "DROP_DOWN",
    "checkbox": "CHECKBOX",
    "grid": "RADIO",
    "checkbox_grid": "CHECKBOX",
}
_LARGEST_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """
    What only some kinds of question have.

    options:    of choices; the columns of a grid
    with_other: a choice may be filled in by hand
    with_time, with_year: of a date
    duration:   of a time: how long, not when
    low, high:  of a scale; a rating has `high` icons
    folder_id, max_files: of a file upload
    """

    options: tuple[str, ...] = ()
    with_other: bool = False
    with_time: bool = False
    with_year: bool = True
    duration: bool = False
    low: int = 1
    high: int = 5
    low_label: str = ""
    high_label: str = ""
    icon: str = "STAR"
    folder_id: str = ""
    max_files: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """
    One answer's worth of question; its id is hexadecimal in the API, decimal on the page.

    title: what stands over its column in the sheet
    row:   of a grid's question: which row of the grid it is
    """

    question_id: str
    title: str
    kind: Kind = "text"
    required: bool = False
    details: Details = Details()
    row: str = ""

    @property
    def options(self) -> tuple[str, ...]:
        """What may be chosen."""
        return self.details.options

    @property
    def entry(self) -> str:
        """The name of the page's field: `entry.` and the id in decimal."""
        return f"entry.{int(self.question_id, 16)}"

    @property
    def takes_many(self) -> bool:
        """Whether an answer may be several texts."""
        return self.kind in {"checkbox", "checkbox_grid", "file"}

    def json(self) -> Json:
        """Return the API's Question."""
        body: Json = {"questionId": self.question_id}
        if self.required:
            body["required"] = True
        if self.kind in GRIDS:
            return body | {"rowQuestion": {"title": self.row}}
        return body | self._kind_json()

    def choices_json(self) -> Json:
        """Return the API's ChoiceQuestion."""
        options: list[Json] = [{"value": option} for option in self.options]
        if self.details.with_other:
            options.append({"isOther": True})
        return {"type": _CHOICES[self.kind], "options": options}

    def _kind_json(self) -> Json:
        own = self.details
        match self.kind:
            case "choice" | "list" | "checkbox":
                return {"choiceQuestion": self.choices_json()}
            case "date":
                date = {"includeTime": own.with_time, "includeYear": own.with_year}
                return {"dateQuestion": _filled(date)}
            case "time":
                return {"timeQuestion": _filled({"duration": own.duration})}
            case "scale":
                labels = {"lowLabel": own.low_label, "highLabel": own.high_label}
                scale = {"low": own.low, "high": own.high} | labels
                return {"scaleQuestion": _filled(scale)}
            case "rating":
                return {"ratingQuestion": {"ratingScaleLevel": own.high, "iconType": own.icon}}
            case "file":
                limits = {"maxFiles": own.max_files, "maxFileSize": str(_LARGEST_BYTES)}
                upload = {"folderId": own.folder_id, "types": ["ANY"]} | limits
                return {"fileUploadQuestion": upload}
        return {"textQuestion": _filled({"paragraph": self.kind == "paragraph"})}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """
    One block of a form.

    kind:      question; grid, whose rows are its questions; section, a page break; or note
    questions: one, a grid's rows, or none
    """

    item_id: str
    title: str
    hint: str = ""
    kind: Literal["question", "grid", "section", "note"] = "question"
    questions: tuple[Question, ...] = ()

    def renamed(self, title: str) -> Item:
        """Return the item under another title; the rows of a grid keep theirs."""
        questions = (replace(q, title=column_title(title, q.row)) for q in self.questions)
        return replace(self, title=title, questions=tuple(questions))

    def json(self) -> Json:
        """Return the API's Item."""
        head = _filled({"itemId": self.item_id, "title": self.title, "description": self.hint})
        match self.kind:
            case "section":
                return head | {"pageBreakItem": {}}
            case "note":
                return head | {"textItem": {}}
            case "grid":
                grid = {"columns": self.questions[0].choices_json()}
                rows = [question.json() for question in self.questions]
                return head | {"questionGroupItem": {"questions": rows, "grid": grid}}
        return head | {"questionItem": {"question": self.questions[0].json()}}


def column_title(title: str, row: str) -> str:
    """Return what stands over a question's column; a grid has one for each row."""
    return f"{title} [{row}]" if row else title


def _filled(body: Json) -> Json:
    """Return *body* without zeros, as proto3 JSON leaves them out."""
    return {name: value for name, value in body.items() if value}
