"""config.yaml: what is refused, where, and what the rest of the house gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sync.config import load_config
from sync.config.example import example_yaml
from sync.errors import ConfigError
from sync.model import Column, Kind
from sync.text import COLUMN_HEADERS

if TYPE_CHECKING:
    from pathlib import Path

    from sync.config import Config

SPREADSHEET = "1aBcD_eFgH-iJkLmNoPqRsTuVwXyZ0123456789abcde"


def loaded(folder: Path, *changes: tuple[str, str]) -> Config:
    """Return the example config with each (old, new) text changed once."""
    text = example_yaml().replace('spreadsheet: ""', f"spreadsheet: {SPREADSHEET}")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return load_config(path)


def problems(folder: Path, *changes: tuple[str, str]) -> list[str]:
    """Return what is wrong with the changed example, without the file's name."""
    with pytest.raises(ConfigError) as caught:
        loaded(folder, *changes)
    prefix = f"{folder / 'config.yaml'}:"
    assert all(problem.startswith(prefix) for problem in caught.value.problems)
    return [problem.removeprefix(prefix) for problem in caught.value.problems]


def line_of(text: str) -> int:
    """Return the line of the example, from 1, that begins with *text*."""
    lines = [line.strip() for line in example_yaml().splitlines()]
    return next(number for number, line in enumerate(lines, 1) if line.startswith(text))


def test_example_gives_the_sample_village(tmp_path: Path) -> None:
    """The shipped example is a whole config."""
    config = loaded(tmp_path)

    assert "35.07.32.2004" == config.village_value().code
    assert config.limits.rows_per_run == 200
    assert config.schedule.every_minutes == 5


def test_service_has_default_headers_and_no_signer_column(tmp_path: Path) -> None:
    """Our words stand in the sheet; with one signer there is nothing to choose."""
    (service,) = loaded(tmp_path).service_values()

    expected = {column: text for column, text in COLUMN_HEADERS.items() if column != "signer"}
    assert expected == service.columns


def test_columns_rename_a_header(tmp_path: Path) -> None:
    """The village's own word wins over ours."""
    (service,) = loaded(tmp_path, ("columns: {}", "columns: {status: Hasil}")).service_values()

    assert "Hasil" == service.columns[Column.STATUS]


def test_two_signers_bring_the_column_and_the_services_own_comes_first(tmp_path: Path) -> None:
    """Staff choose among several; an empty cell means the first of the service."""
    sekdes = "\n  sekdes: {name: Sari Contoh, title: Sekretaris Desa}\n"
    config = loaded(tmp_path, ("\ngoogle:", sekdes + "\ngoogle:"), ('signer: ""', "signer: sekdes"))
    (service,) = config.service_values()

    assert ["sekdes", "kades"] == [signer.key for signer in service.signers]
    assert Column.SIGNER in service.columns


def test_fields_keep_order_and_details(tmp_path: Path) -> None:
    """A field is told to the parsers as the config describes it."""
    (service,) = loaded(tmp_path).service_values()
    nama, nik = service.fields[:2]

    assert ("Nama Lengkap", "Nama Lengkap sesuai KTP") == nama.question
    assert (Kind.NIK, "350732", "tanggal_lahir", "jenis_kelamin") == (
        nik.kind,
        nik.region,
        nik.birth_date,
        nik.sex,
    )
    assert ("L", "Pria") == service.fields[4].options["Laki-laki"]


@pytest.mark.parametrize(
    "given",
    [
        SPREADSHEET,
        f"https://docs.google.com/spreadsheets/d/{SPREADSHEET}/edit#gid=0",
        f"https://docs.google.com/spreadsheets/u/1/d/{SPREADSHEET}/edit",
        f"http://127.0.0.1:8085/spreadsheets/d/{SPREADSHEET}/edit",
    ],
)
def test_spreadsheet_is_known_by_id_or_url(tmp_path: Path, given: str) -> None:
    """Operators copy the address bar."""
    config = loaded(tmp_path, (SPREADSHEET, f'"{given}"'))

    assert SPREADSHEET == config.service_values()[0].spreadsheet


def test_paths_start_from_the_config_file(tmp_path: Path) -> None:
    """Cron starts in another folder; absolute paths stay."""
    config = loaded(tmp_path, ("folder: letters", "folder: /srv/surat"))

    assert tmp_path / "state" == config.state_folder
    assert tmp_path / "templates/letter_sku.docx" == config.template_file("sku")
    assert "/srv/surat" == config.letters_folder.as_posix()


def test_service_without_template_only_numbers(tmp_path: Path) -> None:
    """Handwritten letters need a number and no template."""
    config = loaded(tmp_path, ("template: templates/letter_sku.docx", 'template: ""'))

    assert config.template_file(config.service_values()[0].key) is None
    assert config.template_file("sku") is None


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    """One reading is enough to mend the file: form, keys, types and references."""
    found = problems(
        tmp_path,
        ("  name: Kebobang", "  nam: Kebobang"),
        ("pdf: false", "pdf: maybe"),
        ("whatsapp: no_wa", "whatsapp: no_wap"),
        ("\nprivacy:", "\nstate: x\nprivacy:"),
    )

    assert [
        f"{line_of('village:')}:1: village.name is missing",
        f"{line_of('name: Kebobang')}:3: unknown key 'nam'; did you mean \"name\"?",
        f"{line_of('pdf:')}:8: letters.pdf: must be true or false",
        f"{line_of('privacy:')}:1: the key 'state' stands twice, first in line {line_of('state:')}",
        f"{line_of('whatsapp:') + 1}:15: no field is called 'no_wap'; did you mean \"no_wa\"?",
    ] == found


@pytest.mark.parametrize(
    "old, new, written",
    [
        ('code: "35.07.32.2004"', "code: 35.07", "35.07"),
        ('phone: ""', "phone: 0341398001", "0341398001"),
        ('code: "500.3"', "code: 500.3", "500.3"),
        ('region: "350732"', "region: 350732", "350732"),
        ("question: RT,", "question: 7,", "7"),
    ],
)
def test_unquoted_digits_ask_for_quotes(tmp_path: Path, old: str, new: str, written: str) -> None:
    """YAML drops leading zeros and trailing ones; the message shows what was typed."""
    (problem,) = problems(tmp_path, (old, new))

    assert problem.endswith(f': write it in quotes: "{written}"')


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("birth_date: tanggal_lahir", "birth_date: nama", "'nama' is not of kind date"),
        ("sex: jenis_kelamin", "sex: jenis", "no field is called 'jenis'"),
        ("email: email", "email: no_wa", "'no_wa' is not of kind email"),
        ("identity: [nama, nik", "identity: [nama, nikk", "no field is called 'nikk'; did you"),
        ("duplicate_of: [nik", "duplicate_of: [kk", "no field is called 'kk'"),
        ('signer: ""', "signer: sekdes", "no signer is called 'sekdes'"),
        ("kind: name}", "kind: text}", "one must be of kind name"),
        ("columns: {}", "columns: {statuss: X}", "unknown key 'statuss'; did you mean \"status\""),
        ("columns: {}", "columns: {note: status}", "is also that of columns.status"),
        ("question: RT,", "question: R.W,", "'RW' of the field rw is also that of the field rt"),
        ("question: RT,", "question: Status,", "of columns.status is also that of the field rt"),
        ("Tempat Lahir, kind: text", "Tempat Lahir, kind: choice", "a choice needs its `options`"),
        ("kind: rt_rw", "kind: rt_rw, options: {A: []}", "only a field of kind choice has it"),
        ("Islam: []", "Islam: [kristen]", "'Kristen' is also a spelling of 'Islam'"),
        ("      rt: {", "      desa: {", "the letter itself has something of this name"),
        ('page_url: ""', 'page_url: "ftp://desa.example"', "must be a web address"),
        ('page_url: ""', 'page_url: "https://desa.example/#x"', "must have no #"),
        ("      rt: {", "      seal: {", "the letter itself has something of this name"),
        ("Asia/Jakarta  #", "Asia/Kebobang  #", "not a time zone"),
        ("register: surat-keterangan", "register: ../surat", "names a folder"),
        ("start: 1", "start: 0", "must be at least 1"),
        ("approval: none", "approval: staf", 'must be one of none, staff; did you mean "staff"?'),
        ("{code}/{sequence}/{village_code}/{year}", "{sequence}", "number.format: lacks"),
        (SPREADSHEET, '""', "put the id or URL of the form's response spreadsheet here"),
        (SPREADSHEET, "https://docs.google.com/spreadsheets/d/e/2PACX/pubhtml", "neither the id"),
        ("title: Surat Keterangan Usaha", "title:", "nothing stands here"),
        ("cabinet: folder", "cabinet: drive", "letters.drive_folder: put the id"),
    ],
)
def test_what_does_not_fit_is_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    """Each rule of the config has its own sentence."""
    (problem,) = problems(tmp_path, (old, new))

    assert said in problem


@pytest.mark.parametrize("url", ["http://127.0.0.1:8085", "http://localhost:1", "http://[::1]:2"])
def test_sandbox_on_this_computer_is_a_base_url(tmp_path: Path, url: str) -> None:
    """Loopback addresses are the sandbox's."""
    assert url == loaded(tmp_path, ('base_url: ""', f'base_url: "{url}/"')).google.base_url


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1:8085",
        "http://example.org",
        "http://127.0.0.1.example.org",
        "http://127.0.0.1@example.org",
        "http://10.0.0.1:80",
        "http://127.0.0.1:8085/path",
    ],
)
def test_any_other_base_url_is_refused(tmp_path: Path, url: str) -> None:
    """Requests carry the village's token: only Google and the sandbox may see it."""
    (problem,) = problems(tmp_path, ('base_url: ""', f'base_url: "{url}"'))

    assert "only for the sandbox" in problem


def test_sharers_of_a_register_agree_on_its_start(tmp_path: Path) -> None:
    """One register has one first number."""
    text = example_yaml()
    service = text[text.index("  sku:") :].replace("sku:", "skd:", 1)
    service = service.replace('spreadsheet: ""', "spreadsheet: another")
    end = text[-60:]
    (problem,) = problems(tmp_path, (end, end + service.replace("start: 1", "start: 7")))

    assert "another service starts the register 'surat-keterangan' at 1" in problem


def test_a_file_that_is_no_yaml_has_one_problem(tmp_path: Path) -> None:
    """What follows from a broken bracket is not told."""
    (problem,) = problems(tmp_path, ("timestamp: [", "timestamp: [["))

    assert "not YAML" in problem


@pytest.mark.parametrize(
    "content, said",
    [(b"", "is empty"), (b"- a\n", "must hold"), (b"\xff\xfe", "is not UTF-8")],
)
def test_a_file_that_is_no_config_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    """Empty, a list, not text: each says so."""
    path = tmp_path / "config.yaml"
    path.write_bytes(content)

    with pytest.raises(ConfigError) as caught:
        load_config(path)

    assert said in " ".join([str(caught.value), *caught.value.problems])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The operator sees which file was looked for."""
    with pytest.raises(ConfigError, match=r"nowhere\.yaml: cannot be read"):
        load_config(tmp_path / "nowhere.yaml")


def test_offline_commands_need_no_spreadsheet(tmp_path: Path) -> None:
    """A template can be checked before the form exists."""
    path = tmp_path / "config.yaml"
    path.write_text(example_yaml(), encoding="utf-8")

    assert load_config(path, complete=False).service_values()[0].spreadsheet == ""
