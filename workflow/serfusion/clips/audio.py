"""Reading the sound of clips: mixing down, cutting the window, resampling."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import librosa
import numpy as np
import pandas as pd

from serfusion.clips.decoding import Audio, DecodingError, open_audio
from serfusion.errors import Refusal

MIN_WINDOW_S = 0.1
"""The shortest usable window, about one frame of 2,048 samples at 22,050 Hz."""


class Segment(NamedTuple):
    """What of a file is a clip.

    `start_s` and `end_s` are in seconds, None being the end of the file; `channel`, from 0, is the
    one that is read, None being the average of all.
    """

    start_s: float = 0.0
    end_s: float | None = None
    channel: int | None = None

    @classmethod
    def of(cls, clip) -> "Segment":
        """Return what of its file a clip is; `clip` is a row of a clip table, by attributes."""
        start, end, channel = (
            None if pd.isna(value) else value for value in (clip.start_s, clip.end_s, clip.channel)
        )
        return cls(start or 0.0, end, None if channel is None else int(channel))


WHOLE = Segment()


def mixed(frames: np.ndarray, channel: int | None = None) -> np.ndarray:
    """Return one channel of frames of shape (n, channels), or the average of all."""
    return frames.mean(axis=1) if channel is None else frames[:, channel].copy()


def span(segment: Segment, rate: int, reach_s: float | None = None) -> tuple[int, int | None]:
    """Return the first frame of a segment, and the one after its last; None for the file's end.

    It has no more than `reach_s` seconds, unless that is None.
    """
    start = round(segment.start_s * rate)
    ends = [start + int(reach_s * rate)] if reach_s is not None else []
    ends += [round(segment.end_s * rate)] if segment.end_s is not None else []
    return start, min(ends, default=None)


def pieces(
    audio: Audio, spans: Sequence[tuple[int, int | None]]
) -> Iterator[tuple[int, np.ndarray, bool]]:
    """Yield the parts of spans of an open file as it is read, once and block by block.

    Parameters
    ----------
    audio : Audio
        At its beginning.
    spans : sequence of (int, int or None)
        First frame, and the one after the last; None for the end of the file.

    Yields
    ------
    number : int
        That of the span.
    frames : ndarray of shape (n, channels), float32
        The next of its frames.
    is_last : bool
        Whether nothing more of it follows. Each span has one such part, which may be empty.
    """
    position, unfinished = 0, dict(enumerate(spans))
    while unfinished:
        first = min(start for start, _ in unfinished.values())
        if first > position:
            audio.skip(first - position)
            position = first
        block = audio.read()
        for number, (start, end) in list(unfinished.items()):
            stop = len(block) if end is None else max(end - position, 0)
            is_last = not len(block) or (end is not None and stop <= len(block))
            frames = block[max(start - position, 0) : stop]
            if len(frames) or is_last:
                yield number, frames, is_last
            if is_last:
                del unfinished[number]
        position += len(block)


def read_window(
    path: str | Path,
    segment: Segment = WHOLE,
    *,
    sample_rate_hz: int,
    offset_s: float,
    duration_s: float | None,
    trim_db: float | None = None,
) -> np.ndarray:
    """Return the window of one clip; see `read_windows`."""
    window = {"offset_s": offset_s, "duration_s": duration_s, "trim_db": trim_db}
    return next(read_windows(path, [segment], sample_rate_hz=sample_rate_hz, **window))


def read_windows(
    path: str | Path,
    segments: Sequence[Segment],
    *,
    sample_rate_hz: int,
    offset_s: float,
    duration_s: float | None,
    trim_db: float | None = None,
) -> Iterator[np.ndarray]:
    """Yield the windows of a file's clips from which features are extracted, mono and resampled.

    The file is read once. A window is cut at the sample rate of the file and then resampled, as in
    `librosa.load`. A clip that ends less than `MIN_WINDOW_S` after the start of the window is read
    from its start instead.

    Parameters
    ----------
    path : str or Path
    segments : sequence of Segment
        The clips, by their start.
    sample_rate_hz : int
        The sample rate of the result.
    offset_s : float
        The start of the window, in seconds.
    duration_s : float or None
        The length of the window, in seconds; None for the rest of the clip. A window that extends
        beyond the end of the clip is shorter.
    trim_db : float or None, default None
        Before the window is cut, both ends of the clip are trimmed where they are more than this
        many decibels below its loudest frame, as in `librosa.effects.trim`; None trims nothing.

    Yields
    ------
    ndarray of shape (n,), float32
        Full scale is ±1; in the order of `segments`.

    Raises
    ------
    Refusal
        If the file is missing or can no longer be decoded.
    """
    reach = None if duration_s is None or trim_db is not None else _reach(offset_s, duration_s)
    try:
        with open_audio(path) as audio:
            rate = audio.rate
            for samples in _read(audio, segments, reach):
                if trim_db is None:
                    samples = _cut(samples, rate, offset_s, duration_s)
                samples = librosa.resample(samples, orig_sr=rate, target_sr=sample_rate_hz)
                if trim_db is not None and len(samples):
                    samples, _ = librosa.effects.trim(samples, top_db=trim_db)
                    samples = _cut(samples, sample_rate_hz, offset_s, duration_s)
                yield samples
    except (OSError, DecodingError) as error:
        raise Refusal(
            f"{path} was readable when its corpus was indexed and is not now ({error}): "
            "put the file back, or delete the corpus's clips.parquet to index it again."
        ) from error


def _reach(offset_s: float, duration_s: float) -> float:
    """Return how many seconds of a clip decide what its window is, and a little more."""
    return offset_s + max(duration_s, MIN_WINDOW_S) + MIN_WINDOW_S


def _read(audio: Audio, segments: Sequence[Segment], reach_s: float | None) -> Iterator[np.ndarray]:
    """Yield the samples of each segment, no more than `reach_s` seconds of it, in their order."""
    spans = [span(segment, audio.rate, reach_s) for segment in segments]
    parts: list[list[np.ndarray]] = [[] for _ in spans]
    finished: set[int] = set()
    following = 0
    for number, frames, is_last in pieces(audio, spans):
        parts[number].append(mixed(frames, segments[number].channel))
        if is_last:
            finished.add(number)
        while following in finished:
            yield np.concatenate(parts[following])
            parts[following] = []
            following += 1


def _cut(samples: np.ndarray, rate: int, offset_s: float, duration_s: float | None) -> np.ndarray:
    if len(samples) >= (offset_s + MIN_WINDOW_S) * rate:
        samples = samples[int(offset_s * rate) :]
    return samples if duration_s is None else samples[: int(duration_s * rate)]
