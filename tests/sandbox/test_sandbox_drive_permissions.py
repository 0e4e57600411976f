"""Sharing, in all the ways that Drive knows and refuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import gspread
import pytest
from googleapiclient.errors import HttpError
from real_clients import Redirected, session
from test_sandbox_drive_files import made, refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.sandbox import Sandbox

_FOLDER = "application/vnd.google-apps.folder"
_SITI, _BUDI = "siti@contoh.example", "budi@contoh.example"


def folder_of(drive: Any, name: str = "Map", **more: Any) -> str:
    """Return the id of a new folder."""
    body = {"name": name, "mimeType": _FOLDER, **more}
    return str(drive.files().create(body=body, supportsAllDrives=True).execute()["id"])


def share(drive: Any, file_id: str, email: str, role: str = "reader", **more: Any) -> Any:
    """Return the permission that *email* is given, every field of it."""
    body = {"type": "user", "role": role, "emailAddress": email, **more}
    call = drive.permissions().create(
        fileId=file_id, body=body, fields="*", supportsAllDrives=True, sendNotificationEmail=False
    )
    return call.execute()


def roles(drive: Any, file_id: str) -> dict[str, str]:
    """Return who may do what, by e-mail, domain or kind."""
    call = drive.permissions().list(fileId=file_id, fields="*", supportsAllDrives=True)
    return {
        one.get("emailAddress") or one.get("domain") or one["type"]: one["role"]
        for one in call.execute()["permissions"]
    }


def detail(call: Callable[[], Any]) -> dict[str, Any]:
    """Return the first of the errors that *call* gets."""
    with pytest.raises(HttpError) as caught:
        call()
    found: dict[str, Any] = json.loads(caught.value.content)["error"]["errors"][0]
    return found


def test_a_permission_says_what_google_says(village: Any) -> None:
    """Every field of a person's, and of a link's; an address is the same in capitals."""
    file_id = made(village)["id"]
    given = share(village, file_id, "Siti@Contoh.example", "commenter")
    link = village.permissions().create(
        fileId=file_id, body={"type": "anyone", "role": "reader"}, fields="*"
    )

    assert {
        "kind": "drive#permission",
        "id": given["id"],
        "type": "user",
        "role": "commenter",
        "emailAddress": _SITI,
        "displayName": "siti",
        "deleted": False,
        "pendingOwner": False,
        "permissionDetails": [{"permissionType": "file", "role": "commenter", "inherited": False}],
    } == given
    assert {
        "kind": "drive#permission",
        "id": "anyoneWithLink",
        "type": "anyone",
        "role": "reader",
        "allowFileDiscovery": False,
        "permissionDetails": [{"permissionType": "file", "role": "reader", "inherited": False}],
    } == link.execute()


def test_groups_domains_and_the_public(village: Any) -> None:
    """Each has its own kind of permission, and its id leads back to it."""
    file_id, permissions = made(village)["id"], village.permissions()
    group = share(village, file_id, "rt05@contoh.example", "writer", type="group")
    for more in ({"type": "domain", "domain": "contoh.example"}, {"type": "anyone"}):
        body = {"role": "reader", "allowFileDiscovery": True, **more}
        made_one = permissions.create(fileId=file_id, body=body, fields="*").execute()
        found = permissions.get(fileId=file_id, permissionId=made_one["id"], fields="*").execute()
        assert (made_one, True) == (found, found["allowFileDiscovery"])
    ids = [one["id"] for one in permissions.list(fileId=file_id).execute()["permissions"]]

    assert ("group", "anyone") == (group["type"], ids[-1])
    assert ids == village.files().get(fileId=file_id, fields="*").execute()["permissionIds"]


def test_sharing_again_never_takes_away(village: Any) -> None:
    """A second create raises a role; only an update lowers it."""
    file_id = made(village)["id"]
    writer = share(village, file_id, _SITI, "writer")
    assert "writer" == share(village, file_id, _SITI, "reader")["role"]
    village.permissions().update(
        fileId=file_id, permissionId=writer["id"], body={"role": "reader"}
    ).execute()

    assert "reader" == roles(village, file_id)[_SITI]


@pytest.mark.parametrize(
    "body, reason, location",
    [
        ({"role": "reader"}, "required", "permission.type"),
        ({"type": "user", "emailAddress": _SITI}, "required", "permission.role"),
        ({"type": "user", "role": "reader"}, "invalid", "permission.emailAddress"),
        (
            {"type": "user", "role": "reader", "emailAddress": "siti"},
            "invalid",
            "permission.emailAddress",
        ),
        (
            {"type": "anyone", "role": "reader", "emailAddress": _SITI},
            "invalid",
            "permission.emailAddress",
        ),
        ({"type": "domain", "role": "reader", "domain": _SITI}, "invalid", "permission.domain"),
        ({"type": "everyone", "role": "reader"}, "invalid", "permission.type"),
        ({"type": "anyone", "role": "god"}, "invalid", "permission.role"),
    ],
)
def test_what_a_permission_lacks_is_named(
    village: Any, body: dict[str, str], reason: str, location: str
) -> None:
    """400, with the field of the body, and nobody is let in."""
    file_id = made(village)["id"]
    found = detail(village.permissions().create(fileId=file_id, body=body).execute)

    assert (reason, location, "other") == (
        found["reason"],
        found["location"],
        found["locationType"],
    )
    assert 1 == len(roles(village, file_id))


@pytest.mark.parametrize(
    "body, reason",
    [
        ({"role": "organizer"}, "organizerOnNonTeamDriveNotSupported"),
        ({"role": "fileOrganizer"}, "fileOrganizerOnNonTeamDriveNotSupported"),
        ({"role": "owner"}, "forbidden"),
        ({"role": "reader", "expirationTime": "2026-12-24T00:00:00Z"}, "cannotSetExpiration"),
    ],
)
def test_roles_that_my_drive_does_not_have(village: Any, body: dict[str, str], reason: str) -> None:
    """403 with Google's reason."""
    file_id = made(village)["id"]

    assert reason == detail(lambda: share(village, file_id, _SITI, **body))["reason"]
    assert 1 == len(roles(village, file_id))


def test_updates_and_removals_that_cannot_be(village: Any) -> None:
    """A permission is for whom it is; the owner stays; what is not there is 404."""
    file_id, permissions = made(village)["id"], village.permissions()
    siti = {"fileId": file_id, "permissionId": share(village, file_id, _SITI)["id"]}
    owner = {
        "fileId": file_id,
        "permissionId": permissions.list(fileId=file_id).execute()["permissions"][0]["id"],
    }
    body = {"role": "writer", "emailAddress": _BUDI}
    calls = {
        "fieldNotWritable": permissions.update(**siti, body=body),
        "cannotRemoveOwner": permissions.delete(**owner),
        "required": permissions.update(**siti, body={}),
        "notFound": permissions.delete(fileId=file_id, permissionId="123"),
    }

    assert list(calls) == [refused(call.execute)[1] for call in calls.values()]
    message = refused(permissions.get(fileId=file_id, permissionId="123").execute)[2]
    assert message == "Permission not found: 123."


def test_who_may_share(village: Any, drive_of: Callable[..., Any]) -> None:
    """Readers may not even look; writers may, unless the owner forbids it."""
    file_id = made(village)["id"]
    share(village, file_id, _SITI, "reader")
    share(village, file_id, _BUDI, "writer")
    siti, budi = drive_of(_SITI), drive_of(_BUDI)
    assert 403 == refused(lambda: roles(siti, file_id))[0]
    assert 403 == refused(lambda: share(siti, file_id, "ani@contoh.example"))[0]
    share(budi, file_id, "ani@contoh.example")
    village.files().update(fileId=file_id, body={"writersCanShare": False}).execute()
    assert (403, "insufficientFilePermissions") == refused(
        lambda: share(budi, file_id, "dewi@contoh.example")
    )[:2]
    able = budi.files().get(fileId=file_id, fields="capabilities(canShare)").execute()

    assert {"capabilities": {"canShare": False}} == able
    assert {_SITI, _BUDI, "ani@contoh.example"} < roles(budi, file_id).keys()


def test_everybody_may_leave(village: Any, drive_of: Callable[..., Any]) -> None:
    """A reader removes themselves, and nobody else."""
    file_id = made(village)["id"]
    mine, other = (share(village, file_id, email)["id"] for email in (_SITI, _BUDI))
    siti = drive_of(_SITI).permissions()
    assert 403 == refused(siti.delete(fileId=file_id, permissionId=other).execute)[0]
    siti.delete(fileId=file_id, permissionId=mine).execute()

    assert _SITI not in roles(village, file_id)


def test_a_folders_role_is_lowered_at_the_folder(
    village: Any, drive_of: Callable[..., Any]
) -> None:
    """What is inside may give more, never less; its details say where a role comes from."""
    folder = folder_of(village)
    file_id, permissions = made(village, parents=[folder])["id"], village.permissions()
    given = {"fileId": file_id, "permissionId": share(village, folder, _SITI, "commenter")["id"]}
    calls = [
        permissions.update(**given, body={"role": "reader"}),
        permissions.delete(**given),
    ]
    assert ["cannotModifyInheritedPermission"] * 2 == [refused(one.execute)[1] for one in calls]
    permissions.update(**given, body={"role": "writer"}).execute()
    found = permissions.get(**given, fields="role,permissionDetails").execute()

    assert {
        "role": "writer",
        "permissionDetails": [
            {"permissionType": "file", "role": "writer", "inherited": False},
            {"permissionType": "file", "role": "commenter", "inherited": True},
        ],
    } == found
    permissions.delete(**given).execute()
    assert "commenter" == roles(village, file_id)[_SITI]
    drive_of(_SITI).files().get(fileId=file_id).execute()


def test_a_folders_owner_has_a_hand_in_what_is_inside(
    village: Any, drive_of: Callable[..., Any], sandbox: Sandbox
) -> None:
    """A guest's file in my folder is the guest's, and I may write it; nobody's drive leaks."""
    folder = folder_of(village)
    share(village, folder, _SITI, "writer")
    guest = drive_of(_SITI)
    file_id = made(guest, parents=[folder])["id"]
    mine = sandbox.authorized_user_info["account"]

    assert {_SITI: "owner", mine: "writer"} == roles(guest, file_id)
    assert 403 == refused(lambda: village.files().delete(fileId=file_id).execute())[0]
    assert 403 == refused(lambda: share(village, "root", _BUDI))[0]


def test_ownership_goes_to_who_accepts_it(
    village: Any, drive_of: Callable[..., Any], sandbox: Sandbox
) -> None:
    """The owner offers, the other accepts; before that nobody can take it."""
    file_id = sandbox.spreadsheet_id
    user = sandbox.authorized_user_info["account"]
    siti, budi = (share(village, file_id, email, "writer")["id"] for email in (_SITI, _BUDI))
    with session(sandbox, user=True) as own:
        book = _gspread(sandbox, own).open_by_key(file_id)
        book.transfer_ownership(budi)
        book.transfer_ownership(siti)
        pending = {one["emailAddress"]: one["pendingOwner"] for one in book.list_permissions()}
    assert (True, False) == (pending[_SITI], pending[_BUDI])
    assert "owner" == roles(village, file_id)[user]
    with pytest.raises(gspread.exceptions.APIError, match="sufficient permissions"):
        _opened(sandbox, drive_of(_BUDI), file_id).accept_ownership(budi)
    _opened(sandbox, drive_of(_SITI), file_id).accept_ownership(siti)

    assert {_SITI: "owner", user: "writer", _BUDI: "writer"}.items() <= roles(
        village, file_id
    ).items()
    assert 403 == refused(village.files().delete(fileId=file_id).execute)[0]
    gone = {
        "fileId": file_id,
        "permissionId": village.about().get(fields="user").execute()["user"]["permissionId"],
    }
    drive_of(_SITI).permissions().delete(**gone).execute()
    assert 404 == refused(village.files().get(fileId=file_id).execute)[0]
    assert user not in roles(drive_of(_SITI), file_id)


def test_a_shared_file_knows_since_when(village: Any, drive_of: Callable[..., Any]) -> None:
    """`sharedWithMeTime` is for who was named; the owner and who holds a link have none."""
    file_id = made(village)["id"]
    share(village, file_id, _SITI)
    link = {"type": "anyone", "role": "reader"}
    village.permissions().create(fileId=file_id, body=link).execute()
    shown = [
        "sharedWithMeTime" in drive.files().get(fileId=file_id, fields="*").execute()
        for drive in (village, drive_of(_SITI), drive_of(_BUDI))
    ]

    assert [False, True, False] == shown


def test_ownership_that_cannot_go(village: Any, robot: Any, sandbox: Sandbox) -> None:
    """Not to a service account, not to a group, not by a writer."""
    file_id = sandbox.spreadsheet_id
    account = str(sandbox.service_account_info["client_email"])
    create, body = village.permissions().create, {"role": "owner", "type": "user"}
    give = {"fileId": file_id, "transferOwnership": True}
    calls = [
        create(**give, body=body | {"emailAddress": account}),
        create(**give, body=body | {"emailAddress": "rt@contoh.example", "type": "group"}),
        robot.permissions().create(**give, body=body | {"emailAddress": _SITI}),
    ]

    assert [
        "invalidSharingRequest",
        "insufficientFilePermissions",
        "insufficientFilePermissions",
    ] == [refused(one.execute)[1] for one in calls]
    assert {account: "writer"} == {
        who: role for who, role in roles(village, file_id).items() if role != "owner"
    }


def test_a_given_file_can_move_along(village: Any, drive_of: Callable[..., Any]) -> None:
    """`moveToNewOwnersRoot` puts it where the new owner looks first."""
    file_id, siti = made(village)["id"], drive_of(_SITI)
    body = {"type": "user", "role": "owner", "emailAddress": _SITI}
    village.permissions().create(
        fileId=file_id, body=body, transferOwnership=True, moveToNewOwnersRoot=True
    ).execute()

    listed = siti.files().list(q="'root' in parents and 'me' in owners").execute()["files"]
    assert [file_id] == [one["id"] for one in listed]
    assert "parents" not in village.files().get(fileId=file_id, fields="*").execute()


def test_roles_reach_sheets_from_folders_and_links(
    sandbox: Sandbox, village: Any, drive_of: Callable[..., Any]
) -> None:
    """A folder's writer writes, a link's reader reads, a stranger does neither."""
    folder = folder_of(village)
    share(village, folder, _SITI, "writer")
    place = {"fileId": sandbox.spreadsheet_id, "addParents": folder}
    village.files().update(**place, removeParents="root").execute()
    url = f"{sandbox.base_url}/v4/spreadsheets/{sandbox.spreadsheet_id}/values/A5"

    def statuses(email: str) -> tuple[int, int]:
        own = drive_of(email)._http.session
        body = {"values": [["x"]]}
        write = own.put(f"{url}?valueInputOption=RAW", json=body)
        return own.get(url).status_code, write.status_code

    assert [(200, 200), (403, 403)] == [statuses(_SITI), statuses(_BUDI)]
    link = {"type": "anyone", "role": "reader"}
    village.permissions().create(fileId=sandbox.spreadsheet_id, body=link).execute()
    assert (200, 403) == statuses(_BUDI)
    village.files().update(
        fileId=sandbox.spreadsheet_id, addParents="root", removeParents=folder
    ).execute()
    assert (200, 403) == statuses(_SITI)


def test_permissions_come_in_pages(village: Any) -> None:
    """Only if asked for: a file of My Drive tells all of them at once."""
    file_id = made(village)["id"]
    for number in range(120):
        share(village, file_id, f"warga{number}@contoh.example")
    whole = village.permissions().list(fileId=file_id).execute()
    first = village.permissions().list(fileId=file_id, pageSize=100).execute()
    token = {"pageSize": 100, "pageToken": first["nextPageToken"]}
    second = village.permissions().list(fileId=file_id, **token).execute()

    assert (121, False) == (len(whole["permissions"]), "nextPageToken" in whole)
    assert whole["permissions"] == first["permissions"] + second["permissions"]
    assert 400 == refused(village.permissions().list(fileId=file_id, pageSize=101).execute)[0]


def _gspread(sandbox: Sandbox, own: Any) -> gspread.Client:
    class Client(Redirected):
        def __init__(self, _auth: object, session: Any) -> None:
            super().__init__(session, sandbox.base_url)

    credentials: Any = None
    return gspread.Client(credentials, session=own, http_client=Client)


def _opened(sandbox: Sandbox, drive: Any, file_id: str) -> gspread.Spreadsheet:
    return _gspread(sandbox, drive._http.session).open_by_key(file_id)
