"""Formulas: what they come to, what they say when they fail, and how they move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.sandbox.sheets.book import Book
from sync.sandbox.sheets.cells import Formula
from sync.sandbox.sheets.formulas.functions import OF_BLOCKS, OF_NODES, OF_VALUES
from sync.sandbox.sheets.moves import Reorder, Shift
from sync.sandbox.sheets.reading import effective
from sync.sandbox.sheets.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import gspread

    from sync.sandbox import Sandbox

    Ask = Callable[..., Any]

GID = 7
#: values that the formulas below read; A4 is empty
DATA: list[list[Any]] = [
    ["Siti", 10, "2026-11-24", "TRUE", "x"],
    ["Budi", 20, "2026-01-31", "FALSE", "y"],
    ["Ani", 30, "12", "=1/0", "X"],
    [None, "teks", "", "", ""],
]
#: what each formula shows, unformatted
RESULTS: dict[str, Any] = {
    "=1+2*3^2-4/2": 17,
    "=-2^2": 4,
    "=(1+2)*3%": 0.09,
    '="a"&1&TRUE': "a1TRUE",
    '="3"+4': 7,
    '="a"="A"': True,
    "=1<>2": True,
    '=2<"a"': True,
    "=.5": 0.5,
    "=1E3": 1000,
    "=+B1": 10,
    "=T!B1+'T'!B2": 30,
    "=SUM(B1:B4)": 60,
    "=SUM(B:B)": 60,
    "=SUM(1:1)": 46377,
    "=SUM(B2:B)": 50,
    "=SUM(D1:D2;TRUE;5)": 6,
    "=PRODUCT(B1:B2)": 200,
    "=COUNT(A1:C4)": 6,
    "=COUNTA(A1:A4)": 3,
    "=COUNTBLANK(A1:A4)": 1,
    '=COUNTIF(A1:A4,"*i")': 3,
    '=COUNTIF(B:B,">=20")': 2,
    '=COUNTIF(A1:A4,"siti")': 1,
    '=COUNTIF(A1:A4,"<>Siti")': 3,
    "=COUNTIF(B1:B4,20)": 1,
    '=COUNTIFS(B1:B4,">5",E1:E4,"x")': 2,
    '=SUMIF(E1:E4,"x",B1:B4)': 40,
    '=SUMIF(B1:B4,">10")': 50,
    '=SUMIFS(B1:B4,E1:E4,"x",B1:B4,">10")': 30,
    '=AVERAGEIF(E1:E4,"x",B1:B4)': 20,
    "=AVERAGE(B1:B4)": 20,
    "=MIN(B1:B4)&MAX(B1:B4)": "1030",
    "=MEDIAN(1,5,2,8)": 3.5,
    "=ROUND(2.345,2)": 2.35,
    "=ROUND(-2.5)": -3,
    "=ROUNDUP(2.1)+ROUNDDOWN(2.9)": 5,
    "=ROUND(1234,-2)": 1200,
    "=MOD(-1,3)": 2,
    "=INT(-1.5)": -2,
    "=ABS(-3)+SQRT(16)+POWER(2,3)": 15,
    '=IF(B1>5,"ja","nein")': "ja",
    "=IF(FALSE,1)": False,
    "=IF(TRUE,B1,D3)": 10,
    '=IFS(B1>15,"a",B1>5,"b")': "b",
    '=SWITCH(A1,"x",1,"Siti",2,3)': 2,
    '=IFERROR(D3,"leer")': "leer",
    "=IFERROR(1/0,)": "",
    '=IFNA(MATCH("Z",A1:A4,0),"keine")': "keine",
    "=AND(D1,B1>5)": True,
    "=OR(D2,FALSE)": False,
    "=NOT(D1)": False,
    "=ISBLANK(A4)": True,
    "=ISNUMBER(B1)&ISTEXT(A1)&ISERROR(D3)&ISNA(D3)": "TRUETRUETRUEFALSE",
    '=CONCATENATE("a",A1:A2,1)': "aSitiBudi1",
    '=JOIN(", ",A1:A3)': "Siti, Budi, Ani",
    '=TEXTJOIN("-",TRUE,"a","","b")': "a-b",
    '=LEN("ab c")': 4,
    '=LEFT("abc",2)&RIGHT("abc")&MID("abc",2,5)': "abcbc",
    '=UPPER("ab")&LOWER("CD")&PROPER("siti aminah")': "ABcdSiti Aminah",
    '=TRIM("  a   b ")': "a b",
    '=SUBSTITUTE("a-b-c","-","+",2)': "a-b+c",
    '=FIND("b","abc")&SEARCH("B","abc")': "22",
    '=REPT("ab",3)': "ababab",
    '=EXACT("a","A")': False,
    '=TEXT(1234.5,"#,##0.00")': "1,234.50",
    '=TEXT(C1,"dd mmmm yyyy")': "24 November 2026",
    '=TEXT(0.25,"0%")': "25%",
    '=VALUE("1,234.5")': 1234.5,
    "=DATE(2026,11,24)-C1": 0,
    "=YEAR(C1)*10000+MONTH(C1)*100+DAY(C1)": 20261124,
    "=DATE(2026,14,0)": 46418,
    "=EDATE(C2,1)": 46081,
    '=WEEKDAY(C1)&WEEKDAY("2026-11-24",2)': "32",
    '=DATEVALUE("2026-11-24")': 46350,
    "=HOUR(0.75)&MINUTE(TIME(1,30,0))": "1830",
    "=ROW()&COLUMN()": None,
    "=ROW(B3)&COLUMN(B3:D4)&ROWS(B3:D4)&COLUMNS(B3:D4)": "3223",
    "=INDEX(A1:B4,2,1)": "Budi",
    "=INDEX(A1:A4,3)": "Ani",
    "=SUM(INDEX(A1:B4,0,2))": 60,
    "=MATCH(20,B1:B3,0)": 2,
    "=MATCH(25,B1:B3)": 2,
    '=MATCH("b*",A1:A3,0)': 2,
    '=VLOOKUP("Ani",A1:B4,2,FALSE)': 30,
    "=VLOOKUP(25,{10,1;20,2;30,3},2)": 2,
    '=HYPERLINK("https://contoh.example","buka")': "buka",
    "=Grund*2": 20,
    "=SUM(Grund,Grund)": 20,
    "=A4": "",
    "=A1:A4": "",
    "=B1:E1": "",
}


def put(call: Ask, a1: str, lines: Sequence[Sequence[Any]]) -> None:
    call("PUT", f"/values/{a1}", {"values": lines}, valueInputOption="USER_ENTERED")


def get(call: Ask, a1: str, how: str = "UNFORMATTED_VALUE") -> Any:
    return call("GET", f"/values/{a1}", valueRenderOption=how).get("values", [])


@pytest.fixture
def _tab(batch: Ask, call: Ask) -> None:
    grid = {"rowCount": 200, "columnCount": 10}
    batch(
        {"updateSpreadsheetProperties": {"properties": {"locale": "en_US"}, "fields": "locale"}},
        {"addSheet": {"properties": {"title": "T", "sheetId": GID, "gridProperties": grid}}},
    )
    put(call, "T!A1", DATA)
    place = {"sheetId": GID, "startRowIndex": 0, "endRowIndex": 1}
    place |= {"startColumnIndex": 1, "endColumnIndex": 2}
    batch({"addNamedRange": {"namedRange": {"name": "Grund", "range": place}}})


@pytest.mark.usefixtures("_tab")
def test_functions_come_to_what_google_says(call: Ask) -> None:
    """One row for each formula; each is read back by a single call."""
    put(call, "T!G1", [[formula] for formula in RESULTS])
    found = [(line or [""])[0] for line in get(call, f"T!G1:G{len(RESULTS)}")]

    expected = dict(RESULTS)
    for row, formula in enumerate(RESULTS, 1):
        if formula == "=ROW()&COLUMN()":
            expected[formula] = f"{row}7"
    del expected["=B1:E1"], expected["=A1:A4"]
    shown = dict(zip(RESULTS, [*found, *[""] * 9], strict=False))
    assert ("#VALUE!", "#VALUE!") == (shown.pop("=B1:E1"), shown.pop("=A1:A4"))
    assert expected == shown


@pytest.mark.usefixtures("_tab")
def test_each_failure_says_why(call: Ask) -> None:
    """The cell shows a code; `errorValue` has Google's type and words."""
    failures = {
        "=1/0": ("#DIV/0!", "DIVIDE_BY_ZERO", "Function DIVIDE parameter 2 cannot be zero."),
        '=1+"a"': (
            "#VALUE!",
            "VALUE",
            (
                "Function ADD parameter 2 expects number values. But 'a' is a text and cannot be "
                "coerced to a number."
            ),
        ),
        "=NIX(1)": ("#NAME?", "NAME", "Unknown function: 'NIX'."),
        "=nix": ("#NAME?", "NAME", "Unknown range name: 'NIX'."),
        "=IMPORTRANGE(A1;A2)": ("#NAME?", "NAME", "Unknown function: 'IMPORTRANGE'."),
        '=MATCH("Z",A1:A4,0)': ("#N/A", "N_A", "Did not find value 'Z' in MATCH evaluation."),
        "=NA()": ("#N/A", "N_A", ""),
        "=LEN()": (
            "#N/A",
            "N_A",
            "Wrong number of arguments to LEN. Expected 1 arguments, but got 0 arguments.",
        ),
        "=Weg!A1": ("#REF!", "REF", "Unresolved sheet name 'Weg'."),
        "=Z900": ("#REF!", "REF", "Reference does not exist"),
        "=1+": ("#ERROR!", "ERROR", "Formula parse error."),
        "=(1": ("#ERROR!", "ERROR", "Formula parse error."),
        "=9^999": ("#NUM!", "NUM", "Numeric value is greater than 1.79769E+308."),
        "=SQRT(-1)": (
            "#NUM!",
            "NUM",
            "Function SQRT parameter 1 value is negative. It should be positive or zero.",
        ),
        "=AVERAGE(A1:A4)": (
            "#DIV/0!",
            "DIVIDE_BY_ZERO",
            "Evaluation of function AVERAGE caused a divide by zero error.",
        ),
        "=D3+1": ("#DIV/0!", "DIVIDE_BY_ZERO", "Function DIVIDE parameter 2 cannot be zero."),
        "=(" * 300: ("#ERROR!", "ERROR", "Formula parse error."),
    }
    put(call, "T!G1", [[formula] for formula in failures])
    where = f"?ranges=T!G1:G{len(failures)}"
    data = call("GET", where, includeGridData="true")["sheets"][0]["data"][0]
    found = {}
    for formula, row in zip(failures, data["rowData"], strict=True):
        (cell,) = row["values"]
        assert {"formulaValue": formula} == cell["userEnteredValue"]
        error = cell["effectiveValue"]["errorValue"]
        found[formula] = (cell["formattedValue"], error["type"], error.get("message", ""))

    assert failures == found


@pytest.mark.usefixtures("_tab")
def test_circles_end_and_chains_may_be_long(call: Ask) -> None:
    """Cells that need themselves show #REF!; a running total goes on for as long as it likes."""
    put(call, "T!G1", [["=H1", "=I1", "=G1"], ["=SUM(G1:G3)"]])
    put(call, "T!F1", [[1], *([f"=F{row}+1"] for row in range(1, 200))])

    assert [["#REF!"] * 3, ["#REF!"]] == get(call, "T!G1:I2")
    assert [[200]] == get(call, "T!F200")
    cell = call("GET", "?ranges=T!G1", includeGridData="true")["sheets"][0]["data"][0]
    error = cell["rowData"][0]["values"][0]["effectiveValue"]["errorValue"]
    assert error["message"].startswith("Circular dependency detected.")


@pytest.mark.usefixtures("_tab")
def test_results_follow_every_change(batch: Ask, call: Ask) -> None:
    """A read after a write sees it, whatever it was: a cell, a row, a name, a title."""
    put(call, "T!G1", [["=B1"], ["=SUM(B1:B3)"], ["=Grund"]])
    assert [[10], [60], [10]] == get(call, "T!G1:G3")
    put(call, "T!B1", [[100]])
    assert [[100], [150], [100]] == get(call, "T!G1:G3")
    call("POST", "/values/T!B1:clear")
    assert [[""], [50], [""]] == get(call, "T!G1:G3")
    (named,) = call("GET", "")["namedRanges"]
    batch({"deleteNamedRange": {"namedRangeId": named["namedRangeId"]}})
    assert [[""], [50], ["#NAME?"]] == get(call, "T!G1:G3")


@pytest.mark.usefixtures("_tab")
def test_formulas_follow_rows_columns_and_titles(batch: Ask, call: Ask) -> None:
    """References move, shrink, and end in #REF!; `$` or not makes no difference."""

    def lines(start: int, end: int, dimension: str = "ROWS") -> dict[str, Any]:
        return {"sheetId": GID, "dimension": dimension, "startIndex": start, "endIndex": end}

    batch({"addSheet": {"properties": {"title": "Lain", "sheetId": 8}}})
    put(call, "Lain!A1", [["=T!B1", "=SUM(T!$B$1:B3)", "=T!B:B", "=SUM(T!2:3)", '=T!A1&"T!A1"']])
    steps = [
        {"insertDimension": {"range": lines(0, 1)}},
        {"insertDimension": {"range": lines(2, 3)}},
        {"deleteDimension": {"range": lines(3, 4)}},
        {"moveDimension": {"source": lines(1, 2), "destinationIndex": 9}},
        {"deleteDimension": {"range": lines(0, 1, "COLUMNS")}},
        {
            "updateSheetProperties": {
                "properties": {"sheetId": GID, "title": "RT 01/02"},
                "fields": "title",
            }
        },
        {"deleteDimension": {"range": lines(8, 9)}},
        {"deleteSheet": {"sheetId": GID}},
    ]
    seen = []
    for step in steps:
        batch(step)
        seen.append(get(call, "Lain!A1:E1", "FORMULA")[0])

    text = '&"T!A1"'
    tab = "'RT 01/02'"
    assert [
        ["=T!B2", "=SUM(T!$B$2:B4)", "=T!B:B", "=SUM(T!3:4)", f"=T!A2{text}"],
        ["=T!B2", "=SUM(T!$B$2:B5)", "=T!B:B", "=SUM(T!4:5)", f"=T!A2{text}"],
        ["=T!B2", "=SUM(T!$B$2:B4)", "=T!B:B", "=SUM(T!4:4)", f"=T!A2{text}"],
        ["=T!B9", "=SUM(T!$B$2:B3)", "=T!B:B", "=SUM(T!3:3)", f"=T!A9{text}"],
        ["=T!A9", "=SUM(T!$A$2:A3)", "=T!A:A", "=SUM(T!3:3)", f"=#REF!{text}"],
        [f"={tab}!A9", f"=SUM({tab}!$A$2:A3)", f"={tab}!A:A", f"=SUM({tab}!3:3)", f"=#REF!{text}"],
        ["=#REF!", f"=SUM({tab}!$A$2:A3)", f"={tab}!A:A", f"=SUM({tab}!3:3)", f"=#REF!{text}"],
        ["=#REF!", f"=SUM({tab}!$A$2:A3)", f"={tab}!A:A", f"=SUM({tab}!3:3)", f"=#REF!{text}"],
    ] == seen
    assert [["#REF!"] * 5] == get(call, "Lain!A1:E1")
    batch({"addSheet": {"properties": {"title": "RT 01/02"}}})
    assert [["#REF!"] * 5] == get(call, "Lain!A1:E1")
    put(call, "Lain!B1", [[f"=COUNTA({tab}!A:A)"]])
    assert [["#REF!", 0]] == get(call, "Lain!A1:B1")


@pytest.mark.usefixtures("_tab")
def test_sorted_and_copied_rows_go_on_meaning_themselves(
    batch: Ask, call: Ask, sandbox: Sandbox
) -> None:
    """A formula about its own row is about its new one; `$` holds what is fixed."""
    put(call, "T!G1", [["=B1+$B$1", 3], ["=B2+$B$1", 2], ["=B3+$B$1", 1]])
    place = {"sheetId": GID, "endRowIndex": 3, "startColumnIndex": 6, "endColumnIndex": 8}
    batch({"sortRange": {"range": place, "sortSpecs": [{"dimensionIndex": 7}]}})
    expected = [["=B1+$B$1", 1], ["=B2+$B$1", 2], ["=B3+$B$1", 3]]
    assert expected == get(call, "T!G1:H3", "FORMULA")

    sandbox.staff({"copy": {"sheet": GID, "row": 2, "to": 0}})
    copied, *rest = get(call, "T!G1:H4", "FORMULA")
    assert ["=B1+$B$2", 3] == copied
    assert [["=B2+$B$2", 1], ["=B3+$B$2", 2], ["=B4+$B$2", 3]] == rest


@pytest.mark.usefixtures("_tab")
def test_dates_and_links_show_as_such(call: Ask, sandbox: Sandbox) -> None:
    """A formula brings the format of what it makes; HYPERLINK gives the cell its address."""
    link = '=HYPERLINK("https://contoh.example/?q="&A1,"buka")'
    put(call, "T!G1", [["=TODAY()", "=DATE(2026,2,1)", "=C1", link]])
    data = call("GET", "?ranges=T!G1:J1", includeGridData="true")["sheets"][0]["data"][0]
    today, date, copied, linked = data["rowData"][0]["values"]

    assert ["2/1/2026", "2026-11-24", "buka"] == [
        cell["formattedValue"] for cell in (date, copied, linked)
    ]
    day = today["effectiveValue"]["numberValue"]
    book = sandbox.world.state.book(sandbox.spreadsheet_id)
    there = book.calculated_at.astimezone(book.zone).date()
    assert (there - there.replace(year=2000, month=1, day=1)).days == day - 36526
    assert "https://contoh.example/?q=Siti" == linked["hyperlink"]
    assert {"type": "DATE"} == date["effectiveFormat"]["numberFormat"]
    assert "userEnteredFormat" not in date


@pytest.mark.usefixtures("_tab")
def test_an_indonesian_sheet_writes_decimal_commas(batch: Ask, call: Ask) -> None:
    """`;` divides arguments there, and `,` begins a fraction."""
    properties = {"properties": {"locale": "in_ID"}, "fields": "locale"}
    batch({"updateSpreadsheetProperties": properties})
    put(call, "T!G1", [["=SUM(1,5;2)", '=TEXT(1234,5;"#,##0.00")', '="1,5"*2', "=SUM(B1,B2)"]])

    assert [[3.5, "1.234,50", 3, "#ERROR!"]] == get(call, "T!G1:J1")


@pytest.mark.usefixtures("_tab")
def test_gspread_reads_formulas_and_results(spread: gspread.Client, sandbox: Sandbox) -> None:
    """As gspread's own tests do: update_acell with a formula, read it shown and as typed."""
    tab = spread.open_by_key(sandbox.spreadsheet_id).add_worksheet("G", 5, 5)
    tab.update_acell("A1", "= 1 / 1024")
    cell = tab.acell("A1")

    assert ("0.0009765625", 0.0009765625) == (cell.value, cell.numeric_value)
    shown: Any = "FORMULA"
    assert "= 1 / 1024" == tab.acell("A1", value_render_option=shown).value


# -- how references move, in all cases that chance finds

NAMES = sorted({*OF_BLOCKS, *OF_NODES, *OF_VALUES} - {"NOW", "TODAY"})
_SIDE = 12
_line = st.integers(0, _SIDE - 1)


def filled_book() -> tuple[Book, Sheet, Sheet]:
    """Return a book whose tab `Data` has another power of two in each cell."""
    book = Book("book", {"locale": "en_US"})
    data, out = Sheet(1, "Data", _SIDE, 2), Sheet(2, "Out", 2, 2)
    book.add_sheet(data)
    book.add_sheet(out)
    for row in range(_SIDE):
        data.put(row, 0, 2**row)
    return book, data, out


_PIECES = [*"+-*/^&=<>(),;%{}:!$", "A1", "B2:B", "A:A", "2:3", "#REF!", '"x"', "1e308", "0", "TRUE"]
_PIECES += ["Data!", "'Data'!A1", "nix", " ", *(f"{name}(" for name in NAMES)]


@given(text=st.lists(st.sampled_from(_PIECES), max_size=12).map("".join))
def test_whatever_is_typed_shows_something(text: str) -> None:
    """No formula breaks the calculator, or is lost when rows move."""
    book, data, out = filled_book()
    data.put(0, 1, Formula(f"={text}"))
    out.put(0, 0, Formula("=Data!B1&Data!A1"))
    first = effective(book, data, 0, 1)
    data.insert_rows(_SIDE, 1)

    assert repr(first) == repr(effective(book, data, 0, 1))
    assert effective(book, out, 0, 0) is not None


@given(first=_line, last=_line, at=st.integers(0, _SIDE), count=st.integers(1, 3))
def test_inserted_and_deleted_again_is_as_before(
    first: int, last: int, at: int, count: int
) -> None:
    """Whatever a formula names, lines that come and go leave it as it was."""
    book, data, out = filled_book()
    old = Formula(f"=SUM(Data!A{first + 1}:$A${last + 1})+Data!A{first + 1}")
    out.put(0, 0, old)
    before = effective(book, out, 0, 0)
    data.insert_rows(at, count)
    assert before == effective(book, out, 0, 0)
    data.delete_rows(at, count)

    assert (old, before) == (out.value(0, 0), effective(book, out, 0, 0))


@given(first=_line, last=_line, at=_line, count=st.integers(1, 4))
def test_after_a_deletion_the_rest_is_meant(first: int, last: int, at: int, count: int) -> None:
    """A range means those of its rows that are left, and none when all are gone."""
    book, data, out = filled_book()
    low, high = sorted((first, last))
    out.put(0, 0, Formula(f"=SUM(Data!A{low + 1}:A{high + 1})"))
    gone = range(at, min(at + count, _SIDE - 1))
    data.delete_rows(at, len(gone))
    rest = [2**row for row in range(low, high + 1) if row not in gone]

    result = effective(book, out, 0, 0)
    assert result == sum(rest) if rest else getattr(result, "code", None) == "#REF!"


@given(row=_line, start=_line, count=st.integers(1, 4), to=st.integers(0, _SIDE))
def test_a_moved_cell_is_still_meant(row: int, start: int, count: int, to: int) -> None:
    """Wherever rows are moved, a reference to one cell means the same value."""
    book, data, out = filled_book()
    end = min(start + count, _SIDE)
    out.put(0, 0, Formula(f"=Data!$A{row + 1}"))
    if not start <= to <= end:
        data.move_rows(start, end, to)

    assert 2**row == effective(book, out, 0, 0)


@given(start=_line, size=st.integers(1, 4), at=_line, count=st.integers(-3, 3).filter(bool))
def test_a_shift_agrees_with_moving_the_cells(start: int, size: int, at: int, count: int) -> None:
    """A GridRange covers, after a shift, the lines that it covered and that are left."""
    lines: list[int | None] = list(range(_SIDE))
    if count > 0:
        lines[at:at] = [None] * count
    else:
        del lines[at : at - count]
    place = {"sheetId": 1, "startRowIndex": start, "endRowIndex": min(start + size, _SIDE)}
    moved = Shift(sheet_id=1, rows=True, at=at, count=count).place(place)
    left = [line for line in range(start, place["endRowIndex"]) if line in lines]

    found = lines[moved["startRowIndex"] : moved["endRowIndex"]] if moved else []
    assert left == [line for line in found if line is not None]


@given(start=_line, size=st.integers(1, 4), to=st.integers(0, _SIDE), row=_line)
def test_a_reorder_agrees_with_moving_the_rows(start: int, size: int, to: int, row: int) -> None:
    """One row's place after a move is where a list of rows has it then."""
    end = min(start + size, _SIDE)
    if start <= to <= end:
        return
    lines = list(range(_SIDE))
    moving = lines[start:end]
    rest = lines[:start] + lines[end:]
    landing = to - len(moving) if to > start else to
    rest[landing:landing] = moving
    change = Reorder(sheet_id=1, rows=True, start=start, end=end, to=to)
    place = {"sheetId": 1, "startRowIndex": row, "endRowIndex": row + 1}

    moved = change.place(place)
    assert moved is not None
    assert (rest.index(row), 1) == (
        moved["startRowIndex"],
        moved["endRowIndex"] - moved["startRowIndex"],
    )
