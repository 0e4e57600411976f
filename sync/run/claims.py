"""What rows held when they were claimed, and which answers lie under marks of ours now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.run.claim import claimed_tab
from sync.run.covered import ClaimedTab, covered_answers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sync.google.interface import Grid
    from sync.model import Cell, Service
    from sync.run.plan import Plan
    from sync.run.tools import Settings, Tools


class Claims:
    """
    The claims of one spreadsheet whose marks may stand over what people typed.

    covered: people's answers under marks of ours, by mark
    """

    def __init__(
        self,
        spreadsheet: str,
        tabs: Sequence[tuple[int, Service]],
        run_id: str,
        settings: Settings,
        tools: Tools,
    ) -> None:
        self._spreadsheet, self._tabs, self._run_id = spreadsheet, tabs, run_id
        self._settings, self._tools = settings, tools
        self._ours: list[ClaimedTab] = []  #: by this run
        self.covered: dict[str, Cell] = {}
        self._covering: set[str] = set()  #: the marks that lay over answers at the last look

    def keep(self, plans: Sequence[Plan]) -> None:
        """Keep what the rows hold that are about to be claimed; a moved column may hide it."""
        here = {"spreadsheet": self._spreadsheet}
        tabs = [tab for plan in plans if (tab := claimed_tab(plan)).marks]
        self._ours += tabs
        kept = self._tools.claimed.recall().get(self._run_id, [])
        self._tools.claimed.keep(self._run_id, [*kept, *(here | tab.as_json() for tab in tabs)])

    def look(self, grids: Mapping[int, Grid]) -> None:
        """Find the answers of people that lie under marks of ours in *grids*, by gid."""
        self._covering = set()
        for claimed in (*self._of_others(), *self._ours):
            for gid, service in self._tabs:
                if claimed.before.gid == gid:
                    self._take(covered_answers(claimed, grids[gid], service))
        self.covered = {mark: self._beneath(cell) for mark, cell in self.covered.items()}

    def forget(self) -> None:
        """Forget the claims of which no mark can be in a sheet any more."""
        kept = self._tools.claimed.recall()
        if not kept:
            return
        services = self._settings.services
        tokens = {t.text for s in services for t in self._tools.ledger.tokens(s.key)}
        still = tokens | self._covering  # a ticket is no token, and may lie over an answer, too
        for run_id, claims in kept.items():
            left = [one for one in claims if not still.isdisjoint(one["marks"])]  # type: ignore[arg-type]
            if left != claims or not claims:
                self._tools.claimed.keep(run_id, left)

    def _of_others(self) -> Iterator[ClaimedTab]:
        """Yield the claims of runs that died before they looked, or should not be there."""
        for claims in self._tools.claimed.recall(but=self._run_id).values():
            for one in claims:
                if one.get("spreadsheet") == self._spreadsheet:
                    yield ClaimedTab.from_json(one)

    def _take(self, found: Mapping[str, Cell]) -> None:
        """Take answers over; what a claim met may be a mark of an earlier one."""
        self.covered |= {mark: cell for mark, cell in found.items() if cell != mark}
        self._covering |= found.keys()

    def _beneath(self, cell: Cell) -> Cell:
        return self.covered.get(cell, cell) if isinstance(cell, str) else cell
