"""What a clip looks and sounds like, small enough to be embedded in a page."""

from base64 import b64encode
from io import BytesIO
from pathlib import Path

import numpy as np
import soundfile
from PIL import Image

from serfusion.clips.audio import Segment, read_window
from serfusion.features.log_mel import log_mel
from serfusion.layers.colours import MAGMA

SAMPLE_RATE_HZ = 16000
FRAME_LENGTH = 512
LEAST_HOP = 128
COLUMNS = 320
"""The number of columns of a waveform, and the largest of a spectrogram."""

N_MELS = 64
RANGE_DB = 80
"""What is further below the loudest is black, as librosa draws it by default."""


def portrait(path: str | Path, segment: Segment, *, embed: bool) -> dict:
    """Return the pictures of a clip and, if asked for, its sound.

    Parameters
    ----------
    path : str or Path
        The audio file.
    segment : Segment
        What of it the clip is.
    embed : bool
        Whether to return its sound.

    Returns
    -------
    dict
        `seconds`, its duration; `outline`, see `outline`; `spectrogram`, a PNG, and `audio`, an
        MP3 or None, as data URIs.

    Raises
    ------
    Refusal
        If the file is gone or can no longer be decoded.
    """
    samples = read_window(path, segment, sample_rate_hz=SAMPLE_RATE_HZ, offset_s=0, duration_s=None)
    return {
        "seconds": round(len(samples) / SAMPLE_RATE_HZ, 2),
        "outline": outline(samples),
        "spectrogram": data_uri("image/png", png(levels(samples), MAGMA)),
        "audio": data_uri("audio/mpeg", mp3(samples)) if embed else None,
    }


def outline(samples: np.ndarray) -> str:
    """Return the outline of a waveform as the path of an SVG, scaled to the clip's peak.

    Parameters
    ----------
    samples : ndarray of shape (n,)

    Returns
    -------
    str
        From 0 to `COLUMNS` across, and from -100, the peak, down to 100: the largest value in each
        column from left to right, then the smallest from right to left.
    """
    starts = np.linspace(0, len(samples), COLUMNS, endpoint=False).astype(int)
    scale = -100 / np.abs(samples).max(initial=1e-9)
    upper, lower = (
        np.round(scale * extreme.reduceat(samples, starts)).astype(int)
        for extreme in (np.maximum, np.minimum)
    )
    across = np.arange(COLUMNS)
    corners = zip([*across, *across[::-1]], [*upper, *lower[::-1]], strict=True)
    return f"M{'L'.join(f'{x} {y}' for x, y in corners)}Z"


def levels(samples: np.ndarray) -> np.ndarray:
    """Return the log-mel spectrogram of samples at `SAMPLE_RATE_HZ` as levels of loudness.

    Parameters
    ----------
    samples : ndarray of shape (n,), float32

    Returns
    -------
    ndarray of shape (N_MELS, columns), uint8
        255 is the loudest, 0 is `RANGE_DB` or more below it; high frequencies come first.
    """
    decibels = log_mel(
        samples,
        sample_rate_hz=SAMPLE_RATE_HZ,
        frame_length=FRAME_LENGTH,
        hop_length=max(LEAST_HOP, len(samples) // (COLUMNS - 1) + 1),
        n_mels=N_MELS,
    )
    level = np.clip(1 + (decibels - decibels.max()) / RANGE_DB, 0, 1)
    return np.round(255 * level).astype(np.uint8).T[::-1]


def png(levels: np.ndarray, palette: bytes) -> bytes:
    """Return levels as a PNG image with a palette.

    Parameters
    ----------
    levels : ndarray of shape (rows, columns), uint8
        Each is the number of a colour.
    palette : bytes
        Red, green and blue of up to 256 colours.
    """
    image = Image.fromarray(levels, mode="P")
    image.putpalette(palette)
    file = BytesIO()
    image.save(file, format="PNG", optimize=True)
    return file.getvalue()


def mp3(samples: np.ndarray) -> bytes:
    """Return samples at `SAMPLE_RATE_HZ` as MP3.

    Every browser plays it, and its bytes are always the same: libsndfile numbers the streams of an
    OGG file at random. A FLAC file would be three times as large.
    """
    file = BytesIO()
    soundfile.write(file, samples, SAMPLE_RATE_HZ, format="MP3")
    return file.getvalue()


def data_uri(kind: str, content: bytes) -> str:
    """Return content of a media type such as `image/png` as a data URI."""
    return f"data:{kind};base64,{b64encode(content).decode('ascii')}"
