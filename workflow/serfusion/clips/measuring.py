"""What the sound of a clip is like, measured in one pass with memory for a block of it."""

import hashlib
from dataclasses import dataclass

import numpy as np

from serfusion.clips.audio import MIN_WINDOW_S, mixed
from serfusion.clips.fingerprints import HEAD_S, fingerprint

SILENT_BELOW = 1e-4
"""Clips with a lower peak amplitude are silent: -80 dB relative to full scale. The quietest clip of
RAVDESS has a peak of -47 dB."""

LOUDEST = 10.0
"""Samples beyond 20 dB above full scale are in another unit, such as 16-bit integers as floats.
Decoders of lossy formats exceed full scale by a few decibels."""

CANCELLED = 0.01
"""Channels cancel where their average has less than this share of the power of the first."""

SOUND_DB = 40
"""A clip sounds from its first to its last moment within this many decibels of its peak."""

LEVEL_S = 0.01
"""Levels are measured in steps of this length."""


@dataclass(frozen=True)
class Measured:
    """What a clip is like.

    Attributes
    ----------
    fault : str or None
        Why it cannot be used.
    frames, rate : int
    channel : int or None
        The channel to read where the average of all channels would cancel the speech.
    sha256 : str
        That of its mono samples as float32.
    sound_start_s, sound_end_s : float
        From where to where it sounds; see `SOUND_DB`.
    fingerprint : bytes
        See `serfusion.clips.fingerprints`.
    """

    fault: str | None
    frames: int
    rate: int
    channel: int | None
    sha256: str
    sound_start_s: float
    sound_end_s: float
    fingerprint: bytes

    @property
    def duration_s(self) -> float:
        """Its duration in seconds."""
        return self.frames / self.rate


class Measurement:
    """Takes the frames of one clip, block by block."""

    def __init__(self, rate: int):
        self._rate = rate
        self._average, self._first = _Track(rate), None

    def add(self, frames: np.ndarray) -> None:
        """Take the next frames, of shape (n, channels), float32."""
        self._average.add(mixed(frames))
        if frames.shape[1] > 1:
            self._first = self._first or _Track(self._rate)
            self._first.add(mixed(frames, 0))

    def finish(self) -> Measured:
        """Return what the clip is like."""
        track, channel = self._average, None
        if self._first and self._average.power < CANCELLED * self._first.power:
            track, channel = self._first, 0
        levels = track.levels()
        start, end = track.sounding(levels)
        return Measured(
            fault=track.fault(levels),
            frames=track.count,
            rate=self._rate,
            channel=channel,
            sha256=track.hash.hexdigest(),
            sound_start_s=start,
            sound_end_s=end,
            fingerprint=fingerprint(np.concatenate(track.head), self._rate),
        )


class _Track:
    """One channel of a clip, or the average of all."""

    def __init__(self, rate: int):
        self.hash = hashlib.sha256()
        self.count, self.power = 0, 0.0
        self.head: list[np.ndarray] = [np.zeros(0, np.float32)]
        self._rate, self._step = rate, max(1, int(LEVEL_S * rate))
        self._sum, self._is_finite = 0.0, True
        self._rest = np.zeros(0, np.float32)
        self._lowest: list[np.ndarray] = []
        self._highest: list[np.ndarray] = []

    def add(self, samples: np.ndarray) -> None:
        self.hash.update(samples.tobytes())
        if self.count < HEAD_S * self._rate:
            self.head.append(samples)
        self.count += len(samples)
        self._sum += float(samples.sum(dtype=np.float64))
        self.power += float(np.square(samples, dtype=np.float64).sum())
        self._is_finite = self._is_finite and bool(np.isfinite(samples).all())
        samples = np.concatenate([self._rest, samples])
        whole = len(samples) - len(samples) % self._step
        self._take_levels(samples[:whole].reshape(-1, self._step))
        self._rest = samples[whole:]

    def _take_levels(self, steps: np.ndarray) -> None:
        self._lowest.append(steps.min(axis=1, initial=np.inf))
        self._highest.append(steps.max(axis=1, initial=-np.inf))

    def levels(self) -> np.ndarray:
        """Return the largest distance from the mean in each step, at the end of the clip."""
        if len(self._rest):
            self._take_levels(self._rest[None])
            self._rest = self._rest[:0]
        mean = self._sum / max(self.count, 1)
        highest, lowest = (
            np.concatenate(levels or [np.zeros(0)]) for levels in (self._highest, self._lowest)
        )
        return np.maximum(highest - mean, mean - lowest)

    def fault(self, levels: np.ndarray) -> str | None:
        if not self.count:
            return "empty"
        if not self._is_finite:
            return "unreadable: samples that are not numbers"
        if self.count < MIN_WINDOW_S * self._rate:
            return (
                f"too short: {1000 * self.count / self._rate:.0f} ms, less than a frame of "
                f"{1000 * MIN_WINDOW_S:.0f} ms"
            )
        mean = self._sum / self.count
        if abs(mean) + levels.max() > LOUDEST:
            return (
                f"its peak is {20 * np.log10(abs(mean) + levels.max()):.0f} dB above full scale: "
                "are its samples integers that were written as floats?"
            )
        if levels.max() < SILENT_BELOW:
            return "silent" if abs(mean) < SILENT_BELOW else f"silent: a constant of {mean:.3g}"
        return None

    def sounding(self, levels: np.ndarray) -> tuple[float, float]:
        threshold = max(SILENT_BELOW, levels.max(initial=0) * 10 ** (-SOUND_DB / 20))
        steps = np.flatnonzero(levels >= threshold)
        if not len(steps):
            return 0.0, 0.0
        end = min((steps[-1] + 1) * self._step, self.count)
        return float(steps[0] * self._step / self._rate), float(end / self._rate)
