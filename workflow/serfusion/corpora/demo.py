"""The built-in demo corpus: SYNTHETIC speech by eSpeak NG, in RAVDESS's folders and names.

It shows that the study runs; it says nothing about people. Speakers are voice variants, emotions
are settings of rate, pitch, range, volume and pauses, and each repetition varies, so that the
task is neither trivial nor hopeless. Odd actor numbers have male voices, as in RAVDESS.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from serfusion.corpora import ravdess
from serfusion.seeds import seed_for

TITLE = "Demo (synthetic speech)"
LICENCE = "public domain"
CITATION = "synthesised by eSpeak NG; not human speech"
SYNTHETIC = True

SETTINGS = {
    "speakers": {
        "type": "integer",
        "minimum": 2,
        "maximum": 12,
        "default": 8,
        "description": "How many synthetic speakers, male and female in turn.",
    },
}

labels = ravdess.labels

SENTENCES = {"01": "Kids are talking by the door", "02": "Dogs are sitting by the door"}
VOICES = ("m1", "f1", "m2", "f4", "m5", "f1", "m7", "f4", "m3", "f1", "m4", "f4")
"""A voice per speaker, whose own pitch, range, rate and volume tell those of one voice apart. None
has breath, whose noise differs from one process to the next."""


class Delivery(NamedTuple):
    """How an emotion departs from a speaker's plain voice, in eSpeak NG's units."""

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
}
VARIATION = Delivery(6, 3, 5, 6, 30)
PLAIN = Delivery(165, 50, 45, 80)


def _drawn(random: np.random.Generator, emotion: str, strength: float, speaker: Delivery):
    varied = np.asarray(VARIATION) * random.standard_normal(len(VARIATION))
    aimed = np.asarray(speaker) + strength * np.asarray(DELIVERIES[emotion]) + varied
    lowest, highest = (80, 0, 0, 20, 0), (400, 99, 99, 200, 600)
    return Delivery(*np.clip(aimed, lowest, highest).round().astype(int).tolist())


def synthesise(folder: Path, seed: int, *, speakers: int) -> int:
    """Write the corpus under `folder` as 16-bit WAV and return the number of clips.

    Clips are made in a fixed order by one synthesiser, so that the bytes are the same each time.
    """
    import soundfile

    from serfusion.espeak import Espeak

    espeak = Espeak()
    count = 0
    for actor in range(1, speakers + 1):
        random = np.random.default_rng(seed_for(seed, "demo speaker", actor))
        spread = np.asarray((8, 5, 5, 5, 0)) * random.standard_normal(len(PLAIN))
        speaker = Delivery(*(np.asarray(PLAIN) + spread))
        place = folder / f"Actor_{actor:02d}"
        place.mkdir(parents=True)
        for name, emotion, intensity, sentence in _names(actor):
            random = np.random.default_rng(seed_for(seed, "demo clip", name))
            delivery = _drawn(random, emotion, 1.4 if intensity == "02" else 1.0, speaker)
            first, rest = SENTENCES[sentence].split(" ", 1)
            speech = espeak.say(
                f'{first} <break time="{delivery.pause_ms}ms"/> {rest}',
                f"en-us+{VOICES[actor - 1]}",
                rate=delivery.rate,
                pitch=delivery.pitch,
                range=delivery.range,
                volume=delivery.volume,
            )
            with soundfile.SoundFile(
                place / f"{name}.wav", "w", espeak.sample_rate_hz, 1, "PCM_16"
            ) as file:
                file.comment = "synthetic speech by eSpeak NG, made by serfusion's demo corpus"
                file.write(_in_a_room(speech, espeak.sample_rate_hz, random))
            count += 1
    (folder / "SYNTHETIC.txt").write_text(
        "Synthetic speech by eSpeak NG, made by serfusion's demo corpus. Not human speech.\n"
    )
    return count


def _names(actor: int):
    """Yield each clip's RAVDESS name with its emotion, intensity code and sentence code.

    The second repetition is spoken strongly, except of neutral, which RAVDESS knows no strong form.
    """
    for code, emotion in ravdess.EMOTIONS.items():
        for sentence in SENTENCES:
            for repetition in ("01", "02"):
                intensity = "01" if emotion == "neutral" else repetition
                name = f"03-01-{code}-{intensity}-{sentence}-{repetition}-{actor:02d}"
                yield name, emotion, intensity, sentence


def _in_a_room(speech: np.ndarray, rate: int, random: np.random.Generator) -> np.ndarray:
    """Return int16 `speech` as float32 with silence around it and faint noise over all of it."""
    before, after = (int(rate * seconds) for seconds in random.uniform((0.5, 0.3), (0.8, 0.6)))
    room = np.pad(speech.astype(np.float32) / 2**15, (before, after))
    room += 0.001 * random.standard_normal(len(room), dtype=np.float32)
    return np.clip(room, -1, 1)
