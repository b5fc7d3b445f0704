"""Reading speech: decode, mix down, cut the window, resample."""

from pathlib import Path

import librosa
import numpy as np
import soundfile

from serfusion.errors import Refusal

SHORTEST_S = 0.1
"""What counts as a window: about one frame of 2,048 samples at 22,050 Hz."""


def decode(path: str | Path) -> tuple[np.ndarray, int]:
    """Return the whole of a file as mono samples at its own rate.

    Channels are averaged.

    Returns
    -------
    samples : ndarray of shape (n,), float32, full scale ±1
    rate : int
        Hz.

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
    """Return the window of a clip that features are taken from, mono, at `sample_rate_hz`.

    The window is cut at the clip's own rate and then resampled, as `librosa.load` does. A clip of
    which less than `SHORTEST_S` lies in the window is read from its start instead.

    Parameters
    ----------
    path : str or Path
    sample_rate_hz : int
        The rate to return.
    offset_s, duration_s : float
        Where the window begins and how long it is, in seconds; a `duration_s` of None reads on to
        the end. A clip that is shorter gives what it has.
    trim_db : float or None, default None
        Of the window, what is more than this many decibels below its loudest frame is cut off at
        both ends, as `librosa.effects.trim` does; None keeps it all.

    Returns
    -------
    ndarray of shape (n,), float32

    Raises
    ------
    Refusal
        If the file has gone or cannot be decoded any more.
    """
    try:
        with soundfile.SoundFile(path) as file:
            rate = file.samplerate
            if file.frames >= (offset_s + SHORTEST_S) * rate:
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
