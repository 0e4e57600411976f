"""Questions as tests and the demo describe them: `{"title", "kind", "required", …}`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sync.sandbox.forms.questions import GRIDS, KINDS, Details, Item, Kind, Question, column_title
from sync.sandbox.ids import new_file_id
from sync.sandbox.reply import bad_request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    from sync.sandbox.reply import Json

_CHOICES = frozenset(("choice", "list", "checkbox")) | GRIDS
_BLOCKS = frozenset(("section", "note"))
_LOWEST_SCALE, _LONGEST_SCALE = (0, 1), range(2, 11)
_ICONS = ("STAR", "HEART", "THUMB_UP")
#: key to what it must be, and to the word for that
_KEYS: Mapping[str, tuple[type, str]] = {
    "title": (str, "a text"),
    "kind": (str, "a text"),
    "hint": (str, "a text"),
    "required": (bool, "true or false"),
    "options": (list, "a list of texts"),
    "rows": (list, "a list of texts"),
    "other": (bool, "true or false"),
    "time": (bool, "true or false"),
    "year": (bool, "true or false"),
    "duration": (bool, "true or false"),
    "low": (int, "a number"),
    "high": (int, "a number"),
    "low_label": (str, "a text"),
    "high_label": (str, "a text"),
    "icon": (str, "a text"),
    "max_files": (int, "a number"),
}


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that a file question needs for what is uploaded."""

    folder_id: str
    name: str


def item_from(spec: object, random: Random) -> tuple[Item, list[Folder]]:
    """
    Return the item that *spec* describes, with new ids, and the Drive folders it needs.

    Keys: `title`, `kind` (by default text; also section and note), `hint`, `required`;
    `options`, `other` (choices, columns of a grid), `rows` (grids), `time`, `year` (dates),
    `duration` (times), `low`, `high`, `low_label`, `high_label` (scales), `icon` (ratings),
    `max_files` (uploads).

    Raises `Refused` (400) saying what is wrong.
    """
    wanted = _checked(spec)
    title, kind = wanted["title"], wanted.get("kind", "text")
    item_id, hint = _new_id(random), wanted.get("hint", "")
    if kind in _BLOCKS:
        return Item(item_id=item_id, title=title, hint=hint, kind=kind), []
    folder = Folder(new_file_id(random), f"{title} (File responses)")
    details = _details(wanted, folder.folder_id if kind == "file" else "")
    questions = tuple(
        Question(
            question_id=_new_id(random),
            title=column_title(title, row),
            kind=cast("Kind", kind),
            required=wanted.get("required", False),
            details=details,
            row=row,
        )
        for row in (wanted["rows"] if kind in GRIDS else [""])
    )
    block = Item(
        item_id=item_id,
        title=title,
        hint=hint,
        kind="grid" if kind in GRIDS else "question",
        questions=questions,
    )
    return block, [folder] if kind == "file" else []


def _new_id(random: Random) -> str:
    return f"{random.randrange(1, 2**31):08x}"


def _details(wanted: Json, folder_id: str) -> Details:
    return Details(
        options=tuple(wanted.get("options", ())),
        with_other=wanted.get("other", False),
        with_time=wanted.get("time", False),
        with_year=wanted.get("year", True),
        duration=wanted.get("duration", False),
        low=wanted.get("low", 1),
        high=wanted.get("high", 5),
        low_label=wanted.get("low_label", ""),
        high_label=wanted.get("high_label", ""),
        icon=wanted.get("icon", "STAR"),
        folder_id=folder_id,
        max_files=wanted.get("max_files", 1),
    )


def _checked(spec: object) -> Json:
    if not isinstance(spec, dict):
        raise bad_request('a question is {"title", "kind", …}')
    for key, value in spec.items():
        _check_key(key, value)
    if not spec.get("title"):
        raise bad_request("a question needs a title")
    kind = spec.get("kind", "text")
    if kind not in KINDS | _BLOCKS:
        raise bad_request(f"No kind {kind!r}; there are {', '.join(sorted(KINDS | _BLOCKS))}")
    for applies, wrong, words in _RULES:
        if applies(kind) and wrong(spec):
            raise bad_request(f"{spec['title']}: {words}")
    return spec


def _check_key(key: str, value: object) -> None:
    if key not in _KEYS:
        raise bad_request(f"a question has no {key!r}; there are {', '.join(_KEYS)}")
    kind, word = _KEYS[key]
    right = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
    if right and isinstance(value, list):
        right = bool(value) and all(isinstance(one, str) and one for one in value)
    if not right:
        raise bad_request(f"{key} is {word}")


def _kinds(*names: str) -> Callable[[str], bool]:
    return frozenset(names).__contains__


def _ends(spec: Mapping[str, Any]) -> bool:
    return spec.get("low", 1) not in _LOWEST_SCALE or spec.get("high", 5) not in _LONGEST_SCALE


_RULES: tuple[tuple[Callable[[str], bool], Callable[[Json], bool], str], ...] = (
    (_CHOICES.__contains__, lambda spec: not spec.get("options"), "needs options"),
    (GRIDS.__contains__, lambda spec: not spec.get("rows"), "needs rows"),
    (_kinds("list", *GRIDS), lambda spec: bool(spec.get("other")), "takes no other answers"),
    (_kinds("scale"), _ends, "goes from 0 or 1 to 2..10"),
    (_kinds("rating"), lambda spec: spec.get("icon", "STAR") not in _ICONS, f"icon of {_ICONS}"),
    (_kinds("rating"), lambda spec: spec.get("high", 5) not in range(3, 11), "has 3..10 icons"),
)
