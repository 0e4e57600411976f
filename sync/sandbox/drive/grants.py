"""How the API shows who may do what: `Permission` of the discovery document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.drive.model import ANYONE, permission_id, rank

if TYPE_CHECKING:
    from sync.sandbox.drive.model import File
    from sync.sandbox.reply import Json
    from sync.sandbox.state import State


def permission_json(state: State, file: File, who: str) -> Json:
    """Return the Permission of one person, group, domain or "anyone"."""
    more = _more(state, file, who)
    body: Json = {
        "kind": "drive#permission",
        "id": grant_id(file, who),
        "type": more.get("type") or _type(who),
        "role": state.people(file)[who],
        "permissionDetails": _details(state, file, who),
    }
    if who == ANYONE or "@" not in who:
        body["allowFileDiscovery"] = more.get("allowFileDiscovery", False)
    if who == ANYONE:
        return body
    body |= {"displayName": who.partition("@")[0], "deleted": False}
    if "@" not in who:
        return body | {"domain": who}
    if not file.drive_id:
        body["pendingOwner"] = more.get("pendingOwner", False)
    return body | {"emailAddress": who}


def grant_id(file: File, who: str) -> str:
    """Return the id of a permission: a person's is the same on every file."""
    if who == ANYONE and file.grants.get(who, {}).get("allowFileDiscovery"):
        return ANYONE
    return permission_id(who)


def _more(state: State, file: File, who: str) -> Json:
    """Return what the nearest grant says beyond its role."""
    drive = state.drives.get(file.drive_id)
    above = [one.grants for one in state.ancestors(file)] + ([drive.grants] if drive else [])
    return next((found[who] for found in (file.grants, *above) if who in found), {})


def _type(who: str) -> str:
    if who == ANYONE:
        return "anyone"
    return "user" if "@" in who else "domain"


def _details(state: State, file: File, who: str) -> list[Json]:
    """Return where a role comes from, the item itself first."""
    found = []
    if who == file.owner or who in file.roles:
        role = "owner" if who == file.owner else file.roles[who]
        found.append({"permissionType": "file", "role": role, "inherited": False})
    for source, kind, roles in state.inherited(file):
        if who in roles:
            itself = source == file.file_id
            one = {"permissionType": kind, "role": roles[who], "inherited": not itself}
            if file.drive_id and not itself:
                one["inheritedFrom"] = source
            found.append(one)
    return sorted(found, key=lambda one: -rank(str(one["role"])))
