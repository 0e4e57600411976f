"""A real browser, Chromium without a window, and what it asked for."""

from __future__ import annotations

import functools
import html
import json
import re
import shutil
import ssl
import subprocess
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--ignore-certificate-errors",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
_TAGS = re.compile(r"<[^>]*>")
_BROWSER = "not an origin"


@dataclass(frozen=True, slots=True)
class Shown:
    """A page after its scripts have run."""

    dom: str
    requests: tuple[str, ...]  #: addresses that the page asked for, itself not among them

    def text(self, element: str) -> str:
        """Return what the element of that id shows."""
        found = re.search(rf'<(\w+) id="{element}"[^>]*>(.*?)</\1>', self.dom, re.DOTALL)
        assert found is not None, element
        return html.unescape(_TAGS.sub(" ", found[2])).strip()

    def is_hidden(self, element: str) -> bool:
        return re.search(rf'id="{element}"[^>]* hidden', self.dom) is not None


def shown(url: str, folder: Path) -> Shown:
    """Open *url* and return what is shown two seconds of the page's own time later."""
    assert CHROMIUM is not None
    log = folder / "net.json"
    profile = f"--user-data-dir={folder / 'profile'}"
    wait = "--virtual-time-budget=2000"
    done = subprocess.run(
        [CHROMIUM, *_QUIET, profile, wait, f"--log-net-log={log}", "--dump-dom", url],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    return Shown(done.stdout, tuple(_requests(json.loads(log.read_text()))))


def _requests(log: dict[str, Any]) -> Iterator[str]:
    """Yield what a page asked for; the browser itself asks for things too, of no origin."""
    for event in log["events"]:
        if event.get("params", {}).get("initiator", _BROWSER) != _BROWSER:
            yield event["params"]["url"]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing: the browser's own log is looked at."""


@contextmanager
def served(folder: Path, certificate: Sequence[Path] = ()) -> Iterator[str]:
    """Yield the address at which *folder* is served; over https with a certificate and key."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*map(str, certificate))
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http{'s' if certificate else ''}://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
