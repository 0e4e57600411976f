"""Formulas after the cells that they name, or they themselves, went somewhere else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sync.sandbox.sheets.formulas import syntax

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.sandbox.sheets.book import Book
    from sync.sandbox.sheets.cells import Formula
    from sync.sandbox.sheets.formulas.references import Reference
    from sync.sandbox.sheets.moves import Change
    from sync.sandbox.sheets.sheet import Sheet


def followed(
    formula: Formula, change: Change, book: Book, home: Sheet, new_home: Sheet | None = None
) -> Formula:
    """
    Return *formula*, of a cell in the tab *home*, after the cells that it names moved.

    new_home: the tab that the formula itself was moved to, if it was
    """
    new_home = new_home or home

    def step(reference: Reference) -> Reference | None:
        if (tab := _tab(book, home, formula, reference)) is None:
            return reference
        old = reference.place | ({"sheetId": tab.sheet_id} if tab.sheet_id else {})
        new = change.place(old)
        if new is None:
            return None
        there = book.sheet(new.get("sheetId", 0))
        keeps = there is tab and (reference.title is not None or there is new_home)
        title = reference.title if keeps else there.title
        if there is new_home and reference.title is None:
            title = None
        return replace(reference.moved(new), title=title)

    return _changed(formula, syntax.rewritten(formula.text, step))


def copied(formula: Formula, down: int, right: int) -> Formula:
    """Return what a copy of *formula* says, so many rows below and columns to the right."""
    text = syntax.rewritten(formula.text, lambda reference: reference.copied(down, right))
    return _changed(formula, text)


def renamed(formula: Formula, old: str, new: str) -> Formula:
    """Return *formula* after the tab called *old* was given another title."""
    folded = old.casefold()
    if folded in formula.lost:
        return formula

    def step(reference: Reference) -> Reference:
        named = reference.title is not None and reference.title.casefold() == folded
        return replace(reference, title=new) if named else reference

    return _changed(formula, syntax.rewritten(formula.text, step))


def orphaned(formula: Formula, is_gone: Callable[[str], bool]) -> Formula:
    """
    Return *formula* without the tabs whose titles *is_gone* tells, to be found again.

    Its text stays, and a new tab of the same title does not mend it: at Google a formula
    knows tabs by more than their titles.
    """
    lost = {title.casefold() for title in syntax.named_titles(formula.text) if is_gone(title)}
    return replace(formula, lost=formula.lost | lost) if lost else formula


def _tab(book: Book, home: Sheet, formula: Formula, reference: Reference) -> Sheet | None:
    if reference.title is None:
        return home
    if reference.title.casefold() in formula.lost:
        return None
    tab = book.sheet_titled(reference.title)
    return tab if tab is not None and tab.is_grid else None


def _changed(formula: Formula, text: str) -> Formula:
    return formula if text == formula.text else replace(formula, text=text)
