"""Stand-in for SAVEE: 4 male actors, 480 clips at 44.1 kHz.

Each actor speaks 15 sentences with each emotion and 30 neutral ones. It has no known faults.
"""

from pathlib import Path, PurePath

from serfusion.corpora.savee import EMOTIONS
from serfusion.speech.clips import Clip, select_clips
from serfusion.speech.synthesiser import CorpusSynthesiser

SAMPLE_RATE_HZ = 44100
ACTORS = ("DC", "JE", "JK", "KL")
SENTENCES = (
    "The bus was late again",
    "Put the basket on the table",
    "She left her coat at home",
    "Nobody saw the letter",
    "They bought a small boat",
    "The kettle is nearly boiling",
    "His brother works in town",
    "Open the window a little",
    "We walked along the river",
    "The lamp fell off the shelf",
    "Our train leaves at seven",
    "He forgot to lock the door",
    "The soup needs more salt",
    "You can see the hills from here",
    "Someone is at the gate",
    "The garden looks dry this year",
    "I read the paper on Sunday",
    "Her answer came by post",
    "The shop closes before noon",
    "Take the second road on the left",
    "Rain is expected this evening",
    "The cat slept under the stairs",
    "Most of the chairs were taken",
    "A new bridge is being built",
    "My watch stopped last night",
    "The children went to bed early",
    "Please write your name below",
    "There is milk in the jug",
    "Two of them stayed behind",
    "The bell rang three times",
)


def synthesise(folder: Path, seed: int, *, clips_per_actor: int | None) -> int:
    """Write the stand-in to `folder` and return the number of its audio files."""
    synthesiser = CorpusSynthesiser(folder, "stand-in SAVEE", seed, SAMPLE_RATE_HZ)
    for clip in clips(seed, clips_per_actor):
        synthesiser.write(clip.path, synthesiser.speak(clip))
    return synthesiser.finish()


def clips(seed: int, clips_per_actor: int | None) -> list[Clip]:
    """Return the clips, sorted by actor and emotion."""
    all_clips = [
        Clip(
            name=f"{actor}_{code}{number:02d}",
            path=PurePath(f"AudioData/{actor}/{code}{number:02d}.wav"),
            actor=actor,
            gender="male",
            emotion=emotion,
            text=text,
        )
        for actor in ACTORS
        for code, emotion in EMOTIONS.items()
        for number, text in enumerate(SENTENCES[: 30 if emotion == "neutral" else 15], start=1)
    ]
    return select_clips(all_clips, clips_per_actor, seed, always=())
