"""Names of things that only a running sandbox knows: "the second file", "some comment"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sync.sandbox.drive.model import FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sync.sandbox.drive.model import File
    from sync.sandbox.state import State


@dataclass(frozen=True, slots=True)
class Known:
    """The id of the *number*-th thing of a *kind* that there is then; counted in a circle."""

    kind: str
    number: int = 0


def resolved(thing: Any, state: State) -> Any:
    """Return *thing* with the ids of *state* in it."""
    if isinstance(thing, Known):
        there = _THERE[thing.kind](state)
        none = 99 if thing.kind in NUMBERED else f"no-{thing.kind}"
        return there[thing.number % len(there)] if there else none
    if isinstance(thing, dict):
        return {str(resolved(key, state)): resolved(one, state) for key, one in thing.items()}
    return [resolved(one, state) for one in thing] if isinstance(thing, list) else thing


def _is_folder(file: File) -> bool:
    return file.mime_type == FOLDER


def _comments(state: State) -> list[str]:
    return [one.remark_id for file in state.files.values() for one in file.comments]


def _replies(state: State) -> list[str]:
    threads = (one for file in state.files.values() for one in file.comments)
    return [reply.remark_id for thread in threads for reply in thread.replies]


def _ids_of(name: str) -> Callable[[State], list[str]]:
    return lambda state: list(getattr(state, name))


def _of_forms(ids: Callable[[Any], list[str]]) -> Callable[[State], list[str]]:
    return lambda state: [one for form in state.forms.values() for one in ids(form)]


def _in_parts(name: str, *parts: str) -> Callable[[State], list[str]]:
    return lambda state: [
        one[name]
        for book in state.spreadsheets.values()
        for sheet in book.sheets
        for part in parts
        for one in sheet.parts.get(part, ())
        if name in one
    ]


def _named_ranges(state: State) -> list[str]:
    books = state.spreadsheets.values()
    return [named["namedRangeId"] for book in books for named in book.named_ranges]


def _metadata(state: State) -> list[str]:
    sheets = [sheet for book in state.spreadsheets.values() for sheet in book.sheets]
    return [tag.body["metadataId"] for sheet in sheets for tag in sheet.metadata]


#: ids of the parts of a spreadsheet, by the names that their fields have
NUMBERED: Mapping[str, Callable[[State], list[Any]]] = {
    "bandedRangeId": _in_parts("bandedRangeId", "bandedRanges"),
    "chartId": _in_parts("chartId", "charts"),
    "objectId": _in_parts("chartId", "charts"),
    "filterId": _in_parts("filterViewId", "filterViews"),
    "filterViewId": _in_parts("filterViewId", "filterViews"),
    "protectedRangeId": _in_parts("protectedRangeId", "protectedRanges"),
    "slicerId": _in_parts("slicerId", "slicers"),
    "metadataId": _metadata,
}
NAMED: Mapping[str, Callable[[State], list[str]]] = {
    "namedRangeId": _named_ranges,
    "tableId": _in_parts("tableId", "tables"),
}
_THERE: Mapping[str, Callable[[State], list[Any]]] = {
    **NUMBERED,
    **NAMED,
    "file": _ids_of("files"),
    "folder": lambda state: [one.file_id for one in state.files.values() if _is_folder(one)],
    "spreadsheet": _ids_of("spreadsheets"),
    "form": _ids_of("forms"),
    "drive": _ids_of("drives"),
    "upload": _ids_of("uploads"),
    "generated": lambda state: sorted(state.generated),
    "comment": _comments,
    "reply": _replies,
    "public form": _of_forms(lambda form: [form.public_id]),
    "entry": _of_forms(lambda form: [question.entry for question in form.questions]),
    "question": _of_forms(lambda form: [question.question_id for question in form.questions]),
    "item": _of_forms(lambda form: [item.item_id for item in form.items]),
    "response": _of_forms(lambda form: [one.response_id for one in form.responses]),
    "edit key": _of_forms(lambda form: [one.edit_key for one in form.responses]),
}
