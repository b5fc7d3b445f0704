"""Stand-in for RAVDESS: 24 actors, 1,440 clips at 48 kHz, as published.

Its faults: actor 07's two repetitions of one happy clip are the same bytes; one clip is stereo with
equal channels (five are in the published files); one is very quiet (thirteen of actors 09 and 20
are); and a subfolder holds a second full copy of one actor, where copies in circulation hold one of
them all.
"""

import shutil
from itertools import product
from pathlib import Path, PurePath

import numpy as np

from serfusion.corpora.ravdess import EMOTIONS
from serfusion.speech.clips import Clip, some_of
from serfusion.speech.stage import Stage

SAMPLE_RATE_HZ = 48000
ACTORS = range(1, 25)
SENTENCES = {"01": "Kids are talking by the door", "02": "Dogs are sitting by the door"}
STRENGTHS = {"01": 1.0, "02": 1.4}

REPEATED, ORIGINAL = "03-01-03-01-02-02-07", "03-01-03-01-02-01-07"
STEREO = "03-01-02-01-01-02-01"
QUIET, QUIET_PEAK_DB = "03-01-04-01-01-01-09", -45
NESTED = PurePath("audio_speech_actors_01-24")


def synthesise(folder: Path, seed: int, *, clips_per_actor: int | None) -> int:
    """Write the stand-in under `folder` and return the number of audio files."""
    stage = Stage(folder, "stand-in RAVDESS", seed, SAMPLE_RATE_HZ)
    for said in clips(seed, clips_per_actor):
        samples = stage.say(said)
        if said.name == STEREO:
            samples = np.stack([samples, samples], axis=1)
        if said.name == QUIET:
            samples *= 10 ** (QUIET_PEAK_DB / 20) / np.abs(samples).max()
        stage.write(said.path, samples)
    shutil.copyfile(folder / f"Actor_07/{ORIGINAL}.wav", folder / f"Actor_07/{REPEATED}.wav")
    shutil.copytree(folder / "Actor_01", folder / NESTED / "Actor_01")
    return stage.finish()


def clips(seed: int, clips_per_actor: int | None) -> list[Clip]:
    """Return what is said, by actor, in the order of their names."""
    everything = [
        clip(*fields) for fields in product(ACTORS, EMOTIONS, STRENGTHS, SENTENCES, (1, 2))
    ]
    possible = [each for each in everything if each.emotion != "neutral" or each.strength == 1]
    faulty = {REPEATED, ORIGINAL, STEREO, QUIET}
    return some_of(possible, clips_per_actor, seed, always=faulty)


def clip(actor: int, emotion: str, intensity: str, sentence: str, repetition: int) -> Clip:
    """Return the clip that RAVDESS's codes and numbers stand for."""
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
