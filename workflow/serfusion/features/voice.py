"""Mean MFCC, fundamental frequency and mean spectral contrast, 50 numbers: Zhang et al. (2023).

Their "Deep Learning Method Using Gender-Specific Features for Emotion Recognition" (Sensors 23(3),
1355) selects descriptors for each gender; here both have the same ones, so that one table serves.
"""

from collections.abc import Callable

import numpy as np

from serfusion.extraction.descriptors import N_CONTRAST, Descriptors, require_contrast, require_f0

SETTINGS = {
    "sample_rate_hz": {"$ref": "#/$defs/sample_rate_hz"},
    "offset_s": {"$ref": "#/$defs/offset_s"},
    "duration_s": {"$ref": "#/$defs/duration_s"},
    "frame_length": {"$ref": "#/$defs/frame_length"},
    "hop_length": {"$ref": "#/$defs/hop_length"},
    "n_mfcc": {
        "type": "integer",
        "minimum": 1,
        "maximum": 128,
        "default": 40,
        "description": "How many mel-frequency cepstral coefficients, of 128 mel bands.",
    },
    "f0_min_hz": {"$ref": "#/$defs/f0_min_hz"},
    "f0_max_hz": {"$ref": "#/$defs/f0_max_hz"},
}


def names(*, n_mfcc: int, sample_rate_hz: int, **settings) -> list[str]:
    """Return the columns' names: `mfcc_0` …, the three of F0, `contrast_0` to `contrast_6`.

    Raises
    ------
    Refusal
        If the rate, the frame or the limits of the fundamental frequency do not suit.
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
    """Return the features of one clip's voice, shape (n_mfcc + 3 + 7,), float32."""
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
    """Return mean MFCC, the fundamental frequency's statistics and mean contrast of `samples`.

    `f0_mean` and `f0_deviation` are over the voiced frames, in semitones (the mean above 27.5 Hz),
    and 0 where no frame is voiced; `voiced_share` is the share of frames that are.

    Parameters
    ----------
    samples : ndarray of shape (n,), float32
        Padded with zeros to a frame if there are fewer.
    sample_rate_hz : int
    frame_length, hop_length : int
        Samples per frame and between frames.
    n_mfcc : int
    f0_min_hz, f0_max_hz : float
        Between which the fundamental frequency is looked for.

    Returns
    -------
    ndarray of shape (n_mfcc + 3 + 7,), float32
    """
    found = Descriptors(
        samples, sample_rate_hz=sample_rate_hz, frame_length=frame_length, hop_length=hop_length
    )
    semitones, voiced = found.f0(f0_min_hz, f0_max_hz)
    heard = semitones[voiced == 1]
    pitch = [heard.mean(), heard.std()] if heard.size else [0.0, 0.0]
    return np.concatenate(
        [
            found.mfcc(n_mfcc).mean(axis=1),
            [*pitch, voiced.mean()],
            found.contrast().mean(axis=1),
        ]
    ).astype(np.float32)
