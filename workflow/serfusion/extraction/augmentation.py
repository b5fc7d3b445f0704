"""Augmentations: changed copies of training clips.

All four are transforms of audiomentations, each with one fixed strength.
"""

import random

import audiomentations
import numpy as np

from serfusion.seeds import seed_for

RANDOM = ["noise"]
"""The kinds that draw random numbers and so depend on the seed."""

SETTINGS = {
    "stretch": {
        "rate": {
            "type": "number",
            "minimum": 0.6,
            "maximum": 4,
            "default": 0.8,
            "description": "Relative speed; below 1 is slower. The pitch does not change.",
        }
    },
    "pitch": {
        "semitones": {
            "type": "number",
            "minimum": -24,
            "maximum": 24,
            "default": 2,
            "description": "Change of pitch; negative lowers it. The length does not change.",
        }
    },
    "low_pass": {
        "cutoff_hz": {
            "type": "number",
            "exclusiveMinimum": 0,
            "default": 3400,
            "description": "Cutoff frequency; higher frequencies are attenuated.",
        },
        "rolloff_db_per_octave": {
            "type": "integer",
            "multipleOf": 6,
            "minimum": 6,
            "default": 12,
            "description": "Slope of the filter above the cutoff frequency.",
        },
    },
    "noise": {
        "snr_db": {
            "type": "number",
            "default": 15,
            "description": "Signal-to-noise ratio of the added white noise.",
        }
    },
}


def _stretch(rate: float):
    return audiomentations.TimeStretch(rate, rate, leave_length_unchanged=False, p=1.0)


def _pitch(semitones: float):
    return audiomentations.PitchShift(semitones, semitones, p=1.0)


def _low_pass(cutoff_hz: float, rolloff_db_per_octave: int):
    rolloff = rolloff_db_per_octave
    return audiomentations.LowPassFilter(cutoff_hz, cutoff_hz, rolloff, rolloff, p=1.0)


def _noise(snr_db: float):
    return audiomentations.AddGaussianSNR(snr_db, snr_db, p=1.0)


TRANSFORMS = {
    "stretch": _stretch,
    "pitch": _pitch,
    "low_pass": _low_pass,
    "noise": _noise,
}


def augment(
    samples: np.ndarray,
    sample_rate_hz: int,
    *,
    kind: str,
    clip: str,
    seed: int = 0,
    **settings,
) -> np.ndarray:
    """Return an augmented copy of `samples`.

    Parameters
    ----------
    samples : ndarray of shape (n,), float32
    sample_rate_hz : int
    kind : str
        `stretch`, `pitch`, `low_pass` or `noise`.
    clip : str
        The name of the clip. Together with `seed` and `kind` it determines all random numbers.
    seed : int, default 0
        The study's seed, for the kinds in `RANDOM`.
    **settings
        The strength: a value for each key of `SETTINGS[kind]`.

    Returns
    -------
    ndarray of shape (m,), float32
        m differs from n only for `stretch`.
    """
    clip_seed = seed_for(seed, kind, clip)
    random.seed(clip_seed)
    np.random.seed(clip_seed)
    return TRANSFORMS[kind](**settings)(samples=samples, sample_rate=sample_rate_hz)
