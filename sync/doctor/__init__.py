"""
What `surat-sync check` looks at: everything a run needs, each with what mends it.

A finding that is fine is told too, so that the list shows what was looked at.
"""

from sync.doctor.finding import Finding, failures, fine
from sync.doctor.parts import (
    BackupPlace,
    check_backups,
    check_cabinet,
    check_clock,
    check_disk,
    check_last_run,
    check_ledger,
    check_lock,
    check_pdf,
    check_schedulers,
    check_seal,
    check_templates,
)
from sync.doctor.sheets import (
    check_cells,
    check_form,
    check_gone,
    check_headers,
    check_niks,
    check_numbers,
    check_sheet,
    check_spreadsheet,
    check_writing,
    find_tab,
    rows_of,
)

__all__ = [
    "BackupPlace",
    "Finding",
    "check_backups",
    "check_cabinet",
    "check_cells",
    "check_clock",
    "check_disk",
    "check_form",
    "check_gone",
    "check_headers",
    "check_last_run",
    "check_ledger",
    "check_lock",
    "check_niks",
    "check_numbers",
    "check_pdf",
    "check_schedulers",
    "check_seal",
    "check_sheet",
    "check_spreadsheet",
    "check_templates",
    "check_writing",
    "failures",
    "find_tab",
    "fine",
    "rows_of",
]
