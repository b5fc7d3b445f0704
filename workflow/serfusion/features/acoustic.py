"""The acoustic features of SER-FusionNet, 162 by default: means over frames.

Zero-crossing rate (1), chroma (12), MFCC (20), RMS (1) and mel power (128), with librosa's
definitions and defaults. Chroma, MFCC and mel share one power spectrum. With only the parts mel,
chroma and mfcc they are the features on which Rumagit et al. (2021) compare classifiers.
"""

from collections.abc import Callable

import numpy as np

from serfusion.extraction.descriptors import N_CHROMA, Descriptors, require_mfcc

SETTINGS = {
    "sample_rate_hz": {"$ref": "#/$defs/sample_rate_hz"},
    "offset_s": {"$ref": "#/$defs/offset_s"},
    "duration_s": {"$ref": "#/$defs/duration_s"},
    "trim_db": {"$ref": "#/$defs/trim_db"},
    "frame_length": {"$ref": "#/$defs/frame_length"},
    "hop_length": {"$ref": "#/$defs/hop_length"},
    "parts": {
        "type": "array",
        "items": {"enum": ["zcr", "chroma", "mfcc", "rms", "mel"]},
        "uniqueItems": True,
        "minItems": 1,
        "default": ["zcr", "chroma", "mfcc", "rms", "mel"],
        "description": "The features, in the order of their columns.",
    },
    "n_mfcc": {
        "type": "integer",
        "minimum": 1,
        "default": 20,
        "description": "Number of mel-frequency cepstral coefficients.",
    },
    "n_mels": {
        "type": "integer",
        "minimum": 1,
        "default": 128,
        "description": "Number of mel bands.",
    },
}


def names(*, parts: list[str], n_mfcc: int, n_mels: int, **_) -> list[str]:
    """Return the column names, by default `zcr`, `chroma_0` …, `mfcc_0` …, `rms` and `mel_0` ….

    Raises
    ------
    Refusal
        If there are more cepstral coefficients than mel bands.
    """
    if "mfcc" in parts:
        require_mfcc(n_mfcc, n_mels)
    columns = {
        "zcr": ["zcr"],
        "chroma": [f"chroma_{i}" for i in range(N_CHROMA)],
        "mfcc": [f"mfcc_{i}" for i in range(n_mfcc)],
        "rms": ["rms"],
        "mel": [f"mel_{i}" for i in range(n_mels)],
    }
    return [name for part in parts for name in columns[part]]


def extract(clip, load: Callable[[], np.ndarray], **settings) -> np.ndarray:
    """Return the acoustic features of one clip, shape (columns,), float32; see `names`."""
    return acoustic(load(), **settings)


def acoustic(
    samples: np.ndarray,
    *,
    sample_rate_hz: int,
    frame_length: int,
    hop_length: int,
    parts: list[str],
    n_mfcc: int,
    n_mels: int,
    **_,
) -> np.ndarray:
    """Return the mean over frames of each acoustic feature of `samples`.

    Equal to the means of `librosa.feature.zero_crossing_rate`, `chroma_stft`, `mfcc`, `rms` and
    `melspectrogram` of the same samples. Samples shorter than a frame are padded with zeros.

    Parameters
    ----------
    samples : ndarray of shape (n,), float32
    sample_rate_hz : int
    frame_length, hop_length : int
        Samples per frame and between frames.
    parts : list of str
        Any of `zcr`, `chroma`, `mfcc`, `rms` and `mel`, in the order of the columns.
    n_mfcc, n_mels : int

    Returns
    -------
    ndarray of shape (columns,), float32
        1 + 12 + n_mfcc + 1 + n_mels columns with all parts.
    """
    descriptors = Descriptors(
        samples,
        sample_rate_hz=sample_rate_hz,
        frame_length=frame_length,
        hop_length=hop_length,
        n_mels=n_mels,
    )
    functions = {
        "zcr": descriptors.zcr,
        "chroma": descriptors.chroma,
        "mfcc": lambda: descriptors.mfcc(n_mfcc),
        "rms": descriptors.rms,
        "mel": lambda: descriptors.mel,
    }
    return np.concatenate([functions[part]().mean(axis=1) for part in parts]).astype(np.float32)
