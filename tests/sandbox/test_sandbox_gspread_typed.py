"""What gspread writes as if typed, and what it reads back: numbers, money, dates, times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from gspread.utils import DateTimeOption, ValueInputOption, ValueRenderOption

if TYPE_CHECKING:
    import gspread

TYPED = ValueInputOption.user_entered
PLAIN = ValueRenderOption.unformatted
#: typed, plain, shown, type and pattern of the format that typing brings
ENGLISH = [
    ("0042", 42, "42", None),
    (" 5 ", 5, "5", None),
    (".5", 0.5, "0.5", None),
    ("-42.50", -42.5, "-42.5", None),
    ("+5", 5, "5", None),
    ("2,000,000.01", 2000000.01, "2,000,000.01", "NUMBER #,##0.00"),
    ("1,234", 1234, "1,234", "NUMBER #,##0"),
    ("12%", 0.12, "12%", "PERCENT 0%"),
    ("12.5%", 0.125, "12.50%", "PERCENT 0.00%"),
    ("$5", 5, "$5", 'CURRENCY "$"#,##0'),
    ("-$1,234.5", -1234.5, "-$1,234.50", 'CURRENCY "$"#,##0.00'),
    ("€5", 5, "€5", "CURRENCY [$€]#,##0"),
    ("1e3", 1000, "1.00E+03", "SCIENTIFIC 0.00E+00"),
    ("true", True, "TRUE", None),
    ("1/2/2020", 43832, "1/2/2020", "DATE M/d/yyyy"),
    ("2020-01-01", 43831, "2020-01-01", "DATE yyyy-mm-dd"),
    ("Jan 5, 2020", 43835, "Jan 5, 2020", "DATE mmm d, yyyy"),
    ("5 January 2020", 43835, "5 January 2020", "DATE d mmmm yyyy"),
    ("10:30", 0.4375, "10:30", "TIME h:mm"),
    ("1:30:15 PM", 0.562673611111111, "1:30:15 PM", "TIME h:mm:ss am/pm"),
    ("25:00", 1.04166666666667, "25:00:00", "TIME [h]:mm:ss"),
    ("2020-01-02 13:30:15", 43832.5626736111, "2020-01-02 13:30:15", "DATE_TIME …"),
    ("'5", "5", "5", None),
    ("13/2/2020", "13/2/2020", "13/2/2020", None),
    ("3_1_0", "3_1_0", "3_1_0", None),
    ("=", "=", "=", None),
    ("- satu", "- satu", "- satu", None),
    ("= 1 / 1024", 0.0009765625, "0.0009765625", None),
    ("=4/2", 2, "2", None),
    ("+1+1", 2, "2", None),
    ("+62 812 3456", "#ERROR!", "#ERROR!", None),
]
INDONESIAN = [
    ("12,5", 12.5, "12,5", None),
    ("1.234,5", 1234.5, "1.234,50", "NUMBER #,##0.00"),
    ("Rp5.000", 5000, "Rp5.000", 'CURRENCY "Rp"#,##0'),
    ("03/04/2026", 46115, "03/04/2026", "DATE dd/MM/yyyy"),
    ("17 Agustus 1945", 16666, "17 Agustus 1945", "DATE d mmmm yyyy"),
    ("24/11/2026 10:15:30", 46350.4274305556, "24/11/2026 10:15:30", "DATE_TIME …"),
    ("12.5", "12.5", "12.5", None),
]


@pytest.mark.parametrize(
    "locale,table", [("en_US", ENGLISH), ("in_ID", INDONESIAN)], ids=["en", "id"]
)
def test_typing_gives_values_and_formats(
    own_tab: gspread.Worksheet, locale: str, table: list[tuple[str, Any, str, str | None]]
) -> None:
    """Each spelling becomes its number, and is shown as it was typed."""
    own_tab.spreadsheet.update_locale(locale)
    own_tab.resize(rows=len(table))
    own_tab.update([[text] for text, *_ in table], "A1", value_input_option=TYPED)
    plain = own_tab.get("A1:A", value_render_option=PLAIN)
    shown = own_tab.get("A1:A")
    formats = [_number_format(own_tab, row) for row in range(len(table))]
    own_tab.spreadsheet.update_locale("en_US")

    assert [[value] for _, value, _, _ in table] == [[_rounded(cell)] for (cell,) in plain]
    assert [[text] for _, _, text, _ in table] == shown
    assert [one and one.removesuffix(" …") for *_, one in table] == [
        one and (one if not one.startswith("DATE_TIME") else "DATE_TIME") for one in formats
    ]


def _rounded(cell: Any) -> Any:
    return float(f"{cell:.15g}") if isinstance(cell, float) else cell


def _number_format(tab: gspread.Worksheet, row: int) -> str | None:
    fields = "sheets.data.rowData.values.userEnteredFormat.numberFormat"
    found = tab.spreadsheet.fetch_sheet_metadata(
        {"fields": fields, "ranges": [f"'{tab.title}'!A{row + 1}"]}
    )["sheets"][0]["data"][0]
    cells = found.get("rowData", [{}])[0].get("values", [{}])
    kept = cells[0].get("userEnteredFormat", {}).get("numberFormat")
    return kept and f"{kept['type']} {kept['pattern']}"


RENDERED: list[tuple[dict[str, Any], list[Any]]] = [
    ({}, ["2", "2020-01-01", "12%", "10:30", "teks", "TRUE"]),
    ({"value_render_option": PLAIN}, [2, 43831, 0.12, 0.4375, "teks", True]),
    (
        {
            "value_render_option": PLAIN,
            "date_time_render_option": DateTimeOption.formatted_string,
        },
        [2, "2020-01-01", 0.12, "10:30", "teks", True],
    ),
    (
        {"value_render_option": ValueRenderOption.formula},
        ["=4/2", 43831, 0.12, 0.4375, "teks", True],
    ),
]


def test_each_rendering_shows_values_its_own_way(own_tab: gspread.Worksheet) -> None:
    """Formatted, plain, plain with dates as text, and formulas."""
    typed = ["=4/2", "2020-01-01", "12%", "10:30", "teks", "TRUE"]
    own_tab.update([typed], "A1", value_input_option=TYPED)

    assert [[line] for _, line in RENDERED] == [own_tab.get("A1:F1", **how) for how, _ in RENDERED]


def test_raw_text_stays_text(own_tab: gspread.Worksheet) -> None:
    """RAW reads nothing into texts, numbers stay numbers, and a formula is only its text."""
    line = ["=1+1", "0042", "2020-01-01", "TRUE", 7, 1.5, True]
    own_tab.update([line], "A1")

    assert [line] == own_tab.get("A1:G1", value_render_option=PLAIN)
    assert [["=1+1", "0042", "2020-01-01", "TRUE", "7", "1.5", "TRUE"]] == own_tab.get("A1:G1")


#: value, type, pattern, shown
PATTERNS = [
    (1234.5, "NUMBER", None, "1,234.50"),
    (0.125, "PERCENT", None, "12.50%"),
    (1234.5, "CURRENCY", None, "$1,234.50"),
    (12345, "SCIENTIFIC", None, "1.23E+04"),
    (43835.5626, "DATE", None, "1/5/2020"),
    (43835.5626, "TIME", None, "1:30:08 PM"),
    (43835.5626, "DATE_TIME", None, "1/5/2020 13:30:08"),
    (42, "TEXT", None, "42"),
    (-5, "NUMBER", "#,##0;(#,##0)", "(5)"),
    (0, "NUMBER", '0;-0;"nol"', "nol"),
    (1234567, "NUMBER", "000-0000", "123-4567"),
    (1234567, "NUMBER", "0.0,,", "1.2"),
    (5, "NUMBER", '0 "kg"', "5 kg"),
    (2.5, "NUMBER", "# ?/?", "2 1/2"),
    (1.5, "NUMBER", "0.##", "1.5"),
    (0.5, "NUMBER", "#.00", ".50"),
    (5.5, "CURRENCY", "[$€-407]#,##0.00", "€5.50"),
    (-5.5, "NUMBER", "0.0;[Red]-0.0", "-5.5"),
    (50000, "NUMBER", '[Color23][>40000]"TINGGI";[<=10]"RENDAH";0', "TINGGI"),
    (50, "NUMBER", '[Color23][>40000]"TINGGI";[<=10]"RENDAH";0', "50"),
    (43835.5626, "DATE_TIME", "dddd, d mmmm yyyy h:mm am/pm", "Sunday, 5 January 2020 1:30 PM"),
    (43835, "DATE", " DD MM YYYY", " 05 01 2020"),
    (1.5, "TIME", "[h]:mm:ss", "36:00:00"),
    (43835.5626, "TIME", "mm:ss.0", "30:08.6"),
    ("Budi", "TEXT", '"Bpk. "@', "Bpk. Budi"),
]


def test_number_formats_show_values(own_tab: gspread.Worksheet) -> None:
    """Every type has its default pattern; every pattern of Google's guide is read."""
    own_tab.resize(rows=len(PATTERNS))
    own_tab.update([[value] for value, *_ in PATTERNS], "A1")
    own_tab.batch_format(
        [
            {"range": f"A{row}", "format": {"numberFormat": _asked(kind, pattern)}}
            for row, (_, kind, pattern, _) in enumerate(PATTERNS, 1)
        ]
    )

    assert [[shown] for *_, shown in PATTERNS] == own_tab.get("A1:A")


def _asked(kind: str, pattern: str | None) -> dict[str, str]:
    return {"type": kind} | ({"pattern": pattern} if pattern else {})


def test_typing_keeps_the_format_that_a_cell_has(own_tab: gspread.Worksheet) -> None:
    """A date typed into a cell with a format is shown in it; plain text takes all as text."""
    own_tab.format("A1", {"numberFormat": {"type": "DATE", "pattern": "yyyy"}})
    own_tab.format("B1:C1", {"numberFormat": {"type": "TEXT"}})
    own_tab.update([["1/2/2020", "0042", "=1+1"]], "A1", value_input_option=TYPED)

    assert [["2020", "0042", "=1+1"]] == own_tab.get("A1:C1")
