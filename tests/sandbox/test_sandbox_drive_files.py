"""Drive's files through googleapiclient: made, read, changed, copied, thrown away."""

from __future__ import annotations

import hashlib
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaInMemoryUpload, MediaIoBaseDownload, MediaIoBaseUpload

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.sandbox import Sandbox

_FOLDER = "application/vnd.google-apps.folder"
_SHEET = "application/vnd.google-apps.spreadsheet"


def refused(call: Callable[[], Any]) -> tuple[int, str, str]:
    """Return status, reason and message of the error that *call* gets."""
    with pytest.raises(HttpError) as caught:
        call()
    error = json.loads(caught.value.content)["error"]
    assert error["code"] == caught.value.resp.status
    return error["code"], error["errors"][0]["reason"], error["message"]


def made(drive: Any, name: str = "a.txt", content: bytes = b"isi", **body: Any) -> Any:
    """Return a new file with content, every field of it."""
    media = MediaInMemoryUpload(content, mimetype="text/plain")
    return drive.files().create(body={"name": name, **body}, media_body=media, fields="*").execute()


def test_default_fields_are_four(village: Any) -> None:
    """Without `fields` Drive tells kind, id, name and type, no more."""
    file = village.files().create(body={"name": "Arsip", "mimeType": _FOLDER}).execute()

    assert {"kind": "drive#file", "name": "Arsip", "mimeType": _FOLDER} == {
        key: file[key] for key in file.keys() - {"id"}
    }
    assert ["files", "incompleteSearch", "kind"] == sorted(village.files().list().execute())


def test_content_comes_back_with_its_sums(village: Any) -> None:
    """Size and checksums are those of the bytes; numbers are text, as int64 is."""
    content = "Surat \N{ROMAN NUMERAL ONE}\r".encode()
    file = made(village, content=content)

    assert (str(len(content)), hashlib.sha256(content).hexdigest()) == (
        file["size"],
        file["sha256Checksum"],
    )
    assert content == village.files().get_media(fileId=file["id"]).execute()


@pytest.mark.parametrize("chunk", [None, 256 * 1024])
def test_resumable_upload_in_one_piece_and_in_many(village: Any, chunk: int | None) -> None:
    """600 kB arrive whole, and the end answers with the fields that the start asked for."""
    content = bytes(range(256)) * 2400
    size = chunk or -1
    media = MediaIoBaseUpload(
        io.BytesIO(content), "application/pdf", chunksize=size, resumable=True
    )
    request = village.files().create(body={"name": "b.pdf"}, media_body=media, fields="id,size")
    seen, file = [], None
    while file is None:
        status, file = request.next_chunk()
        seen.append(status and status.resumable_progress)

    assert {"id": file["id"], "size": str(len(content))} == file
    assert ([None] if chunk is None else [262144, 524288, None]) == seen
    assert content == village.files().get_media(fileId=file["id"]).execute()


def test_broken_resumable_upload_goes_on_where_it_was(sandbox: Sandbox, village: Any) -> None:
    """After a lost answer the client asks how much arrived; nothing arrives twice."""
    content = bytes(range(256)) * 3000
    media = MediaIoBaseUpload(
        io.BytesIO(content), "application/pdf", chunksize=262144, resumable=True
    )
    request = village.files().create(body={"name": "b.pdf"}, media_body=media)
    request.next_chunk()
    sandbox.fault("drive.files.create", kind="503-after")
    with pytest.raises(HttpError):
        request.next_chunk()
    file = None
    while file is None:
        _, file = request.next_chunk()

    assert content == village.files().get_media(fileId=file["id"]).execute()
    found = village.files().list(q="name = 'b.pdf'").execute()["files"]
    assert [file["id"]] == [one["id"] for one in found]


def test_pieces_are_answered_308_with_their_range(sandbox: Sandbox, village: Any) -> None:
    """The start names a place on our host; `bytes */SIZE` asks how much is there."""
    session = village._http.session
    url = f"{sandbox.base_url}/upload/drive/v3/files"
    begun = session.post(f"{url}?uploadType=resumable", json={"name": "c"})
    place = begun.headers["Location"]
    asked = session.put(place, headers={"Content-Range": "bytes */6"}, allow_redirects=False)
    first = session.put(
        place, data=b"abc", headers={"Content-Range": "bytes 0-2/6"}, allow_redirects=False
    )
    last = session.put(place, data=b"def", headers={"Content-Range": "bytes 3-5/6"})

    assert (200, True) == (begun.status_code, place.startswith(f"{sandbox.base_url}/upload/"))
    assert (308, None) == (asked.status_code, asked.headers.get("Range"))
    assert (308, "bytes=0-2", None) == (
        first.status_code,
        first.headers.get("Range"),
        first.headers.get("Location"),
    )
    assert (200, "c") == (last.status_code, last.json()["name"])
    assert 404 == session.put(f"{url}?uploadType=resumable&upload_id=x").status_code


def test_download_by_range(sandbox: Sandbox, village: Any) -> None:
    """Parts are 206; beyond the end is 416; chunked downloads of the client come to the end."""
    content = bytes(range(256)) * 20
    file_id = made(village, content=content)["id"]
    session, url = village._http.session, f"{sandbox.base_url}/drive/v3/files/{file_id}?alt=media"
    part = session.get(url, headers={"Range": "bytes=10-19"})
    tail = session.get(url, headers={"Range": "bytes=-5"})
    beyond = session.get(url, headers={"Range": "bytes=9999-"})
    target = io.BytesIO()
    download = MediaIoBaseDownload(
        target, village.files().get_media(fileId=file_id), chunksize=1000
    )
    while not download.next_chunk()[1]:
        pass

    assert (206, content[10:20], f"bytes 10-19/{len(content)}") == (
        part.status_code,
        part.content,
        part.headers["Content-Range"],
    )
    assert (206, content[-5:]) == (tail.status_code, tail.content)
    assert (416, f"bytes */{len(content)}") == (beyond.status_code, beyond.headers["Content-Range"])
    assert content == target.getvalue()


def test_empty_file_can_be_kept_and_read(village: Any) -> None:
    """Zero bytes are a file, too."""
    file = made(village, content=b"")

    assert ("0", b"") == (file["size"], village.files().get_media(fileId=file["id"]).execute())


def test_generated_ids_are_used_once(village: Any) -> None:
    """An id given out beforehand makes a create repeatable: the second is 409."""
    ids = village.files().generateIds(count=3).execute()
    assert ("drive#generatedIds", "drive", 3) == (ids["kind"], ids["space"], len(set(ids["ids"])))
    made(village, id=ids["ids"][0])

    assert (409, "fileIdInUse", "A file already exists with the provided ID.") == refused(
        lambda: made(village, id=ids["ids"][0])
    )
    assert (400, "invalid", "The provided file ID is not usable.") == refused(
        lambda: made(village, id="1" * 33)
    )
    assert (403, "generatedIdNotSupported") == refused(
        lambda: made(village, id=ids["ids"][1], mimeType=_SHEET)
    )[:2]


def test_lost_answer_of_a_create_is_found_again(sandbox: Sandbox, village: Any) -> None:
    """The file is there although nobody was told; the second try says so."""
    file_id = village.files().generateIds(count=1).execute()["ids"][0]
    sandbox.fault("drive.files.create", kind="503-after")

    assert 503 == refused(lambda: made(village, id=file_id))[0]
    assert 409 == refused(lambda: made(village, id=file_id))[0]
    assert b"isi" == village.files().get_media(fileId=file_id).execute()


def test_update_changes_words_place_and_content(village: Any) -> None:
    """Each by itself: the id stays, the version goes up, the old folder has it no more."""
    files = village.files()
    folder = files.create(body={"name": "Map", "mimeType": _FOLDER}).execute()["id"]
    file = made(village, appProperties={"nomor": "7"})
    changed = files.update(
        fileId=file["id"],
        body={"name": "b.txt", "description": "x", "appProperties": {"rev": "2"}},
        addParents=folder,
        removeParents=file["parents"][0],
        media_body=MediaInMemoryUpload(b"lain", mimetype="text/plain"),
        fields="*",
    ).execute()

    assert (file["id"], "b.txt", [folder]) == (changed["id"], changed["name"], changed["parents"])
    assert {"nomor": "7", "rev": "2"} == changed["appProperties"]
    assert int(changed["version"]) > int(file["version"])
    assert b"lain" == files.get_media(fileId=file["id"]).execute()
    inside = files.list(q=f"'{folder}' in parents").execute()["files"]
    assert [file["id"]] == [one["id"] for one in inside]


def test_trash_hides_and_delete_ends(village: Any) -> None:
    """A folder's bin holds what is inside; a deleted folder takes it along."""
    files = village.files()
    folder = files.create(body={"name": "Map", "mimeType": _FOLDER}).execute()["id"]
    file_id = made(village, parents=[folder])["id"]
    files.update(fileId=folder, body={"trashed": True}).execute()
    assert files.get(fileId=file_id, fields="trashed,explicitlyTrashed").execute() == {
        "trashed": True,
        "explicitlyTrashed": False,
    }
    assert "" == files.delete(fileId=folder).execute()

    assert (404, "notFound", f"File not found: {file_id}.") == refused(
        lambda: files.get(fileId=file_id).execute()
    )


def test_copy_of_a_spreadsheet_is_one_of_its_own(sandbox: Sandbox, village: Any) -> None:
    """Named `Copy of …` without a name; what is written in one is not in the other."""
    copy = village.files().copy(fileId=sandbox.spreadsheet_id, body={}).execute()
    session = village._http.session
    url = f"{sandbox.base_url}/v4/spreadsheets"
    session.put(
        f"{url}/{copy['id']}/values/A2?valueInputOption=RAW", json={"values": [["x"]]}
    ).raise_for_status()
    original = session.get(f"{url}/{sandbox.spreadsheet_id}/values/A2").json()

    assert copy["name"].startswith("Copy of Permohonan")
    assert "values" not in original
    assert copy["name"] == session.get(f"{url}/{copy['id']}").json()["properties"]["title"]


def test_a_spreadsheet_is_a_file(sandbox: Sandbox, village: Any) -> None:
    """Renamed through Drive it has that title in Sheets; deleted it is gone there."""
    session, files = village._http.session, village.files()
    url = f"{sandbox.base_url}/v4/spreadsheets/{sandbox.spreadsheet_id}"
    files.update(fileId=sandbox.spreadsheet_id, body={"name": "Jawaban"}).execute()
    assert "Jawaban" == session.get(url).json()["properties"]["title"]
    title = {"updateSpreadsheetProperties": {"properties": {"title": "Lain"}, "fields": "title"}}
    session.post(f"{url}:batchUpdate", json={"requests": [title]}).raise_for_status()
    assert "Lain" == files.get(fileId=sandbox.spreadsheet_id).execute()["name"]
    files.delete(fileId=sandbox.spreadsheet_id).execute()

    assert 404 == session.get(url).status_code


@pytest.mark.parametrize(
    "mime_type, expected",
    [("text/csv", b'a,b\r\n1,"2,5"'), ("text/tab-separated-values", b"a\tb\r\n1\t2,5")],
)
def test_export_is_what_people_see(village: Any, mime_type: str, expected: bytes) -> None:
    """The first tab, formatted, and no line end after the last row."""
    media = MediaInMemoryUpload(b'a,b\n1,"2,5"\n', mimetype="text/csv")
    file = village.files().create(body={"name": "t", "mimeType": _SHEET}, media_body=media)
    file_id = file.execute()["id"]

    assert expected == village.files().export(fileId=file_id, mimeType=mime_type).execute()


def test_exports_and_downloads_that_cannot_be(sandbox: Sandbox, village: Any) -> None:
    """A Google file has no bytes, another one no export."""
    files, file_id = village.files(), made(village)["id"]

    assert (403, "fileNotDownloadable") == refused(
        lambda: files.get_media(fileId=sandbox.spreadsheet_id).execute()
    )[:2]
    assert (403, "fileNotExportable") == refused(
        lambda: files.export(fileId=file_id, mimeType="text/csv").execute()
    )[:2]
    assert (400, "badRequest") == refused(
        lambda: files.export(fileId=sandbox.spreadsheet_id, mimeType="image/png").execute()
    )[:2]


def test_csv_becomes_a_spreadsheet_as_if_typed(village: Any, sandbox: Sandbox) -> None:
    """Numbers and formulas are read, text in quotes keeps its comma."""
    media = MediaInMemoryUpload(b'Nama,Jumlah\n"Siti, Contoh",3\nBudi,=B2*2\n', mimetype="text/csv")
    file = village.files().create(body={"name": "Data", "mimeType": _SHEET}, media_body=media)
    url = f"{sandbox.base_url}/v4/spreadsheets/{file.execute()['id']}/values/A1:B3"
    found = village._http.session.get(url + "?valueRenderOption=UNFORMATTED_VALUE").json()

    assert [["Nama", "Jumlah"], ["Siti, Contoh", 3], ["Budi", 6]] == found["values"]


def test_service_account_owns_nothing(sandbox: Sandbox, robot: Any, village: Any) -> None:
    """Not in its own drive, not in a folder shared with it; the words are Google's."""
    folder = village.files().create(body={"name": "Map", "mimeType": _FOLDER}).execute()["id"]
    share = {"type": "user", "role": "writer", "emailAddress": _email(sandbox)}
    village.permissions().create(fileId=folder, body=share).execute()
    calls = [
        lambda: made(robot),
        lambda: made(robot, parents=[folder]),
        lambda: robot.files().copy(fileId=sandbox.spreadsheet_id, body={}).execute(),
    ]
    for call in calls:
        status, reason, message = refused(call)
        assert (403, "storageQuotaExceeded") == (status, reason)
        assert message.startswith("Service Accounts do not have storage quota.")


def test_shared_drive_holds_a_service_accounts_files(
    sandbox: Sandbox, robot: Any, village: Any
) -> None:
    """A member may store there; who does not say that they know shared drives sees nothing."""
    drive = village.drives().create(requestId="r1", body={"name": "Kantor"}).execute()
    member = {"type": "user", "role": "fileOrganizer", "emailAddress": _email(sandbox)}
    village.permissions().create(fileId=drive["id"], body=member, supportsAllDrives=True).execute()
    media = MediaInMemoryUpload(b"isi", mimetype="text/plain")
    body = {"name": "a.txt", "parents": [drive["id"]]}
    file = (
        robot.files()
        .create(body=body, media_body=media, supportsAllDrives=True, fields="*")
        .execute()
    )

    assert (drive["id"], False) == (file["driveId"], "owners" in file)
    assert 404 == refused(lambda: robot.files().get(fileId=file["id"]).execute())[0]
    assert [] == robot.files().list(q="name = 'a.txt'").execute()["files"]
    both = {"supportsAllDrives": True, "includeItemsFromAllDrives": True}
    listed = robot.files().list(corpora="drive", driveId=drive["id"], **both).execute()["files"]
    assert [file["id"]] == [one["id"] for one in listed]
    assert ["Kantor"] == [one["name"] for one in robot.drives().list().execute()["drives"]]


def test_pages_of_a_list_tell_each_file_once(village: Any) -> None:
    """The client's own paging comes to the end, in the order that was asked for."""
    for number in (10, 9, 2, 1):
        made(village, name=f"berkas {number}.txt")
    request = village.files().list(
        q="name contains 'berkas'", orderBy="name_natural", pageSize=3, fields="*"
    )
    names, pages = [], 0
    while request is not None:
        answer = request.execute()
        names += [one["name"] for one in answer["files"]]
        pages += 1
        request = village.files().list_next(request, answer)

    assert ([f"berkas {number}.txt" for number in (1, 2, 9, 10)], 2) == (names, pages)


@pytest.mark.parametrize(
    "query, location",
    [
        ({"q": "name ="}, "q"),
        ({"q": "nonsense = 'x'"}, "q"),
        ({"orderBy": "size"}, "orderBy"),
        ({"pageToken": "x"}, "pageToken"),
        ({"pageSize": 5000}, "pageSize"),
        ({"fields": "files(id,nama)"}, "fields"),
    ],
)
def test_bad_parameters_are_named(village: Any, query: dict[str, Any], location: str) -> None:
    """400 in Drive's shape, with the parameter that is wrong."""
    with pytest.raises(HttpError) as caught:
        village.files().list(**query).execute()
    detail = json.loads(caught.value.content)["error"]["errors"][0]

    assert (400, location, "parameter") == (
        caught.value.resp.status,
        detail["location"],
        detail["locationType"],
    )


def test_control_lists_files_that_were_made(sandbox: Sandbox, village: Any) -> None:
    """`/_sandbox/files` tells the letter that a client stored."""
    file = made(village, name="surat.docx")
    reply = sandbox.world.call("GET", "/_sandbox/files").body
    assert reply

    assert {
        "id": file["id"],
        "name": "surat.docx",
        "mimeType": "text/plain",
        "owner": sandbox.authorized_user_info["account"],
    } == reply["files"][-1]


def _email(sandbox: Sandbox) -> str:
    return str(sandbox.service_account_info["client_email"])
