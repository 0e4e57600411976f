"""googleapiclient over our transport: httplib2, which re-sends POSTs by itself, stays unused."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from requests import Response

    from sync.google.transport import Transport


def service(name: str, version: str, transport: Transport, *, repeatable: bool = False) -> Any:  # noqa: ANN401 - made at run time
    """
    Return googleapiclient's service from the document that it ships, at our address.

    repeatable: every request of it may be sent again when it is not known to be applied
    """
    document = {**_document(name, version)}
    if transport.base_url:
        document["rootUrl"] = f"{transport.base_url}/"
    return build_from_document(
        document, http=_SessionHttp(transport, repeatable=repeatable or None)
    )


@cache
def _document(name: str, version: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(get_static_doc(name, version))
    document.pop("mtlsRootUrl", None)
    return document


class _Reply(dict[str, str]):
    """An answer's headers as httplib2 gives them: lower case, lengths after unpacking."""

    def __init__(self, answer: Response) -> None:
        super().__init__((name.lower(), value) for name, value in answer.headers.items())
        self.pop("content-encoding", None)
        self["content-length"] = str(len(answer.content))
        self["status"] = str(answer.status_code)
        self.status = answer.status_code
        self.reason = answer.reason


class _SessionHttp:
    """What googleapiclient takes for an `httplib2.Http`."""

    def __init__(self, transport: Transport, *, repeatable: bool | None) -> None:
        self._transport, self._repeatable = transport, repeatable

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: Any = None,  # noqa: ANN401 - bytes, text or a file
        headers: Mapping[str, str] | None = None,
        **_: object,
    ) -> tuple[_Reply, bytes]:
        """Send one request of googleapiclient's."""
        if hasattr(body, "read"):
            body = body.read()
        headers = dict(headers or {})
        if "range" in headers:
            headers["accept-encoding"] = "identity"
        answer = self._transport.request(
            method,
            uri,
            data=body,
            headers=headers,
            binary="alt=media" in uri,
            repeatable=self._repeatable,
        )
        return _Reply(answer), answer.content

    def close(self) -> None:
        """Close the transport's connections."""
        self._transport.close()
