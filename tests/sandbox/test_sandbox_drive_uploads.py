"""Uploads as they really come: in every form, broken, repeated, and without a token."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
import requests
from googleapiclient.http import MediaInMemoryUpload, MediaIoBaseDownload, MediaIoBaseUpload
from test_sandbox_drive_files import made, refused

from sync.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_CHUNK = 256 * 1024
_CONTENT = bytes(range(256)) * 2500  # three chunks


@pytest.fixture
def send(sandbox: Sandbox, village: Any) -> Callable[..., requests.Response]:
    """Return a caller of the upload address, as the village's user."""

    def ask(verb: str, query: str, body: bytes, **headers: str) -> requests.Response:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        url = f"{sandbox.base_url}/upload/drive/v3/files{query}"
        response: requests.Response = village._http.session.request(
            verb, url, data=body, headers=names, allow_redirects=False
        )
        return response

    return ask


@pytest.fixture
def place(village: Any, sandbox: Sandbox) -> str:
    """Return the address of a resumable upload that has begun."""
    url = f"{sandbox.base_url}/upload/drive/v3/files?uploadType=resumable&fields=id,size"
    begun = village._http.session.post(url, json={"name": "surat.pdf"})
    return str(begun.headers["Location"])


def put(place: str, content: bytes, span: str = "") -> requests.Response:
    """Send a piece without a token: the address is enough."""
    headers = {"Content-Range": span} if span else {}
    with requests.Session() as plain:
        plain.trust_env = False
        return plain.put(place, data=content, headers=headers, allow_redirects=False)


def test_media_upload_has_only_content(send: Any, village: Any) -> None:
    """Without a message the file is Untitled, and of the type that the request says."""
    file = send("POST", "?uploadType=media", b"isi", content_type="text/plain").json()

    assert ("Untitled", "text/plain") == (file["name"], file["mimeType"])
    assert b"isi" == village.files().get_media(fileId=file["id"]).execute()


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("content", [b"", b"isi\r", b"isi\n", b"\r\n\r\nisi\r\n", b"x--batas--"])
def test_multipart_gives_every_byte_back(
    send: Any, village: Any, end: bytes, content: bytes
) -> None:
    """Bare or full line ends, folded headers, and content that ends or begins with a line end."""
    message = json.dumps({"name": "a.txt"}).encode()
    parts = (
        (b"Content-Type: application/json", message),
        (b"Content-Type:" + end + b" text/plain", content),
    )
    body = b"".join(b"--batas" + end + head + end + end + text + end for head, text in parts)
    kind = 'multipart/related; boundary="batas"'
    answer = send("POST", "?uploadType=multipart", body + b"--batas--", content_type=kind)

    assert (200, "text/plain") == (answer.status_code, answer.json()["mimeType"])
    assert content == village.files().get_media(fileId=answer.json()["id"]).execute()


@pytest.mark.parametrize(
    "query, kind, body",
    [
        ("?uploadType=multipart", "multipart/related; boundary=batas", b"--batas\n\nisi"),
        ("?uploadType=multipart", "text/plain", b"isi"),
        ("?uploadType=sekaligus", "text/plain", b"isi"),
    ],
)
def test_broken_upload_is_400_and_makes_nothing(
    send: Any, village: Any, query: str, kind: str, body: bytes
) -> None:
    """What cannot be taken apart is refused in Drive's shape."""
    before = village.files().list().execute()["files"]
    answer = send("POST", query, body, content_type=kind)

    assert 400 == answer.status_code
    assert {"domain", "message", "reason"} <= answer.json()["error"]["errors"][0].keys()
    assert before == village.files().list().execute()["files"]


@pytest.mark.parametrize("kind", ["close-before", "close-after", "503", "503-after"])
@pytest.mark.parametrize("after", [1, 2, 3])
def test_upload_goes_on_after_any_break(
    sandbox: Sandbox, village: Any, kind: str, after: int
) -> None:
    """In the first, the middle or the last piece, before or after it: one file, whole."""
    media = MediaIoBaseUpload(
        io.BytesIO(_CONTENT), "application/pdf", chunksize=_CHUNK, resumable=True
    )
    request = village.files().create(body={"name": "b.pdf"}, media_body=media)
    sandbox.fault("drive.files.create", kind=kind, after=after)
    file: Any = None
    broken = 0
    for _ in range(9):
        try:
            _, file = request.next_chunk()
        except Exception:  # noqa: BLE001  # the client's own, or the connection's
            broken += 1
            request._in_error_state = True  # what the client does by itself for an HttpError
        if file:
            break

    assert file
    found = village.files().list(q="name = 'b.pdf'").execute()["files"]
    assert (1, [file["id"]]) == (broken, [one["id"] for one in found])
    assert _CONTENT == village.files().get_media(fileId=file["id"]).execute()


def test_pieces_need_no_token_and_may_overlap(place: str, village: Any) -> None:
    """What arrived is passed over, a gap is not filled, and the end asks the first `fields`."""
    first = put(place, b"abcd", "bytes 0-3/*")
    again = put(place, b"cdef", "bytes 2-5/10")
    gap = put(place, b"j", "bytes 9-9/10")
    last = put(place, b"ghij", "bytes 6-9/10")
    after = put(place, b"", "bytes */10")

    assert [(308, "bytes=0-3"), (308, "bytes=0-5"), (308, "bytes=0-5")] == [
        (one.status_code, one.headers["Range"]) for one in (first, again, gap)
    ]
    assert (200, {"id", "size"}) == (last.status_code, last.json().keys())
    assert (200, last.json()) == (after.status_code, after.json())
    file = village.files().get(fileId=last.json()["id"], fields="ownedByMe,name").execute()
    assert {"ownedByMe": True, "name": "surat.pdf"} == file
    assert b"abcdefghij" == village.files().get_media(fileId=last.json()["id"]).execute()


@pytest.mark.parametrize(
    "span, content",
    [("bytes 0-3/10", b"abc"), ("bytes 0-3/2", b"abcd"), ("bytes x", b""), ("bytes */2", b"")],
)
def test_pieces_that_make_no_sense_change_nothing(place: str, span: str, content: bytes) -> None:
    """A wrong Content-Range is 400; the upload can go on."""
    put(place, b"abc", "bytes 0-2/10")

    assert 400 == put(place, content, span).status_code
    assert "bytes=0-2" == put(place, b"", "bytes */10").headers["Range"]


def test_whole_content_in_one_put(place: str) -> None:
    """Without a Content-Range the body is everything, whatever had arrived."""
    put(place, b"abc", "bytes 0-2/10")

    assert "4" == put(place, b"isi.").json()["size"]


def test_upload_that_could_not_end_well_does_not_begin(
    sandbox: Sandbox, robot: Any, village: Any
) -> None:
    """No room, a foreign id, no such folder, another's file: refused before the first piece."""

    def begin(drive: Any, **body: Any) -> Any:
        media = MediaInMemoryUpload(b"isi", mimetype="text/plain", resumable=True)
        return drive.files().create(body={"name": "a", **body}, media_body=media).execute()

    file_id = made(village)["id"]
    share = {"type": "user", "role": "reader", "emailAddress": _robot(sandbox)}
    village.permissions().create(fileId=file_id, body=share).execute()
    media = MediaInMemoryUpload(b"lain", mimetype="text/plain", resumable=True)
    update = robot.files().update(fileId=file_id, media_body=media)

    assert "storageQuotaExceeded" == refused(lambda: begin(robot))[1]
    assert "fileIdInUse" == refused(lambda: begin(village, id=file_id))[1]
    assert "notFound" == refused(lambda: begin(village, parents=["tidak-ada"]))[1]
    assert "fieldNotWritable" == refused(lambda: begin(village, size="3"))[1]
    assert "insufficientFilePermissions" == refused(update.execute)[1]


def test_new_content_comes_in_all_three_ways(village: Any, send: Any) -> None:
    """An update keeps id and name; each upload is a new version with a new type."""
    file = made(village)
    files, file_id = village.files(), file["id"]
    resumable = MediaIoBaseUpload(io.BytesIO(b"3"), "text/csv", resumable=True)
    send("PATCH", f"/{file_id}?uploadType=media", b"1", content_type="text/html")
    first = files.get(fileId=file_id, fields="*").execute()
    files.update(fileId=file_id, media_body=MediaInMemoryUpload(b"2", "image/png")).execute()
    second = files.get_media(fileId=file_id).execute()
    third = files.update(fileId=file_id, media_body=resumable, fields="*").execute()
    last = files.update(fileId=file_id, body={"starred": True}, fields="*").execute()

    assert ("text/html", b"2", "text/csv") == (first["mimeType"], second, last["mimeType"])
    assert (file["name"], "1") == (last["name"], last["size"])
    assert 3 == len({one["headRevisionId"] for one in (file, first, third, last)})
    assert 4 == len({one["version"] for one in (file, first, third, last)})


def test_empty_file_comes_and_goes_in_chunks(village: Any) -> None:
    """Nothing to send and nothing to fetch end, too."""
    media = MediaIoBaseUpload(io.BytesIO(b""), "text/plain", chunksize=_CHUNK, resumable=True)
    file = village.files().create(body={"name": "kosong"}, media_body=media).execute()
    target = io.BytesIO()
    request = village.files().get_media(fileId=file["id"])
    download = MediaIoBaseDownload(target, request, chunksize=_CHUNK)
    while not download.next_chunk()[1]:
        pass

    assert b"" == target.getvalue()


def test_parts_of_a_file_are_not_zipped(sandbox: Sandbox, village: Any) -> None:
    """A range counts bytes of the file, so it comes as they are."""
    file_id = made(village, content=b"a" * 9000)["id"]
    url = f"{sandbox.base_url}/drive/v3/files/{file_id}?alt=media"
    session = village._http.session
    part = session.get(url, headers={"Range": "bytes=0-4999", "Accept-Encoding": "gzip"})
    whole = session.get(url, headers={"Accept-Encoding": "gzip"})

    assert (206, None, "5000") == (
        part.status_code,
        part.headers.get("Content-Encoding"),
        part.headers["Content-Length"],
    )
    assert ("gzip", b"a" * 9000) == (whole.headers["Content-Encoding"], whole.content)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Callable[[], Sandbox]]:
    """Return a starter of sandboxes that share a state folder, one after the other."""
    running: list[Sandbox] = []

    def start() -> Sandbox:
        for one in running:
            one.stop()
        running[:] = [Sandbox(state=tmp_path, seed=1)]
        running[0].start()
        return running[0]

    yield start
    running[0].stop()


def test_uploads_go_on_after_a_restart(kept: Callable[[], Sandbox]) -> None:
    """The journal keeps content, ids that were given out, and uploads half done."""
    first, path = kept(), "/upload/drive/v3/files"
    ids = _called(first, "GET", "/drive/v3/files/generateIds", "count=1").body["ids"]
    message = json.dumps({"name": "a.bin", "id": ids[0]}).encode()
    begun = _called(first, "POST", path, "uploadType=resumable", body=message)
    query = begun.headers["location"].partition("?")[2]
    _called(first, "PUT", path, query, body=b"\x00\xff", content_range="bytes 0-1/4")
    _called(kept(), "PUT", path, query, body=b"\x80\r", content_range="bytes 2-3/4")
    media = _called(kept(), "GET", f"/drive/v3/files/{ids[0]}", "alt=media")

    assert b"\x00\xff\x80\r" == media.content


def _called(
    sandbox: Sandbox, verb: str, path: str, query: str, *, body: bytes = b"", **more: str
) -> Any:
    """Call in process, as the village's user; *more* are headers."""
    email = sandbox.authorized_user_info["account"]
    scope = "https://www.googleapis.com/auth/drive"
    token = sandbox.world.keys.access_token(email, [scope], sandbox.world.clock())
    headers = {"authorization": f"Bearer {token}"}
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    return sandbox.world.call(verb, path, query, headers, body)


def _robot(sandbox: Sandbox) -> str:
    return str(sandbox.service_account_info["client_email"])
