"""Reading audio: decoding, mixing down, cutting the window, resampling."""

from pathlib import Path

import librosa
import numpy as np
import soundfile

from serfusion.errors import Refusal

MIN_WINDOW_S = 0.1
"""The shortest usable window, about one frame of 2,048 samples at 22,050 Hz."""


def decode(path: str | Path) -> tuple[np.ndarray, int]:
    """Return all samples of a file at its sample rate, the channels averaged.

    Returns
    -------
    samples : ndarray of shape (n,), float32
        Full scale is ±1.
    sample_rate_hz : int

    Raises
    ------
    soundfile.LibsndfileError
        If the file cannot be decoded.
    """
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return samples.mean(axis=1), rate


def read_window(
    path: str | Path,
    *,
    sample_rate_hz: int,
    offset_s: float,
    duration_s: float | None,
    trim_db: float | None = None,
) -> np.ndarray:
    """Return the window of a clip from which features are extracted, mono and resampled.

    The window is cut at the sample rate of the file and then resampled, as in `librosa.load`. A
    clip that ends less than `MIN_WINDOW_S` after the start of the window is read from its start
    instead.

    Parameters
    ----------
    path : str or Path
    sample_rate_hz : int
        The sample rate of the result.
    offset_s : float
        The start of the window, in seconds.
    duration_s : float or None
        The length of the window, in seconds; None for the rest of the clip. A window that extends
        beyond the end of the clip is shorter.
    trim_db : float or None, default None
        Both ends of the window are trimmed where they are more than this many decibels below its
        loudest frame, as in `librosa.effects.trim`; None trims nothing.

    Returns
    -------
    ndarray of shape (n,), float32
        Full scale is ±1.

    Raises
    ------
    Refusal
        If the file is missing or can no longer be decoded.
    """
    try:
        with soundfile.SoundFile(path) as file:
            rate = file.samplerate
            if file.frames >= (offset_s + MIN_WINDOW_S) * rate:
                file.seek(int(offset_s * rate))
            frames = -1 if duration_s is None else int(duration_s * rate)
            samples = file.read(frames, dtype="float32", always_2d=True).mean(axis=1)
    except (OSError, soundfile.LibsndfileError) as error:
        raise Refusal(
            f"{path} was readable when its corpus was indexed and is not now ({error}): "
            "put the file back, or delete the corpus's clips.parquet to index it again."
        ) from error
    samples = librosa.resample(samples, orig_sr=rate, target_sr=sample_rate_hz)
    return samples if trim_db is None else librosa.effects.trim(samples, top_db=trim_db)[0]
