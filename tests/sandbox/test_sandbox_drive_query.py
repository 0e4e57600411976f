"""The search language of `files.list`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_sandbox_drive_files import made, refused

from sync.sandbox.drive import query
from sync.sandbox.reply import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.sandbox import Sandbox

_AT = datetime(2026, 11, 24, 3, 15, tzinfo=UTC)
_FACTS: dict[str, Any] = {
    "name": "Surat Keterangan_12 (Siti).docx",
    "mimeType": "application/vnd.google-apps.spreadsheet",
    "fullText": "Surat\nuntuk bank desa",
    "createdTime": _AT,
    "modifiedTime": _AT,
    "parents": ("map1",),
    "trashed": False,
    "starred": True,
    "sharedWithMe": True,
    "visibility": "limited",
    "shortcutDetails.targetId": "1abc",
    "appProperties": {"nomor": "12"},
    "owners": {"a@contoh.example"},
    "writers": {"a@contoh.example"},
    "readers": {"a@contoh.example", "b@contoh.example"},
}


@pytest.mark.parametrize(
    "text, expected",
    [
        ("name = 'Surat Keterangan_12 (Siti).docx'", True),
        ('name = "surat keterangan_12 (siti).DOCX"', True),
        ("name != 'lain'", True),
        ("name = 'Surat'", False),
        ("name contains 'surat'", True),
        ("name contains 'keter'", True),
        ("name contains '12'", True),
        ("name contains 'siti.docx'", True),
        ("name contains 'siti surat'", True),
        ("name contains 'siti budi'", False),
        ("name contains 'urat'", False),
        ("name contains '\"surat keterangan\"'", True),
        ("name contains '\"keterangan surat\"'", False),
        ("fullText contains 'BANK'", True),
        ("fullText contains 'ban'", False),
        ("fullText contains 'desa surat'", True),
        ("fullText contains '\"bank desa\"'", True),
        ("fullText contains '\"desa bank\"'", False),
        ("mimeType = 'application/vnd.google-apps.folder'", False),
        ("mimeType contains 'application/vnd.google-apps'", True),
        ("mimeType != 'text/csv'", True),
        ("visibility = 'limited'", True),
        ("shortcutDetails.targetId = '1abc'", True),
        ("modifiedTime > '2026-11-24T03:14:59'", True),
        ("modifiedTime >= '2026-11-24T10:15:00+07:00'", True),
        ("modifiedTime = '2026-11-24T03:15:00.000Z'", True),
        ("modifiedTime > '2026-11-24'", True),
        ("createdTime < '2026-11-24T03:15:00Z'", False),
        ("viewedByMeTime > '2026-11-24T03:15:00Z'", False),
        ("trashed = false and starred = true", True),
        ("trashed=true", False),
        ("trashed != true", True),
        ("not trashed = true", True),
        ("sharedWithMe and name contains 'surat'", True),
        ("not sharedWithMe", False),
        ("'map1' in parents", True),
        ("parents in 'map1'", True),
        ('parents in "map1"', True),
        ("'root' in parents", False),
        ("'a@contoh.example' in owners", True),
        ("'me' in owners", True),
        ("'A@Contoh.example' in writers", True),
        ("'b@contoh.example' in writers", False),
        ("'b@contoh.example' in readers", True),
        ("appProperties has { key='nomor' and value='12' }", True),
        ("appProperties has {key='nomor' and value='13'}", False),
        ("properties has {key='nomor' and value='12'}", False),
        ("name = 'x' or name = 'y' or starred = true", True),
        ("name = 'x' and starred = true or trashed = false", True),
        ("trashed = false or starred = true and name = 'x'", True),
        ("name = 'x' and (starred = true or trashed = false)", False),
        ("not name = 'x' and starred = false", False),
        ("not (name = 'x' or trashed = true) AND starred = true", True),
    ],
)
def test_terms_and_their_meaning(text: str, expected: bool) -> None:  # noqa: FBT001
    """Each operator, in each spelling that Google takes."""
    assert expected is query.parsed(text, me="A@contoh.example")(_FACTS.get)


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
        "fullText = 'x'",
        "visibility contains 'lim'",
        "trashed = 'true'",
        "trashed > true",
        "unknown = 'x'",
        "'x' in name",
        "modifiedTime contains '2026'",
        "modifiedTime > 'kemarin'",
        "appProperties has { key='a' }",
        "name has { key='a' and value='b' }",
        "name = 'x' name = 'y'",
        "name = 'Valentine's Day'",
        "§",
        "not " * 1000 + "starred",
        "(" * 5000 + "starred" + ")" * 5000,
    ],
)
def test_what_is_no_query_is_refused(text: str) -> None:
    """400 `Invalid Value`, as Drive says."""
    with pytest.raises(Refused, match="Invalid Value"):
        query.parsed(text)


def _leaf(flag: str, wanted: bool) -> tuple[str, Any]:  # noqa: FBT001
    return f"{flag} = {str(wanted).lower()}", lambda facts: facts(flag) is wanted


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
    facts = {"trashed": trashed, "starred": starred}.__getitem__

    assert meaning(facts) == query.parsed(text)(facts)


@given(st.lists(st.lists(st.booleans(), min_size=1, max_size=4), min_size=1, max_size=4))
def test_and_binds_more_than_or(sums: list[list[bool]]) -> None:
    """Without parentheses a query is a sum of products."""
    products = (
        " and ".join(f"starred = {str(one).lower()}" for one in factors) for factors in sums
    )
    test = query.parsed(" or ".join(products))

    assert any(all(factors) for factors in sums) == test({"starred": True}.get)


@given(st.text(), st.sampled_from("'\""))
def test_any_text_in_quotes_comes_back(name: str, quote: str) -> None:
    """Quotes and backslashes are escaped by a backslash."""
    escaped = name.replace("\\", "\\\\").replace(quote, f"\\{quote}")

    assert query.parsed(f"name = {quote}{escaped}{quote}")({"name": name}.get)


@given(st.text(max_size=40))
def test_any_text_is_a_query_or_refused(text: str) -> None:
    """Nothing else can happen."""
    try:
        query.parsed(text)(_FACTS.get)
    except Refused as refused:
        assert 400 == refused.status  # noqa: PT017


@pytest.fixture
def found(village: Any) -> Callable[..., list[str]]:
    """Return a search of the village's user that gives names."""

    def search(text: str, drive: Any = village, **more: Any) -> list[str]:
        answer = drive.files().list(q=text, fields="files(name)", **more).execute()
        return sorted(one["name"] for one in answer["files"])

    return search


def test_searching_real_files(
    sandbox: Sandbox, village: Any, robot: Any, found: Callable[..., list[str]]
) -> None:
    """Place, owner, sharing, contents and properties of files as they are."""
    kind = "application/vnd.google-apps.folder"
    folder = village.files().create(body={"name": "Map", "mimeType": kind}).execute()["id"]
    made(village, name="di map.txt", content=b"rapat dusun", parents=[folder])
    shared = made(village, name="umum.txt", appProperties={"nomor": "7"}, starred=True)["id"]
    anyone = {"type": "anyone", "role": "reader"}
    village.permissions().create(fileId=shared, body=anyone).execute()
    village.files().update(fileId=folder, body={"trashed": True}).execute()
    user = sandbox.authorized_user_info["account"]

    assert ["di map.txt"] == found(f"'{folder}' in parents")
    assert ["Map", "di map.txt"] == found("trashed = true")
    assert ["di map.txt"] == found("fullText contains 'rapat'")
    assert ["umum.txt"] == found("visibility = 'anyoneWithLink'")
    assert ["umum.txt"] == found("appProperties has {key='nomor' and value='7'} and starred = true")
    assert ["Map", "umum.txt"] == [one for one in found("'root' in parents") if len(one) < 9]
    assert [] == found("sharedWithMe")
    assert found("'me' in owners") == found(f"'{user}' in owners")
    sheet = "Permohonan Surat Keterangan Usaha (SKU) (Responses)"
    assert [sheet] == found("sharedWithMe and name contains 'responses'", robot)
    assert sheet in found("'me' in writers and not 'me' in owners", robot)


def test_search_by_text_has_its_own_order(village: Any) -> None:
    """`fullText` is sorted by relevance: asking for another order is 400."""
    files = village.files()
    call = files.list(q="fullText contains 'x'", orderBy="name").execute

    assert (400, "badRequest") == refused(call)[:2]


def test_a_cell_is_full_text(
    sandbox: Sandbox, village: Any, found: Callable[..., list[str]]
) -> None:
    """What stands in a spreadsheet finds it."""
    url = f"{sandbox.base_url}/v4/spreadsheets/{sandbox.spreadsheet_id}/values/A5"
    village._http.session.put(
        f"{url}?valueInputOption=RAW", json={"values": [["Kebobang"]]}
    ).raise_for_status()

    assert 1 == len(found("fullText contains 'kebobang'"))
