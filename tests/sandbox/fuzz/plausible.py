"""What a field of a request may well say, by the field's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from fuzz.known import NAMED, NUMBERED, Known
from sync.sandbox.drive.model import permission_id, root_id
from sync.sandbox.sample import SERVICE_ACCOUNT, SHEET_ID, USER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypothesis.strategies import SearchStrategy

STRANGER = "warga.contoh@gmail.com"
PEOPLE = (USER, SERVICE_ACCOUNT, STRANGER)
FIRST, SECOND = 7, 8  #: gids of the tabs that `session.py` makes
TABS = (*[FIRST] * 9, *[SECOND] * 5, SHEET_ID, SHEET_ID, 9, 10, 0, 99)


def known(kind: str) -> SearchStrategy[Known]:
    """Return ids of things that there are."""
    return st.builds(Known, st.just(kind), st.integers(0, 9))


def mixed(*kinds: tuple[int, SearchStrategy[Any]]) -> SearchStrategy[Any]:
    """Return values of several strategies, each with its weight."""
    weighted = [strategy for weight, strategy in kinds for _ in range(weight)]
    return st.sampled_from(weighted).flatmap(lambda chosen: chosen)


def one_of(*values: Any) -> SearchStrategy[Any]:
    """Return one of *values*."""
    return st.sampled_from(values)


small = one_of(0, 1, 2, 3, 4, 0, 1, 2, 5, 7, 11, 13)
colour_part = one_of(0, 0.5, 1, 0.1, 2, -1)
word = one_of("a", "", "T", "Lain", "b c", "1", "É", "x'y", "A1", "=A1", "a!b", "\u2028", "\x00")
cell_text = one_of(
    "",
    "a",
    "1",
    "12,5",
    "2020-01-01",
    "25:61",
    "50%",
    "'x",
    "=A1",
    "=SUM(A1:B3)",
    "=1/0",
    "=A1:B2",
    "=",
    "=(",
    '="a"&B2',
    '=HYPERLINK("x","y")',
    "=COUNTIF(A:A,1)",
    "=Lain!A1",
    "=D4",
    "=2^99999",
    "1e999",
    "TRUE",
    "9" * 400,
    "٣",
    "\ud800",
)
find_text = one_of("a", "", "1", "(", "[", "a*", "(a*)*b", ".", "^$", r"(\w)(\d)?", "\\", "É")
metadata_key = one_of("k", "l", "")
url = one_of("https://example.com/a", "x", "")
moment = one_of(
    "2026-11-24T03:15:00Z",
    "2026-11-24T03:15:00.123+07:00",
    "2026-11-24",
    "",
    "x",
    "9999-12-31T23:59:59.999999999Z",
    "0001-01-01T00:00:00+14:00",
)
mime_type = one_of(
    "text/plain",
    "text/csv",
    "application/vnd.google-apps.spreadsheet",
    "application/vnd.google-apps.folder",
    "application/vnd.google-apps.form",
    "application/vnd.google-apps.shortcut",
    "application/vnd.google-apps.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "text/tab-separated-values",
    "application/json",
    "x",
    "",
)
email = one_of(*PEOPLE, "desa.lain@example.com", "x", "")
file_id = mixed(
    (5, known("file")), (2, known("spreadsheet")), (1, one_of("root", root_id(USER), "x"))
)
person_id = one_of(*map(permission_id, (*PEOPLE, "anyone", "example.com")), "me", "x")
page_token = one_of(
    "W1tb" * 3000,
    "Wy01XQ==",
    "WzEwXQ==",
    "",
    "1",
    "2",
    "0",
    "-1",
    "x",
    "99999999999999999999",
    "~!!~",
    "AAAA",
    "é",
)


@st.composite
def cells(draw: st.DrawFn) -> str:
    """Return a range without its tab: `B2:C4`, `A:A`, `3:5`."""
    corners = [f"{draw(_column)}{draw(_row)}" for _ in range(draw(st.integers(1, 2)))]
    return ":".join(corners)


_column = one_of(*"ABCD" * 3, "H", "a", "$B", "", "Z", "ZZZ", "AAAA")
_row = one_of(*"1235" * 3, "", "$4", "12", "0", "99", "99999999999", "9" * 5000, "٣")
_tab = one_of(
    *["", "Data!", "Lain!"] * 3, "'Data'!", "'Form Responses 1'!", "Nein!", "'Da", "!", "Data!!"
)
a1_range = mixed(
    (3, st.builds(str.__add__, _tab, cells())),
    (1, one_of("Data", "Lain", "N", "Data!N", "", "A1:B2:C3", "Data!R1C1:R2C2", "'", "A1,B2", ":")),
)
query = one_of(
    "",
    "trashed = false",
    "name contains 'a' and trashed=true",
    "'root' in parents",
    f"'{USER}' in owners or not name = 'x'",
    "mimeType != 'x' and (modifiedTime > '2026-01-01T00:00:00' or starred)",
    "appProperties has { key='a' and value='b' }",
    "fullText contains 'a'",
    "sharedWithMe",
    "name",
    "(" * 3000,
    "not " * 3000 + "starred",
    "name = 'a",
    "modifiedTime > 'x'",
    "visibility = 'limited'",
    "name = 'x\\'y' and ",
    "((trashed=false))",
    "memberCount > 1",
)

#: field name to what may stand there; the type in the document does not matter
FIELDS: Mapping[str, SearchStrategy[Any]] = {
    **dict.fromkeys(["sheetId", "sourceSheetId", "destinationSheetId"], one_of(*TABS)),
    **dict.fromkeys(["newSheetId"], one_of(9, 10, FIRST, 0)),
    **{name: mixed((2, known(name)), (1, one_of(1, 2, 3, 5, 99))) for name in NUMBERED},
    **{name: mixed((2, known(name)), (1, one_of("1", "n", "m"))) for name in NAMED},
    **dict.fromkeys(["red", "green", "blue", "alpha"], colour_part),
    **dict.fromkeys(["rowCount", "columnCount"], one_of(12, 5, 1, 30, 0, -1)),
    **dict.fromkeys(["frozenRowCount", "frozenColumnCount"], one_of(0, 1, 4, 12)),
    **dict.fromkeys(["title", "name", "newSheetName", "displayName", "documentTitle"], word),
    **dict.fromkeys(["columnName", "label", "note", "description", "subtitle"], word),
    **dict.fromkeys(["stringValue", "userEnteredValue", "replacement", "value"], cell_text),
    "formulaValue": cell_text.map(lambda text: "=" + text.removeprefix("=")),
    "numberValue": one_of(0, 1, -2.5, 1e15, 1.5e308, 44000.5),
    "find": find_text,
    "a1Range": a1_range,
    "range": a1_range,
    "ranges": a1_range,
    "locale": one_of("in_ID", "en_US", "de_DE", "x", ""),
    "timeZone": one_of("Asia/Jakarta", "Etc/GMT", "x", "", "../etc/passwd", "America"),
    "pattern": one_of("0.00", "#,##0", "yyyy-mm-dd", "@", "", '"', "[h]:mm", "0/0", "\\", "%%%"),
    "metadataKey": metadata_key,
    "metadataValue": word,
    "data": one_of("a,b\n1,2", "a\tb", "<table><tr><td>x</table>", "", '"', "\n\n"),
    "delimiter": one_of(",", "", "\t", ";;"),
    "pixelSize": one_of(21, 0, -1, 100),
    "length": one_of(1, 2, 5, 0, -1, 100_000),
    "fillLength": one_of(1, -2, 5, 0, 99),
    "users": email,
    "spreadsheetId": mixed((11, known("spreadsheet")), (1, known("file"))),
    "destinationSpreadsheetId": known("spreadsheet"),
    "fileId": file_id,
    "targetId": file_id,
    "parents": mixed((3, known("folder")), (1, file_id)),
    "addParents": mixed((3, known("folder")), (1, file_id)),
    "removeParents": file_id,
    "driveId": mixed((5, known("drive")), (1, file_id)),
    "teamDriveId": known("drive"),
    "commentId": known("comment"),
    "replyId": known("reply"),
    "permissionId": person_id,
    "formId": mixed((11, known("form")), (1, known("file"))),
    "responseId": known("response"),
    "questionId": known("question"),
    "itemId": known("item"),
    "emailAddress": email,
    "domain": one_of("example.com", "", "x"),
    "role": one_of("reader", "commenter", "writer", "owner", "organizer", "fileOrganizer", "x"),
    "type": one_of("user", "anyone", "domain", "group", "x"),
    "mimeType": mime_type,
    "q": query,
    "filter": one_of("timestamp > 2026-01-01T00:00:00Z", "timestamp >= x", "x", "timestamp >="),
    "orderBy": one_of("name", "modifiedTime desc,folder", "x", "", "name_natural", "recency,,"),
    "corpora": one_of("user", "drive", "allDrives", "domain", "x"),
    "spaces": one_of("drive", "appDataFolder", "photos", "x", "drive,x"),
    "pageSize": one_of(1, 2, 100, 0, -1, 5000),
    "pageToken": page_token,
    "count": one_of(1, 3, 0, -1, 1001),
    "requestId": one_of("r", "s", ""),
    "colorRgb": one_of("#aabbcc", "x", ""),
    "folderColorRgb": one_of("#aabbcc", "x"),
    "content": word,
    "htmlContent": word,
    "action": one_of("resolve", "reopen", "x"),
    "id": st.one_of(known("generated"), one_of("x", "")),
    "index": small,
    "text": word,
    "writeControl": st.just({}),
    **dict.fromkeys(["createdTime", "modifiedTime", "startModifiedTime"], moment),
    "expirationTime": moment,
}
