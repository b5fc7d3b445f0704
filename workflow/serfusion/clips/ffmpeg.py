"""Decoding with FFmpeg's libraries, which PyAV brings along."""

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from serfusion.clips.decoding import DecodingError

FORMATS = (
    "aac,ac3,aiff,amr,asf,au,avi,caf,dv,flac,flv,matroska,mov,mp3,mpeg,mpegts,ogg,rm,w64,wav,webm"
)
"""FFmpeg's names of the formats that are tried. It knows hundreds, and takes noise for some."""

STATES_DURATION = ("mov", "matroska")
"""Formats whose stated duration is not an estimate from the size of the file."""


@contextmanager
def open_with_ffmpeg(path: Path, fault: str | None) -> Iterator["_FfmpegAudio"]:
    """Open the first sound of a file.

    Parameters
    ----------
    path : Path
    fault : str or None
        Why libsndfile cannot read the file, which is the reason if FFmpeg cannot either.

    Raises
    ------
    DecodingError
        If the file cannot be read, or is a video without sound.
    """
    try:
        container = av.open(path, container_options={"format_whitelist": FORMATS})
    except (av.FFmpegError, ValueError) as error:
        raise DecodingError(fault or "empty") from error
    with container:
        if not container.streams.audio:
            raise DecodingError("video without sound" if container.streams.video else "empty")
        yield _FfmpegAudio(container)


class _FfmpegAudio:
    """See `serfusion.clips.decoding.Audio`."""

    def __init__(self, container: av.container.InputContainer):
        stream = container.streams.audio[0]
        if stream.codec_context is None:
            raise DecodingError("unreadable: no decoder for its sound")
        self._blocks = _decoded(container, stream)
        self._waiting = np.zeros((0, 1), np.float32)
        self.rate = stream.codec_context.sample_rate
        if not self.rate:
            raise DecodingError("unreadable: its sample rate is not known")
        self.promised_s = _promised_s(container, stream)

    def skip(self, frames: int) -> None:
        while frames > 0 and len(block := self.read()):
            self._waiting = block[frames:]
            frames -= len(block)

    def read(self) -> np.ndarray:
        block, self._waiting = self._waiting, self._waiting[:0]
        try:
            return block if len(block) else next(self._blocks, block)
        except av.FFmpegError as error:
            raise DecodingError(f"unreadable: {error.strerror or error}") from error


def _decoded(container: av.container.InputContainer, stream: av.AudioStream) -> Iterator:
    """Yield blocks of frames; the rate and the channels are those that the stream begins with."""
    context = stream.codec_context
    resampler = av.AudioResampler(format="fltp", layout=context.layout, rate=context.sample_rate)
    for frame in container.decode(stream):
        frame.pts = None
        for converted in resampler.resample(frame):
            yield converted.to_ndarray().T
    for converted in resampler.resample(None):
        yield converted.to_ndarray().T


def _promised_s(container: av.container.InputContainer, stream: av.AudioStream) -> float | None:
    if not container.format.name.startswith(STATES_DURATION):
        return None
    if stream.duration is not None:
        return float(stream.duration * stream.time_base)
    if container.duration is not None and not container.streams.video:
        return float(Fraction(container.duration, av.time_base))
    return None
