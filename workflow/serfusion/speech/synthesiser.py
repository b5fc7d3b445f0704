"""Synthetic corpora of emotional speech by eSpeak NG, from which a model can learn.

A speaker is a voice variant with a rate, pitch, range and volume. An emotion changes these and adds
pauses. Random variation of every clip makes the task neither trivial nor impossible.
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
"""Voice variants, which the speakers of a gender get in turn. Breathy variants are left out,
because their noise differs from process to process."""


class Delivery(NamedTuple):
    """A manner of speaking, or a change of it, in eSpeak NG's units."""

    rate: float
    pitch: float
    range: float
    volume: float
    pause_ms: float = 0


EMOTION_CHANGES = {
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
MEAN_DELIVERY = Delivery(165, 50, 45, 80)
SPEAKER_DEVIATION = Delivery(8, 5, 5, 5)
CLIP_DEVIATION = Delivery(6, 3, 5, 6, 30)
MIN_DELIVERY = Delivery(80, 0, 0, 20)
MAX_DELIVERY = Delivery(400, 99, 99, 200, 600)


class Speaker(NamedTuple):
    """A voice variant of eSpeak NG, and its neutral delivery."""

    voice: str
    neutral: Delivery


class CorpusSynthesiser:
    """Synthesises the clips of one corpus and writes them to its folder.

    To get the same samples again, create a synthesiser in a fresh process and speak the clips in
    the same order, because eSpeak NG keeps its state between clips.

    Parameters
    ----------
    folder : Path
        The folder of the corpus.
    corpus : str
        The name of the corpus in the comment of each file. All random numbers depend on it.
    seed : int
        The study's seed.
    sample_rate_hz : int, optional
        The sample rate of the clips; by default that of eSpeak NG.
    """

    def __init__(
        self, folder: Path, corpus: str, seed: int, sample_rate_hz: int | None = None
    ) -> None:
        self._espeak = Espeak()
        self._speakers: dict[str, Speaker] = {}
        self._speaker_counts = Counter()
        self._folder = folder
        self._corpus = corpus
        self._seed = seed
        self.sample_rate_hz = sample_rate_hz or self._espeak.sample_rate_hz

    def speak(self, clip: Clip) -> np.ndarray:
        """Return the speech of a clip with silence around it and background noise.

        Returns
        -------
        ndarray of shape (n,), float32
            Full scale is ±1.
        """
        speaker = self._speaker(clip.actor, clip.gender)
        random = np.random.default_rng(seed_for(self._seed, f"{self._corpus} clip", clip.name))
        delivery = _random_delivery(random, clip.emotion, clip.strength, speaker.neutral)
        first, rest = clip.text.split(" ", 1)
        samples = self._espeak.speak(
            f'{first} <break time="{delivery.pause_ms}ms"/> {rest}',
            f"en-us+{speaker.voice}",
            rate=delivery.rate,
            pitch=delivery.pitch,
            range=delivery.range,
            volume=delivery.volume,
        )
        speech = samples.astype(np.float32) / 2**15
        speech = resample(speech, self._espeak.sample_rate_hz, self.sample_rate_hz)
        return _with_background(speech, self.sample_rate_hz, random)

    def write(self, path: Path, samples: np.ndarray, sample_rate_hz: int | None = None) -> None:
        """Write samples as a 16-bit WAV file, with a comment that it is synthetic.

        Parameters
        ----------
        path : Path
            Relative to the folder of the corpus; missing folders are created.
        samples : ndarray of shape (n,) or (n, channels)
            Full scale is ±1.
        sample_rate_hz : int, optional
            By default that of the corpus.
        """
        full_path = self._folder / path
        full_path.parent.mkdir(parents=True, exist_ok=True)
        channels = 1 if samples.ndim == 1 else samples.shape[1]
        rate = sample_rate_hz or self.sample_rate_hz
        with soundfile.SoundFile(full_path, "w", rate, channels, "PCM_16") as file:
            file.comment = (
                f"synthetic speech by eSpeak NG, made by serfusion's {self._corpus} corpus"
            )
            file.write(samples)

    def finish(self) -> int:
        """Write `SYNTHETIC.txt` to the folder and return the number of its audio files."""
        (self._folder / "SYNTHETIC.txt").write_text(
            f"Synthetic speech by eSpeak NG, made by serfusion's {self._corpus} corpus. "
            "Not human speech.\n"
        )
        return sum(1 for _ in self._folder.rglob("*.wav"))

    def _speaker(self, name: str, gender: str) -> Speaker:
        if name not in self._speakers:
            random = np.random.default_rng(seed_for(self._seed, f"{self._corpus} speaker", name))
            deviation = np.asarray(SPEAKER_DEVIATION) * random.standard_normal(len(MEAN_DELIVERY))
            voices = VOICES[gender]
            voice = voices[self._speaker_counts[gender] % len(voices)]
            self._speaker_counts[gender] += 1
            neutral = Delivery(*(np.asarray(MEAN_DELIVERY) + deviation))
            self._speakers[name] = Speaker(voice, neutral)
        return self._speakers[name]


def resample(samples: np.ndarray, rate_hz: int, target_rate_hz: int) -> np.ndarray:
    """Return samples at `rate_hz` resampled to `target_rate_hz`."""
    divisor = gcd(rate_hz, target_rate_hz)
    return resample_poly(samples, target_rate_hz // divisor, rate_hz // divisor)


def _random_delivery(
    random: np.random.Generator, emotion: str, strength: float, neutral: Delivery
) -> Delivery:
    deviation = np.asarray(CLIP_DEVIATION) * random.standard_normal(len(CLIP_DEVIATION))
    values = np.asarray(neutral) + strength * np.asarray(EMOTION_CHANGES[emotion]) + deviation
    return Delivery(*np.clip(values, MIN_DELIVERY, MAX_DELIVERY).round().astype(int).tolist())


def _with_background(speech: np.ndarray, rate_hz: int, random: np.random.Generator) -> np.ndarray:
    """Return speech with silence before and after it, and faint noise over all of it."""
    before, after = (int(rate_hz * seconds) for seconds in random.uniform((0.5, 0.3), (0.8, 0.6)))
    samples = np.pad(speech, (before, after))
    samples += 0.001 * random.standard_normal(len(samples), dtype=np.float32)
    return np.clip(samples, -1, 1)
