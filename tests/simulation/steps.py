"""
Which step of a run an effect belongs to; the steps are those of docs/how-it-works.md.

It is read off the functions at work, so that no run has to tell where it is.
"""

from __future__ import annotations

from effects import functions_at_work

E0, E1, E2, E3, E4, E5 = "E0 open", "E1 token", "E2 read", "E3 seen", "E4 claim", "E5 read back"
E6, E7, E8, E9 = "E6 check", "E7 file ids", "E8 number", "E9 spool"
E10, E11, E12, E13 = "E10 store", "E11 swap", "E12 look again", "E13 finish"
STEPS = (E0, E1, E2, E3, E4, E5, E6, E7, E8, E9, E10, E11, E12, E13)

_BY_METHOD = {"token": E1, "drive.files.generateIds": E7, "drive.files.create": E10}
_BY_FUNCTION = {
    "spreadsheet._first_reading": E2,
    "work.read_elsewhere": E2,
    "spreadsheet._record": E3,
    "claims.keep": E4,
    "swapping._claim": E4,
    "verified._place": E11,
    "verified.write_and_verify": E5,
    "work.take_up": E5,
    "letters._check": E6,
    "letters._new_file_ids": E7,
    "letters._number": E8,
    "spool.put": E9,
    "letters._delay": E10,
    "folder.store": E10,
    "spool.remove": E10,
    "publish._look_and_repair": E12,
    "work.publish_elsewhere": E11,
    "publish.publish": E11,
    "work.settle": E11,
    "run.remember_run": E13,
    "last_run.remember_run": E13,
    "work.raise_high_water": E13,
    "work.empty_spool": E13,
    "claims.forget": E13,
    "program.run_lock": E0,
    "program.open_books": E0,
    "folder.check": E0,
    "drive.check": E0,
}
_READS = "sheets.spreadsheets.values.batchGetByDataFilter"


def step_of(kind: str, name: str) -> str:
    """Return the step in which an effect of that kind and name happens now."""
    del kind
    if name in _BY_METHOD:
        return _BY_METHOD[name]
    at_work = list(functions_at_work())
    for function in at_work:
        found = _BY_FUNCTION.get(function)
        if found == E4 and name == _READS:
            return E5
        if found is not None:
            return found
    return _of_advance(at_work)


def _of_advance(at_work: list[str]) -> str:
    """Return the step of a letter's own record: it is spooled before it is stored."""
    if "letters._finish" in at_work:
        return E10
    return E0 if "spreadsheet.run" not in at_work else E13
