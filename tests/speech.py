"""Artificial speech and artificial tables of clips."""

import numpy as np
import pandas as pd

from serfusion.clips.dataset import combine


def voice(seconds: float, rate: int, seed: int = 0) -> np.ndarray:
    """Return a vowel-like sound, float32: harmonics of a varying pitch, and faint noise."""
    random = np.random.default_rng(seed)
    time = np.arange(int(seconds * rate)) / rate
    pitch = 120 + 30 * seed + 20 * np.sin(2 * np.pi * 3 * time)
    phase = 2 * np.pi * np.cumsum(pitch) / rate
    tone = sum(np.sin(n * phase) / n for n in range(1, 12))
    loudness = 0.2 * (1 + np.sin(2 * np.pi * 2 * time))
    return (loudness * tone / 3 + 0.003 * random.standard_normal(len(time))).astype(np.float32)


def clip_table(actors: int, per_actor: int = 8, corpus: str = "made") -> pd.DataFrame:
    """Return a clip table of alternately male and female actors, with 4 emotions."""
    emotions = ("angry", "happy", "neutral", "sad")
    rows = [
        {
            "clip": f"{corpus}/{actor:03d}-{number:02d}",
            "corpus": corpus,
            "path": f"{actor:03d}-{number:02d}.wav",
            "start_s": None,
            "end_s": None,
            "channel": None,
            "actor": f"{corpus}/{actor:03d}",
            "gender": "male" if actor % 2 else "female",
            "emotion": emotions[number % len(emotions)],
            "intensity": None,
            "sentence": ("kids", "dogs")[number % 2],
            "session": None,
            "duration_s": 2.0,
            "sound_start_s": 0.5,
            "sound_end_s": 1.5,
            "sample_rate_hz": 16000,
            "sha256": f"{corpus}-{actor}-{number}",
        }
        for actor in range(1, actors + 1)
        for number in range(per_actor)
    ]
    return pd.DataFrame(rows)


def combined(clips: list[pd.DataFrame], **options) -> pd.DataFrame:
    """Return a dataset of clips that have no sound, so that none is a copy of another."""
    silent = [table[["clip"]].assign(fingerprint=b"") for table in clips]
    dataset, rejected = combine(clips, silent, **options)
    assert rejected.empty
    return dataset
