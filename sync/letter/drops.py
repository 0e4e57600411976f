"""
Which paragraphs and rows may be dropped, so that what is left is still a valid document.

ECMA-376 part 1, 17.4.65: a table cell ends with a paragraph; Word refuses a table without
rows and a header, footer or text box without a paragraph.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from lxml import etree

from sync.letter import ooxml
from sync.letter.segments import Condition, wrap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.letter.placeholders import Findings


def mark_drops(root: etree._Element, place: str, findings: Findings) -> None:
    """Make a block of every paragraph or table row that begins with `{{? name }}`."""
    conditions: dict[etree._Element, Condition] = {}
    for paragraph, names in findings.conditions.items():
        row = _row(paragraph)
        block = _whole(paragraph) if row is None else row
        earlier = conditions.get(block, ((),))[0]
        conditions[block] = ((*earlier, *names),)
        if reason := _undroppable(block):
            findings.problems.append(f'{place}: "{{{{? {names[0]} }}}}": {reason}')
    for table in root.iter(ooxml.TABLE):
        if condition := _any_row(table, conditions):
            conditions[_whole(table)] = condition
    for container in {block.getparent(): None for block in conditions}:
        if container is not None:
            _keep_a_paragraph(container, conditions)
    for block, condition in conditions.items():
        wrap(block, condition)


def _row(paragraph: etree._Element) -> etree._Element | None:
    """Return the table row that *paragraph* begins, if it does."""
    cell = _first_in(_whole(paragraph), ooxml.CELL)
    row = None if cell is None else _first_in(_whole(cell), ooxml.ROW)
    return None if row is None else _whole(row)


def _first_in(block: etree._Element, tag: str) -> etree._Element | None:
    parent = block.getparent()
    if parent is None or parent.tag != tag:
        return None
    first = next(child for child in parent if child.tag in ooxml.PIECES)
    return parent if first is block else None


def _whole(block: etree._Element) -> etree._Element:
    """Return the content control around *block*, if *block* is all that it holds."""
    content = block.getparent()
    if content is None or content.tag != ooxml.CONTROL_CONTENT or len(content) != 1:
        return block
    control = content.getparent()
    return block if control is None else _whole(control)


def _undroppable(block: etree._Element) -> str:
    if next(block.iter(ooxml.SECTION), None) is not None:
        return "a section of the document ends here, so it cannot be dropped"
    kinds = [node.get(ooxml.FIELD_CHAR_TYPE) for node in block.iter(ooxml.FIELD_CHAR)]
    if kinds.count("begin") != kinds.count("end"):
        return "a field begins or ends here, so it cannot be dropped"
    return ""


def _any_row(
    table: etree._Element, conditions: Mapping[etree._Element, Condition]
) -> Condition | None:
    rows = [child for child in table if child.tag in ooxml.PIECES]
    found = [conditions[row] for row in rows if row in conditions]
    if not rows or len(found) < len(rows):
        return None
    return tuple(group for condition in found for group in condition)


def _keep_a_paragraph(
    container: etree._Element, conditions: Mapping[etree._Element, Condition]
) -> None:
    """Put an empty paragraph at the end for when all paragraphs there are dropped."""
    if container.tag in {ooxml.TABLE, ooxml.ROW}:
        return
    groups: Condition = ()
    last: etree._Element | None = None
    for block in reversed([child for child in container if child.tag in ooxml.BLOCKS]):
        last = last if last is not None else block
        if block not in conditions:
            if block.tag != ooxml.TABLE:
                return
            break
        if block.tag != ooxml.TABLE:
            groups += conditions[block]
    if last is None or not groups:
        return
    spare = etree.Element(ooxml.PARAGRAPH)
    spare.extend(deepcopy(last.findall(ooxml.PARAGRAPH_LOOK)))
    last.addnext(spare)
    wrap(spare, groups, negated=True)
