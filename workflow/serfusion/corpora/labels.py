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
