"""Frame features: the network inputs of Kawade et al. (2022) and Ullah et al. (2022).

Fundamental frequency, log energy, zero-crossing rate, MFCC and spectral contrast, with librosa's
definitions, all over the same frames.
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
    "trim_db": {"$ref": "#/$defs/trim_db"},
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
        "description": "Number of mel-frequency cepstral coefficients, from 128 mel bands.",
    },
    "f0_min_hz": {"$ref": "#/$defs/f0_min_hz"},
    "f0_max_hz": {"$ref": "#/$defs/f0_max_hz"},
    "frames": {"$ref": "#/$defs/frames"},
}


def shape(*, frames: int, parts: list[str], n_mfcc: int, **settings) -> tuple[int, int]:
    """Return the number of frames in a row of the table, and of channels in a frame.

    The channels, in the order of `parts`, are `f0` 2 (semitones above 27.5 Hz, 0 if unvoiced; and
    1 if voiced, 0 if not), `energy` 1, `zcr` 1, `mfcc` n_mfcc and `contrast` 7.

    Raises
    ------
    Refusal
        If a part cannot be computed with the sample rate, the frame length or the limits of the
        fundamental frequency.
    """
    if "f0" in parts:
        require_f0(**settings)
    if "contrast" in parts:
        require_contrast(settings["sample_rate_hz"])
    channels = {"f0": 2, "energy": 1, "zcr": 1, "mfcc": n_mfcc, "contrast": N_CONTRAST}
    return frames, sum(channels[part] for part in parts)


def extract(clip, load: Callable[[], np.ndarray], **settings) -> np.ndarray:
    """Return the frame features of one clip, shape (t, channels), float32."""
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
    """Return the frame features of `samples`.

    Parameters
    ----------
    samples : ndarray of shape (n,), float32
        Padded with zeros if shorter than a frame.
    sample_rate_hz : int
    frame_length, hop_length : int
        Samples per frame and between frames.
    parts : list of str
        Any of `f0`, `energy`, `zcr`, `mfcc` and `contrast`, in the order of the channels; see
        `shape` and `serfusion.extraction.descriptors`.
    n_mfcc : int
    f0_min_hz, f0_max_hz : float
        The range in which the fundamental frequency is searched.

    Returns
    -------
    ndarray of shape (1 + n // hop_length, channels), float32
    """
    descriptors = Descriptors(
        samples, sample_rate_hz=sample_rate_hz, frame_length=frame_length, hop_length=hop_length
    )
    functions = {
        "f0": lambda: descriptors.f0(f0_min_hz, f0_max_hz),
        "energy": descriptors.energy,
        "zcr": descriptors.zcr,
        "mfcc": lambda: descriptors.mfcc(n_mfcc),
        "contrast": descriptors.contrast,
    }
    return np.concatenate([functions[part]() for part in parts]).T.astype(np.float32)
