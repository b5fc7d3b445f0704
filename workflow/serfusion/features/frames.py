"""Descriptors frame by frame: what Kawade et al. (2022) and Ullah et al. (2022) feed networks.

Fundamental frequency, log energy, zero-crossing rate, MFCC and spectral contrast, by librosa's own
definitions, each in the same frames.
"""

from collections.abc import Callable

import numpy as np

from serfusion.extraction.descriptors import N_CONTRAST, Descriptors, require_contrast, require_f0

FRAMES = True
PRECISION = "float32"

SETTINGS = {
    "sample_rate_hz": {"$ref": "#/$defs/sample_rate_hz"},
    "offset_s": {"$ref": "#/$defs/offset_s"},
    "duration_s": {"$ref": "#/$defs/duration_s"},
    "frame_length": {"$ref": "#/$defs/frame_length"},
    "hop_length": {"$ref": "#/$defs/hop_length"},
    "parts": {
        "type": "array",
        "items": {"enum": ["f0", "energy", "zcr", "mfcc", "contrast"]},
        "uniqueItems": True,
        "minItems": 1,
        "default": ["f0", "energy", "zcr", "mfcc"],
        "description": "The descriptors, in the order of their channels.",
    },
    "n_mfcc": {
        "type": "integer",
        "minimum": 1,
        "maximum": 128,
        "default": 20,
        "description": "How many mel-frequency cepstral coefficients, of 128 mel bands.",
    },
    "f0_min_hz": {"$ref": "#/$defs/f0_min_hz"},
    "f0_max_hz": {"$ref": "#/$defs/f0_max_hz"},
    "frames": {"$ref": "#/$defs/frames"},
}


def shape(*, frames: int, parts: list[str], n_mfcc: int, **settings) -> tuple[int, int]:
    """Return how many frames are kept and how many channels they have.

    Channels are `f0` 2 (semitones above 27.5 Hz, 0 where unvoiced; and 1 where voiced),
    `energy` 1, `zcr` 1, `mfcc` n_mfcc and `contrast` 7, in the order of `parts`.

    Raises
    ------
    Refusal
        If the rate, the frame or the limits of the fundamental frequency do not suit a part.
    """
    if "f0" in parts:
        require_f0(**settings)
    if "contrast" in parts:
        require_contrast(settings["sample_rate_hz"])
    channels = {"f0": 2, "energy": 1, "zcr": 1, "mfcc": n_mfcc, "contrast": N_CONTRAST}
    return frames, sum(channels[part] for part in parts)


def extract(clip, load: Callable[[], np.ndarray], **settings) -> np.ndarray:
    """Return the descriptors of one clip, shape (t, channels), float32."""
    return by_frame(load(), **settings)


def by_frame(
    samples: np.ndarray,
    *,
    sample_rate_hz: int,
    frame_length: int,
    hop_length: int,
    parts: list[str],
    n_mfcc: int,
    f0_min_hz: float,
    f0_max_hz: float,
    **_,
) -> np.ndarray:
    """Return the descriptors of `samples` frame by frame.

    Parameters
    ----------
    samples : ndarray of shape (n,), float32
        Padded with zeros to a frame if there are fewer.
    sample_rate_hz : int
    frame_length, hop_length : int
        Samples per frame and between frames.
    parts : list of str
        `f0`, `energy`, `zcr`, `mfcc`, `contrast`: see `shape` and `serfusion.extraction.descriptors`.
    n_mfcc : int
    f0_min_hz, f0_max_hz : float
        Between which the fundamental frequency is looked for.

    Returns
    -------
    ndarray of shape (1 + n // hop_length, channels), float32
    """
    found = Descriptors(
        samples, sample_rate_hz=sample_rate_hz, frame_length=frame_length, hop_length=hop_length
    )
    measure = {
        "f0": lambda: found.f0(f0_min_hz, f0_max_hz),
        "energy": found.energy,
        "zcr": found.zcr,
        "mfcc": lambda: found.mfcc(n_mfcc),
        "contrast": found.contrast,
    }
    return np.concatenate([measure[part]() for part in parts]).T.astype(np.float32)
