"""Speakers, and the emotions they speak with: speech by eSpeak NG that a study can learn from.

Speakers are voice variants, each with its own rate, pitch, range and volume; emotions are
departures from these, and pauses; and each clip varies, so that the task is neither trivial nor
hopeless.
"""

from collections import Counter
from math import gcd
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
from scipy.signal import resample_poly

from serfusion.seeds import seed_for
from serfusion.speech.clips import Clip
from serfusion.speech.espeak import Espeak

VOICES = {"male": ("m1", "m2", "m5", "m7", "m3", "m4"), "female": ("f1", "f4")}
"""Voices that speakers take in turn. None has breath, whose noise differs from one process to the
next."""


class Delivery(NamedTuple):
    """A way of speaking, or how an emotion departs from it, in eSpeak NG's units."""

    rate: float
    pitch: float
    range: float
    volume: float
    pause_ms: float = 0


DELIVERIES = {
    "neutral": Delivery(0, 0, 0, 0),
    "calm": Delivery(-16, -5, -14, -12, 40),
    "happy": Delivery(18, 14, 22, 12),
    "sad": Delivery(-34, -12, -26, -24, 130),
    "angry": Delivery(26, 4, 16, 42),
    "fear": Delivery(42, 22, -8, -4),
    "disgust": Delivery(-24, -8, 14, 10, 70),
    "surprise": Delivery(6, 28, 36, 16),
    "excited": Delivery(30, 18, 28, 24),
    "frustrated": Delivery(4, -4, 8, 24, 50),
    "other": Delivery(10, 8, 10, 4, 20),
    "undecided": Delivery(-4, 2, 4, 8, 20),
}
PLAIN = Delivery(165, 50, 45, 80)
SPREAD = Delivery(8, 5, 5, 5)
VARIATION = Delivery(6, 3, 5, 6, 30)
LOWEST = Delivery(80, 0, 0, 20)
HIGHEST = Delivery(400, 99, 99, 200, 600)


class Speaker(NamedTuple):
    """A voice of eSpeak NG's, and how it speaks when it speaks plainly."""

    voice: str
    plain: Delivery


class Stage:
    """Where one corpus is spoken: a folder, a synthesiser, and the speakers who have appeared.

    Make one and say the clips in a fixed order, in a fresh process: the samples depend on what has
    been said before.

    Parameters
    ----------
    folder : Path
        Where the corpus goes.
    corpus : str
        What to call the corpus in each file; whatever is drawn depends on it.
    seed : int
        The study's seed.
    sample_rate_hz : int, optional
        That of the clips; by default eSpeak NG's own.
    """

    def __init__(
        self, folder: Path, corpus: str, seed: int, sample_rate_hz: int | None = None
    ) -> None:
        self._espeak = Espeak()
        self._speakers: dict[str, Speaker] = {}
        self._voices_taken = Counter()
        self._folder = folder
        self._corpus = corpus
        self._seed = seed
        self.sample_rate_hz = sample_rate_hz or self._espeak.sample_rate_hz

    def say(self, clip: Clip) -> np.ndarray:
        """Return the clip as spoken in a quiet room: float32 of shape (samples,), full scale ±1."""
        speaker = self._speaker(clip.actor, clip.gender)
        random = np.random.default_rng(seed_for(self._seed, f"{self._corpus} clip", clip.name))
        delivery = _drawn(random, clip.emotion, clip.strength, speaker.plain)
        first, rest = clip.text.split(" ", 1)
        spoken = self._espeak.say(
            f'{first} <break time="{delivery.pause_ms}ms"/> {rest}',
            f"en-us+{speaker.voice}",
            rate=delivery.rate,
            pitch=delivery.pitch,
            range=delivery.range,
            volume=delivery.volume,
        )
        speech = spoken.astype(np.float32) / 2**15
        speech = resampled(speech, self._espeak.sample_rate_hz, self.sample_rate_hz)
        return _in_a_room(speech, self.sample_rate_hz, random)

    def write(self, path: Path, samples: np.ndarray, sample_rate_hz: int | None = None) -> None:
        """Write `samples`, (n,) or (n, channels), as 16-bit WAV that says it is synthetic.

        `path` is relative to the folder, and its own folders are made.
        """
        target = self._folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        channels = 1 if samples.ndim == 1 else samples.shape[1]
        rate = sample_rate_hz or self.sample_rate_hz
        with soundfile.SoundFile(target, "w", rate, channels, "PCM_16") as file:
            file.comment = (
                f"synthetic speech by eSpeak NG, made by serfusion's {self._corpus} corpus"
            )
            file.write(samples)

    def finish(self) -> int:
        """Say in the folder that it is synthetic, and return the number of audio files in it."""
        (self._folder / "SYNTHETIC.txt").write_text(
            f"Synthetic speech by eSpeak NG, made by serfusion's {self._corpus} corpus. "
            "Not human speech.\n"
        )
        return sum(1 for _ in self._folder.rglob("*.wav"))

    def _speaker(self, name: str, gender: str) -> Speaker:
        if name not in self._speakers:
            random = np.random.default_rng(seed_for(self._seed, f"{self._corpus} speaker", name))
            spread = np.asarray(SPREAD) * random.standard_normal(len(PLAIN))
            voices = VOICES[gender]
            voice = voices[self._voices_taken[gender] % len(voices)]
            self._voices_taken[gender] += 1
            self._speakers[name] = Speaker(voice, Delivery(*(np.asarray(PLAIN) + spread)))
        return self._speakers[name]


def resampled(samples: np.ndarray, rate: int, target: int) -> np.ndarray:
    """Return `samples` at `rate` Hz as samples at `target` Hz."""
    common = gcd(rate, target)
    return resample_poly(samples, target // common, rate // common)


def _drawn(random: np.random.Generator, emotion: str, strength: float, plain: Delivery) -> Delivery:
    varied = np.asarray(VARIATION) * random.standard_normal(len(VARIATION))
    aimed = np.asarray(plain) + strength * np.asarray(DELIVERIES[emotion]) + varied
    return Delivery(*np.clip(aimed, LOWEST, HIGHEST).round().astype(int).tolist())


def _in_a_room(speech: np.ndarray, rate: int, random: np.random.Generator) -> np.ndarray:
    """Return `speech` with silence around it and faint noise over all of it."""
    before, after = (int(rate * seconds) for seconds in random.uniform((0.5, 0.3), (0.8, 0.6)))
    room = np.pad(speech, (before, after))
    room += 0.001 * random.standard_normal(len(room), dtype=np.float32)
    return np.clip(room, -1, 1)
