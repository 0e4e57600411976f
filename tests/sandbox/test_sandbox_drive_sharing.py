"""Who may do what with a file, what changed, and what people said about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gspread
import pytest
from gspread.exceptions import APIError, SpreadsheetNotFound
from gspread.utils import ExportFormat
from real_clients import Redirected, service, session
from test_sandbox_drive_files import made, refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.sandbox import Sandbox

_METADATA = "https://www.googleapis.com/auth/drive.metadata.readonly"


@pytest.fixture
def owner(sandbox: Sandbox) -> Iterator[gspread.Client]:
    """Return gspread as the village's user has it."""

    class Client(Redirected):
        def __init__(self, _auth: object, session: Any) -> None:
            super().__init__(session, sandbox.base_url)

    credentials: Any = None
    with session(sandbox, user=True) as own:
        yield gspread.Client(credentials, session=own, http_client=Client)


def _email(sandbox: Sandbox) -> str:
    return str(sandbox.service_account_info["client_email"])


def test_sharing_works_at_once_and_ends_at_once(sandbox: Sandbox, village: Any, robot: Any) -> None:
    """Without a role a file is not there; a reader sees it; ids of people stay the same."""
    file_id = made(village)["id"]
    assert 404 == refused(lambda: robot.files().get(fileId=file_id).execute())[0]
    body = {"type": "user", "role": "reader", "emailAddress": _email(sandbox)}
    given = village.permissions().create(fileId=file_id, body=body).execute()
    assert {"kind": "drive#permission", "type": "user", "role": "reader"} == {
        key: given[key] for key in given.keys() - {"id"}
    }
    assert file_id == robot.files().get(fileId=file_id).execute()["id"]
    other = village.permissions().create(fileId=made(village)["id"], body=body).execute()
    assert given["id"] == other["id"]
    permission = {"fileId": file_id, "permissionId": given["id"]}
    assert (403, "insufficientFilePermissions") == refused(
        lambda: robot.files().update(fileId=file_id, body={"name": "x"}).execute()
    )[:2]
    village.permissions().update(**permission, body={"role": "writer"}).execute()
    robot.files().update(fileId=file_id, body={"name": "x"}).execute()
    assert "" == village.permissions().delete(**permission).execute()
    assert 404 == refused(lambda: robot.files().get(fileId=file_id).execute())[0]


def test_a_folders_roles_hold_for_what_is_inside(
    sandbox: Sandbox, village: Any, robot: Any
) -> None:
    """Whoever may see the folder may see the file, and finds it in a list."""
    kind = "application/vnd.google-apps.folder"
    folder = village.files().create(body={"name": "Map", "mimeType": kind}).execute()["id"]
    file_id = made(village, parents=[folder])["id"]
    body = {"type": "user", "role": "reader", "emailAddress": _email(sandbox)}
    village.permissions().create(fileId=folder, body=body).execute()
    found = robot.files().list(q=f"'{folder}' in parents").execute()["files"]

    assert [file_id] == [one["id"] for one in found]


def test_a_link_opens_but_does_not_list(village: Any, robot: Any) -> None:
    """`anyone` may read what they have the address of; nobody's list gets longer."""
    file_id = made(village, name="umum.txt")["id"]
    given = (
        village.permissions()
        .create(fileId=file_id, body={"type": "anyone", "role": "reader"})
        .execute()
    )

    assert ("anyoneWithLink", "anyone") == (given["id"], given["type"])
    assert "umum.txt" == robot.files().get(fileId=file_id).execute()["name"]
    assert [] == robot.files().list(q="name = 'umum.txt'").execute()["files"]


@pytest.mark.parametrize(
    "body, reason",
    [
        ({"role": "reader", "emailAddress": "a@contoh.example"}, "required"),
        ({"type": "user", "emailAddress": "a@contoh.example"}, "required"),
        ({"type": "user", "role": "reader"}, "invalid"),
        ({"type": "user", "role": "owner", "emailAddress": "a@contoh.example"}, "forbidden"),
    ],
)
def test_permissions_that_cannot_be(village: Any, body: dict[str, str], reason: str) -> None:
    """What is missing is named, and nobody is let in."""
    file_id = made(village)["id"]
    call = village.permissions().create(fileId=file_id, body=body).execute

    assert reason == refused(call)[1]
    assert 1 == len(village.permissions().list(fileId=file_id).execute()["permissions"])


def test_owner_can_give_a_file_away(village: Any) -> None:
    """With `transferOwnership`; the former owner stays a writer."""
    file_id = made(village)["id"]
    body = {"type": "user", "role": "owner", "emailAddress": "kades@contoh.example"}
    village.permissions().create(fileId=file_id, body=body, transferOwnership=True).execute()
    file = village.files().get(fileId=file_id, fields="owners,ownedByMe,capabilities").execute()

    assert (["kades@contoh.example"], False, True) == (
        [one["emailAddress"] for one in file["owners"]],
        file["ownedByMe"],
        file["capabilities"]["canEdit"],
    )
    assert 403 == refused(lambda: village.files().delete(fileId=file_id).execute())[0]


def test_removing_a_role_reaches_sheets(sandbox: Sandbox, village: Any, api: Any) -> None:
    """A spreadsheet that is not shared any more is 403 for the Sheets API."""
    url = f"{sandbox.base_url}/v4/spreadsheets/{sandbox.spreadsheet_id}?fields=spreadsheetId"
    assert 200 == api.get(url).status_code
    shared = village.permissions().list(
        fileId=sandbox.spreadsheet_id, fields="permissions(id,emailAddress)"
    )
    ids = {one["emailAddress"]: one["id"] for one in shared.execute()["permissions"]}
    village.permissions().delete(
        fileId=sandbox.spreadsheet_id, permissionId=ids[_email(sandbox)]
    ).execute()
    answer = api.get(url)

    assert (403, "The caller does not have permission") == (
        answer.status_code,
        answer.json()["error"]["message"],
    )


def test_changes_tell_each_file_once(sandbox: Sandbox, village: Any, api: Any) -> None:
    """From a token on: what was made, what a cell's edit changed, and what is gone."""
    changes = village.changes()
    token = changes.getStartPageToken().execute()["startPageToken"]
    kept, gone = made(village)["id"], made(village)["id"]
    village.files().update(fileId=kept, body={"name": "b"}).execute()
    village.files().delete(fileId=gone).execute()
    api.put(
        f"{sandbox.base_url}/v4/spreadsheets/{sandbox.spreadsheet_id}/values/A5"
        "?valueInputOption=RAW",
        json={"values": [["x"]]},
    ).raise_for_status()
    answer = changes.list(pageToken=token).execute()

    assert [(kept, False), (gone, True), (sandbox.spreadsheet_id, False)] == [
        (one["fileId"], one["removed"]) for one in answer["changes"]
    ]
    again = changes.list(pageToken=answer["newStartPageToken"]).execute()
    assert [] == again["changes"]


def test_changes_come_in_pages(village: Any) -> None:
    """`nextPageToken` until the last page, which has the token for the next time."""
    token = village.changes().getStartPageToken().execute()["startPageToken"]
    ids = [made(village)["id"] for _ in range(3)]
    first = village.changes().list(pageToken=token, pageSize=2).execute()
    second = village.changes().list(pageToken=first["nextPageToken"]).execute()

    assert ids == [one["fileId"] for one in first["changes"] + second["changes"]]
    assert (False, True) == ("newStartPageToken" in first, "newStartPageToken" in second)


def test_a_narrow_token_sees_its_apps_files_only(sandbox: Sandbox, village: Any) -> None:
    """`drive.file` shows what the app made; `drive.metadata.readonly` shows the rest, unread."""
    keys, now = sandbox.world.keys, sandbox.world.clock()
    email = sandbox.authorized_user_info["account"]
    made(village, name="punya aplikasi.txt")
    for scope, count in (("https://www.googleapis.com/auth/drive.file", 1), (_METADATA, 3)):
        token = keys.access_token(email, [scope], now)
        assert count == len(_with_token(sandbox, token)["files"])


def _with_token(sandbox: Sandbox, token: str) -> Any:
    reply = sandbox.world.call(
        "GET", "/drive/v3/files", headers={"authorization": f"Bearer {token}"}
    )
    assert 200 == reply.status, reply.body
    return reply.body


def test_about_wants_fields(village: Any, robot: Any, sandbox: Sandbox) -> None:
    """Without them 400; with them who calls, and how much room there is."""
    assert (400, "required") == refused(lambda: village.about().get().execute())[:2]
    about = robot.about().get(fields="user,storageQuota").execute()

    assert (_email(sandbox), "0") == (
        about["user"]["emailAddress"],
        about["storageQuota"]["limit"],
    )


def test_comments_are_made_answered_and_resolved(village: Any) -> None:
    """Google wants `fields`; a deleted comment's words are gone."""
    file_id, comments = made(village)["id"], village.comments()
    assert 400 == refused(lambda: comments.list(fileId=file_id).execute())[0]
    body = {"content": "Tolong <cek>"}
    comment = comments.create(fileId=file_id, body=body, fields="*").execute()
    place = {"fileId": file_id, "commentId": comment["id"]}
    reply = {"content": "Sudah", "action": "resolve"}
    village.replies().create(**place, body=reply, fields="*").execute()
    found = comments.list(fileId=file_id, fields="*").execute()["comments"]

    assert [("Tolong <cek>", True, ["Sudah"])] == [
        (one["content"], one["resolved"], [r["content"] for r in one["replies"]]) for one in found
    ]
    assert "" == comments.delete(**place).execute()
    assert [] == comments.list(fileId=file_id, fields="comments").execute()["comments"]
    gone = comments.get(**place, includeDeleted=True, fields="*").execute()
    assert (True, False) == (gone["deleted"], "content" in gone)


def test_gspread_keeps_house(sandbox: Sandbox, owner: gspread.Client) -> None:
    """Make, share, find, export, import, copy and delete, as its users do."""
    book = owner.create("Buku Baru")
    book.share("pembaca@contoh.example", perm_type="user", role="reader")
    book.sheet1.update([["a", "b"], ["1", "2"]], "A1")

    assert "Buku Baru" == owner.open("Buku Baru").title
    roles = {one["emailAddress"]: one["role"] for one in book.list_permissions()}
    assert {"pembaca@contoh.example": "reader", owner_email(sandbox): "owner"} == roles
    assert b"a,b\r\n1,2" == book.export(ExportFormat.CSV)
    twin = owner.copy(book.id, title="Salinan", copy_permissions=True)
    assert [["a", "b"], ["1", "2"]] == twin.sheet1.get_all_values()
    assert 2 == len(twin.list_permissions())
    book.remove_permissions("pembaca@contoh.example")
    assert [owner_email(sandbox)] == [one["emailAddress"] for one in book.list_permissions()]
    owner.import_csv(book.id, "x,y\n3,4\n")
    assert [["x", "y"], ["3", "4"]] == owner.open_by_key(book.id).sheet1.get_all_values()
    owner.del_spreadsheet(book.id)
    with pytest.raises(SpreadsheetNotFound):
        owner.open_by_key(book.id)
    titles = [one["name"] for one in owner.list_spreadsheet_files()]
    assert ["Salinan", "Permohonan Surat Keterangan Usaha (SKU) (Responses)"] == titles


def test_gspread_puts_books_into_folders(owner: gspread.Client, village: Any) -> None:
    """`folder_id` is where a book lies, and what a list looks through."""
    kind = "application/vnd.google-apps.folder"
    folder = village.files().create(body={"name": "Map", "mimeType": kind}).execute()["id"]
    owner.create("Di Map", folder_id=folder)

    assert ["Di Map"] == [one["name"] for one in owner.list_spreadsheet_files(folder_id=folder)]
    assert "Di Map" == owner.open("Di Map", folder_id=folder).title


def test_gspread_tells_what_google_says(sandbox: Sandbox, owner: gspread.Client) -> None:
    """A service account that would own something, a book that is not shared."""
    with pytest.raises(APIError, match="File not found"):
        owner.insert_permission("1" * 44, "a@contoh.example", "user", role="reader")
    with session(sandbox) as own:
        drive = service(sandbox, "drive", "v3", own)
        assert 403 == refused(lambda: made(drive))[0]


def owner_email(sandbox: Sandbox) -> str:
    """Return who owns the village's files."""
    return str(sandbox.authorized_user_info["account"])
