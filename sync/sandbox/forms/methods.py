"""The methods of the Forms API that are about a form itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sync.sandbox.reply import Call, Json
    from sync.sandbox.state import State


def get(call: Call, state: State) -> Json:
    """Answer forms.forms.get."""
    form = state.form(call.path["formId"])
    return form.json(state.files[form.form_id].name)
