"""Finished letters in the village's own Google Drive, or in a shared drive."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Any

from googleapiclient.http import MediaInMemoryUpload

from sync.cabinet.interface import StoredLetter
from sync.errors import CabinetError
from sync.google.answers import Refused
from sync.google.discovery import service

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.google.transport import Transport

FOLDER_TYPE = "application/vnd.google-apps.folder"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_PDF = "application/pdf"
_FILE_FIELDS = "id,webViewLink,sha256Checksum,trashed,parents"
_FOLDER_FIELDS = "id,name,mimeType,trashed,driveId,capabilities(canAddChildren)"
_LISTED_FIELDS = "id,name,webViewLink,sha256Checksum"
_MOST_IDS = _LARGEST_PAGE = 1000
_FORBIDDEN = 403
_CONFLICT = 409
_NOT_FOUND = 404


class DriveCabinet:
    """
    Implements `sync.cabinet.interface.Cabinet`.

    Every file is made with an id that was asked for before, so making it again is harmless:
    Drive says that the id is used, and the file is compared with the letter.
    """

    def __init__(self, transport: Transport, folder: str) -> None:
        drive = service("drive", "v3", transport, repeatable=True)
        self._files, self._about = drive.files(), drive.about()
        self._account = transport.account
        self._folder = folder

    def create(self) -> None:
        """Raise as `check` does: the folder is made by `login`, or by hand."""
        self.check()

    def check(self) -> None:
        """Raise `CabinetError` when letters could not be stored in the folder now."""
        folder = self._get_folder()
        if folder["mimeType"] != FOLDER_TYPE:
            raise CabinetError(f"letters.drive_folder: {folder['name']!r} is no folder in Drive")
        if folder.get("trashed"):
            raise CabinetError(f"the Drive folder {folder['name']!r} lies in the bin: restore it")
        if not folder.get("capabilities", {}).get("canAddChildren"):
            raise CabinetError(
                f"{self._account.name} may not store in the Drive folder {folder['name']!r}: share"
                " it with this account as Editor"
            )
        if self._account.is_service and "driveId" not in folder and not self._has_room():
            raise CabinetError(
                f"{self._account.name} is a service account, and those own no files in Google"
                " Drive: run `surat-sync login` with the village's own account, use a folder of a"
                " shared drive, or set `letters.cabinet: folder`"
            )

    def tidy(self) -> None:
        """Do nothing: Google keeps no half of a file."""

    def probe(self) -> None:
        """Store a small file and delete it; raises as `check` and `store` do."""
        self.check()
        (file_id,) = self.new_ids(1)
        self._create(f".check-{secrets.token_hex(4)}", b"surat-sync check", file_id)
        self._throw_away(file_id)

    def new_ids(self, count: int) -> Sequence[str]:
        """Return ids that no file has yet."""
        found: list[str] = []
        while len(found) < count:
            wanted = min(count - len(found), _MOST_IDS)
            found += self._files.generateIds(count=wanted, space="drive").execute()["ids"]
        return found

    def store(self, name: str, content: bytes, file_id: str) -> str:
        """Keep *content* under *name* and *file_id*; return its link."""
        try:
            return self._create(name, content, file_id)
        except Refused as error:
            if error.status != _CONFLICT:
                raise
            return self._same_file(name, content, file_id)

    def keep_copy(self, name: str, content: bytes, file_id: str) -> str:
        """Keep a PDF beside its letter; one that an earlier try has made stays."""
        try:
            return self._create(name, content, file_id)
        except Refused as error:
            if error.status != _CONFLICT:
                raise
            found = self._files.get(fileId=file_id, fields="webViewLink", supportsAllDrives=True)
            return str(found.execute()["webViewLink"])

    def is_gone(self, location: str) -> bool:
        """Return False: looking would take a request for each letter."""
        del location
        return False

    def where(self, location: str) -> str:
        """Return the link."""
        return location

    def stored(self) -> list[StoredLetter]:
        """Return every letter in the folder, a thousand a call; what lies in the bin is none."""
        found: list[StoredLetter] = []
        page = ""
        while True:
            answer = self._files.list(
                q=f"'{self._folder}' in parents and trashed = false",
                fields=f"nextPageToken,files({_LISTED_FIELDS})",
                pageSize=_LARGEST_PAGE,
                supportsAllDrives=True,
                includeItemsFromAllDrives=True,
                **({"pageToken": page} if page else {}),
            ).execute()
            found += [_stored(file) for file in answer["files"] if _is_letter(file)]
            page = answer.get("nextPageToken", "")
            if not page:
                return found

    def content(self, letter: StoredLetter) -> bytes:
        """Return a stored letter's bytes; `CabinetError` for one that was stored elsewhere."""
        if not letter.file_id:
            raise CabinetError(f"{letter.name}: it does not lie in Google Drive")
        return bytes(self._files.get_media(fileId=letter.file_id, supportsAllDrives=True).execute())

    def _get_folder(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = self._files.get(
                fileId=self._folder, fields=_FOLDER_FIELDS, supportsAllDrives=True
            ).execute()
        except Refused as error:
            if error.status != _NOT_FOUND:
                raise
            raise CabinetError(
                f"letters.drive_folder: {self._account.name} sees no folder with that id: compare"
                " it with the folder's address, and share the folder with this account as Editor"
            ) from error
        return found

    def _has_room(self) -> bool:
        """Tell whether the account may own files; service accounts have a limit of 0 bytes."""
        about = self._about.get(fields="storageQuota(limit)").execute()
        return bool(about.get("storageQuota", {}).get("limit") != "0")

    def _create(self, name: str, content: bytes, file_id: str) -> str:
        kind = _PDF if name.endswith(".pdf") else _DOCX
        media = MediaInMemoryUpload(content, mimetype=kind)
        body = {"id": file_id, "name": name, "parents": [self._folder]}
        made = self._files.create(
            body=body, media_body=media, fields="webViewLink", supportsAllDrives=True
        ).execute()
        return str(made["webViewLink"])

    def _throw_away(self, file_id: str) -> None:
        """Delete a file; a content manager of a shared drive may only put it into the bin."""
        try:
            self._files.delete(fileId=file_id, supportsAllDrives=True).execute()
        except Refused as error:
            if error.status != _FORBIDDEN:
                raise
            body = {"trashed": True}
            self._files.update(fileId=file_id, body=body, supportsAllDrives=True).execute()

    def _same_file(self, name: str, content: bytes, file_id: str) -> str:
        """Return the link of our own file that an earlier try has made."""
        found = self._files.get(
            fileId=file_id, fields=_FILE_FIELDS, supportsAllDrives=True
        ).execute()
        if found.get("trashed"):
            raise CabinetError(f"{name}: its file lies in the bin of Google Drive: restore it")
        if found.get("sha256Checksum") != hashlib.sha256(content).hexdigest():
            raise CabinetError(f"{name}: its file in Google Drive was changed by somebody")
        return str(found["webViewLink"])


def _is_letter(file: dict[str, Any]) -> bool:
    """Tell whether a file may be a letter: no Google document, and no PDF beside one."""
    return "sha256Checksum" in file and not file["name"].endswith(".pdf")


def _stored(file: dict[str, Any]) -> StoredLetter:
    return StoredLetter(
        name=file["name"],
        location=file["webViewLink"],
        sha256=file["sha256Checksum"],
        file_id=file["id"],
    )


class DriveHome:
    """The Drive of an account that has just let us in."""

    def __init__(self, transport: Transport) -> None:
        self._drive = service("drive", "v3", transport, repeatable=True)

    def account(self) -> str:
        """Return whose Drive it is, an e-mail address."""
        about = self._drive.about().get(fields="user(emailAddress)").execute()
        return str(about["user"]["emailAddress"])

    def make_folder(self, name: str) -> str:
        """Make a folder in My Drive and return its id; it is ours, so that we may see it."""
        files = self._drive.files()
        (file_id,) = files.generateIds(count=1, space="drive").execute()["ids"]
        body = {"id": file_id, "name": name, "mimeType": FOLDER_TYPE}
        try:
            files.create(body=body, fields="id").execute()
        except Refused as error:
            if error.status != _CONFLICT:  # else an earlier try of this call has made it
                raise
        return str(file_id)
