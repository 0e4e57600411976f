"""The table of what staff do wrong: in the sheet, its tabs, its register, its sharing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desk import BROKEN, COLLECTED, EKO, FANI, ISSUED, NEW, READY, Mistake
from office import OUR_HEADERS, resident
from village_user import VillageUser

if TYPE_CHECKING:
    from collections.abc import Callable

    from office import Office

    from sync.model import Cell

    Do = Callable[[Office], object]

_HELD = "Ditahan"
_UNSURE = "baris ini belum pasti milik siapa."
_CHANGED = 'Pilih "Terbitkan Ulang" bila surat perlu diganti.'
_REPAIR = "Perlu Perbaikan"
_DONE = "Siap Ditandatangani"
_OTHER_NUMBER = "500.3/3/35.07.32.2004/2026"
_EVERYBODY = (ISSUED, BROKEN, READY, COLLECTED, EKO, FANI)


def _edit(name: str, header: str, value: str) -> Do:
    return lambda office: office.edit(name, header, value)


def _ask(name: str, *actions: str) -> Do:
    """Choose actions one after the other; the program looks before the last."""

    def ask(office: Office) -> None:
        for action in actions[:-1]:
            office.ask(name, action)
            office.run()
        office.ask(name, actions[-1])

    return ask


def _all(*deeds: Do) -> Do:
    return lambda office: [deed(office) for deed in deeds]


def _row(kind: str, name: str, **details: Any) -> Do:
    def act(office: Office) -> None:
        place = {"sheet": office.sandbox.sheet_id, "row": office.row_index(name)}
        office.sandbox.staff({kind: place | details})

    return act


def _delete_first(count: int) -> Do:
    def act(office: Office) -> None:
        for _ in range(count):
            office.sandbox.staff({"delete": {"sheet": office.sandbox.sheet_id, "row": 1}})

    return act


def _copied(name: str, **answers: str) -> Do:
    """Copy a row right below, and change the copy."""

    def act(office: Office) -> None:
        gid, row = office.sandbox.sheet_id, office.row_index(name)
        office.sandbox.staff({"copy": {"sheet": gid, "row": row, "to": row + 1}})
        for header, value in answers.items():
            column = office.column_index(header.replace("_", " "))
            place = {"sheet": gid, "row": row + 1, "column": column, "value": value}
            office.sandbox.staff({"edit": place})

    return act


def _clear(*headers: str) -> Do:
    """Empty whole columns below their header."""
    empty: dict[str, Cell] = dict.fromkeys(headers, "")
    return lambda office: VillageUser(office.sandbox).write_rows([empty] * len(_EVERYBODY))


def _pasted_from(source: str, to: str, *headers: str) -> Do:
    def act(office: Office) -> None:
        cells = office.record(source)
        for header in headers:
            office.edit(to, header, cells[header])

    return act


def _swapped(one: str, other: str, header: str) -> Do:
    def act(office: Office) -> None:
        first, second = office.record(one)[header], office.record(other)[header]
        office.edit(one, header, second)
        office.edit(other, header, first)

    return act


def _change(**requests: Any) -> Do:
    """Send one `batchUpdate` request as the village's own account."""

    def act(office: Office) -> None:
        VillageUser(office.sandbox).change(requests)

    return act


def _sorted_part(first: str, last: str, by: str) -> Do:
    """Sort some columns and leave the others where they are."""

    def act(office: Office) -> None:
        area = _area(office, first, last)
        order = [{"dimensionIndex": office.column_index(by), "sortOrder": "DESCENDING"}]
        VillageUser(office.sandbox).change({"sortRange": {"range": area, "sortSpecs": order}})

    return act


def _area(office: Office, first: str, last: str) -> dict[str, int]:
    return {
        "sheetId": office.sandbox.sheet_id,
        "startRowIndex": 1,
        "endRowIndex": len(office.sandbox.rows()),
        "startColumnIndex": office.column_index(first),
        "endColumnIndex": office.column_index(last) + 1,
    }


def _sorted_whole(header: str) -> Do:
    return lambda office: office.sandbox.staff(
        {"sort": {"sheet": office.sandbox.sheet_id, "column": office.column_index(header)}}
    )


def _renamed(header: str, to: str) -> Do:
    def act(office: Office) -> None:
        place = {"sheet": office.sandbox.sheet_id, "column": office.column_index(header)}
        office.sandbox.staff({"rename_header": place | {"value": to}})

    return act


def _moved(header: str, to: str) -> Do:
    def act(office: Office) -> None:
        place = {"column": office.column_index(header), "to": office.column_index(to)}
        office.sandbox.staff({"move_column": {"sheet": office.sandbox.sheet_id} | place})

    return act


def _columns(kind: str, header: str, **details: Any) -> Do:
    """Insert or delete a column where *header* stands."""

    def act(office: Office) -> None:
        at = office.column_index(header)
        place = {
            "sheetId": office.sandbox.sheet_id,
            "dimension": "COLUMNS",
            "startIndex": at,
            "endIndex": at + 1,
        }
        VillageUser(office.sandbox).change({kind: {"range": place} | details})

    return act


def _new_question(before: str) -> Do:
    """Put a column with a question and an answer before the column *before*."""

    def act(office: Office) -> None:
        at = office.column_index(before)
        _columns("insertDimension", before)(office)
        _type(office, 0, at, "Nama Ibu Kandung")
        _type(office, 1, at, "Sri Contoh")

    return act


def _question_right_of_all(office: Office) -> None:
    at = len(office.header())
    place = {"sheetId": office.sandbox.sheet_id, "dimension": "COLUMNS", "length": 1}
    VillageUser(office.sandbox).change({"appendDimension": place})
    _type(office, 0, at, "Nama Ibu Kandung")
    _type(office, 1, at, "Sri Contoh")


def _request(kind: str, first: str, last: str, *, row: int = 1, rows: int = 6, **more: Any) -> Do:
    """Send a request about the cells of these columns, from *row* on; the header is row 0."""

    def act(office: Office) -> None:
        area = _area(office, first, last) | {"startRowIndex": row, "endRowIndex": row + rows}
        VillageUser(office.sandbox).change({kind: {"range": area} | more})

    return act


def _pasted(first: str, last: str, *, row: int, to: int, kind: str = "PASTE_NORMAL") -> Do:
    """Copy these columns of a row and paste them over another row."""

    def act(office: Office) -> None:
        columns = _area(office, first, last)
        source = columns | {"startRowIndex": row, "endRowIndex": row + 1}
        over = columns | {"startRowIndex": to, "endRowIndex": to + 1}
        paste = {"source": source, "destination": over, "pasteType": kind}
        VillageUser(office.sandbox).change({"copyPaste": paste})

    return act


def _form(kind: str, **details: Any) -> Do:
    """Change the form itself."""
    return lambda office: office.sandbox.staff({kind: details})


def _rows(kind: str, first: int) -> Do:
    def act(office: Office) -> None:
        place = {
            "sheetId": office.sandbox.sheet_id,
            "dimension": "ROWS",
            "startIndex": first,
            "endIndex": first + 1,
        }
        VillageUser(office.sandbox).change({kind: {"range": place}})

    return act


def _type(office: Office, row: int, column: int, value: str, gid: int | None = None) -> None:
    sheet = office.sandbox.sheet_id if gid is None else gid
    place = {"sheet": sheet, "row": row, "column": column, "value": value}
    office.sandbox.staff({"edit": place})


def _below(column: str, value: str) -> Do:
    """Type into a cell two rows below the last."""
    return lambda office: _type(
        office, len(office.sandbox.rows()) + 1, office.column_index(column), value
    )


def _emptied_header(office: Office) -> None:
    VillageUser(office.sandbox).write_cells([[""] * len(office.header())])


def _by_hand(**more: Cell) -> Do:
    def act(office: Office) -> None:
        row: dict[str, Cell] = {**resident("Wati Contoh", 90), **more}
        last = len(office.sandbox.rows()) + 1
        VillageUser(office.sandbox).write_rows([row], first_row=last)

    return act


def _emptied_answers(name: str) -> Do:
    """Empty what the form filled in, and leave our cells."""

    def act(office: Office) -> None:
        row = [""] * (office.column_index("Pernyataan") + 1)
        VillageUser(office.sandbox).write_cells([row], first_row=office.row_index(name) + 1)

    return act


def _retyped(name: str) -> Do:
    """Paste a row's answers over themselves, as typed: zeros in front go, a NIK gets a number."""

    def act(office: Office) -> None:
        for header in ("NIK", "RT", "RW", "Tanggal Lahir", "Nomor WhatsApp"):
            office.edit(name, header, str(office.record(name)[header]))

    return act


def _tab(office: Office, **properties: Any) -> None:
    whole = {"sheetId": office.sandbox.sheet_id, **properties}
    fields = ",".join("gridProperties.frozenRowCount" if n == "gridProperties" else n
                      for n in properties)  # fmt: skip
    VillageUser(office.sandbox).change(
        {"updateSheetProperties": {"properties": whole, "fields": fields}}
    )


def _new_first_tab(office: Office) -> None:
    user = VillageUser(office.sandbox)
    user.change({"addSheet": {"properties": {"sheetId": 4711, "title": "Rapat", "index": 0}}})


def _duplicated_tab(office: Office) -> None:
    twin = {"sourceSheetId": office.sandbox.sheet_id, "newSheetId": 4712, "insertSheetIndex": 0}
    VillageUser(office.sandbox).change({"duplicateSheet": twin})


def _deleted_tab(office: Office) -> None:
    _duplicated_tab(office)  # somebody keeps a copy and deletes the form's own
    book = office.sandbox.world.state.book(office.sandbox.spreadsheet_id).draft()
    book.sheets = [s for s in book.sheets if s.sheet_id != office.sandbox.sheet_id]
    office.sandbox.world.state.spreadsheets[office.sandbox.spreadsheet_id] = book


def _register_gid(office: Office) -> int:
    sheets = office.sandbox.world.state.book(office.sandbox.spreadsheet_id).sheets
    return next(one.sheet_id for one in sheets if one.title.startswith("Register "))


def _register(kind: str, **details: Any) -> Do:
    return lambda office: office.sandbox.staff({kind: {"sheet": _register_gid(office)} | details})


def _register_lines(kind: str, dimension: str, first: int) -> Do:
    def act(office: Office) -> None:
        place = {"sheetId": _register_gid(office), "dimension": dimension}
        place |= {"startIndex": first, "endIndex": first + 1}
        VillageUser(office.sandbox).change({kind: {"range": place}})

    return act


def _register_deleted(office: Office) -> None:
    VillageUser(office.sandbox).change({"deleteSheet": {"sheetId": _register_gid(office)}})


def _register_header_typed(office: Office) -> None:
    _type(office, 0, 1, "Nomor", _register_gid(office))


def _protected(*, first: str, last: str) -> Do:
    """Let only the owner edit these columns."""

    def act(office: Office) -> None:
        area = _area(office, first, last)
        owner = {"users": [_file(office).owner]}
        locked = {"range": area, "description": "Jangan diubah", "editors": owner}
        VillageUser(office.sandbox).change({"addProtectedRange": {"protectedRange": locked}})

    return act


def _filtered(office: Office) -> None:
    area = _area(office, office.header()[0], office.header()[-1]) | {"startRowIndex": 0}
    wanted = {str(office.column_index("Status")): {"hiddenValues": [_DONE, ""]}}
    VillageUser(office.sandbox).change(
        {"setBasicFilter": {"filter": {"range": area, "criteria": wanted}}}
    )


def _settings(**properties: str) -> Do:
    return lambda office: VillageUser(office.sandbox).change(
        {
            "updateSpreadsheetProperties": {
                "properties": properties,
                "fields": ",".join(properties),
            }
        }
    )


def _file(office: Office) -> Any:
    return office.sandbox.world.state.files[office.sandbox.spreadsheet_id]


def _binned(office: Office) -> None:
    _file(office).trashed = True


def _unshared(office: Office) -> None:
    _file(office).roles.clear()


def _read_only(office: Office) -> None:
    roles = _file(office).roles
    roles.update(dict.fromkeys(roles, "reader"))


def _deleted_for_good(office: Office) -> None:
    state = office.sandbox.world.state
    for held in (state.files, state.spreadsheets):
        held.pop(office.sandbox.spreadsheet_id)


def _sent_twice(office: Office) -> None:
    office.sandbox.submit(resident(NEW, 7))


OUR_CELLS = {
    **{
        f"{header} typed over": Mistake(do=_edit(ISSUED, header, "sudah selesai"))
        for header in OUR_HEADERS
    },
    "a date in Diperbarui": Mistake(do=_edit(ISSUED, "Diperbarui", "24/11/2026")),
    "a status chosen by hand": Mistake(do=_edit(BROKEN, "Status", "Selesai")),
    "another's number typed": Mistake(do=_edit(BROKEN, "Nomor Surat", _OTHER_NUMBER)),
    "a number made up": Mistake(do=_edit(BROKEN, "Nomor Surat", "500.3/99/35.07.32.2004/2026")),
    "a number typed before the letter": Mistake(do=_edit(NEW, "Nomor Surat", _OTHER_NUMBER)),
    "a formula in Status": Mistake(do=_edit(ISSUED, "Status", "=1+1")),
    "a formula in Nomor Surat": Mistake(do=_edit(ISSUED, "Nomor Surat", "=A2")),
    "our columns emptied": Mistake(do=_clear(*OUR_HEADERS)),
    "one ticket emptied": Mistake(do=_edit(ISSUED, "ID Permohonan", "")),
    "all tickets emptied": Mistake(do=_clear("ID Permohonan")),
    "another's ticket pasted": Mistake(do=_pasted_from(ISSUED, EKO, "ID Permohonan")),
    "a ticket pasted on a new row": Mistake(
        do=_pasted_from(ISSUED, NEW, "ID Permohonan"), status=_HELD, note=_UNSURE, numbers=5
    ),
    "two tickets swapped": Mistake(do=_swapped(ISSUED, EKO, "ID Permohonan")),
    "our cells pasted from another": Mistake(do=_pasted_from(ISSUED, EKO, *OUR_HEADERS)),
    "our cells moved down": Mistake(
        do=_request("insertRange", "Status", "Surat", rows=1, shiftDimension="ROWS")
    ),
    "our cells shuffled": Mistake(do=_request("randomizeRange", "Status", "Diperbarui")),
    "our columns sorted alone": Mistake(
        do=_sorted_part("ID Permohonan", "Diperbarui", "Status"),
        exit=3,
        said="undo the sort",
    ),
}
ROWS = {
    "a lettered row deleted": Mistake(do=_row("delete", ISSUED)),
    "a row to be corrected deleted": Mistake(do=_row("delete", BROKEN)),
    "a new row deleted": Mistake(do=_row("delete", NEW), row=ISSUED, numbers=5),
    "several rows deleted": Mistake(do=_delete_first(6), exit=3, said="File > Version history"),
    "all rows deleted": Mistake(do=_delete_first(7), exit=3, said="File > Version history"),
    "a lettered row copied": Mistake(do=_copied(ISSUED), row=ISSUED, status=_HELD, note=_UNSURE),
    "a new row copied": Mistake(do=_copied(NEW), status=_HELD, note=_UNSURE),
    "a row copied and edited": Mistake(
        do=_copied(ISSUED, Nama_Lengkap="Gita Contoh", NIK="'3507325701609955"),
        row="Gita Contoh",
        status=_HELD,
        note=_UNSURE,
    ),
    "a row pasted over another": Mistake(
        do=_pasted("Timestamp", "Alasan Petugas", row=1, to=5),
        row=ISSUED,
        status=_HELD,
        note=_UNSURE,
    ),
    "answers pasted over another's": Mistake(
        do=_pasted("Nama Lengkap", "Pernyataan", row=1, to=5),
        row=ISSUED,
        status=_HELD,
        note=_UNSURE,
    ),
    "a name pasted over another's": Mistake(
        do=_pasted("Nama Lengkap", "Nama Lengkap", row=1, to=5), row=ISSUED, note=_CHANGED
    ),
    "names moved down": Mistake(
        do=_request("insertRange", "Nama Lengkap", "Nama Lengkap", rows=1, shiftDimension="ROWS"),
        exit=3,
        said="undo the sort",
    ),
    "NIKs moved up": Mistake(
        do=_request("deleteRange", "NIK", "NIK", rows=1, shiftDimension="ROWS"),
        exit=3,
        said="undo the sort",
    ),
    "duplicates removed": Mistake(
        do=_request("deleteDuplicates", "Timestamp", "Alasan Petugas", rows=7)
    ),
    "spaces trimmed": Mistake(do=_request("trimWhitespace", "Timestamp", "Diperbarui", rows=7)),
    "answers merged over rows": Mistake(
        do=_request("mergeCells", "Dusun", "RW", row=5, rows=2, mergeType="MERGE_ALL"),
    ),
    "an empty row put between": Mistake(do=_row("insert", EKO)),
    "a row moved": Mistake(do=_row("move_row", EKO, to=1)),
    "a row hidden": Mistake(do=_row("hide", NEW)),
    "the sheet filtered": Mistake(do=_filtered),
    "the sheet sorted": Mistake(do=_sorted_whole("Nama Lengkap")),
    "names sorted alone": Mistake(
        do=_sorted_part("Nama Lengkap", "Nama Lengkap", "Nama Lengkap"),
        exit=3,
        said="undo the sort",
    ),
    "NIKs sorted alone": Mistake(
        do=_sorted_part("NIK", "NIK", "NIK"), exit=3, said="undo the sort"
    ),
    "answers sorted alone": Mistake(
        do=_sorted_part("Nama Lengkap", "Pernyataan", "NIK"), exit=3, said="undo the sort"
    ),
    "the businesses sorted alone": Mistake(
        do=_sorted_part("Nama Usaha", "Nama Usaha", "Nama Usaha"), row=ISSUED, note=_CHANGED
    ),
    "a row typed without time": Mistake(
        do=_by_hand(), row="Wati Contoh", status=_HELD, note=_UNSURE
    ),
    "a row typed with a time": Mistake(
        do=_by_hand(Timestamp="24 Nov 2026"), row="Wati Contoh", status=_HELD, note=_UNSURE
    ),
    "a remark below the rows": Mistake(do=_below("Timestamp", "jumlah: 7 permohonan")),
    "a total below the rows": Mistake(do=_below("NIK", "=COUNTA(C2:C8)")),
    "a remark in our column below": Mistake(do=_below("Catatan", "lihat map biru")),
    "the form sent twice": Mistake(do=_sent_twice, status=_HELD, note="mirip permohonan"),
}
COLUMNS = {
    "a question renamed": Mistake(do=_renamed("NIK", "Nomor KTP"), exit=2, said="'NIK'"),
    "an optional question renamed": Mistake(
        do=_renamed("Email", "Surel"), checked="no question 'Email'"
    ),
    "the time renamed": Mistake(do=_renamed("Timestamp", "Kapan"), exit=2, said="'Timestamp'"),
    "our header renamed": Mistake(
        do=_renamed("Catatan", "Catatn"), exit=2, said="did you mean 'Catatn'?"
    ),
    "Tindakan renamed": Mistake(
        do=_renamed("Tindakan", "Tindakan Petugas"), exit=2, said="surat-sync setup"
    ),
    "two headers alike": Mistake(
        do=_renamed("Email", "NIK"), exit=2, said="'NIK' stands in several columns: C, S"
    ),
    "the headers emptied": Mistake(do=_emptied_header, exit=2, said="no column"),
    "a row above the header": Mistake(do=_rows("insertDimension", 0), exit=2, said="no column"),
    "a question's column moved": Mistake(do=_moved("NIK", "Diperbarui")),
    "our column moved": Mistake(do=_moved("Status", "Timestamp")),
    "a question before ours": Mistake(do=_new_question("ID Permohonan")),
    "a question between ours": Mistake(do=_new_question("Catatan")),
    "a question right of all": Mistake(do=_question_right_of_all),
    "an optional question deleted": Mistake(
        do=_columns("deleteDimension", "Email"), checked="no question 'Email'"
    ),
    "a required question deleted": Mistake(
        do=_columns("deleteDimension", "NIK"), exit=2, said="no question 'NIK'"
    ),
    "our column deleted": Mistake(
        do=_columns("deleteDimension", "Catatan"), exit=2, said="surat-sync setup"
    ),
    "Tindakan deleted": Mistake(
        do=_columns("deleteDimension", "Tindakan"), exit=2, said="surat-sync setup"
    ),
    "a question added in the form": Mistake(
        do=_form(
            "add_question",
            question={"title": "Nama Ibu", "kind": "text"},
        )
    ),
    "a question renamed in the form": Mistake(
        do=_form("rename_question", question="NIK", title="Nomor KTP"), exit=2, said="'NIK'"
    ),
    "a question taken out of the form": Mistake(do=_form("delete_question", question="Email")),
    "the form linked to a new tab": Mistake(do=_form("relink")),
    "the headers merged": Mistake(
        do=_request("mergeCells", "Status", "Catatan", row=0, rows=1, mergeType="MERGE_ALL"),
        exit=2,
        said="'Catatan'",
    ),
    "a NIK typed as a number": Mistake(
        do=_edit(NEW, "NIK", "3507321702609955"),
        status=_REPAIR,
        note="ketik ulang dengan tanda petik",
        numbers=5,
    ),
    "a date typed as a date": Mistake(do=_edit(NEW, "Tanggal Lahir", "29/04/1960")),
    "a lettered row's answers retyped": Mistake(do=_retyped(ISSUED), row=ISSUED, note=_CHANGED),
    "a new row's answers retyped": Mistake(
        do=_retyped(NEW), status=_REPAIR, note="ketik ulang dengan tanda petik", numbers=5
    ),
    "a formula in an answer": Mistake(do=_edit(NEW, "Nama Usaha", '="Toko "&"Baru"')),
    "a broken formula in an answer": Mistake(
        do=_edit(NEW, "Jenis Usaha", "=1/0"), status=_REPAIR, note="selnya galat", numbers=5
    ),
    "an answer changed after the letter": Mistake(
        do=_edit(ISSUED, "Pekerjaan", "Petani"), row=ISSUED, note=_CHANGED
    ),
    "a row's answers emptied": Mistake(do=_emptied_answers(EKO)),
}
TABS = {
    "the tab renamed": Mistake(do=lambda office: _tab(office, title="Jawaban '26 / SKU")),
    "the tab hidden": Mistake(do=_all(_new_first_tab, lambda office: _tab(office, hidden=True))),
    "the tab moved": Mistake(do=lambda office: _tab(office, index=2)),
    "another tab in front": Mistake(do=_new_first_tab),
    "the tab duplicated": Mistake(do=_duplicated_tab),
    "the tab deleted": Mistake(do=_deleted_tab, exit=2, said="bring it back from the version"),
    "no frozen header": Mistake(
        do=lambda office: _tab(office, gridProperties={"frozenRowCount": 0})
    ),
    "three frozen rows": Mistake(
        do=lambda office: _tab(office, gridProperties={"frozenRowCount": 3})
    ),
    "a register line typed over": Mistake(do=_register("edit", row=2, column=4, value="Orang")),
    "a register number typed over": Mistake(do=_register("edit", row=2, column=1, value="500.3/9")),
    "a register row deleted": Mistake(do=_register("delete", row=2)),
    "a register row put between": Mistake(do=_register("insert", row=2)),
    "the register sorted": Mistake(do=_register("sort", column=0, descending=True)),
    "a register column moved": Mistake(do=_register("move_column", column=1, to=4)),
    "a register column put between": Mistake(do=_register_lines("insertDimension", "COLUMNS", 1)),
    "a register column deleted": Mistake(do=_register_lines("deleteDimension", "COLUMNS", 9)),
    "the register's header typed over": Mistake(do=_register_header_typed),
    "the register renamed": Mistake(
        do=_register("rename_sheet", value="Register 2026 kantor desa")
    ),
    "the register deleted": Mistake(do=_register_deleted),
    "our columns locked": Mistake(
        do=_protected(first="ID Permohonan", last="Diperbarui"),
        exit=2,
        said="protected",
        foreseen=False,
    ),
    "the form's columns locked": Mistake(do=_protected(first="Timestamp", last="Pernyataan")),
    "the sheet not shared any more": Mistake(do=_unshared, exit=2, said="share the spreadsheet"),
    "the sheet made read-only": Mistake(do=_read_only, exit=2, said="Editor", foreseen=False),
    "the spreadsheet in the bin": Mistake(do=_binned),
    "the spreadsheet deleted": Mistake(do=_deleted_for_good, exit=2, said="spreadsheet"),
    "another time zone": Mistake(
        do=_settings(timeZone="America/New_York"), checked="File > Settings > Time zone"
    ),
    "another language": Mistake(do=_settings(locale="id_ID")),
}
ACTIONS = {
    "Batalkan by mistake": Mistake(
        do=_ask(ISSUED, "Batalkan", ""),
        row=ISSUED,
        status="Dibatalkan",
        note="isi formulir sekali lagi",
    ),
    "Sudah Diambil by mistake": Mistake(
        do=_ask(ISSUED, "Sudah Diambil", ""),
        row=ISSUED,
        status="Selesai",
        note="surat tetap dapat diserahkan",
    ),
    "Sudah Ditandatangani without a letter": Mistake(
        do=_ask(BROKEN, "Sudah Ditandatangani"),
        row=BROKEN,
        status=_REPAIR,
        note='pilih "Tolak" atau "Batalkan", atau kosongkan dan perbaiki datanya.',
    ),
    "Sudah Ditandatangani too early": Mistake(
        do=_ask(NEW, "Sudah Ditandatangani"), status="Siap Diambil"
    ),
    "Tolak after the letter": Mistake(
        do=_ask(ISSUED, "Tolak"), row=ISSUED, note='"Terbitkan Ulang", atau "Batalkan"'
    ),
    "Setujui without need": Mistake(do=_ask(ISSUED, "Setujui"), row=ISSUED),
    "a word of their own": Mistake(
        do=_ask(ISSUED, "sudah beres"), row=ISSUED, note="pilih dari daftar"
    ),
    "two actions between runs": Mistake(
        do=_all(_ask(ISSUED, "Batalkan"), _ask(ISSUED, "Sudah Ditandatangani")),
        row=ISSUED,
        status="Siap Diambil",
    ),
    "Terbitkan Ulang left standing": Mistake(
        do=_ask(ISSUED, "Terbitkan Ulang", "Terbitkan Ulang"), row=ISSUED
    ),
    "Terbitkan Ulang without a letter": Mistake(
        do=_ask(BROKEN, "Terbitkan Ulang"), row=BROKEN, status=_REPAIR, note="tidak berlaku"
    ),
    "Sudah Diambil dragged over all": Mistake(
        do=_all(*(_ask(name, "Sudah Diambil") for name in _EVERYBODY)),
        row=BROKEN,
        status=_REPAIR,
        note="tidak berlaku sekarang",
    ),
    "an action beside no request": Mistake(do=_below("Tindakan", "Batalkan")),
}
MISTAKES = {**OUR_CELLS, **ROWS, **COLUMNS, **TABS, **ACTIONS}
