"""Names of people and labels as they are written: cleaned at the door, and compared.

One name has many spellings. `Jörg` is composed (NFC) on one disk and decomposed (NFD) on another;
spreadsheets leave blanks, turn `4` into `4.0` and drop the zero of `04`. Two spellings of one
person would be two actors, one tested while the other is trained on.
"""

import re
import unicodedata
from collections.abc import Iterable

from serfusion.errors import Refusal

DECIMAL = re.compile(r"(\d+)\.0+")
PADDED = re.compile(r"(?<!\d)0+(\d)")

MISSING = frozenset(
    ("", "nan", "na", "n/a", "none", "null", "nil", "missing", "unknown", "-", "--", "?")
)
"""Words, in lower case, with which tables say that they do not know."""


def clean_name(name: str) -> str:
    """Return a name in composed form (NFC), without blanks around it and with single ones in it."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def name_key(name: str) -> str:
    """Return what names have in common that differ only in case, blanks, padding or a final .0."""
    key = clean_name(name).casefold()
    decimal = DECIMAL.fullmatch(key)
    return PADDED.sub(r"\1", decimal[1] if decimal else key)


def is_missing(word: str) -> bool:
    """Return whether a cell says that nothing is known: it is empty, or one of `MISSING`."""
    return clean_name(word).casefold() in MISSING


def alike(names: Iterable[str]) -> list[tuple[str, str]]:
    """Return pairs of different names with the same `name_key`, sorted."""
    spellings: dict[str, list[str]] = {}
    for name in sorted(set(names)):
        spellings.setdefault(name_key(name), []).append(name)
    return [(first, other) for first, *others in spellings.values() for other in others]


def refuse_alike(names: Iterable[str], noun: str, place: str, advice: str) -> None:
    """Refuse names of which two differ only in case, blanks, padding or a final .0.

    Parameters
    ----------
    names : iterable of str
    noun : str
        What they are, in the plural.
    place : str
        Whose they are, for the refusal.
    advice : str
        What to do.

    Raises
    ------
    Refusal
        It names the first pair.
    """
    pairs = alike(names)
    if pairs:
        (first, second), more = pairs[0], len(pairs) - 1
        others = f" (and {more} more such pairs)" if more else ""
        raise Refusal(
            f"{place}: the {noun} {first!r} and {second!r} differ only in case, blanks, padding or "
            f"a final .0{others}: {advice}."
        )
