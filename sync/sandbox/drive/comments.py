"""
The `comments` and `replies` methods; Google wants `fields` with every one that answers.

Rules: https://developers.google.com/workspace/drive/api/guides/manage-comments
"""

from __future__ import annotations

import html
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sync.sandbox.drive import access
from sync.sandbox.drive.listing import paged
from sync.sandbox.drive.model import Remark
from sync.sandbox.drive.view import timestamp, user_json
from sync.sandbox.ids import new_file_id
from sync.sandbox.reply import Refused, Reply

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sync.sandbox.drive.model import File
    from sync.sandbox.reply import Call, Json
    from sync.sandbox.state import State

_PAGE_SIZE = 20
_ACTIONS = {"resolve": True, "reopen": False}  #: whether the comment is resolved then


def require_fields(call: Call) -> None:
    """Raise `Refused` (400) without `fields`."""
    if not call.query.get("fields"):
        message = "The 'fields' parameter is required for this method."
        raise Refused(400, message, reason="required", location="fields")


def create(call: Call, state: State) -> Json:
    """Answer drive.comments.create."""
    require_fields(call)
    file = access.named(call, state, "commenter")
    comment = _new(call, "comment")
    comment.extra = {
        name: call.body[name] for name in ("anchor", "quotedFileContent") if name in call.body
    }
    file.comments.insert(0, comment)
    return _comment_json(call, comment)


def list_comments(call: Call, state: State) -> Json:
    """Answer drive.comments.list, the latest first."""
    require_fields(call)
    file = access.named(call, state)
    since = _since(call)
    found = [one for one in _shown(call, file.comments) if one.modified >= since]
    page, token = paged(call, found, size=_PAGE_SIZE)
    comments = [_comment_json(call, one) for one in page]
    answer: Json = {"kind": "drive#commentList", "comments": comments}
    return answer | ({"nextPageToken": token} if token else {})


def get(call: Call, state: State) -> Json:
    """Answer drive.comments.get."""
    require_fields(call)
    return _comment_json(call, _comment(call, access.named(call, state)))


def update(call: Call, state: State) -> Json:
    """Answer drive.comments.update: other words, by the one who wrote it."""
    require_fields(call)
    comment = _comment(call, access.named(call, state, "commenter"))
    _reword(call, comment, "comment")
    return _comment_json(call, comment)


def delete(call: Call, state: State) -> Reply:
    """Answer drive.comments.delete; what was said is gone, that something was said is not."""
    return _deleted(call, _comment(call, access.named(call, state, "commenter")))


def create_reply(call: Call, state: State) -> Json:
    """Answer drive.replies.create; `action` resolves the comment, or reopens it."""
    require_fields(call)
    comment = _comment(call, access.named(call, state, "commenter"))
    action = call.body.get("action", "")
    if action and action not in _ACTIONS:
        message = "The specified reply action is invalid or not supported."
        raise Refused(400, message, reason="invalid", location="reply.action")
    reply = _new(call, "reply")
    if action:
        reply.extra["action"] = action
        comment.extra["resolved"] = _ACTIONS[action]
    comment.replies.append(reply)
    comment.modified = call.now
    return _reply_json(call, reply)


def list_replies(call: Call, state: State) -> Json:
    """Answer drive.replies.list, in the order in which they were said."""
    require_fields(call)
    comment = _comment(call, access.named(call, state))
    page, token = paged(call, list(_shown(call, comment.replies)), size=_PAGE_SIZE)
    answer: Json = {"kind": "drive#replyList", "replies": [_reply_json(call, one) for one in page]}
    return answer | ({"nextPageToken": token} if token else {})


def get_reply(call: Call, state: State) -> Json:
    """Answer drive.replies.get."""
    require_fields(call)
    return _reply_json(call, _reply(call, access.named(call, state)))


def update_reply(call: Call, state: State) -> Json:
    """Answer drive.replies.update."""
    require_fields(call)
    reply = _reply(call, access.named(call, state, "commenter"))
    _reword(call, reply, "reply")
    return _reply_json(call, reply)


def delete_reply(call: Call, state: State) -> Reply:
    """Answer drive.replies.delete."""
    return _deleted(call, _reply(call, access.named(call, state, "commenter")))


def _new(call: Call, kind: str) -> Remark:
    return Remark(
        remark_id="AAAA" + new_file_id(call.random)[:7],
        by=call.principal.email,
        content=_words(call, kind),
        created=call.now,
        modified=call.now,
    )


def _words(call: Call, kind: str) -> str:
    """Return what the request says; raises `Refused` (400) for nothing."""
    words = str(call.body.get("content", ""))
    if not words and not call.body.get("action"):
        message = f"The {kind} content field is required."
        raise Refused(400, message, reason="required", location=f"{kind}.content")
    return words


def _comment(call: Call, file: File) -> Remark:
    wanted = call.path["commentId"]
    for comment in _shown(call, file.comments):
        if comment.remark_id == wanted:
            return comment
    message = f"Comment not found: {wanted}."
    raise Refused(404, message, reason="notFound", location="commentId")


def _reply(call: Call, file: File) -> Remark:
    wanted = call.path["replyId"]
    for reply in _shown(call, _comment(call, file).replies):
        if reply.remark_id == wanted:
            return reply
    raise Refused(404, f"Reply not found: {wanted}.", reason="notFound", location="replyId")


def _shown(call: Call, remarks: Iterable[Remark]) -> Iterable[Remark]:
    return (one for one in remarks if call.query.get("includeDeleted") or not one.deleted)


def _since(call: Call) -> datetime:
    text = call.query.get("startModifiedTime", "")
    if not text:
        return datetime.min.replace(tzinfo=UTC)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        message = f"Invalid value '{text}'."
        raise Refused(400, message, reason="invalid", location="startModifiedTime") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _must_be_mine(call: Call, remark: Remark) -> None:
    if remark.by != call.principal.email:
        raise access.insufficient()


def _reword(call: Call, remark: Remark, kind: str) -> None:
    _must_be_mine(call, remark)
    remark.content, remark.modified = _words(call, kind), call.now


def _deleted(call: Call, remark: Remark) -> Reply:
    _must_be_mine(call, remark)
    remark.deleted, remark.content, remark.modified = True, "", call.now
    return Reply(status=204, content_type="text/html")


def _comment_json(call: Call, comment: Remark) -> Json:
    body = _remark_json(call, comment, "drive#comment")
    body["replies"] = [_reply_json(call, one) for one in _shown(call, comment.replies)]
    return body


def _reply_json(call: Call, reply: Remark) -> Json:
    return _remark_json(call, reply, "drive#reply")


def _remark_json(call: Call, remark: Remark, kind: str) -> Json:
    """Return what both kinds show; the author's e-mail and id are kept from others."""
    author = user_json(remark.by, me=call.principal.email)
    body: Json = {
        "kind": kind,
        "id": remark.remark_id,
        "createdTime": timestamp(remark.created),
        "modifiedTime": timestamp(remark.modified),
        "author": {name: author[name] for name in ("kind", "displayName", "me")},
        "deleted": remark.deleted,
        **remark.extra,
    }
    if not remark.deleted:
        text = html.escape(remark.content, quote=False)
        body |= {"content": remark.content, "htmlContent": text}
    return body
