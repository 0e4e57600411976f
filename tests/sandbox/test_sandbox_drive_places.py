"""Where files lie, what may be said about them, and what a token or a role keeps from them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import gspread
import pytest
from googleapiclient.http import MediaInMemoryUpload
from real_clients import Redirected
from test_sandbox_drive_files import made, refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.sandbox import Sandbox

_FOLDER = "application/vnd.google-apps.folder"
_SHEET = "application/vnd.google-apps.spreadsheet"
_SHORTCUT = "application/vnd.google-apps.shortcut"
_SCOPE = "https://www.googleapis.com/auth/"


@pytest.fixture
def narrow(sandbox: Sandbox) -> Callable[..., Any]:
    """Return a caller whose token has only the scopes that it names."""
    email = sandbox.authorized_user_info["account"]

    def ask(
        verb: str, path: str, body: Any = None, *, scopes: tuple[str, ...], query: str = ""
    ) -> Any:
        keys, now = sandbox.world.keys, sandbox.world.clock()
        token = keys.access_token(email, [_SCOPE + name for name in scopes], now)
        content = b"" if body is None else json.dumps(body).encode()
        headers = {"authorization": f"Bearer {token}"}
        return sandbox.world.call(verb, path, query, headers, content)

    return ask


def folder(drive: Any, name: str = "Map", **body: Any) -> str:
    """Make a folder and return its id."""
    body |= {"name": name, "mimeType": _FOLDER}
    made_ = drive.files().create(body=body, supportsAllDrives=True).execute()
    return str(made_["id"])


def share(drive: Any, file_id: str, email: str, role: str, **more: Any) -> None:
    """Let somebody in."""
    body = {"type": "user", "role": role, "emailAddress": email}
    drive.permissions().create(fileId=file_id, body=body, **more).execute()


def parents(drive: Any, file_id: str) -> Any:
    """Return where a file lies."""
    ask = drive.files().get(fileId=file_id, fields="parents", supportsAllDrives=True)
    return ask.execute().get("parents")


def robot_email(sandbox: Sandbox) -> str:
    """Return the service account's address."""
    return str(sandbox.service_account_info["client_email"])


def test_an_owner_moves_by_adding_a_folder(village: Any) -> None:
    """One folder at a time: adding is moving, and removing the last leads to My Drive."""
    files, first, second = village.files(), folder(village), folder(village)
    root = files.get(fileId="root").execute()["id"]
    file_id = made(village, parents=[first])["id"]
    files.update(fileId=file_id, addParents=second).execute()
    assert [second] == parents(village, file_id)
    files.update(fileId=file_id, removeParents=second).execute()
    assert [root] == parents(village, file_id)
    files.update(fileId=file_id, addParents=second, removeParents="root").execute()

    assert [second] == parents(village, file_id)
    both: dict[str, Any] = {"parents": [first, second]}
    for call in (
        lambda: made(village, **both),
        lambda: files.update(fileId=file_id, addParents=f"{first},{root}").execute(),
        lambda: files.copy(fileId=file_id, body=both).execute(),
    ):
        message = "Increasing the number of parents is not allowed"
        assert (403, "cannotAddParent", message) == refused(call)


def test_others_must_remove_what_they_replace(sandbox: Sandbox, village: Any, robot: Any) -> None:
    """A writer who adds a folder would give the file two."""
    first, second = folder(village), folder(village)
    file_id = made(village, parents=[first])["id"]
    for one in (first, second):
        share(village, one, robot_email(sandbox), "writer")

    def move(**more: Any) -> Any:
        return robot.files().update(fileId=file_id, addParents=second, **more).execute()

    assert "cannotAddParent" == refused(move)[1]
    move(removeParents=first)
    assert [second] == parents(village, file_id)


def test_folders_are_not_moved_into_themselves(village: Any) -> None:
    """Nor into what is inside; nor a file into a file, nor where nobody let one in."""
    files = village.files()
    outer = folder(village)
    inner, file_id = folder(village, parents=[outer]), made(village)["id"]

    for target, expected in (
        (outer, (400, "badRequest")),
        (inner, (400, "badRequest")),
        (file_id, (403, "parentNotAFolder")),
        ("tidak-ada", (404, "notFound")),
    ):
        move = files.update(fileId=outer, addParents=target)
        assert expected == refused(move.execute)[:2]


def test_a_readers_folder_takes_nothing(sandbox: Sandbox, village: Any, robot: Any) -> None:
    """Seeing a folder is not enough to put something into it."""
    target = folder(village)
    share(village, target, robot_email(sandbox), "reader")

    assert (
        403,
        "insufficientParentPermissions",
        "Insufficient permissions for the specified parent.",
    ) == refused(lambda: made(robot, parents=[target]))


def test_what_leaves_a_shared_drive_has_an_owner_again(village: Any) -> None:
    """Into a shared drive go files, not folders; out of it a folder takes along what is inside."""
    files, all_drives = village.files(), {"supportsAllDrives": True}
    drive = village.drives().create(requestId="r", body={"name": "Kantor"}).execute()["id"]
    file_id, inside = made(village)["id"], folder(village, parents=[drive])
    files.update(fileId=file_id, addParents=inside, removeParents="root", **all_drives).execute()
    file = files.get(fileId=file_id, fields="*", **all_drives).execute()
    assert (drive, False, False) == (file["driveId"], "owners" in file, "ownedByMe" in file)
    move = files.update(fileId=folder(village), addParents=inside, **all_drives)
    assert "teamDrivesFolderMoveInNotSupported" == refused(move.execute)[1]
    for query in ({"addParents": drive}, {"removeParents": inside}):
        move = files.update(fileId=file_id, **query, **all_drives)
        assert "teamDrivesParentLimit" == refused(move.execute)[1]
    files.update(fileId=inside, addParents="root", removeParents=drive, **all_drives).execute()

    file = files.get(fileId=file_id, fields="*").execute()
    assert (False, True) == ("driveId" in file, file["ownedByMe"])


def test_a_service_account_takes_nothing_out_of_a_shared_drive(
    sandbox: Sandbox, village: Any, robot: Any
) -> None:
    """It would own the file then, and it has no room."""
    drive = village.drives().create(requestId="r", body={"name": "Kantor"}).execute()["id"]
    share(village, drive, robot_email(sandbox), "organizer", supportsAllDrives=True)
    file_id = made_in(robot, drive)
    move = robot.files().update(
        fileId=file_id, addParents="root", removeParents=drive, supportsAllDrives=True
    )

    assert "storageQuotaExceeded" == refused(move.execute)[1]
    assert [drive] == parents(robot, file_id)


def made_in(drive: Any, folder_id: str) -> str:
    """Make a file in a folder of a shared drive."""
    media = MediaInMemoryUpload(b"isi", mimetype="text/plain")
    body = {"name": "a", "parents": [folder_id]}
    create = drive.files().create(body=body, media_body=media, supportsAllDrives=True)
    return str(create.execute()["id"])


@pytest.mark.parametrize(
    "body, words",
    [
        ({"parents": ["root"]}, "Use the addParents and removeParents parameters instead."),
        ({"id": "x"}, "The resource body includes fields which are not directly writable."),
        ({"size": "3"}, "The resource body includes fields which are not directly writable."),
        (
            {"ownedByMe": False},
            "The resource body includes fields which are not directly writable.",
        ),
    ],
)
def test_fields_that_google_sets_are_refused(village: Any, body: Any, words: str) -> None:
    """A file cannot be sent back as it came; `kind` alone does no harm."""
    file = made(village)
    code, reason, message = refused(
        lambda: village.files().update(fileId=file["id"], body=body | {"name": "b"}).execute()
    )

    assert (403, "fieldNotWritable", True) == (code, reason, message.endswith(words))
    assert file["name"] == village.files().get(fileId=file["id"]).execute()["name"]


def test_a_refused_update_changes_nothing(village: Any) -> None:
    """A time that is none is found before anything is set."""
    file = made(village, properties={"a": "1"})
    body = {"name": "b", "properties": {"a": "2"}, "modifiedTime": "kemarin"}
    media = MediaInMemoryUpload(b"lain", mimetype="text/html")
    update = village.files().update(fileId=file["id"], body=body, media_body=media)

    assert (400, "invalid") == refused(update.execute)[:2]
    assert file == village.files().get(fileId=file["id"], fields="*").execute()


def test_properties_of_null_go(village: Any) -> None:
    """The others stay; a copy has them, too."""
    files = village.files()
    both: dict[str, Any] = {"properties": {"a": "1", "b": "2"}, "appProperties": {"c": "3"}}
    file_id = made(village, **both)["id"]
    body = {"properties": {"a": None, "d": "4"}, "appProperties": {"c": None}}
    file = files.update(fileId=file_id, body=body, fields="properties,appProperties").execute()
    copied = files.copy(fileId=file_id, body={"properties": {"b": "5"}}, fields="*").execute()

    assert {"properties": {"b": "2", "d": "4"}} == file
    assert {"b": "5", "d": "4"} == copied["properties"]


def test_times_are_utc_whatever_they_were(village: Any) -> None:
    """Milliseconds and Z; a time before all times is refused."""
    for text, expected in (
        ("2026-11-24T10:15:00+07:00", "2026-11-24T03:15:00.000Z"),
        ("2026-11-24T10:15:00.1234Z", "2026-11-24T10:15:00.123Z"),
    ):
        file = made(village, createdTime=text, modifiedTime=text)
        assert (expected, expected) == (file["createdTime"], file["modifiedTime"])
    assert 400 == refused(lambda: made(village, createdTime="0001-01-01T00:00:00+14:00"))[0]


def test_nobody_throws_my_drive_away(village: Any) -> None:
    """The root is neither renamed, nor moved, nor binned, nor deleted."""
    files = village.files()
    for call in (
        files.delete(fileId="root"),
        files.update(fileId="root", body={"trashed": True}),
        files.update(fileId="root", body={"name": "Lain"}),
    ):
        assert (403, "insufficientFilePermissions") == refused(call.execute)[:2]


def test_the_bin_is_emptied_by_its_owner(sandbox: Sandbox, village: Any, robot: Any) -> None:
    """What others threw away stays, and a drive's bin is its organizers'."""
    files = village.files()
    drive = village.drives().create(requestId="r", body={"name": "Kantor"}).execute()["id"]
    share(village, drive, robot_email(sandbox), "fileOrganizer", supportsAllDrives=True)
    mine, theirs = made(village)["id"], made_in(robot, drive)
    for file_id in (mine, theirs):
        body = {"trashed": True}
        files.update(fileId=file_id, body=body, supportsAllDrives=True).execute()
    assert 403 == refused(robot.files().emptyTrash(driveId=drive).execute)[0]
    files.emptyTrash().execute()

    assert 404 == refused(files.get(fileId=mine).execute)[0]
    assert [drive] == parents(village, theirs)


def test_shortcuts_tell_what_they_lead_to(village: Any, sandbox: Sandbox) -> None:
    """A shortcut to nothing is refused, and its copy leads there, too."""
    details = {"targetId": sandbox.spreadsheet_id}
    body = {"name": "ke sana", "mimeType": _SHORTCUT, "shortcutDetails": details}
    file = village.files().create(body=body, fields="id,shortcutDetails").execute()
    twin = village.files().copy(fileId=file["id"], body={}, fields="shortcutDetails").execute()
    nowhere = body | {"shortcutDetails": {"targetId": "tidak-ada"}}

    assert details | {"targetMimeType": _SHEET} == file["shortcutDetails"]
    assert file["shortcutDetails"] == twin["shortcutDetails"]
    assert 404 == refused(village.files().create(body=nowhere).execute)[0]


def test_a_table_is_converted_by_a_copy(village: Any) -> None:
    """A stored CSV becomes a spreadsheet; what is no table is 501, a Google file stays one."""
    media = MediaInMemoryUpload(b"a,b\n1,2\n", mimetype="text/csv")
    table = village.files().create(body={"name": "t.csv"}, media_body=media).execute()["id"]
    body = {"name": "Tabel", "mimeType": _SHEET}
    sheet = village.files().copy(fileId=table, body=body).execute()["id"]
    export = village.files().export(fileId=sheet, mimeType="text/csv")
    back = village.files().copy(fileId=sheet, body={"mimeType": "text/csv"})
    page = village.files().copy(fileId=made(village)["id"], body={"mimeType": "image/png"})
    page_id = page.execute()["id"]

    assert b"a,b\r\n1,2" == export.execute()
    assert "badRequest" == refused(back.execute)[1]
    assert b"isi" == village.files().get_media(fileId=page_id).execute()


def test_narrow_token_changes_its_apps_files_only(
    sandbox: Sandbox, village: Any, narrow: Callable[..., Any]
) -> None:
    """It may know of another's file by a second scope, and still neither read nor change it."""
    own = made(village)["id"]
    scopes = ("drive.file", "drive.metadata.readonly")
    other = f"/drive/v3/files/{sandbox.spreadsheet_id}"

    assert 200 == narrow("GET", other, scopes=scopes).status
    for verb, path, body in (
        ("PATCH", other, {"name": "x"}),
        ("POST", f"{other}/copy", {}),
        ("DELETE", other, None),
    ):
        reply = narrow(verb, path, body, scopes=scopes)
        reason = reply.body["error"]["errors"][0]["reason"]
        assert (403, "appNotAuthorizedToFile") == (reply.status, reason)
    assert 404 == narrow("PATCH", other, {"name": "x"}, scopes=("drive.file",)).status
    assert 200 == narrow("PATCH", f"/drive/v3/files/{own}", {}, scopes=("drive.file",)).status


def test_narrow_token_in_the_other_apis(sandbox: Sandbox, narrow: Callable[..., Any]) -> None:
    """Sheets, too, opens with `drive.file` only what the app made."""
    body = {"name": "Tabel", "mimeType": _SHEET}
    own = narrow("POST", "/drive/v3/files", body, scopes=("drive.file",)).body["id"]
    path = "/v4/spreadsheets/"

    assert 200 == narrow("GET", path + own, scopes=("drive.file",)).status
    assert 404 == narrow("GET", path + sandbox.spreadsheet_id, scopes=("drive.file",)).status
    both = ("drive.file", "spreadsheets")
    assert 200 == narrow("GET", path + sandbox.spreadsheet_id, scopes=both).status


@pytest.mark.parametrize("value, status", [("refused", 403), ("taken", 200)])
def test_foreign_folder_and_a_narrow_token(
    sandbox: Sandbox, narrow: Callable[..., Any], value: str, status: int
) -> None:
    """A folder that another app made is open to `drive.file`, or, by a switch, closed."""
    scopes = ("drive.file",)
    body = {"name": "Map", "mimeType": _FOLDER}
    own = narrow("POST", "/drive/v3/files", body, scopes=scopes).body["id"]
    foreign = narrow("POST", "/drive/v3/files", body, scopes=("drive",)).body["id"]
    sandbox.world.state.files[foreign].made_by = "aplikasi lain"
    sandbox.switch(foreign_parents=value)
    found = [
        narrow("POST", "/drive/v3/files", {"name": "a", "parents": [one]}, scopes=scopes).status
        for one in (own, "root", foreign)
    ]

    assert [200, 200, status] == found


def test_scopes_and_tokens_are_refused_in_drives_words(
    sandbox: Sandbox, narrow: Callable[..., Any]
) -> None:
    """401 and 403 come before any file is looked for."""
    reply = narrow("GET", "/drive/v3/files/x", scopes=("spreadsheets",))
    detail = reply.body["error"]["errors"][0]
    headers = {"authorization": "Bearer salah"}
    unknown = sandbox.world.call("GET", "/drive/v3/files/x", headers=headers)

    assert (403, "insufficientPermissions", "Insufficient Permission") == (
        reply.status,
        detail["reason"],
        detail["message"],
    )
    assert unknown.body
    assert (401, "Invalid Credentials", "authError", "Authorization", "header") == (
        unknown.status,
        *(unknown.body["error"]["errors"][0][name] for name in _AUTH_ERROR),
    )


_AUTH_ERROR = ("message", "reason", "location", "locationType")


def test_who_changed_a_file_last(sandbox: Sandbox, village: Any, robot: Any, api: Any) -> None:
    """A cell's edit by the service account shows in Drive, and is not the owner's."""
    url = f"{sandbox.base_url}/v4/spreadsheets/{sandbox.spreadsheet_id}/values/A9"
    api.put(f"{url}?valueInputOption=RAW", json={"values": [["x"]]}).raise_for_status()
    ask = {"fileId": sandbox.spreadsheet_id, "fields": "lastModifyingUser,modifiedByMe"}
    for drive, mine in ((village, False), (robot, True)):
        file = drive.files().get(**ask).execute()
        assert robot_email(sandbox) == file["lastModifyingUser"]["emailAddress"]
        assert (mine, mine) == (file["modifiedByMe"], file["lastModifyingUser"]["me"])


@pytest.mark.parametrize(
    "kind, able, unable",
    [
        (_FOLDER, ["canAddChildren", "canListChildren", "canTrash"], ["canCopy"]),
        ("text/plain", ["canCopy", "canEdit", "canShare"], ["canAddChildren"]),
    ],
)
def test_capabilities_fit_the_kind(
    village: Any, kind: str, able: list[str], unable: list[str]
) -> None:
    """A folder has children, a file can be copied."""
    create = village.files().create(body={"name": "a", "mimeType": kind}, fields="capabilities")
    found = create.execute()["capabilities"]

    assert [True, False] == [all(map(found.get, able)), any(map(found.get, unable))]


def test_csv_import_is_as_recorded(sandbox: Sandbox, village: Any) -> None:
    """One new tab called like the file, 1000 × 26, and a zone of its own."""

    class Client(Redirected):
        def __init__(self, _auth: object, session: Any) -> None:
            super().__init__(session, sandbox.base_url)

    nobody: Any = None
    client = gspread.Client(nobody, session=village._http.session, http_client=Client)
    book = client.create("Impor")
    book.add_worksheet("Lain", 10, 10)
    client.import_csv(book.id, "Nama,Jumlah\nSiti,3\n")
    (tab,) = book.fetch_sheet_metadata()["sheets"]

    assert ("Impor", 1000, 26) == (
        tab["properties"]["title"],
        tab["properties"]["gridProperties"]["rowCount"],
        tab["properties"]["gridProperties"]["columnCount"],
    )
    assert 0 != tab["properties"]["sheetId"]
    assert "America/Los_Angeles" == client.open_by_key(book.id).timezone
    assert [["Nama", "Jumlah"], ["Siti", "3"]] == book.sheet1.get_all_values()
    url = f"{sandbox.base_url}/drive/v3/files/{book.id}/export?mimeType=text/csv"
    assert "attachment" == village._http.session.get(url).headers["Content-Disposition"]
