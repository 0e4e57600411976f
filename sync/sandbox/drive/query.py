"""
The search language of `files.list`: `name contains 'surat' and not trashed = true`.

Grammar: https://developers.google.com/workspace/drive/api/guides/ref-search-terms
Words: https://github.com/GAM-team/GAM/wiki/Users-Drive-Query
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from sync.sandbox.reply import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

#: what is known of a file: a query's term (`name`, `owners`, `shortcutDetails.targetId`) to its
#: value, None for nothing
Facts: TypeAlias = Callable[[str], Any]
#: tells whether a file is looked for
Test: TypeAlias = Callable[[Facts], bool]

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")
      | (?P<sign><=|>=|!=|=|<|>|\(|\)|\{|\})
      | (?P<word>[A-Za-z][A-Za-z0-9.]*)
    )""",
    re.VERBOSE | re.DOTALL,
)
_END = re.compile(r"\s*\Z")
_WORDS = re.compile(r"[^\W_]+")
_PHRASE = re.compile(r'"([^"]*)"')
_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(a == b),
    "!=": lambda a, b: bool(a != b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
}
_TEXTS = {"name", "mimeType", "visibility", "shortcutDetails.targetId"}
_TIMES = {"createdTime", "modifiedTime", "viewedByMeTime", "sharedWithMeTime"}
_FLAGS = {"trashed", "starred", "sharedWithMe"}
_MAPS = {"properties", "appProperties"}
_LISTS = {"parents", "owners", "writers", "readers"}
_DEEPEST = 100  #: parentheses and negations within each other


def parsed(text: str, *, root: str = "root", me: str = "me") -> Test:
    """
    Return the test that *text* spells; raises `Refused` (400) for what is no query.

    root: the id of the caller's My Drive, which `'root' in parents` means
    me:   the caller's e-mail, which `'me' in owners` means
    """
    reader = _Reader(text, root=root, me=me.lower())
    test = reader.alternatives()
    if reader.token is not None:
        raise _invalid()
    return test


class _Reader:
    """Reads token by token; `or` binds least, then `and`, then `not`."""

    def __init__(self, text: str, *, root: str, me: str) -> None:
        self._text, self._at, self._depth = text, 0, 0
        self._root, self._me = root, me
        self.token: tuple[str, str] | None = None
        self._next()

    def alternatives(self) -> Test:
        tests = [self._conjunction()]
        while self._skip("or"):
            tests.append(self._conjunction())
        return lambda facts: any(test(facts) for test in tests)

    def _conjunction(self) -> Test:
        tests = [self._negation()]
        while self._skip("and"):
            tests.append(self._negation())
        return lambda facts: all(test(facts) for test in tests)

    def _negation(self) -> Test:
        if self._skip("not"):
            inner = self._deeper(self._negation)
            return lambda facts: not inner(facts)
        if self._skip("("):
            inner = self._deeper(self.alternatives)
            self._need(")")
            return inner
        return self._term()

    def _deeper(self, read: Callable[[], Test]) -> Test:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _invalid()
        inner = read()
        self._depth -= 1
        return inner

    def _term(self) -> Test:
        kind, token = self._take()
        if kind == "text":
            self._need("in")
            return self._in_list(self._word(), _unescaped(token))
        if kind != "word":
            raise _invalid()
        if token in _FLAGS:
            return self._flag(token)
        operator = self._take()[1].lower()
        if operator == "has":
            return self._has(token)
        value = self._value("text")
        return (
            self._in_list(token, value) if operator == "in" else _compared(token, operator, value)
        )

    def _flag(self, name: str) -> Test:
        """Read `= true`, or nothing: `sharedWithMe` alone says that it is so."""
        truth = True
        if self.token is not None and self.token[1] in {"=", "!="}:
            truth = self._take()[1] == "="
            wanted = self._value("word")
            if wanted not in {"true", "false"}:
                raise _invalid()
            truth = truth == (wanted == "true")
        return lambda facts: bool(facts(name)) is truth

    def _has(self, name: str) -> Test:
        """Read `properties has { key='a' and value='b' }`."""
        if name not in _MAPS:
            raise _invalid()
        key = self._after("{", "key", "=")
        value = self._after("and", "value", "=")
        self._need("}")
        return lambda facts: (facts(name) or {}).get(key) == value

    def _after(self, *tokens: str) -> str:
        for token in tokens:
            self._need(token)
        return self._value("text")

    def _in_list(self, name: str, wanted: str) -> Test:
        if name not in _LISTS:
            raise _invalid()
        if name == "parents":
            folder = self._root if wanted == "root" else wanted
            return lambda facts: folder in facts(name)
        email = self._me if wanted == "me" else wanted.lower()
        return lambda facts: email in facts(name)

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
        if _END.match(self._text, self._at):
            self.token = None
            return
        found = _TOKEN.match(self._text, self._at)
        if found is None:
            raise _invalid()
        self._at = found.end()
        kind = str(found.lastgroup)
        self.token = (kind, found[kind])


def _compared(name: str, operator: str, value: str) -> Test:
    if operator == "contains":
        return _contains(name, value)
    if operator not in _ORDER:
        raise _invalid()
    compare = _ORDER[operator]
    if name in _TIMES:
        moment = _moment(value)
        return lambda facts: facts(name) is not None and compare(facts(name), moment)
    if name not in _TEXTS or operator not in {"=", "!="}:
        raise _invalid()
    if name == "name":  # Drive does not tell capitals here
        return lambda facts: compare(facts(name).casefold(), value.casefold())
    return lambda facts: compare(facts(name) or "", value)


def _contains(name: str, value: str) -> Test:
    """
    Return whether all words of *value* are there, in any order; a "phrase" as it stands.

    In a name the beginning of a word is enough.
    """
    if name == "mimeType":
        return lambda facts: value.lower() in facts(name).lower()
    if name not in {"name", "fullText"}:
        raise _invalid()
    phrases = [_words(phrase) for phrase in _PHRASE.findall(value)]
    wanted = _words(_PHRASE.sub(" ", value))

    def test(facts: Facts) -> bool:
        there = _words(facts(name))
        if not all(_follow(there, phrase) for phrase in phrases):
            return False
        if name == "name":
            return all(any(word.startswith(one) for word in there) for one in wanted)
        return set(wanted) <= set(there)

    return test


def _words(text: str) -> list[str]:
    return _WORDS.findall(text.casefold())


def _follow(there: list[str], phrase: list[str]) -> bool:
    """Return whether the words of *phrase* stand next to each other."""
    size = len(phrase)
    return any(there[at : at + size] == phrase for at in range(len(there) - size + 1))


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
