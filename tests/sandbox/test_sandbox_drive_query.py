"""The search language of `files.list`."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.sandbox.drive import query
from sync.sandbox.reply import Refused

_FILE: dict[str, Any] = {
    "name": "Surat Keterangan 12.docx",
    "mimeType": "application/vnd.google-apps.spreadsheet",
    "description": "untuk bank",
    "createdTime": "2026-11-24T03:15:00.000Z",
    "modifiedTime": "2026-11-24T03:15:00.000Z",
    "parents": ["map1"],
    "trashed": False,
    "starred": True,
    "appProperties": {"nomor": "12"},
    "permissions": [
        {"emailAddress": "a@contoh.example", "role": "owner"},
        {"emailAddress": "b@contoh.example", "role": "reader"},
    ],
}


@pytest.mark.parametrize(
    "text, expected",
    [
        ("name = 'Surat Keterangan 12.docx'", True),
        ('name = "Surat Keterangan 12.docx"', True),
        ("name != 'lain'", True),
        ("name contains 'surat'", True),
        ("name contains 'keter'", True),
        ("name contains 'urat'", False),
        ("fullText contains 'BANK'", True),
        ("mimeType = 'application/vnd.google-apps.folder'", False),
        ("mimeType contains 'application/vnd.google-apps'", True),
        ("modifiedTime > '2026-11-24T03:14:59'", True),
        ("modifiedTime >= '2026-11-24T10:15:00+07:00'", True),
        ("createdTime < '2026-11-24T03:15:00Z'", False),
        ("trashed = false and starred = true", True),
        ("trashed=true", False),
        ("not trashed = true", True),
        ("'map1' in parents", True),
        ("parents in 'map1'", True),
        ("'root' in parents", False),
        ("'a@contoh.example' in owners", True),
        ("'b@contoh.example' in writers", False),
        ("'b@contoh.example' in readers", True),
        ("appProperties has { key='nomor' and value='12' }", True),
        ("appProperties has {key='nomor' and value='13'}", False),
        ("name = 'x' or name = 'y' or starred = true", True),
        ("name = 'x' and starred = true or trashed = false", True),
        ("name = 'x' and (starred = true or trashed = false)", False),
        ("not (name = 'x' or trashed = true) AND starred = true", True),
    ],
)
def test_terms_and_their_meaning(text: str, expected: bool) -> None:  # noqa: FBT001
    """Each operator, in each spelling that Google takes."""
    assert expected is query.parsed(text)(_FILE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name =",
        "name = surat",
        "name = 'x' and",
        "(name = 'x'",
        "name = 'x')",
        "name < 'x'",
        "trashed = 'true'",
        "trashed > true",
        "unknown = 'x'",
        "'x' in name",
        "modifiedTime > 'kemarin'",
        "appProperties has { key='a' }",
        "name = 'x' name = 'y'",
        "§",
    ],
)
def test_what_is_no_query_is_refused(text: str) -> None:
    """400 `Invalid Value`, as Drive says."""
    with pytest.raises(Refused, match="Invalid Value"):
        query.parsed(text)


def _leaf(flag: str, wanted: bool) -> tuple[str, Any]:  # noqa: FBT001
    return f"{flag} = {str(wanted).lower()}", lambda file: file[flag] is wanted


_LEAVES = st.builds(_leaf, st.sampled_from(("trashed", "starred")), st.booleans())
_TREES = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(
            lambda p: (f"({p[0][0]}) and ({p[1][0]})", lambda f: p[0][1](f) and p[1][1](f))
        ),
        st.tuples(inner, inner).map(
            lambda p: (f"({p[0][0]}) or ({p[1][0]})", lambda f: p[0][1](f) or p[1][1](f))
        ),
        inner.map(lambda t: (f"not ({t[0]})", lambda f: not t[1](f))),
    ),
)


@given(_TREES, st.booleans(), st.booleans())
def test_any_tree_means_what_it_says(tree: Any, trashed: bool, starred: bool) -> None:  # noqa: FBT001
    """`and`, `or`, `not` and parentheses, however deep."""
    text, meaning = tree
    file = _FILE | {"trashed": trashed, "starred": starred}

    assert meaning(file) == query.parsed(text)(file)


@given(st.text())
def test_any_text_in_quotes_comes_back(name: str) -> None:
    """Quotes and backslashes are escaped by a backslash."""
    escaped = name.replace("\\", "\\\\").replace("'", "\\'")

    assert query.parsed(f"name = '{escaped}'")(_FILE | {"name": name})


@given(st.text(max_size=40))
def test_any_text_is_a_query_or_refused(text: str) -> None:
    """Nothing else can happen."""
    try:
        query.parsed(text)(_FILE)
    except Refused as refused:
        assert 400 == refused.status  # noqa: PT017
