"""What `changes.list` tells, to whom; shared drives and what is said about files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from googleapiclient.http import MediaInMemoryUpload
from test_sandbox_drive_files import made, refused
from test_sandbox_drive_permissions import folder_of, roles, share

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.sandbox import Sandbox

_SITI, _BUDI = "siti@contoh.example", "budi@contoh.example"
_ALL = {"supportsAllDrives": True}
_BOTH = {**_ALL, "includeItemsFromAllDrives": True}


def token_of(drive: Any, **more: Any) -> str:
    """Return the token of what comes next."""
    return str(drive.changes().getStartPageToken(**more).execute()["startPageToken"])


def told(drive: Any, token: str, **more: Any) -> list[tuple[str, bool]]:
    """Return what changed since *token*: id and whether it is gone."""
    answer = drive.changes().list(pageToken=token, **more).execute()
    return [(one.get("fileId") or one["driveId"], one["removed"]) for one in answer["changes"]]


def test_a_change_is_told_with_its_file(village: Any) -> None:
    """Without `fields` as few of the file as `files.get` shows; a removal has none."""
    token = token_of(village)
    file_id, gone = made(village, name="a.txt")["id"], made(village)["id"]
    village.files().delete(fileId=gone).execute()
    first, second = village.changes().list(pageToken=token).execute()["changes"]

    assert {
        "kind": "drive#change",
        "type": "file",
        "changeType": "file",
        "time": first["time"],
        "removed": False,
        "fileId": file_id,
        "file": {
            "kind": "drive#file",
            "id": file_id,
            "name": "a.txt",
            "mimeType": "text/plain",
        },
    } == first
    assert (gone, True, False) == (second["fileId"], second["removed"], "file" in second)
    assert (
        [] == village.changes().list(pageToken=token, includeRemoved=False).execute()["changes"][1:]
    )


def test_only_those_who_saw_it_hear_that_it_is_gone(
    village: Any, drive_of: Callable[..., Any]
) -> None:
    """A deleted file is news to its readers, not to strangers, and not to another app."""
    file_id = made(village)["id"]
    share(village, file_id, _SITI)
    siti, budi, narrow = drive_of(_SITI), drive_of(_BUDI), drive_of(_SITI, "drive.file")
    token = token_of(village)
    village.files().delete(fileId=file_id).execute()

    assert [[(file_id, True)], [], []] == [told(drive, token) for drive in (siti, budi, narrow)]


def test_losing_access_is_told_once(village: Any, drive_of: Callable[..., Any]) -> None:
    """To who lost it; later changes are not theirs, until they are let in again."""
    file_id, siti = made(village)["id"], drive_of(_SITI)
    permission = share(village, file_id, _SITI)["id"]
    token = token_of(village)
    village.permissions().delete(fileId=file_id, permissionId=permission).execute()
    assert ([(file_id, True)], [(file_id, False)]) == (told(siti, token), told(village, token))
    later = token_of(siti)
    village.files().update(fileId=file_id, body={"name": "b"}).execute()
    assert ([], [(file_id, False)]) == (told(siti, later), told(village, later))
    share(village, file_id, _SITI)

    assert [(file_id, False)] == told(siti, token)


def test_a_folder_takes_its_files_out_of_sight(village: Any, drive_of: Callable[..., Any]) -> None:
    """Unshared or moved away: everything inside is removed for who saw it there."""
    folder, siti = folder_of(village), drive_of(_SITI)
    files = [made(village, parents=[folder])["id"] for _ in range(2)]
    permission = share(village, folder, _SITI)["id"]
    token = token_of(village)
    move = {"addParents": "root", "removeParents": folder}
    village.files().update(fileId=files[0], **move).execute()
    assert [(files[0], True)] == told(siti, token)
    village.permissions().delete(fileId=folder, permissionId=permission).execute()

    assert {(folder, True), (files[0], True), (files[1], True)} == set(told(siti, token))
    assert [] == siti.files().list().execute()["files"]


def test_links_are_nobodys_news(village: Any, drive_of: Callable[..., Any]) -> None:
    """What anyone may open is in no stranger's changes."""
    token = token_of(village)
    file_id = made(village)["id"]
    link = {"type": "anyone", "role": "reader"}
    village.permissions().create(fileId=file_id, body=link).execute()

    assert ([], [(file_id, False)]) == (told(drive_of(_SITI), token), told(village, token))


def test_my_drive_only(village: Any, drive_of: Callable[..., Any]) -> None:
    """`restrictToMyDrive` leaves out what others share."""
    token, siti = token_of(village), drive_of(_SITI)
    file_id = made(village)["id"]
    share(village, file_id, _SITI)

    assert [(file_id, False)] == told(siti, token)
    assert [] == told(siti, token, restrictToMyDrive=True)
    assert [(file_id, False)] == told(village, token, restrictToMyDrive=True)


@pytest.mark.parametrize("token", ["x", "-1", "999999", "9" * 5000])
def test_tokens_that_nobody_gave(village: Any, token: str) -> None:
    """400 `Invalid Value`, at the token."""
    call = village.changes().list(pageToken=token).execute

    assert (400, "invalid", "Invalid Value") == refused(call)


def test_metadata_scopes_read_changes_and_permissions(
    sandbox: Sandbox, village: Any, drive_of: Callable[..., Any]
) -> None:
    """`drive.file` alone does not see a foreign file; with `drive.metadata.readonly` it does."""
    token, user = token_of(village), sandbox.authorized_user_info["account"]
    village.files().update(fileId=sandbox.spreadsheet_id, body={"name": "Jawaban"}).execute()
    narrow = drive_of(user, "drive.file")
    wide = drive_of(user, "drive.file", "drive.metadata.readonly")

    assert [] == told(narrow, token)
    assert [(sandbox.spreadsheet_id, False)] == told(wide, token)
    assert 404 == refused(lambda: roles(narrow, sandbox.spreadsheet_id))[0]
    assert "owner" == roles(wide, sandbox.spreadsheet_id)[user]


# -- shared drives


@pytest.fixture
def office(village: Any) -> Any:
    """Return a shared drive of the village's user."""
    return village.drives().create(requestId="r1", body={"name": "Kantor"}).execute()


def _put(drive: Any, folder: str, name: str = "a.txt") -> str:
    media = MediaInMemoryUpload(b"isi", mimetype="text/plain")
    body = {"name": name, "parents": [folder]}
    return str(drive.files().create(body=body, media_body=media, **_ALL).execute()["id"])


def test_a_request_makes_one_shared_drive(village: Any, office: Any) -> None:
    """The same `requestId` again is 409; a name must be given."""
    create = village.drives().create
    assert ["drive#drive", "Kantor"] == [office["kind"], office["name"]]
    assert (409, "teamDriveAlreadyExists") == refused(
        create(requestId="r1", body={"name": "Kantor"}).execute
    )[:2]
    assert (400, "required") == refused(create(requestId="r2", body={}).execute)[:2]
    listed = village.drives().list().execute()

    assert ["Kantor"] == [one["name"] for one in listed["drives"]]


def test_members_do_what_their_role_says(
    village: Any, office: Any, drive_of: Callable[..., Any]
) -> None:
    """Only an organizer renames, invites and deletes; capabilities tell so beforehand."""
    share(village, office["id"], _SITI, "writer")
    siti = drive_of(_SITI)
    found = siti.drives().get(driveId=office["id"], fields="capabilities").execute()
    able = found["capabilities"]
    assert (True, False, False) == (
        able["canAddChildren"],
        able["canManageMembers"],
        able["canTrashChildren"],
    )
    calls = [
        siti.drives().update(driveId=office["id"], body={"name": "x"}).execute,
        siti.drives().delete(driveId=office["id"]).execute,
        lambda: share(siti, office["id"], _BUDI),
    ]
    assert [403] * 3 == [refused(call)[0] for call in calls]
    stranger = drive_of(_BUDI).drives().get(driveId=office["id"]).execute
    assert (404, "notFound", f"Shared drive not found: {office['id']}") == refused(stranger)
    body = {"name": "Balai", "colorRgb": "#ac725e", "restrictions": {"domainUsersOnly": True}}
    changed = village.drives().update(driveId=office["id"], body=body, fields="*").execute()

    assert ("Balai", "#ac725e", True, False) == (
        changed["name"],
        changed["colorRgb"],
        changed["restrictions"]["domainUsersOnly"],
        changed["restrictions"]["driveMembersOnly"],
    )


def test_hiding_is_for_oneself(village: Any, office: Any, drive_of: Callable[..., Any]) -> None:
    """Another member still has the drive in their list."""
    share(village, office["id"], _SITI, "reader")
    place, siti = {"driveId": office["id"]}, drive_of(_SITI).drives()
    siti.hide(**place).execute()

    assert [True, False] == [
        one.get(**place, fields="hidden").execute()["hidden"] for one in (siti, village.drives())
    ]
    assert {"hidden": False} == siti.unhide(**place, fields="hidden").execute()


def test_a_drive_with_files_stays(village: Any, office: Any) -> None:
    """What lies in its bin does not count."""
    file_id = _put(village, office["id"])
    delete = village.drives().delete(driveId=office["id"])
    assert (403, "cannotDeleteResourceWithChildren") == refused(delete.execute)[:2]
    village.files().update(fileId=file_id, body={"trashed": True}, **_ALL).execute()
    delete.execute()

    assert 404 == refused(village.drives().get(driveId=office["id"]).execute)[0]
    assert 404 == refused(village.files().get(fileId=file_id, **_ALL).execute)[0]


def test_members_come_from_the_drive(
    village: Any, office: Any, drive_of: Callable[..., Any]
) -> None:
    """A file's permission says so, and cannot be lowered there; guests see their file alone."""
    share(village, office["id"], _SITI, "commenter")
    file_id, other = _put(village, office["id"]), _put(village, office["id"], "b.txt")
    share(village, file_id, _BUDI, "reader")
    listed = village.permissions().list(fileId=file_id, fields="*", **_ALL).execute()
    found = {one["emailAddress"]: one for one in listed["permissions"]}
    assert {
        "permissionType": "member",
        "role": "commenter",
        "inherited": True,
        "inheritedFrom": office["id"],
    } == found[_SITI]["permissionDetails"][0]
    assert [{"permissionType": "file", "role": "reader", "inherited": False}] == found[_BUDI][
        "permissionDetails"
    ]
    delete = village.permissions().delete(fileId=file_id, permissionId=found[_SITI]["id"], **_ALL)
    assert (403, "cannotModifyInheritedTeamDrivePermission") == refused(delete.execute)[:2]
    budi = drive_of(_BUDI).files()
    assert file_id == budi.get(fileId=file_id, **_ALL).execute()["id"]
    assert 404 == refused(budi.get(fileId=other, **_ALL).execute)[0]


@pytest.mark.parametrize(
    "body, reason",
    [
        ({"role": "owner"}, "ownerOnTeamDriveItemNotSupported"),
        ({"role": "organizer"}, "organizerOnNonTeamDriveItemNotSupported"),
        ({"role": "fileOrganizer"}, "fileOrganizerOnFoldersInSharedDriveOnly"),
    ],
)
def test_roles_that_a_file_there_cannot_have(
    village: Any, office: Any, body: dict[str, str], reason: str
) -> None:
    """403 with Google's reason."""
    file_id = _put(village, office["id"])

    assert reason == refused(lambda: share(village, file_id, _SITI, **body))[1]


def test_a_drive_is_for_people_only(village: Any, office: Any) -> None:
    """Neither for anyone nor for a domain."""
    for body in ({"type": "anyone"}, {"type": "domain", "domain": "contoh.example"}):
        call = village.permissions().create(
            fileId=office["id"], body={"role": "reader", **body}, **_ALL
        )
        reason = "cannotShareTeamDriveTopFolderWithAnyoneOrDomains"
        assert reason == refused(call.execute)[1]


def test_lists_of_shared_drives_name_what_they_mean(village: Any, office: Any) -> None:
    """`driveId` goes with `corpora=drive` and with the items of all drives."""
    file_id, files = _put(village, office["id"]), village.files()
    drive = {"corpora": "drive", "driveId": office["id"]}
    refusals = [
        files.list(**drive),
        files.list(corpora="drive", **_BOTH),
        files.list(driveId=office["id"], **_BOTH),
        files.list(corpora="drive", driveId="0AAAAAAAAAAAAUk9PVA", **_BOTH),
    ]

    assert [403, 403, 403, 404] == [refused(one.execute)[0] for one in refusals]
    assert [file_id] == [one["id"] for one in files.list(**drive, **_BOTH).execute()["files"]]
    wide = files.list(corpora="allDrives", **_BOTH).execute()["files"]
    assert (3, file_id) == (len(wide), wide[0]["id"])
    assert 2 == len(files.list(**_ALL).execute()["files"])


def test_changes_in_a_shared_drive(village: Any, office: Any, drive_of: Callable[..., Any]) -> None:
    """Told to who asks for all drives, or for this one; leaving the drive removes it."""
    siti, drive_id = drive_of(_SITI), office["id"]
    member = share(village, drive_id, _SITI, "reader")["id"]
    token = token_of(siti, driveId=drive_id, **_ALL)
    file_id = _put(village, drive_id)
    village.drives().update(driveId=drive_id, body={"name": "Balai"}).execute()
    news = [(file_id, False), (drive_id, False)]
    assert ([], news, news) == (
        told(siti, token),
        told(siti, token, **_BOTH),
        told(siti, token, driveId=drive_id, **_BOTH),
    )
    fields = "changes(changeType,drive(name))"
    whole = siti.changes().list(pageToken=token, fields=fields, **_BOTH).execute()["changes"]
    assert [{"changeType": "file"}, {"changeType": "drive", "drive": {"name": "Balai"}}] == whole
    village.permissions().delete(fileId=drive_id, permissionId=member, **_ALL).execute()

    assert {(drive_id, True), (file_id, True)} == set(told(siti, token, **_BOTH))
    call = siti.changes().list(pageToken=token, driveId=drive_id, **_BOTH).execute
    assert 404 == refused(call)[0]


# -- comments


def test_a_comment_is_its_authors(village: Any, drive_of: Callable[..., Any]) -> None:
    """Others read it without an address, and neither reword nor delete it."""
    file_id = made(village)["id"]
    share(village, file_id, "desa.contoh@contoh.example", "commenter")
    share(village, file_id, _BUDI, "reader")
    mine, other = village.comments(), drive_of("desa.contoh@contoh.example").comments()
    body = {"content": "Cek & <baca>", "quotedFileContent": {"value": "isi"}}
    comment = mine.create(fileId=file_id, body=body, fields="*").execute()
    place = {"fileId": file_id, "commentId": comment["id"]}
    seen = other.get(**place, fields="*").execute()

    assert comment == seen | {"author": comment["author"]}
    assert {"kind": "drive#user", "displayName": "desa.contoh", "me": False} == seen["author"]
    assert (True, "Cek &amp; &lt;baca&gt;", []) == (
        comment["author"]["me"],
        comment["htmlContent"],
        comment["replies"],
    )
    call = {**place, "body": {"content": "x"}, "fields": "*"}
    assert [403, 403] == [
        refused(one.execute)[0] for one in (other.update(**call), other.delete(**place))
    ]
    budi = drive_of(_BUDI).comments().create(fileId=file_id, body=body, fields="*").execute
    assert 403 == refused(budi)[0]
    assert "x" == mine.update(**call).execute()["content"]


def test_a_thread_opens_and_closes(village: Any) -> None:
    """Replies resolve and reopen; a deleted one is shown only to who asks for it."""
    file_id, replies = made(village)["id"], village.replies()
    comment = village.comments().create(
        fileId=file_id, body={"content": "Cek"}, fields="id,createdTime"
    )
    place = {"fileId": file_id, "commentId": comment.execute()["id"]}
    first = replies.create(**place, body={"action": "resolve"}, fields="*").execute()
    assert "resolve" == first["action"]
    assert {"resolved": True} == village.comments().get(**place, fields="resolved").execute()
    second = replies.create(
        **place, body={"action": "reopen", "content": "Belum"}, fields="*"
    ).execute()
    replies.delete(**place, replyId=first["id"]).execute()
    shown = village.comments().get(**place, fields="resolved,replies").execute()
    assert {"resolved": False, "replies": [second]} == shown
    both = replies.list(**place, includeDeleted=True, fields="replies(id,deleted)").execute()
    assert [True, False] == [one["deleted"] for one in both["replies"]]
    calls = [
        replies.create(**place, body={}, fields="*"),
        replies.create(**place, body={"action": "close"}, fields="*"),
        replies.create(**place, body={"content": "x"}),
        replies.get(**place, replyId=first["id"], fields="*"),
        village.comments().create(fileId=file_id, body={}, fields="*"),
    ]

    assert [400, 400, 400, 404, 400] == [refused(one.execute)[0] for one in calls]


def test_comments_come_in_pages_and_since(sandbox: Sandbox, village: Any) -> None:
    """The latest first; `startModifiedTime` leaves out what is older."""
    file_id, comments = made(village)["id"], village.comments()
    ids = [
        comments.create(fileId=file_id, body={"content": "x"}, fields="id").execute()["id"]
        for _ in range(3)
    ]
    first = comments.list(fileId=file_id, pageSize=2, fields="*").execute()
    token = {"pageSize": 2, "pageToken": first["nextPageToken"]}
    second = comments.list(fileId=file_id, **token, fields="*").execute()
    late = sandbox.world.clock().replace(year=2100).isoformat()
    none = comments.list(fileId=file_id, startModifiedTime=late, fields="comments").execute()

    assert ids[::-1] == [one["id"] for one in first["comments"] + second["comments"]]
    assert {"comments": []} == none


def test_about_counts_the_bin(village: Any) -> None:
    """What lies there still takes room, as text, since int64 is."""
    file_id = made(village, content=b"12345")["id"]
    made(village, content=b"123")
    village.files().update(fileId=file_id, body={"trashed": True}).execute()
    quota = village.about().get(fields="storageQuota").execute()["storageQuota"]

    assert ("8", "8", "5") == (
        quota["usage"],
        quota["usageInDrive"],
        quota["usageInDriveTrash"],
    )
