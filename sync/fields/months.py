"""Month words, as people write them: Indonesian, English, short, and slightly wrong."""

from __future__ import annotations

_NAMES = {
    1: ("januari", "january"),
    2: ("februari", "february"),
    3: ("maret", "march"),
    4: ("april",),
    5: ("mei", "may"),
    6: ("juni", "june"),
    7: ("juli", "july"),
    8: ("agustus", "august"),
    9: ("september",),
    10: ("oktober", "october"),
    11: ("november",),
    12: ("desember", "december"),
}
_SHORT = {
    1: ("jan",),
    2: ("feb", "peb"),
    3: ("mar", "mrt"),
    4: ("apr",),
    5: ("mai",),
    6: ("jun",),
    7: ("jul",),
    8: ("agu", "aug", "agt", "agus", "ags"),
    9: ("sep", "sept"),
    10: ("okt", "oct"),
    11: ("nov", "nop"),
    12: ("des", "dec"),
}
_EXACT = {
    word: month for table in (_NAMES, _SHORT) for month, words in table.items() for word in words
}
_LEAST_FOR_GUESS = 5


def month_of(word: str) -> int | None:
    """
    Return the month, 1 to 12, that *word* names; None when none or several could be meant.

    From five letters on, one edit or one swap away from just one month's name counts
    (Pebruari, Agustsu).
    """
    folded = word.casefold()
    if folded in _EXACT:
        return _EXACT[folded]
    if len(folded) < _LEAST_FOR_GUESS:
        return None
    near = {m for m, names in _NAMES.items() if any(_one_apart(folded, name) for name in names)}
    return near.pop() if len(near) == 1 else None


def _one_apart(word: str, name: str) -> bool:
    """Whether one letter more, less or other, or two swapped neighbours, tell them apart."""
    start = next((i for i, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), None)
    if start is None:
        return abs(len(word) - len(name)) == 1
    rest, wanted = word[start:], name[start:]
    swapped = rest[1::-1] + rest[2:]
    return wanted in {wanted[0] + rest[1:], rest[1:], swapped} or rest == wanted[1:]
