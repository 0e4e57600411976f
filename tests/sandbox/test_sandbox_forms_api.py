"""Forms v1: a form as the API shows it, its responses, and what its owner does to it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import requests
from googleapiclient.errors import HttpError
from real_clients import ANSWERS, service

from sync.sandbox import Sandbox
from sync.sandbox.reply import Refused
from sync.sandbox.sample import SERVICE_ACCOUNT, USER

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOW = datetime(2026, 11, 24, 3, 15, 0, 123456, tzinfo=UTC)
EVERY_KIND: list[dict[str, Any]] = [
    {"title": "Nama", "required": True, "hint": "Sesuai KTP"},
    {"title": "Alamat", "kind": "paragraph"},
    {"title": "Pilih", "kind": "choice", "options": ["A", "B"], "other": True},
    {"title": "Menu", "kind": "list", "options": ["A", "B"]},
    {"title": "Centang", "kind": "checkbox", "options": ["A", "B"], "other": True},
    {"title": "Bagian 2", "kind": "section", "hint": "Lanjutan"},
    {"title": "Tanggal", "kind": "date"},
    {"title": "Saat", "kind": "date", "time": True},
    {"title": "Ulang tahun", "kind": "date", "year": False},
    {"title": "Jam", "kind": "time"},
    {"title": "Lama", "kind": "time", "duration": True},
    {"title": "Nilai", "kind": "scale", "low": 0, "high": 3, "low_label": "buruk"},
    {"title": "Bintang", "kind": "rating", "high": 5},
    {"title": "Catatan", "kind": "note"},
    {"title": "Tabel", "kind": "grid", "rows": ["R1", "R2"], "options": ["X", "Y"]},
    {"title": "Kisi", "kind": "checkbox_grid", "rows": ["R"], "options": ["X", "Y"]},
    {"title": "Foto", "kind": "file", "max_files": 2},
]


@pytest.fixture
def forms(sandbox: Sandbox, api: Any) -> Any:
    """Return Forms as the service account sees it."""
    return service(sandbox, "forms", "v1", api).forms()


class Every:
    """A form that has each kind of question, as residents and staff see it."""

    def __init__(self, sandbox: Sandbox, **wanted: Any) -> None:
        self.sandbox = sandbox
        self.ids = sandbox.form(shared_with=[SERVICE_ACCOUNT], **wanted)
        self.form_id = self.ids["form_id"]

    def entry(self, title: str) -> str:
        """Return the page's field of a question."""
        return str(self.ids["entries"][title])

    def post(self, fields: dict[str, Any], files: Any = None) -> requests.Response:
        """Send the page."""
        url = f"{self.sandbox.base_url}/forms/d/e/{self.ids['public_form_id']}/formResponse"
        return requests.post(url, data=fields, files=files, timeout=5)

    def header(self) -> list[Any]:
        """Return what stands in the sheet's first row."""
        book = self.sandbox.world.state.book(self.ids["spreadsheet_id"])
        return book.sheet(self.ids["sheet_id"]).rows[0].cells

    def record(self) -> dict[Any, Any]:
        """Return the last answer's row, by header."""
        book = self.sandbox.world.state.book(self.ids["spreadsheet_id"])
        rows = book.sheet(self.ids["sheet_id"]).rows
        last = [row for row in rows if row.from_form][-1]
        return {name: last.value(at) for at, name in enumerate(self.header())}


@pytest.fixture
def every(sandbox: Sandbox) -> Every:
    """Return a form that has each kind of question."""
    return Every(sandbox, title="Serba-serbi", questions=EVERY_KIND)


def _question(form: dict[str, Any], title: str) -> dict[str, Any]:
    (item,) = [item for item in form["items"] if item.get("title") == title]
    question = item["questionItem"]["question"]
    return {name: part for name, part in question.items() if name != "questionId"}


def _refused(request: Any) -> tuple[int, str]:
    with pytest.raises(HttpError) as caught:
        request.execute()
    return caught.value.status_code, str(caught.value.reason)


# -- the form


def test_form_is_shown_whole(sandbox: Sandbox, forms: Any) -> None:
    """Everything but the items, as Google shows it."""
    form = forms.get(formId=sandbox.form_id).execute()

    assert 20 == len(form.pop("items"))
    info = form.pop("info")
    assert {"title", "description", "documentTitle"} == info.keys()
    assert {
        "formId": sandbox.form_id,
        "settings": {"emailCollectionType": "DO_NOT_COLLECT"},
        "revisionId": "00000001",
        "responderUri": form["responderUri"],
        "linkedSheetId": sandbox.spreadsheet_id,
        "publishSettings": {
            "publishState": {"isPublished": True, "isAcceptingResponses": True},
        },
    } == form
    assert form["responderUri"].startswith("https://docs.google.com/forms/d/e/1FAIpQL")


@pytest.mark.parametrize(
    "title,question",
    [
        ("Nama", {"required": True, "textQuestion": {}}),
        ("Alamat", {"textQuestion": {"paragraph": True}}),
        (
            "Pilih",
            {
                "choiceQuestion": {
                    "type": "RADIO",
                    "options": [{"value": "A"}, {"value": "B"}, {"isOther": True}],
                }
            },
        ),
        (
            "Menu",
            {"choiceQuestion": {"type": "DROP_DOWN", "options": [{"value": "A"}, {"value": "B"}]}},
        ),
        ("Tanggal", {"dateQuestion": {"includeYear": True}}),
        ("Saat", {"dateQuestion": {"includeTime": True, "includeYear": True}}),
        ("Ulang tahun", {"dateQuestion": {}}),
        ("Jam", {"timeQuestion": {}}),
        ("Lama", {"timeQuestion": {"duration": True}}),
        ("Nilai", {"scaleQuestion": {"high": 3, "lowLabel": "buruk"}}),
        ("Bintang", {"ratingQuestion": {"ratingScaleLevel": 5, "iconType": "STAR"}}),
    ],
)
def test_each_kind_of_question(
    forms: Any, every: Every, title: str, question: dict[str, Any]
) -> None:
    """A question says what it is; zero, false and empty are left out."""
    form = forms.get(formId=every.form_id).execute()

    assert question == _question(form, title)


def test_blocks_that_are_no_single_question(forms: Any, every: Every) -> None:
    """Sections, notes, grids and file uploads, each with an item id of its own."""
    items = forms.get(formId=every.form_id).execute()["items"]
    by_title = {item["title"]: item for item in items}

    assert len(EVERY_KIND) == len({item["itemId"] for item in items})
    assert {} == by_title["Bagian 2"]["pageBreakItem"]
    assert "Lanjutan" == by_title["Bagian 2"]["description"]
    assert {} == by_title["Catatan"]["textItem"]
    group = by_title["Tabel"]["questionGroupItem"]
    assert ["R1", "R2"] == [row["rowQuestion"]["title"] for row in group["questions"]]
    columns = {"type": "RADIO", "options": [{"value": "X"}, {"value": "Y"}]}
    assert {"columns": columns} == group["grid"]
    upload = by_title["Foto"]["questionItem"]["question"]["fileUploadQuestion"]
    assert (2, ["ANY"]) == (upload["maxFiles"], upload["types"])


def test_reader_sees_the_form_but_not_the_answers(sandbox: Sandbox, forms: Any) -> None:
    """Responses are for editors; a form that is not shared is 403, an unknown one 404."""
    roles = sandbox.world.state.files[sandbox.form_id].roles
    roles[SERVICE_ACCOUNT] = "reader"
    forms.get(formId=sandbox.form_id).execute()
    denied = (403, "The caller does not have permission")
    assert denied == _refused(forms.responses().list(formId=sandbox.form_id))
    del roles[SERVICE_ACCOUNT]
    assert denied == _refused(forms.get(formId=sandbox.form_id))
    missing = (404, "Requested entity was not found.")
    assert missing == _refused(forms.get(formId="tiada"))
    assert missing == _refused(forms.responses().list(formId="tiada"))


@pytest.mark.parametrize(
    "scope,statuses",
    [
        ("forms.body.readonly", [200, 403]),
        ("forms.responses.readonly", [403, 200]),
        ("drive", [200, 200]),
        ("spreadsheets", [403, 403]),
    ],
)
def test_scopes_of_forms(sandbox: Sandbox, scope: str, statuses: list[int]) -> None:
    """The form and its responses have a scope each."""
    keys, world = sandbox.world.keys, sandbox.world
    token = keys.access_token(USER, [f"https://www.googleapis.com/auth/{scope}"], world.clock())
    headers = {"authorization": f"Bearer {token}"}
    paths = [f"/v1/forms/{sandbox.form_id}{rest}" for rest in ("", "/responses")]

    assert statuses == [world.call("GET", path, headers=headers).status for path in paths]


# -- responses


def test_response_by_question(sandbox: Sandbox, forms: Any) -> None:
    """A list leaves `formId` out, a single response has it; unanswered questions are missing."""
    responses = forms.responses()
    assert {} == responses.list(formId=sandbox.form_id).execute()
    response_id = sandbox.submit(ANSWERS)
    listed = responses.list(formId=sandbox.form_id).execute()
    single = responses.get(formId=sandbox.form_id, responseId=response_id).execute()

    assert {"responses"} == listed.keys()
    assert [single] == [{"formId": sandbox.form_id} | one for one in listed["responses"]]
    assert {"responseId", "createTime", "lastSubmittedTime", "answers", "formId"} == single.keys()
    questions = sandbox.world.state.form(sandbox.form_id).questions
    nik, business = (
        next(q.question_id for q in questions if q.title == title)
        for title in ("NIK", "Nama Usaha")
    )
    texts = {"answers": [{"value": ANSWERS["NIK"]}]}
    assert {"questionId": nik, "textAnswers": texts} == single["answers"][nik]
    assert business not in single["answers"]
    assert (404, "Requested entity was not found.") == _refused(
        responses.get(formId=sandbox.form_id, responseId="tiada")
    )


def _at(*moments: datetime) -> tuple[Sandbox, list[datetime]]:
    """Return a sandbox without a server that got an answer at each moment, and its clock."""
    now = [NOW]
    sandbox = Sandbox(seed=1, clock=lambda: now[0])
    for moment in moments:
        now[0] = moment
        sandbox.submit(ANSWERS)
    return sandbox, now


def _list(sandbox: Sandbox, query: str = "") -> tuple[int, Any]:
    world = sandbox.world
    scopes = ["https://www.googleapis.com/auth/forms.responses.readonly"]
    token = world.keys.access_token(USER, scopes, world.clock())
    path = f"/v1/forms/{sandbox.form_id}/responses"
    reply = world.call("GET", path, query, {"authorization": f"Bearer {token}"})
    assert reply.body is not None
    return reply.status, reply.body


def _count(sandbox: Sandbox, wanted: str) -> int:
    query = requests.models.PreparedRequest()
    query.prepare_url("http://x/", {"filter": wanted})
    status, body = _list(sandbox, str(query.url).partition("?")[2])
    assert 200 == status
    return len(body.get("responses", []))


@pytest.mark.parametrize(
    "moment,created,submitted",
    [
        (NOW, "2026-11-24T03:15:00.123Z", "2026-11-24T03:15:00.123456Z"),
        (NOW.replace(microsecond=0), "2026-11-24T03:15:00Z", "2026-11-24T03:15:00Z"),
        (NOW.replace(microsecond=9000), "2026-11-24T03:15:00.009Z", "2026-11-24T03:15:00.009Z"),
    ],
)
def test_times_of_a_response(moment: datetime, created: str, submitted: str) -> None:
    """The first is cut to milliseconds, the last is not; zeros are not written."""
    (response,) = _list(_at(moment)[0])[1]["responses"]

    assert (created, submitted) == (response["createTime"], response["lastSubmittedTime"])


@pytest.mark.parametrize(
    "wanted,count",
    [
        ("timestamp > 2026-11-24T03:15:00.123456Z", 1),
        ("timestamp >= 2026-11-24T03:15:00.123456Z", 2),
        ("timestamp >= 2026-11-24T03:15:00.123456001Z", 1),
        ("timestamp > 2026-11-24T03:15:00Z", 2),
        ("timestamp>=2026-11-24T03:16:00.123456Z", 1),
        ("timestamp > 2026-11-24T03:17:00Z", 0),
    ],
)
def test_filter_by_time(wanted: str, count: int) -> None:
    """`>` leaves the moment itself out, `>=` does not; nanoseconds count."""
    sandbox, _ = _at(NOW, NOW + timedelta(minutes=1))

    assert count == _count(sandbox, wanted)


@pytest.mark.parametrize(
    "query",
    [
        "filter=timestamp",
        "filter=timestamp%20%3C%202026-11-24T03:15:00Z",
        "filter=timestamp%20%3E%202026-11-24",
        "filter=timestamp%20%3E%202026-11-24T03:15:00%2B07:00",
        "filter=timestamp%20%3E%202026-13-24T03:15:00Z",
        "pageSize=-1",
        "pageToken=tiada",
        "pageToken=bnVsbA==",
    ],
)
def test_what_responses_are_asked_for_in_vain(query: str) -> None:
    """A filter that is none, a negative page, a token that is none: 400."""
    status, body = _list(_at(NOW)[0], query)

    error = {"code": 400, "message": "Request contains an invalid argument."}
    assert (400, {"error": error | {"status": "INVALID_ARGUMENT"}}) == (status, body)


def test_responses_come_in_pages(sandbox: Sandbox, forms: Any) -> None:
    """Pages hold every response once; a token is good for its own filter only."""
    ids = [sandbox.submit(ANSWERS) for _ in range(5)]
    found = []
    request = forms.responses().list(formId=sandbox.form_id, pageSize=2)
    sizes = []
    while request is not None:
        page = request.execute()
        sizes.append(len(page["responses"]))
        found += [one["responseId"] for one in page["responses"]]
        request = forms.responses().list_next(request, page)
    assert ([2, 2, 1], ids) == (sizes, found)
    first = forms.responses().list(formId=sandbox.form_id, pageSize=2).execute()
    other = "timestamp > 2020-01-01T00:00:00Z"
    elsewhere = forms.responses().list(
        formId=sandbox.form_id, filter=other, pageToken=first["nextPageToken"]
    )
    assert 400 == _refused(elsewhere)[0]
    many = forms.responses().list(formId=sandbox.form_id, pageSize=9000).execute()
    assert 5 == len(many["responses"])


@pytest.mark.parametrize(
    "title,sent,expected",
    [
        ("Alamat", {"": "Jl. Mawar"}, (["Jl. Mawar"], "Jl. Mawar")),
        ("Pilih", {"": "__other_option__", ".other_option_response": "C"}, (["C"], "C")),
        (
            "Centang",
            {"": ["A", "__other_option__"], ".other_option_response": "C"},
            (["A", "C"], "A, C"),
        ),
        ("Tanggal", {"_year": "2026", "_month": "3", "_day": "4"}, (["2026-03-04"], 46085)),
        (
            "Saat",
            {"_year": "2026", "_month": "3", "_day": "4", "_hour": "18", "_minute": "0"},
            (["2026-03-04 18:00"], 46085.75),
        ),
        ("Saat", {"": "2026-03-04T18:00"}, (["2026-03-04 18:00"], 46085.75)),
        ("Ulang tahun", {"_month": "3", "_day": "4"}, (["03-04"], "03-04")),
        ("Jam", {"_hour": "6", "_minute": "0"}, (["06:00"], 0.25)),
        ("Lama", {"_hour": "36", "_minute": "0", "_second": "0"}, (["36:00:00"], 1.5)),
        ("Nilai", {"": "3"}, (["3"], 3)),
        ("Tabel [R2]", {"": "Y"}, (["Y"], "Y")),
        ("Kisi [R]", {"": ["X", "Y"]}, (["X", "Y"], "X, Y")),
    ],
)
def test_each_kind_of_answer(
    forms: Any, every: Every, title: str, sent: dict[str, Any], expected: tuple[list[str], Any]
) -> None:
    """What the page sends, what the API tells, and what stands in the sheet."""
    entry = every.entry(title)
    fields = {f"{entry}{part}": value for part, value in sent.items()}
    every.post(fields | {every.entry("Nama"): "Siti Contoh"}).raise_for_status()
    (response,) = forms.responses().list(formId=every.form_id).execute()["responses"]
    question_id = f"{int(entry.removeprefix('entry.')):08x}"
    texts = [one["value"] for one in response["answers"][question_id]["textAnswers"]["answers"]]

    assert expected == (texts, every.record()[title])


def test_uploaded_files(forms: Any, every: Every, village: Any) -> None:
    """A file lands in the question's folder; the API names it, the sheet links it."""
    entry = every.entry("Foto")
    files = [(entry, (f"{n}.png", b"\x89PNG\r\n%d" % n, "image/png")) for n in (1, 2)]
    every.post({every.entry("Nama"): "Siti"}, files).raise_for_status()
    (response,) = forms.responses().list(formId=every.form_id).execute()["responses"]
    question_id = f"{int(entry.removeprefix('entry.')):08x}"
    told = response["answers"][question_id]["fileUploadAnswers"]["answers"]

    assert [("1.png", "image/png"), ("2.png", "image/png")] == [
        (one["fileName"], one["mimeType"]) for one in told
    ]
    ids = [one["fileId"] for one in told]
    links = ", ".join(f"https://drive.google.com/open?id={file_id}" for file_id in ids)
    assert links == every.record()["Foto"]
    assert b"\x89PNG\r\n2" == village.files().get_media(fileId=ids[1]).execute()
    parents = village.files().get(fileId=ids[0], fields="parents").execute()["parents"]
    folder = village.files().get(fileId=parents[0]).execute()
    assert "Foto (File responses)" == folder["name"]


def test_refused_answer_leaves_no_file(sandbox: Sandbox, every: Every) -> None:
    """Without the required name nothing is kept, the file neither."""
    before = set(sandbox.world.state.files)
    answer = every.post({}, {every.entry("Foto"): ("1.png", b"x", "image/png")})

    assert 400 == answer.status_code
    assert before == set(sandbox.world.state.files)


def test_collected_addresses(sandbox: Sandbox, forms: Any) -> None:
    """A form that collects them asks for the address, tells it, and writes it down."""
    wanted = {"title": "F", "questions": [{"title": "Nama"}]}
    form = Every(sandbox, email_collection="RESPONDER_INPUT", **wanted)
    settings = forms.get(formId=form.form_id).execute()["settings"]
    assert {"emailCollectionType": "RESPONDER_INPUT"} == settings
    assert 400 == form.post({}).status_code
    form.post({"emailAddress": "siti@contoh.example"}).raise_for_status()
    (response,) = forms.responses().list(formId=form.form_id).execute()["responses"]

    assert "siti@contoh.example" == response["respondentEmail"]
    assert "answers" not in response
    assert ["Timestamp", "Email Address", "Nama"] == form.header()
    assert "siti@contoh.example" == form.record()["Email Address"]


# -- edited responses


@pytest.mark.parametrize("switch,minutes", [("new", 5), ("kept", 0)])
def test_edited_response(switch: str, minutes: int) -> None:
    """It keeps its id and first time; its row is written again, over what staff typed there."""
    sandbox, now = _at(NOW, NOW)
    sandbox.switch(edited_timestamp=switch)
    first, second = sandbox.world.state.form(sandbox.form_id).responses
    typed = {"sheet": sandbox.sheet_id, "row": 1, "column": 2, "value": "diubah petugas"}
    sandbox.staff({"edit": typed})
    stamps = [record["Timestamp"] for record in sandbox.records()[:2]]
    now[0] += timedelta(minutes=5)
    edited = sandbox.submit(
        ANSWERS | {"RT": "031", "Email": "x@y.example"}, edits=first.response_id
    )

    assert edited == first.response_id
    one, other = _list(sandbox)[1]["responses"]
    assert ("2026-11-24T03:15:00.123Z", "2026-11-24T03:20:00.123456Z") == (
        one["createTime"],
        one["lastSubmittedTime"],
    )
    assert second.response_id == other["responseId"]
    rows = sandbox.records()
    assert ["031", "030"] == [row["RT"] for row in rows[:2]]
    assert ["x@y.example", ""] == [row["Email"] for row in rows[:2]]
    assert ANSWERS["NIK"] == rows[0]["NIK"]
    later = [row["Timestamp"] - at for row, at in zip(rows, stamps, strict=False)]
    assert [minutes, 0] == [round(days * 1440) for days in later]
    assert 1 == _count(sandbox, "timestamp > 2026-11-24T03:16:00Z")


def test_edit_link_of_the_page(sandbox: Sandbox) -> None:
    """The page after sending has a link that opens the form with the answers in it."""
    form = sandbox.world.state.form(sandbox.form_id)
    base = f"{sandbox.base_url}/forms/d/e/{form.public_id}"
    entries = {question.title: question.entry for question in form.questions}
    fields = {entries[title]: text for title, text in ANSWERS.items()}
    page = requests.post(f"{base}/formResponse", data=fields, timeout=5).text
    key = page.partition("viewform?edit2=")[2].partition('"')[0]
    assert key
    empty = requests.get(f"{base}/viewform", timeout=5).text
    filled = requests.get(f"{base}/viewform?edit2={key}", timeout=5).text
    assert ANSWERS["NIK"] not in empty
    assert f'value="{ANSWERS["NIK"]}"' in filled
    assert f"<option selected>{ANSWERS['Agama']}</option>" in filled
    assert f'<input type="hidden" name="edit2" value="{key}">' in filled
    fields |= {entries["RT"]: "031", "edit2": key}
    requests.post(f"{base}/formResponse", data=fields, timeout=5).raise_for_status()
    assert ["031"] == [row["RT"] for row in sandbox.records()]
    assert 404 == requests.get(f"{base}/viewform?edit2=tiada", timeout=5).status_code


def test_files_stay_when_an_answer_is_edited(sandbox: Sandbox) -> None:
    """The edited form lists what was uploaded; what stays ticked is sent again, and kept."""
    questions = [{"title": "Foto", "kind": "file", "required": True}]
    form = Every(sandbox, title="F", questions=questions, editable=True)
    entry = form.entry("Foto")
    page = form.post({}, {entry: ("1.png", b"x", "image/png")}).text
    key = page.partition("viewform?edit2=")[2].partition('"')[0]
    base = f"{sandbox.base_url}/forms/d/e/{form.ids['public_form_id']}"
    filled = requests.get(f"{base}/viewform?edit2={key}", timeout=5).text
    (kept,) = re.findall(
        rf'<input type="checkbox" name="{entry}" value="([\w-]+)" checked>', filled
    )
    before = form.record()["Foto"]
    form.post({entry: kept, "edit2": key}).raise_for_status()

    assert before.endswith(kept)
    assert before == form.record()["Foto"]


@pytest.mark.parametrize("body", [b"", b"x", b"--x\r\n\r\n--x--"])
def test_damaged_upload(sandbox: Sandbox, body: bytes) -> None:
    """A body that is not what its type says is an answer that lacks everything."""
    path = f"/forms/d/e/{sandbox.form_id}/formResponse"
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x"):
        reply = sandbox.world.call("POST", path, headers={"content-type": kind}, body=body)
        assert 400 == reply.status


@pytest.mark.parametrize("switch,names", [("found", ["A", "C"]), ("lost", ["C", "B"])])
def test_edit_after_a_sort(switch: str, names: list[str]) -> None:
    """Whether the form finds a row that sorting moved is a switch."""
    sandbox, _ = _at()
    sandbox.switch(edited_after_sort=switch)
    later = sandbox.submit(ANSWERS | {"Nama Lengkap": "B"})
    sandbox.submit(ANSWERS | {"Nama Lengkap": "A"})
    sandbox.staff({"sort": {"sheet": sandbox.sheet_id, "column": 1}})
    sandbox.submit(ANSWERS | {"Nama Lengkap": "C"}, edits=later)

    assert names == [row["Nama Lengkap"] for row in sandbox.records()]


def test_edit_of_a_deleted_row_writes_a_new_one() -> None:
    """Staff deleted the row; the edited answer comes back as a row."""
    sandbox, _ = _at()
    first = sandbox.submit(ANSWERS | {"Nama Lengkap": "A"})
    sandbox.submit(ANSWERS | {"Nama Lengkap": "B"})
    sandbox.staff({"delete": {"sheet": sandbox.sheet_id, "row": 1}})
    sandbox.submit(ANSWERS | {"Nama Lengkap": "C"}, edits=first)

    assert ["B", "C"] == [row["Nama Lengkap"] for row in sandbox.records()]


# -- the form's owner


def test_relinking_writes_every_answer_into_a_new_tab(
    sandbox: Sandbox, forms: Any, batch: Callable[..., Any]
) -> None:
    """Rows that staff deleted are back in the new tab; the old one stays as it is."""
    sandbox.submit(ANSWERS | {"Nama Lengkap": "A"})
    sandbox.submit(ANSWERS | {"Nama Lengkap": "B"})
    sandbox.staff({"delete": {"sheet": sandbox.sheet_id, "row": 1}})
    assert 2 == len(forms.responses().list(formId=sandbox.form_id).execute()["responses"])
    sandbox.staff({"relink": {}})
    sandbox.submit(ANSWERS | {"Nama Lengkap": "C"})
    form = sandbox.world.state.form(sandbox.form_id)
    book = sandbox.world.state.book(sandbox.spreadsheet_id)

    assert ["Form Responses 2", "Form Responses 1"] == [sheet.title for sheet in book.sheets]
    assert form.sheet_id != sandbox.sheet_id
    names = [row["Nama Lengkap"] for row in sandbox.records(form.sheet_id)]
    assert ["A", "B", "C"] == names
    assert ["B"] == [row["Nama Lengkap"] for row in sandbox.records()]
    header = {"sheetId": sandbox.sheet_id, "dimension": "ROWS", "endIndex": 1}
    batch({"deleteDimension": {"range": header}})  # no form's any more: its header may go


@pytest.mark.parametrize(
    "switch,header",
    [
        ("after_form", ["Pernyataan", "Hobi", "", "Status"]),
        ("right", ["Pernyataan", "", "Status", "Hobi"]),
    ],
)
def test_new_question_gets_a_column(
    sandbox: Sandbox, forms: Any, batch: Callable[..., Any], switch: str, header: list[str]
) -> None:
    """By a switch behind the form's columns, pushing others, or right of everything."""
    gid = sandbox.sheet_id
    batch({"appendDimension": {"sheetId": gid, "dimension": "COLUMNS", "length": 2}})
    sandbox.staff({"edit": {"sheet": gid, "row": 0, "column": 22, "value": "Status"}})
    sandbox.switch(new_question_column=switch)
    sandbox.staff({"add_question": {"question": {"title": "Hobi", "required": True}, "index": 1}})

    assert header == sandbox.rows()[0][20:]
    form = forms.get(formId=sandbox.form_id).execute()
    assert "00000002" == form["revisionId"]
    assert ["Nama Lengkap", "Hobi", "NIK"] == [item["title"] for item in form["items"][:3]]
    with pytest.raises(Refused, match="Hobi"):
        sandbox.submit(ANSWERS)
    sandbox.submit(ANSWERS | {"Hobi": "Catur"})
    assert "Catur" == sandbox.records()[0]["Hobi"]


def test_renamed_question_changes_its_header(
    sandbox: Sandbox, every: Every, batch: Callable[..., Any]
) -> None:
    """The header follows, a grid's in each row; a column that staff deleted does not come back."""
    gid = sandbox.sheet_id
    area = {"sheetId": gid, "dimension": "COLUMNS", "startIndex": 2, "endIndex": 3}
    batch({"deleteDimension": {"range": area}})
    sandbox.staff(
        {"rename_question": {"question": "Nama Lengkap", "title": "Nama"}},
        {"rename_question": {"question": "NIK", "title": "Nomor KTP"}},
    )
    assert ["Timestamp", "Nama", "Tempat Lahir"] == sandbox.rows()[0][:3]
    assert "Nomor KTP" not in sandbox.rows()[0]
    form_id = every.form_id
    table = {"form": form_id, "question": "Tabel", "title": "Kotak"}
    sandbox.staff({"rename_question": table})
    assert ["Kotak [R1]", "Kotak [R2]"] == [one for one in every.header() if "Kotak" in one]


def test_deleted_question_leaves_its_column(sandbox: Sandbox, forms: Any) -> None:
    """It is asked no more; the column and what was answered stay."""
    sandbox.submit(ANSWERS)
    sandbox.staff({"delete_question": {"question": "NIK"}})
    left_out = {title: text for title, text in ANSWERS.items() if title != "NIK"}
    sandbox.submit(left_out)

    assert [ANSWERS["NIK"], ""] == [row["NIK"] for row in sandbox.records()]
    items = forms.get(formId=sandbox.form_id).execute()["items"]
    assert "NIK" not in {item["title"] for item in items}


def test_form_that_takes_no_answers(sandbox: Sandbox, forms: Any) -> None:
    """A closed form says so, on its page and in the API; then it is opened again."""
    sandbox.staff({"set_form": {"accepting": False}})
    state = forms.get(formId=sandbox.form_id).execute()["publishSettings"]["publishState"]
    assert {"isPublished": True} == state
    with pytest.raises(Refused, match="tidak menerima jawaban lagi"):
        sandbox.submit(ANSWERS)
    url = f"{sandbox.base_url}/forms/d/e/{sandbox.form_id}/viewform"
    assert "tidak menerima jawaban lagi" in requests.get(url, timeout=5).text
    sandbox.staff({"set_form": {"accepting": True}})
    sandbox.submit(ANSWERS)


@pytest.mark.parametrize(
    "action",
    [
        {"add_question": {}},
        {"add_question": {"question": {"title": "X", "kind": "tiada"}}},
        {"add_question": {"question": {"title": "X", "kind": "choice"}}},
        {"add_question": {"question": {"title": "X", "wajib": True}}},
        {"add_question": {"question": {"title": "X"}, "index": 99}},
        {"rename_question": {"question": "Tiada", "title": "X"}},
        {"delete_question": {"question": "Tiada"}},
        {"set_form": {"accepting": "ya"}},
        {"relink": {"spreadsheet": "tiada"}},
    ],
)
def test_what_the_owner_cannot_do(action: dict[str, Any]) -> None:
    """It is refused, and nothing changes."""
    sandbox, _ = _at()
    before = sandbox.world.state.form(sandbox.form_id), sandbox.rows()
    with pytest.raises(Refused):
        sandbox.staff(action)

    assert before == (sandbox.world.state.form(sandbox.form_id), sandbox.rows())


def test_journal_repeats_forms_and_edits(tmp_path: Path) -> None:
    """Forms, files, edits and relinking are there again after a restart."""
    first = Sandbox(seed=1, state=tmp_path)
    form = first.form(title="F", questions=EVERY_KIND)
    first.submit({"Nama": "Siti"}, form_id=form["form_id"])
    edited = first.submit(ANSWERS)
    first.submit(ANSWERS | {"RT": "031"}, edits=edited)
    first.staff({"add_question": {"question": {"title": "Hobi"}}}, {"relink": {}})
    first.stop()
    again = Sandbox(state=tmp_path)
    again.stop()

    assert first.world.state.forms == again.world.state.forms
    gid = first.world.state.form(first.form_id).sheet_id
    assert first.rows(gid) == again.rows(gid)
    assert first.world.state.files.keys() == again.world.state.files.keys()
