"""The six statistical features of SER-FusionNet.

Mean, variance, skewness and kurtosis of the signal, and its mean spectral centroid and bandwidth.
"""

from collections.abc import Callable

import librosa
import numpy as np
from scipy import stats

SETTINGS = {
    "sample_rate_hz": {"$ref": "#/$defs/sample_rate_hz"},
    "offset_s": {"$ref": "#/$defs/offset_s"},
    "duration_s": {"$ref": "#/$defs/duration_s"},
    "trim_db": {"$ref": "#/$defs/trim_db"},
    "frame_length": {"$ref": "#/$defs/frame_length"},
    "hop_length": {"$ref": "#/$defs/hop_length"},
}


def names(**_) -> list[str]:
    """Return the names of the six columns."""
    return [
        "mean",
        "variance",
        "skewness",
        "kurtosis",
        "spectral_centroid",
        "spectral_bandwidth",
    ]


def extract(clip, load: Callable[[], np.ndarray], **settings) -> np.ndarray:
    """Return the statistical features of one clip, shape (6,), float32."""
    return statistical(load(), **settings)


def statistical(
    samples: np.ndarray, *, sample_rate_hz: int, frame_length: int, hop_length: int, **_
) -> np.ndarray:
    """Return the six statistical features of `samples`.

    Skewness and excess kurtosis (Fisher's definition) are scipy's, and 0 for a constant signal.
    Centroid and bandwidth, in Hz, are librosa's, averaged over frames. Samples shorter than a frame
    are padded with zeros.

    Parameters
    ----------
    samples : ndarray of shape (n,), float32
    sample_rate_hz : int
    frame_length, hop_length : int
        Samples per frame and between frames.

    Returns
    -------
    ndarray of shape (6,), float32
    """
    samples = librosa.util.fix_length(samples, size=max(len(samples), frame_length))
    spectrum = np.abs(librosa.stft(samples, n_fft=frame_length, hop_length=hop_length))
    signal = samples.astype(np.float64)
    shape = (0.0, 0.0) if np.ptp(signal) == 0 else (stats.skew(signal), stats.kurtosis(signal))
    centroid = librosa.feature.spectral_centroid(S=spectrum, sr=sample_rate_hz)
    bandwidth = librosa.feature.spectral_bandwidth(S=spectrum, sr=sample_rate_hz, centroid=centroid)
    return np.array(
        [signal.mean(), signal.var(), *shape, centroid.mean(), bandwidth.mean()],
        dtype=np.float32,
    )
