"""
The search language of `files.list`: `name contains 'surat' and not trashed = true`.

Grammar: https://developers.google.com/workspace/drive/api/guides/ref-search-terms
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from sync.sandbox.reply import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.sandbox.reply import Json

#: tells whether a file, as the API shows it, is looked for
Test: TypeAlias = Callable[["Json"], bool]

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")
      | (?P<sign><=|>=|!=|=|<|>|\(|\)|\{|\})
      | (?P<word>[A-Za-z][A-Za-z0-9]*)
    )""",
    re.VERBOSE | re.DOTALL,
)
_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(a == b),
    "!=": lambda a, b: bool(a != b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
}
_TEXTS = {"name", "mimeType", "fullText", "visibility"}
_TIMES = {"createdTime", "modifiedTime", "viewedByMeTime", "sharedWithMeTime"}
_FLAGS = {"trashed", "starred", "sharedWithMe"}
_MAPS = {"properties", "appProperties"}
_ROLES = {
    "owners": {"owner"},
    "writers": {"writer", "fileOrganizer", "organizer", "owner"},
    "readers": {"reader", "commenter", "writer", "fileOrganizer", "organizer", "owner"},
}


def parsed(text: str, *, root: str = "root") -> Test:
    """
    Return the test that *text* spells; raises `Refused` (400) for what is no query.

    root: the id of the caller's My Drive, which `'root' in parents` means
    """
    reader = _Reader(text, root)
    test = reader.alternatives()
    if reader.token is not None:
        raise _invalid()
    return test


class _Reader:
    """Reads token by token; `or` binds least, then `and`, then `not`."""

    def __init__(self, text: str, root: str) -> None:
        self._text, self._at, self._root = text, 0, root
        self.token: tuple[str, str] | None = None
        self._next()

    def alternatives(self) -> Test:
        tests = [self._conjunction()]
        while self._skip("or"):
            tests.append(self._conjunction())
        return lambda file: any(test(file) for test in tests)

    def _conjunction(self) -> Test:
        tests = [self._negation()]
        while self._skip("and"):
            tests.append(self._negation())
        return lambda file: all(test(file) for test in tests)

    def _negation(self) -> Test:
        if self._skip("not"):
            inner = self._negation()
            return lambda file: not inner(file)
        if self._skip("("):
            inner = self.alternatives()
            self._need(")")
            return inner
        return self._term()

    def _term(self) -> Test:
        kind, token = self._take()
        if kind == "text":
            self._need("in")
            return self._in_list(self._word(), _unescaped(token))
        if kind != "word":
            raise _invalid()
        _, operator = self._take()
        if operator == "has":
            return self._has(token)
        if operator == "in":
            return self._in_list(token, self._value("text"))
        if token in _FLAGS:
            wanted = self._value("word")
            if operator not in {"=", "!="} or wanted not in {"true", "false"}:
                raise _invalid()
            truth = (wanted == "true") == (operator == "=")
            return lambda file: bool(file.get(token)) is truth
        return _compared(token, operator, self._value("text"))

    def _has(self, name: str) -> Test:
        """Read `properties has { key='a' and value='b' }`."""
        if name not in _MAPS:
            raise _invalid()
        key = self._after("{", "key", "=")
        value = self._after("and", "value", "=")
        self._need("}")
        return lambda file: file.get(name, {}).get(key) == value

    def _after(self, *tokens: str) -> str:
        for token in tokens:
            self._need(token)
        return self._value("text")

    def _in_list(self, name: str, wanted: str) -> Test:
        if name == "parents":
            folder = self._root if wanted == "root" else wanted
            return lambda file: folder in file.get("parents", ())
        return _has_role(name, wanted)

    def _word(self) -> str:
        kind, token = self._take()
        if kind != "word":
            raise _invalid()
        return token

    def _value(self, wanted: str) -> str:
        kind, token = self._take()
        if kind != wanted:
            raise _invalid()
        return _unescaped(token) if kind == "text" else token.lower()

    def _skip(self, token: str) -> bool:
        if self.token is None or self.token[0] == "text" or self.token[1].lower() != token:
            return False
        self._next()
        return True

    def _need(self, token: str) -> None:
        if not self._skip(token):
            raise _invalid()

    def _take(self) -> tuple[str, str]:
        if self.token is None:
            raise _invalid()
        token = self.token
        self._next()
        return token

    def _next(self) -> None:
        rest = self._text[self._at :]
        if not rest.strip():
            self.token = None
            return
        found = _TOKEN.match(rest)
        if found is None:
            raise _invalid()
        self._at += found.end()
        kind = str(found.lastgroup)
        self.token = (kind, found[kind])


def _compared(name: str, operator: str, value: str) -> Test:
    if name in _TIMES and operator in _ORDER:
        moment, compare = _moment(value), _ORDER[operator]
        return lambda file: name in file and compare(_moment(file[name]), moment)
    if name not in _TEXTS:
        raise _invalid()
    if operator == "contains":
        return lambda file: _contains(file, name, value.casefold())
    if operator not in {"=", "!="} or name == "fullText":
        raise _invalid()
    compare = _ORDER[operator]
    return lambda file: compare(str(file.get(name, "")), value)


def _contains(file: Json, name: str, wanted: str) -> bool:
    """Return whether a word begins with *wanted*, for names; elsewhere whether it is in there."""
    if name == "fullText":
        both = f"{file['name']} {file.get('description', '')}"
        return wanted in both.casefold()
    text = str(file.get(name, "")).casefold()
    if name == "mimeType":
        return text.startswith(wanted)
    return bool(re.search(rf"(?:^|[\W_]){re.escape(wanted)}|^{re.escape(wanted)}", text))


def _has_role(name: str, email: str) -> Test:
    if name not in _ROLES:
        raise _invalid()
    roles = _ROLES[name]
    return lambda file: any(
        permission.get("emailAddress") == email and permission["role"] in roles
        for permission in file.get("permissions", ())
    )


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _invalid() from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _unescaped(token: str) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1], flags=re.DOTALL)


def _invalid() -> Refused:
    return Refused(400, "Invalid Value", reason="invalid", location="q")
