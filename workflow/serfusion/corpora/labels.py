"""What a corpus says about one clip, and the canonical spelling of emotions."""

from typing import NamedTuple

EMOTIONS = ("angry", "calm", "disgust", "fear", "happy", "neutral", "sad", "surprise")


class Labels(NamedTuple):
    """The labels of one clip.

    `actor` is unique within its corpus; `gender` is `female`, `male` or None where unknown;
    `emotion` is one of `EMOTIONS` or its corpus's own word.
    """

    name: str
    actor: str
    gender: str | None
    emotion: str
    intensity: str | None = None
    sentence: str | None = None
    session: str | None = None
