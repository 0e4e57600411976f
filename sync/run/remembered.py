"""The keys under which the ledger remembers what `setup` and runs have found out."""

from __future__ import annotations


def sheet_key(service: str) -> str:
    """Return the key of the gid of a service's sheet."""
    return f"gid:{service}"


def served_key(spreadsheet: str, gid: int) -> str:
    """Return the key of the service whose sheet this is."""
    return f"served:{spreadsheet}:{gid}"


def settled_key(service: str, gid: int) -> str:
    """Return the key that tells that a sheet's old rows were archived, or are to be processed."""
    return f"settled:{service}:{gid}"


def pdf_key(submission_id: str, revision: int) -> str:
    """Return the key of where a letter's PDF lies, or will lie."""
    return f"pdf:{submission_id}:{revision}"


def register_key(register: str, year: int) -> str:
    """Return the key of the gid of a register's tab."""
    return f"register-gid:{register}:{year}"
