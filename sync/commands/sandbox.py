"""`surat-sync sandbox`: the local stand-in for Google."""

from __future__ import annotations

import sys
from pathlib import Path

from sync.sandbox import Sandbox


def serve(
    *,
    port: int,
    state: Path | None,
    faults: str,
    quota: str,
    service_accounts_own_files: bool,
    seed: int | None,
) -> None:
    """Serve until SIGTERM or Ctrl-C; says `sandbox ready at URL` when it listens."""
    sandbox = Sandbox(
        port,
        state=state,
        faults=_faults(faults),
        quota=quota,
        service_accounts_own_files=service_accounts_own_files,
        seed=seed,
    )
    sandbox.run_forever(_say_ready)


def _faults(wanted: str) -> str | Path | None:
    match wanted:
        case "off":
            return None
        case "mild":
            return wanted
        case _:
            return Path(wanted)


def _say_ready(base_url: str) -> None:
    sys.stdout.write(f"sandbox ready at {base_url}\n")
    sys.stdout.flush()
