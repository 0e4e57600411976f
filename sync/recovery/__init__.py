"""
A lost or old ledger is rebuilt from register tabs, sheets and cabinet, with the village's keys.

Pure but for reading letters: what was read comes in, what the ledger must take over goes out.
A line of the register counts only with its code, a ticket only when the keys make it from its row.
"""

from sync.recovery.facts import Inside, Means, Outside
from sync.recovery.rebuild import recover

__all__ = ["Inside", "Means", "Outside", "recover"]
