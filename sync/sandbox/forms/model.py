"""A form and its responses."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sync.sandbox.reply import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sync.sandbox.forms.questions import Item, Question
    from sync.sandbox.reply import Json

_EDIT_LINK = "2_ABaOnu"  #: how Google's `edit2` begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """
    What somebody answered.

    answers:   question id to texts as the API shows them; unanswered questions are missing
    files:     question id to the API's FileUploadAnswers
    submitted: the last time; `created` is the first
    """

    response_id: str
    created: datetime
    submitted: datetime
    answers: Mapping[str, tuple[str, ...]]
    files: Mapping[str, tuple[Json, ...]] = field(default_factory=dict)
    email: str = ""

    @property
    def edit_key(self) -> str:
        """What `edit2` in the response's edit link says."""
        return _EDIT_LINK + self.response_id.removeprefix("ACYDBN")


@dataclass(frozen=True, slots=True)
class Words:
    """What Google writes in the language of the form's owner: two headers, a tab's title."""

    timestamp: str
    email: str
    tab: str


WORDS: Mapping[str, Words] = {
    "en": Words("Timestamp", "Email Address", "Form Responses"),
    "id": Words("Stempel waktu", "Alamat Email", "Respons Formulir"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """
    A form, and the tab of a spreadsheet that it writes into.

    public_id:        the long id in the page's address
    spreadsheet_id:   "" while no sheet is linked
    email_collection: DO_NOT_COLLECT, VERIFIED or RESPONDER_INPUT
    editable:         respondents get a link by which they may change their answer
    """

    form_id: str
    public_id: str
    title: str
    description: str = ""
    items: tuple[Item, ...] = ()
    spreadsheet_id: str = ""
    sheet_id: int = 0
    words: Words = WORDS["en"]
    email_collection: str = "DO_NOT_COLLECT"
    editable: bool = False
    accepting: bool = True
    revision: int = 1
    thanks: str = "Jawaban Anda telah direkam."
    responses: tuple[Response, ...] = field(default=(), repr=False)

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question, each row of a grid by itself."""
        return tuple(question for item in self.items for question in item.questions)

    @property
    def collects_email(self) -> bool:
        """Whether respondents' addresses are asked for."""
        return self.email_collection != "DO_NOT_COLLECT"

    def response(self, response_id: str) -> Response:
        """Return a response; raises `Refused` (404) without one."""
        return self._found(lambda response: response.response_id == response_id)

    def editable_response(self, edit_key: str) -> Response:
        """Return the response that an edit link is for; raises `Refused` (404)."""
        return self._found(lambda response: response.edit_key == edit_key)

    def with_new(self, response: Response) -> Form:
        """Return the form with one response more."""
        return replace(self, responses=(*self.responses, response))

    def with_edited(self, response: Response) -> Form:
        """Return the form with a newer version of a response."""
        own = response.response_id
        found = (response if one.response_id == own else one for one in self.responses)
        return replace(self, responses=tuple(found))

    def with_items(self, items: tuple[Item, ...]) -> Form:
        """Return the form as its next revision."""
        return replace(self, items=items, revision=self.revision + 1)

    def json(self, document_title: str) -> Json:
        """Return the API's Form; *document_title* is its name in Drive."""
        info = {"title": self.title, "description": self.description}
        state = {"isPublished": True, "isAcceptingResponses": self.accepting}
        body: Json = {
            "formId": self.form_id,
            "info": _filled(info | {"documentTitle": document_title}),
            "settings": {"emailCollectionType": self.email_collection},
            "revisionId": f"{self.revision:08x}",
            "responderUri": f"https://docs.google.com/forms/d/e/{self.public_id}/viewform",
            "linkedSheetId": self.spreadsheet_id,
            "items": [item.json() for item in self.items],
            "publishSettings": {"publishState": _filled(state)},
        }
        return _filled(body)

    def _found(self, fits: Callable[[Response], bool]) -> Response:
        for response in self.responses:
            if fits(response):
                return response
        raise Refused(404, "Requested entity was not found.")


def _filled(body: Json) -> Json:
    return {name: value for name, value in body.items() if value}
