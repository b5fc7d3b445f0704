"""What a corpus says about one clip."""

from typing import NamedTuple


class Labels(NamedTuple):
    """The labels of one clip.

    `actor` is unique within its corpus; `gender` is `female`, `male` or None where unknown;
    `emotion` is one of angry, calm, disgust, fear, happy, neutral, sad and surprise or, for any
    other, its corpus's own word.
    """

    name: str
    actor: str
    gender: str | None
    emotion: str
    intensity: str | None = None
    sentence: str | None = None
    session: str | None = None


def known(codes: dict[str, str], code: str, field: str) -> str:
    """Return what `code` stands for, or raise a `ValueError` that names the field and the code."""
    if code not in codes:
        raise ValueError(f"unknown {field} {code} in its name")
    return codes[code]
