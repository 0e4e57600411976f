"""The sandbox as other code uses it: start it, look into it, make trouble, stop it."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode

from sync.clock import SystemClock
from sync.sandbox import sample
from sync.sandbox.faults import faults_from
from sync.sandbox.journal import Journal
from sync.sandbox.keys import Keys, process_keys
from sync.sandbox.quota import Quota
from sync.sandbox.reply import Refused
from sync.sandbox.server import Server, listening_socket
from sync.sandbox.sheets import ranges
from sync.sandbox.sheets.reading import Rendering, grid_values
from sync.sandbox.world import Observer, World

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path
    from types import TracebackType

    from sync.sandbox.history import Entry
    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.sheet import Sheet

SERVICE_ACCOUNT_FILE = "service-account.json"
AUTHORIZED_USER_FILE = "authorized-user.json"
OAUTH_CLIENT_FILE = "client-secret.json"


class Sandbox:
    """
    The local stand-in for Google, on a loopback port while the `with` block lasts.

    port:   0 takes a free one
    state:  a folder that keeps everything, and gets the credential files; None: memory
    faults: None, "mild", or a JSON file with `{"faults": […]}`
    quota:  "off", or "google" for the quotas per minute
    seed:   of every id and every random fault
    clock:  the time that tokens, form timestamps and the `Date` header go by; None: now
    """

    def __init__(
        self,
        port: int = 0,
        *,
        state: Path | None = None,
        faults: str | Path | None = None,
        quota: str = "off",
        service_accounts_own_files: bool = False,
        seed: int | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self._port = port
        self._folder = state
        self._journal = Journal(state) if state else None
        self.world = World(
            keys=_keys(state),
            clock=clock or SystemClock().now,
            dice=random.Random(seed),  # noqa: S311  # repeatable on purpose
            faults=faults_from(faults, seed),
            quota=Quota() if quota == "google" else None,
            journal=self._journal,
            service_accounts_own_files=service_accounts_own_files,
        )
        self._server: Server | None = None

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()

    def start(self) -> None:
        """Listen; with a state folder, write the credential files for this port."""
        listener = listening_socket(self._port)
        self.world.base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        if self._folder:
            _write_private(self._folder / SERVICE_ACCOUNT_FILE, self.service_account_info)
            _write_private(self._folder / AUTHORIZED_USER_FILE, self.authorized_user_info)
            _write_private(self._folder / OAUTH_CLIENT_FILE, self.client_secret_info)
        self._server = Server(self.world, listener)
        self._server.start()

    def stop(self) -> None:
        """Stop listening; calls that hang are let go."""
        if self._server:
            self._server.stop()
            self._server = None
        if self._journal:
            self._journal.close()
            self._journal = None

    def run_forever(self, ready: Callable[[str], None]) -> None:
        """Serve until SIGTERM or Ctrl-C; *ready* gets the base URL when calls can come."""
        over = threading.Event()
        kinds = (signal.SIGTERM, signal.SIGINT)
        before = {kind: signal.signal(kind, lambda *_: over.set()) for kind in kinds}
        try:
            with self:
                ready(self.base_url)
                over.wait()
        finally:
            for kind, handler in before.items():
                signal.signal(kind, handler)

    # -- what callers need to know

    @property
    def base_url(self) -> str:
        """Where it listens, such as `http://127.0.0.1:8085`."""
        return self.world.base_url

    @property
    def service_account_info(self) -> Json:
        """The service account's key file."""
        return self.world.keys.service_account_info(self.base_url)

    @property
    def authorized_user_info(self) -> Json:
        """The village user's credential file."""
        return self.world.keys.authorized_user_info(self.base_url)

    @property
    def client_secret_info(self) -> Json:
        """The OAuth client's file, for login in the browser."""
        return self.world.keys.client_secret_info(self.base_url)

    @property
    def spreadsheet_id(self) -> str:
        """The sample form's response spreadsheet."""
        return sample.SPREADSHEET_ID

    @property
    def sheet_id(self) -> int:
        """The gid of the sample form's response sheet."""
        return sample.SHEET_ID

    @property
    def form_id(self) -> str:
        """The sample form."""
        return sample.FORM_ID

    @property
    def on_exchange(self) -> list[Observer]:
        """Observers of every API exchange; append to it."""
        return self.world.observers

    # -- helpers for tests, upon the state itself

    def rows(self, sheet_id: int | None = None, *, shown: bool = False) -> list[list[Any]]:
        """Return a tab's cells, header included: values, or with *shown* what people see."""
        book = self.world.state.book(self.spreadsheet_id)
        area = ranges.whole(self._sheet(sheet_id))
        return grid_values(book, area, Rendering("FORMATTED_VALUE" if shown else "FORMULA"))

    def records(self, sheet_id: int | None = None, *, shown: bool = False) -> list[Json]:
        """Return a tab's rows below the header, as header to cell; "" where empty."""
        header, *lines = self.rows(sheet_id, shown=shown) or [[]]
        return [
            {name: line[at] if at < len(line) else "" for at, name in enumerate(header)}
            for line in lines
        ]

    def submit(
        self,
        answers: Mapping[str, str | Sequence[str]],
        *,
        form_id: str = sample.FORM_ID,
        edits: str = "",
    ) -> str:
        """
        Fill a form in by question, and return the response's id.

        edits: the id of a response that is changed; it gets exactly these answers

        Raises `Refused` as the page would say.
        """
        form = self.world.state.form(form_id)
        entries = {question.title: question.entry for question in form.questions}
        fields = {entries[title]: text for title, text in answers.items()}
        if edits:
            fields["edit2"] = form.response(edits).edit_key
        path = f"/forms/d/e/{form.public_id}/formResponse"
        reply = self.world.call("POST", path, body=urlencode(fields, doseq=True).encode())
        if reply.status != 200:  # noqa: PLR2004  # HTTP: done
            raise Refused(reply.status, reply.payload().decode())
        return edits or self.world.state.form(form_id).responses[-1].response_id

    def account(self, email: str, kind: str = "user", *, own_key: bool = False) -> Json:
        """Open an account, user or service, and return its credential file's content."""
        return self._control("POST", "accounts", {"email": email, "kind": kind, "own_key": own_key})

    def form(self, **wanted: Any) -> Json:  # noqa: ANN401  # JSON
        """Make a form with a spreadsheet, see `create_form`, and return its ids and entries."""
        return self._control("POST", "forms", wanted)

    def fault(
        self,
        method: str,
        *,
        kind: str,
        times: int = 1,
        after: int = 0,
        seconds: float | None = None,
    ) -> None:
        """Script a fault of *method* (a discovery id, or `token`)."""
        wanted: Json = {"method": method, "kind": kind, "times": times, "after": after}
        self.world.faults.add([wanted | ({} if seconds is None else {"seconds": seconds})])

    def unused_faults(self) -> list[Json]:
        """Return the scripted faults that still wait."""
        return [fault.json() for fault in self.world.faults.waiting]

    def staff(self, *actions: Json, before: str = "", nth: int = 1) -> None:
        """Let staff act now, or before the nth call of a method."""
        body: Json = {"do": list(actions)}
        if before:
            body["before"] = {"method": before, "nth": nth}
        self._control("POST", "staff", body)

    def switch(self, **switches: str) -> None:
        """Set what Google's documents leave open, see `state.SWITCHES`."""
        self.world.switch(switches)

    def history(self) -> list[Entry]:
        """Return every call so far."""
        return list(self.world.history)

    def reset(self) -> None:
        """Go back to the fresh sandbox."""
        self.world.reset()

    def _control(self, verb: str, name: str, body: Json) -> Json:
        reply = self.world.call(verb, f"/_sandbox/{name}", body=json.dumps(body).encode())
        if reply.status != 200:  # noqa: PLR2004  # HTTP: done
            raise Refused(reply.status, reply.payload().decode())
        return reply.body or {}

    def _sheet(self, sheet_id: int | None) -> Sheet:
        wanted = self.sheet_id if sheet_id is None else sheet_id
        return self.world.state.book(self.spreadsheet_id).sheet(wanted)


def _keys(folder: Path | None) -> Keys:
    file = folder and folder / SERVICE_ACCOUNT_FILE
    if file and file.exists():
        return Keys(json.loads(file.read_text("utf-8"))["private_key"])
    return process_keys()


def _write_private(path: Path, content: Json) -> None:
    text = json.dumps(content, indent=2) + "\n"
    temporary = path.with_suffix(".new")
    file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(file, "w", encoding="utf-8") as stream:
        stream.write(text)
    temporary.replace(path)
