"""Mean MFCC, fundamental frequency and mean spectral contrast, 50 numbers (Zhang et al. 2023).

Their "Deep Learning Method Using Gender-Specific Features for Emotion Recognition" (Sensors 23(3),
1355) selects features for each gender. Here both genders have the same, so that they share a table.
"""

from collections.abc import Callable

import numpy as np

from serfusion.extraction.descriptors import N_CONTRAST, Descriptors, require_contrast, require_f0

SETTINGS = {
    "sample_rate_hz": {"$ref": "#/$defs/sample_rate_hz"},
    "offset_s": {"$ref": "#/$defs/offset_s"},
    "duration_s": {"$ref": "#/$defs/duration_s"},
    "trim_db": {"$ref": "#/$defs/trim_db"},
    "frame_length": {"$ref": "#/$defs/frame_length"},
    "hop_length": {"$ref": "#/$defs/hop_length"},
    "n_mfcc": {
        "type": "integer",
        "minimum": 1,
        "maximum": 128,
        "default": 40,
        "description": "Number of mel-frequency cepstral coefficients, from 128 mel bands.",
    },
    "f0_min_hz": {"$ref": "#/$defs/f0_min_hz"},
    "f0_max_hz": {"$ref": "#/$defs/f0_max_hz"},
}


def names(*, n_mfcc: int, sample_rate_hz: int, **settings) -> list[str]:
    """Return the names of the columns: `mfcc_0` …, three of F0, `contrast_0` to `contrast_6`.

    Raises
    ------
    Refusal
        If a feature cannot be computed with the sample rate, the frame length or the limits of the
        fundamental frequency.
    """
    require_f0(sample_rate_hz=sample_rate_hz, **settings)
    require_contrast(sample_rate_hz)
    return [
        *(f"mfcc_{i}" for i in range(n_mfcc)),
        "f0_mean",
        "f0_deviation",
        "voiced_share",
        *(f"contrast_{i}" for i in range(N_CONTRAST)),
    ]


def extract(clip, load: Callable[[], np.ndarray], **settings) -> np.ndarray:
    """Return the voice features of one clip, shape (n_mfcc + 3 + 7,), float32."""
    return voice(load(), **settings)


def voice(
    samples: np.ndarray,
    *,
    sample_rate_hz: int,
    frame_length: int,
    hop_length: int,
    n_mfcc: int,
    f0_min_hz: float,
    f0_max_hz: float,
    **_,
) -> np.ndarray:
    """Return mean MFCC, statistics of the fundamental frequency, and mean contrast of `samples`.

    `f0_mean` (in semitones above 27.5 Hz) and `f0_deviation` (standard deviation, in semitones)
    are computed over the voiced frames, and 0 if there are none. `voiced_share` is the share of
    voiced frames.

    Parameters
    ----------
    samples : ndarray of shape (n,), float32
        Padded with zeros if shorter than a frame.
    sample_rate_hz : int
    frame_length, hop_length : int
        Samples per frame and between frames.
    n_mfcc : int
    f0_min_hz, f0_max_hz : float
        The range in which the fundamental frequency is searched.

    Returns
    -------
    ndarray of shape (n_mfcc + 3 + 7,), float32
    """
    descriptors = Descriptors(
        samples, sample_rate_hz=sample_rate_hz, frame_length=frame_length, hop_length=hop_length
    )
    semitones, voiced = descriptors.f0(f0_min_hz, f0_max_hz)
    voiced_semitones = semitones[voiced == 1]
    f0 = [voiced_semitones.mean(), voiced_semitones.std()] if voiced_semitones.size else [0.0, 0.0]
    return np.concatenate(
        [
            descriptors.mfcc(n_mfcc).mean(axis=1),
            [*f0, voiced.mean()],
            descriptors.contrast().mean(axis=1),
        ]
    ).astype(np.float32)
