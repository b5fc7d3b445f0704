"""What a clip looks and sounds like, small enough to stand in a page."""

import struct
import zlib
from base64 import b64encode
from io import BytesIO
from pathlib import Path

import numpy as np
import soundfile

from serfusion.clips.audio import read_window
from serfusion.features.log_mel import log_mel
from serfusion.layers.colours import MAGMA

SAMPLE_RATE_HZ = 16000
FRAME_LENGTH = 512
LEAST_HOP = 128
COLUMNS = 320
"""How many columns a picture has, or a spectrogram at most."""

N_MELS = 64
RANGE_DB = 80
"""What lies further below the loudest is black, as librosa draws it by default."""


def portrait(path: str | Path, *, embed: bool) -> dict:
    """Return the pictures of a clip and, where it may be embedded, its sound.

    Parameters
    ----------
    path : str or Path
        The audio file.
    embed : bool

    Returns
    -------
    dict
        `seconds`, how long it is; `outline`, see `outline`; `spectrogram`, a PNG, and `audio`, an
        MP3 or None, as data URIs.

    Raises
    ------
    Refusal
        If the file has gone or cannot be decoded any more.
    """
    samples = read_window(path, sample_rate_hz=SAMPLE_RATE_HZ, offset_s=0, duration_s=None)
    return {
        "seconds": round(len(samples) / SAMPLE_RATE_HZ, 2),
        "outline": outline(samples),
        "spectrogram": data_uri("image/png", png(levels(samples), MAGMA)),
        "audio": data_uri("audio/mpeg", mp3(samples)) if embed else None,
    }


def outline(samples: np.ndarray) -> str:
    """Return the outline of a waveform as the path of an SVG, against the clip's own peak.

    Parameters
    ----------
    samples : ndarray of shape (n,)

    Returns
    -------
    str
        From 0 to `COLUMNS` across, and from -100, the peak, to 100 down: the largest value in each
        column from left to right, then the smallest back.
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
    """Return the log-mel spectrogram of samples at `SAMPLE_RATE_HZ` as places in a palette.

    Parameters
    ----------
    samples : ndarray of shape (n,), float32

    Returns
    -------
    ndarray of shape (N_MELS, columns), uint8
        255 is the loudest, 0 what is `RANGE_DB` below it or less; high frequencies first.
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


def png(places: np.ndarray, palette: bytes) -> bytes:
    """Return a PNG image of places in a palette.

    The Portable Network Graphics specification of the W3C: colour type 3, depth 8, no filter.

    Parameters
    ----------
    places : ndarray of shape (rows, columns), uint8
    palette : bytes
        Red, green and blue of up to 256 colours.
    """

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows, columns = places.shape
    lines = np.pad(places, ((0, 0), (1, 0))).tobytes()
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", struct.pack(">2I5B", columns, rows, 8, 3, 0, 0, 0)),
            chunk(b"PLTE", palette),
            chunk(b"IDAT", zlib.compress(lines, 9)),
            chunk(b"IEND", b""),
        )
    )


def mp3(samples: np.ndarray) -> bytes:
    """Return samples at `SAMPLE_RATE_HZ` as MP3: every browser plays it, and it is always the same.

    libsndfile numbers the streams of an OGG at random, and FLAC is three times as long.
    """
    file = BytesIO()
    soundfile.write(file, samples, SAMPLE_RATE_HZ, format="MP3")
    return file.getvalue()


def data_uri(kind: str, content: bytes) -> str:
    """Return content of a media type such as `image/png` as an address that holds it."""
    return f"data:{kind};base64,{b64encode(content).decode('ascii')}"
