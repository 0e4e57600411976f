"""The `comments` and `replies` methods; Google wants `fields` with every one that answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.drive import access
from sync.sandbox.drive.listing import paged
from sync.sandbox.drive.view import timestamp, user_json
from sync.sandbox.ids import new_file_id
from sync.sandbox.reply import Refused, Reply

if TYPE_CHECKING:
    from sync.sandbox.drive.model import File
    from sync.sandbox.reply import Call, Json
    from sync.sandbox.state import State


def require_fields(call: Call) -> None:
    """Raise `Refused` (400) without `fields`."""
    if not call.query.get("fields"):
        message = "The 'fields' parameter is required for this method."
        raise Refused(400, message, reason="required", location="fields")


def create(call: Call, state: State) -> Json:
    """Answer drive.comments.create."""
    require_fields(call)
    file = access.named(call, state, "commenter")
    comment = _new(call, "drive#comment") | {"replies": []}
    if "quotedFileContent" in call.body:
        comment["quotedFileContent"] = call.body["quotedFileContent"]
    if "anchor" in call.body:
        comment["anchor"] = call.body["anchor"]
    file.comments.insert(0, comment)
    return comment


def list_comments(call: Call, state: State) -> Json:
    """Answer drive.comments.list, the latest first."""
    require_fields(call)
    file = access.named(call, state)
    found = [one for one in file.comments if _is_shown(call, one)]
    page, token = paged(call, found, size=20)
    answer: Json = {"kind": "drive#commentList", "comments": page}
    return answer | ({"nextPageToken": token} if token else {})


def get(call: Call, state: State) -> Json:
    """Answer drive.comments.get."""
    require_fields(call)
    return _comment(call, access.named(call, state))


def update(call: Call, state: State) -> Json:
    """Answer drive.comments.update: other words, by the one who wrote it."""
    require_fields(call)
    comment = _comment(call, access.named(call, state))
    _must_be_mine(call, comment)
    return _reworded(call, comment)


def delete(call: Call, state: State) -> Reply:
    """Answer drive.comments.delete; what was said is gone, that something was said is not."""
    comment = _comment(call, access.named(call, state))
    _must_be_mine(call, comment)
    return _deleted(comment)


def create_reply(call: Call, state: State) -> Json:
    """Answer drive.replies.create; `action` resolves the comment, or reopens it."""
    require_fields(call)
    comment = _comment(call, access.named(call, state, "commenter"))
    reply = _new(call, "drive#reply")
    if "action" in call.body:
        reply["action"] = call.body["action"]
        comment["resolved"] = call.body["action"] == "resolve"
    comment["replies"].append(reply)
    comment["modifiedTime"] = timestamp(call.now)
    return reply


def list_replies(call: Call, state: State) -> Json:
    """Answer drive.replies.list."""
    require_fields(call)
    comment = _comment(call, access.named(call, state))
    found = [one for one in comment["replies"] if _is_shown(call, one)]
    page, token = paged(call, found, size=20)
    answer: Json = {"kind": "drive#replyList", "replies": page}
    return answer | ({"nextPageToken": token} if token else {})


def get_reply(call: Call, state: State) -> Json:
    """Answer drive.replies.get."""
    require_fields(call)
    return _reply(call, access.named(call, state))


def update_reply(call: Call, state: State) -> Json:
    """Answer drive.replies.update."""
    require_fields(call)
    reply = _reply(call, access.named(call, state))
    _must_be_mine(call, reply)
    return _reworded(call, reply)


def delete_reply(call: Call, state: State) -> Reply:
    """Answer drive.replies.delete."""
    reply = _reply(call, access.named(call, state))
    _must_be_mine(call, reply)
    return _deleted(reply)


def _new(call: Call, kind: str) -> Json:
    words = call.body.get("content", "")
    if not words and "action" not in call.body:
        message = "The comment's content is required."
        raise Refused(400, message, reason="required", location="content")
    email = call.principal.email
    author = user_json(email, me=email)
    del author["emailAddress"]  # Google keeps it from other commenters
    return {
        "kind": kind,
        "id": "AAAA" + new_file_id(call.random)[:7],
        "createdTime": timestamp(call.now),
        "modifiedTime": timestamp(call.now),
        "author": author,
        "deleted": False,
        "content": words,
        "htmlContent": words.replace("&", "&amp;").replace("<", "&lt;"),
    }


def _comment(call: Call, file: File) -> Json:
    wanted = call.path["commentId"]
    for comment in file.comments:
        if comment["id"] == wanted and _is_shown(call, comment):
            return comment
    message = f"Comment not found: {wanted}"
    raise Refused(404, message, reason="notFound", location="commentId")


def _reply(call: Call, file: File) -> Json:
    wanted = call.path["replyId"]
    replies: list[Json] = _comment(call, file)["replies"]
    for reply in replies:
        if reply["id"] == wanted and _is_shown(call, reply):
            return reply
    raise Refused(404, f"Reply not found: {wanted}", reason="notFound", location="replyId")


def _is_shown(call: Call, one: Json) -> bool:
    return bool(call.query.get("includeDeleted")) or not one["deleted"]


def _must_be_mine(call: Call, one: Json) -> None:
    if one["author"]["displayName"] != call.principal.email.partition("@")[0]:
        raise access.insufficient()


def _reworded(call: Call, one: Json) -> Json:
    words = str(call.body.get("content", one["content"]))
    one |= {
        "content": words,
        "htmlContent": words.replace("&", "&amp;").replace("<", "&lt;"),
        "modifiedTime": timestamp(call.now),
    }
    return one


def _deleted(one: Json) -> Reply:
    one["deleted"] = True
    one.pop("content", None)
    one.pop("htmlContent", None)
    return Reply(status=204, content_type="text/html")
