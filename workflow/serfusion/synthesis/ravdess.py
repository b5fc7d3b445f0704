"""Stand-in for RAVDESS: 24 actors, 1,440 clips at 48 kHz, as published.

Its faults: two repetitions of a happy clip of actor 07 have the same bytes; one clip is stereo with
equal channels (as are five published files); one clip is very quiet (as are thirteen clips of
actors 09 and 20); and a subfolder holds a copy of all files of one actor (of all actors in copies
that are in circulation).
"""

import shutil
from itertools import product
from pathlib import Path, PurePath

import numpy as np

from serfusion.corpora.ravdess import EMOTIONS
from serfusion.speech.clips import Clip, select_clips
from serfusion.speech.synthesiser import CorpusSynthesiser

SAMPLE_RATE_HZ = 48000
ACTORS = range(1, 25)
SENTENCES = {"01": "Kids are talking by the door", "02": "Dogs are sitting by the door"}
STRENGTHS = {"01": 1.0, "02": 1.4}

REPEATED, ORIGINAL = "03-01-03-01-02-02-07", "03-01-03-01-02-01-07"
STEREO = "03-01-02-01-01-02-01"
QUIET, QUIET_PEAK_DB = "03-01-04-01-01-01-09", -45
NESTED = PurePath("audio_speech_actors_01-24")


def synthesise(folder: Path, seed: int, *, clips_per_actor: int | None) -> int:
    """Write the stand-in to `folder` and return the number of its audio files."""
    synthesiser = CorpusSynthesiser(folder, "stand-in RAVDESS", seed, SAMPLE_RATE_HZ)
    for spoken in clips(seed, clips_per_actor):
        samples = synthesiser.speak(spoken)
        if spoken.name == STEREO:
            samples = np.stack([samples, samples], axis=1)
        if spoken.name == QUIET:
            samples *= 10 ** (QUIET_PEAK_DB / 20) / np.abs(samples).max()
        synthesiser.write(spoken.path, samples)
    shutil.copyfile(folder / f"Actor_07/{ORIGINAL}.wav", folder / f"Actor_07/{REPEATED}.wav")
    shutil.copytree(folder / "Actor_01", folder / NESTED / "Actor_01")
    return synthesiser.finish()


def clips(seed: int, clips_per_actor: int | None) -> list[Clip]:
    """Return the clips, sorted by actor and name."""
    combinations = product(ACTORS, EMOTIONS, STRENGTHS, SENTENCES, (1, 2))
    all_clips = [clip(*fields) for fields in combinations]
    existing = [
        spoken for spoken in all_clips if spoken.emotion != "neutral" or spoken.strength == 1
    ]
    faulty = {REPEATED, ORIGINAL, STEREO, QUIET}
    return select_clips(existing, clips_per_actor, seed, always=faulty)


def clip(actor: int, emotion: str, intensity: str, sentence: str, repetition: int) -> Clip:
    """Return the clip with these codes and numbers of RAVDESS."""
    name = f"03-01-{emotion}-{intensity}-{sentence}-{repetition:02d}-{actor:02d}"
    return Clip(
        name=name,
        path=PurePath(f"Actor_{actor:02d}/{name}.wav"),
        actor=f"{actor:02d}",
        gender="male" if actor % 2 else "female",
        emotion=EMOTIONS[emotion],
        text=SENTENCES[sentence],
        strength=STRENGTHS[intensity],
    )
