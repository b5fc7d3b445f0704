"""Decoding audio of any common format, from its beginning and block by block.

libsndfile decodes what it knows; FFmpeg's libraries decode the rest: recordings of phones and
browsers, sound of videos, and files whose length stands nowhere.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import numpy as np
import soundfile

from serfusion.obtaining.lfs_pointer import read_pointer

BLOCK = 2**16
"""The number of frames that are decoded at a time, which bounds the memory."""

LONGEST = 2**48
"""libsndfile states a greater number of frames where a file does not state its own."""

STREAMED_FROM = 2**31 - 2**20
"""Programs that write to a pipe state a size near this, or greater, in bytes: they know none."""

PROMISE = re.compile(r"(?:data|SSND|Data Size)\s*: (\d+) \(should be (\d+)\)")
"""How libsndfile notes that a file holds fewer bytes of sound than its header states."""

POINTER = "a Git LFS pointer instead of the audio: run `git lfs pull` in the copy it is from"


class DecodingError(ValueError):
    """A file has no sound that can be read; the message is the reason in a few words."""


class Audio(Protocol):
    """An open file. A frame is one sample of each channel.

    Attributes
    ----------
    rate : int
        Frames per second.
    promised_s : float or None
        The duration that the header states, in seconds; None where it states none.
    """

    rate: int
    promised_s: float | None

    def skip(self, frames: int) -> None:
        """Go forward, or to the end if it is nearer."""

    def read(self) -> np.ndarray:
        """Return the next frames, of shape (n, channels), float32, full scale ±1; empty at the end.

        Raises
        ------
        DecodingError
            If the file is damaged there.
        """


@contextmanager
def open_audio(path: str | Path) -> Iterator[Audio]:
    """Open an audio file, or the sound of a video.

    Raises
    ------
    DecodingError
        If the file is empty, or no decoder knows it, or it is a video without sound.
    OSError
        If there is no such file.
    """
    path = Path(path)
    if path.stat().st_size == 0:
        raise DecodingError("unreadable: an empty file")
    try:
        with soundfile.SoundFile(path) as file:
            if 0 < file.frames < LONGEST:
                yield _SndfileAudio(file)
                return
            fault = None
    except soundfile.LibsndfileError as error:
        fault = POINTER if read_pointer(path) else f"unreadable: {error.error_string}"
    # Imported late: few corpora need it.
    from serfusion.clips.ffmpeg import open_with_ffmpeg

    with open_with_ffmpeg(path, fault) as audio:
        yield audio


class _SndfileAudio:
    def __init__(self, file: soundfile.SoundFile):
        self._file = file
        self.rate = file.samplerate
        self.promised_s = _promised_frames(file) / file.samplerate

    def skip(self, frames: int) -> None:
        if self._file.seekable():
            self._file.seek(min(self._file.tell() + frames, self._file.frames))
            return
        while frames > 0 and len(block := self._read(min(frames, BLOCK))):
            frames -= len(block)

    def read(self) -> np.ndarray:
        return self._read(BLOCK)

    def _read(self, frames: int) -> np.ndarray:
        try:
            return self._file.read(frames, dtype="float32", always_2d=True)
        except soundfile.LibsndfileError as error:
            raise DecodingError(f"unreadable: {error.error_string}") from error


def _promised_frames(file: soundfile.SoundFile) -> float:
    """Return how many frames the header states, which may be more than the file holds."""
    promise = PROMISE.search(file.extra_info)
    if promise is None:
        return file.frames
    stated, held = map(int, promise.groups())
    return file.frames if stated >= STREAMED_FROM or not held else file.frames * stated / held
