"""The acoustic features of SER-FusionNet, 162 by default: means over frames.

Zero-crossing rate (1), chroma (12), MFCC (20), RMS (1) and mel power (128), by librosa's own
definitions and defaults. One power spectrum serves chroma, MFCC and mel.
"""

from collections.abc import Callable

import librosa
import numpy as np

from serfusion.errors import Refusal

SETTINGS = {
    "sample_rate_hz": {"$ref": "#/$defs/sample_rate_hz"},
    "offset_s": {"$ref": "#/$defs/offset_s"},
    "duration_s": {"$ref": "#/$defs/duration_s"},
    "frame_length": {"$ref": "#/$defs/frame_length"},
    "hop_length": {"$ref": "#/$defs/hop_length"},
    "n_mfcc": {
        "type": "integer",
        "minimum": 1,
        "default": 20,
        "description": "How many mel-frequency cepstral coefficients.",
    },
    "n_mels": {
        "type": "integer",
        "minimum": 1,
        "default": 128,
        "description": "How many mel bands.",
    },
}

N_CHROMA = 12


def names(*, n_mfcc: int, n_mels: int, **_) -> list[str]:
    """Return the columns' names: `zcr`, `chroma_0` …, `mfcc_0` …, `rms`, and `mel_0` on."""
    if n_mfcc > n_mels:
        raise Refusal(f"n_mfcc ({n_mfcc}) cannot be more than n_mels ({n_mels}) of a feature set.")
    return [
        "zcr",
        *(f"chroma_{i}" for i in range(N_CHROMA)),
        *(f"mfcc_{i}" for i in range(n_mfcc)),
        "rms",
        *(f"mel_{i}" for i in range(n_mels)),
    ]


def extract(clip, load: Callable[[], np.ndarray], **settings) -> np.ndarray:
    """Return the acoustic features of one clip, shape (1 + 12 + n_mfcc + 1 + n_mels,), float32."""
    return acoustic(load(), **settings)


def acoustic(
    samples: np.ndarray,
    *,
    sample_rate_hz: int,
    frame_length: int,
    hop_length: int,
    n_mfcc: int,
    n_mels: int,
    **_,
) -> np.ndarray:
    """Return the mean over frames of each acoustic feature of `samples`.

    Equal to the means of `librosa.feature.zero_crossing_rate`, `chroma_stft`, `mfcc`, `rms` and
    `melspectrogram` of the same samples. Samples shorter than a frame are padded with zeros to one.

    Parameters
    ----------
    samples : ndarray of shape (n,), float32
    sample_rate_hz : int
    frame_length, hop_length : int
        Samples per frame and between frames.
    n_mfcc, n_mels : int

    Returns
    -------
    ndarray of shape (1 + 12 + n_mfcc + 1 + n_mels,), float32
    """
    samples = librosa.util.fix_length(samples, size=max(len(samples), frame_length))
    frames = {"frame_length": frame_length, "hop_length": hop_length}
    spectrum = np.abs(librosa.stft(samples, n_fft=frame_length, hop_length=hop_length)) ** 2
    shared = {"S": spectrum, "sr": sample_rate_hz}
    mel = librosa.feature.melspectrogram(**shared, n_fft=frame_length, n_mels=n_mels)
    mfcc = librosa.feature.mfcc(S=librosa.power_to_db(mel), sr=sample_rate_hz, n_mfcc=n_mfcc)
    chroma = librosa.feature.chroma_stft(**shared, n_fft=frame_length, n_chroma=N_CHROMA)
    parts = [
        librosa.feature.zero_crossing_rate(samples, **frames),
        chroma,
        mfcc,
        librosa.feature.rms(y=samples, **frames),
        mel,
    ]
    return np.concatenate([part.mean(axis=1) for part in parts]).astype(np.float32)
