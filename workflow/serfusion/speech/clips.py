"""What is to be said, and which part of a corpus a small copy of it has."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import zip_longest
from pathlib import PurePath
from typing import NamedTuple, TypeVar

from serfusion.seeds import seed_for

FIRST = ("angry", "disgust", "fear", "happy", "neutral", "sad")
"""The emotions that the smallest copy of a corpus should have of each actor."""

Item = TypeVar("Item")


class Clip(NamedTuple):
    """One clip to be spoken.

    `name` is unique in its corpus, and what is drawn for the clip depends on it; `path` is relative
    to the corpus's folder; `strength` says how far the emotion departs from the speaker's plain
    voice, 1 being as far as usual.
    """

    name: str
    path: PurePath
    actor: str
    gender: str
    emotion: str
    text: str
    strength: float = 1.0


def some_of(
    clips: Sequence[Clip], per_actor: int | None, seed: int, *, always: Collection[str]
) -> list[Clip]:
    """Return `per_actor` clips of each actor and those named in `always`, in the order of `clips`.

    Which of an emotion's clips they are is drawn, so that the actors differ in what they say. If
    `per_actor` is None, all clips are returned.
    """
    if per_actor is None:
        return list(clips)
    by_actor = defaultdict(list)
    for clip in sorted(clips, key=lambda clip: seed_for(seed, "chosen", clip.name)):
        by_actor[clip.actor].append(clip)
    chosen = set(always)
    for own in by_actor.values():
        chosen.update(clip.name for clip in in_turn(own, lambda clip: clip.emotion)[:per_actor])
    return [clip for clip in clips if clip.name in chosen]


def in_turn(items: Iterable[Item], emotion_of: Callable[[Item], str]) -> list[Item]:
    """Return `items` with one of each emotion before a second of any, those of `FIRST` leading."""
    by_emotion = defaultdict(list)
    for item in items:
        by_emotion[emotion_of(item)].append(item)
    emotions = sorted(by_emotion, key=lambda emotion: (emotion not in FIRST, emotion))
    rounds = zip_longest(*(by_emotion[emotion] for emotion in emotions))
    return [item for one_of_each in rounds for item in one_of_each if item is not None]
