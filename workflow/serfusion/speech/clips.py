"""The clips of a synthetic corpus, and the selection of clips for a small one."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import zip_longest
from pathlib import PurePath
from typing import NamedTuple, TypeVar

from serfusion.seeds import seed_for

BASIC_EMOTIONS = ("angry", "disgust", "fear", "happy", "neutral", "sad")
"""The emotions that a small corpus should have of each actor before any others."""

Item = TypeVar("Item")


class Clip(NamedTuple):
    """A clip to synthesise.

    Attributes
    ----------
    name : str
        Unique in its corpus; the random numbers for the clip depend on it.
    path : PurePath
        Relative to the folder of the corpus.
    actor, gender, emotion : str
    text : str
        The sentence to speak.
    strength : float, default 1
        Factor of the emotion's changes to the neutral voice.
    """

    name: str
    path: PurePath
    actor: str
    gender: str
    emotion: str
    text: str
    strength: float = 1.0


def select_clips(
    clips: Sequence[Clip], per_actor: int | None, seed: int, *, always: Collection[str]
) -> list[Clip]:
    """Return `per_actor` clips of each actor and those named in `always`, in the order of `clips`.

    The emotions of an actor get equal shares, and their clips are drawn at random, so that actors
    speak different sentences.

    Parameters
    ----------
    clips : sequence of Clip
    per_actor : int or None
        None returns all clips.
    seed : int
    always : collection of str
        Names of clips that are always included, beyond `per_actor`.
    """
    if per_actor is None:
        return list(clips)
    by_actor = defaultdict(list)
    for clip in sorted(clips, key=lambda clip: seed_for(seed, "chosen", clip.name)):
        by_actor[clip.actor].append(clip)
    selected = set(always)
    for actor_clips in by_actor.values():
        ordered = alternate_emotions(actor_clips, lambda clip: clip.emotion)
        selected.update(clip.name for clip in ordered[:per_actor])
    return [clip for clip in clips if clip.name in selected]


def alternate_emotions(items: Iterable[Item], emotion_of: Callable[[Item], str]) -> list[Item]:
    """Return `items` in rounds of one item per emotion, `BASIC_EMOTIONS` first in each round.

    Parameters
    ----------
    items : iterable
    emotion_of : callable
        Maps an item to its emotion.
    """
    by_emotion = defaultdict(list)
    for item in items:
        by_emotion[emotion_of(item)].append(item)
    emotions = sorted(by_emotion, key=lambda emotion: (emotion not in BASIC_EMOTIONS, emotion))
    rounds = zip_longest(*(by_emotion[emotion] for emotion in emotions))
    return [item for one_round in rounds for item in one_round if item is not None]
