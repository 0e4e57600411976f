"""The `spreadsheets.developerMetadata` methods."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sync.sandbox.reply import Refused, bad_request
from sync.sandbox.sheets import data_filters

if TYPE_CHECKING:
    from sync.sandbox.reply import Call, Json
    from sync.sandbox.state import State


def get(call: Call, state: State) -> Json:
    """Answer sheets.spreadsheets.developerMetadata.get; another project's is not there."""
    book = state.book(call.path["spreadsheetId"])
    asked = call.path["metadataId"]
    if not re.fullmatch(r"-?[0-9]{1,10}", asked):
        raise bad_request(f"Invalid value at 'metadata_id' (TYPE_INT32), \"{asked}\"")
    for tag in data_filters.every_tag(book):
        if tag.body["metadataId"] == int(asked) and tag.visible_to(call.principal.email):
            return tag.body
    raise Refused(404, f"No developer metadata with ID {asked}.")


def search(call: Call, state: State) -> Json:
    """Answer sheets.spreadsheets.developerMetadata.search: each match with its filters."""
    book = state.book(call.path["spreadsheetId"])
    wanted = data_filters.filters(call.body)
    matched: dict[int, list[Json]] = {}
    for one in wanted:
        for tag in data_filters.tags(book, one, call.principal.email):
            matched.setdefault(tag.body["metadataId"], []).append(one)
    found = [
        {"developerMetadata": tag.body, "dataFilters": matched[tag.body["metadataId"]]}
        for tag in data_filters.every_tag(book)
        if tag.body["metadataId"] in matched
    ]
    return {"matchedDeveloperMetadata": found} if found else {}
