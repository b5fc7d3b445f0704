"""Each augmentation does what its name says, and gives the same samples each time."""

import librosa
import numpy as np
import pytest

from serfusion.extraction.augmentation import RANDOM, SETTINGS, TRANSFORMS, augment
from speech import voice

RATE = 22050
STRENGTHS = {
    "stretch": {"rate": 0.8},
    "pitch": {"semitones": 2},
    "low_pass": {"cutoff_hz": 1000, "rolloff_db_per_octave": 12},
    "noise": {"snr_db": 15},
}


def changed(kind, samples, *, clip="made/1", seed=17, **settings):
    settings = settings or STRENGTHS[kind]
    return augment(samples, RATE, kind=kind, clip=clip, seed=seed, **settings)


def tone(hertz: float, seconds: float = 2) -> np.ndarray:
    time = np.arange(int(RATE * seconds)) / RATE
    return (0.3 * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def loudest_hz(samples: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return np.fft.rfftfreq(len(samples), 1 / RATE)[spectrum.argmax()]


def test_every_kind_has_settings():
    assert set(TRANSFORMS) == set(SETTINGS) == set(STRENGTHS)


@pytest.mark.parametrize("rate", [0.8, 1.25])
def test_stretch_changes_length_and_not_pitch(rate):
    samples = changed("stretch", tone(440), rate=rate)
    assert len(samples) == pytest.approx(2 * RATE / rate, rel=0.01)
    assert loudest_hz(samples) == pytest.approx(440, rel=0.01)


@pytest.mark.parametrize("semitones", [-3, 2])
def test_pitch_changes_pitch_and_not_length(semitones):
    samples = changed("pitch", tone(440), semitones=semitones)
    assert len(samples) == 2 * RATE
    expected = librosa.midi_to_hz(librosa.hz_to_midi(440) + semitones)
    assert loudest_hz(samples) == pytest.approx(expected, rel=0.01)


def test_low_pass_keeps_low_frequencies_and_removes_high_ones():
    loudness = {hz: changed("low_pass", tone(hz)).std() / tone(hz).std() for hz in (100, 8000)}
    assert loudness[100] > 0.95
    assert loudness[8000] < 0.05


@pytest.mark.parametrize("snr_db", [5, 15, 30])
def test_noise_has_the_set_signal_to_noise_ratio(snr_db):
    clean = voice(2, RATE)
    noise = changed("noise", clean, snr_db=snr_db) - clean
    measured = 20 * np.log10(np.sqrt((clean**2).mean()) / np.sqrt((noise**2).mean()))
    assert measured == pytest.approx(snr_db, abs=0.2)


LIMITS = [
    *STRENGTHS.items(),
    ("stretch", {"rate": 0.6}),
    ("stretch", {"rate": 4}),
    ("pitch", {"semitones": -24}),
    ("pitch", {"semitones": 24}),
]


@pytest.mark.parametrize(("kind", "strength"), LIMITS, ids=str)
def test_the_same_clip_and_seed_give_the_same_samples(kind, strength):
    samples = voice(1, RATE)
    first = changed(kind, samples, **strength)
    changed(kind, voice(2, RATE, 3), clip="made/2", **strength)
    np.testing.assert_array_equal(first, changed(kind, samples, **strength))
    assert first.dtype == np.float32


def test_only_the_random_kinds_depend_on_the_seed():
    samples = voice(1, RATE)
    for kind in TRANSFORMS:
        equal = np.array_equal(changed(kind, samples), changed(kind, samples, seed=18))
        assert equal == (kind not in RANDOM)


def test_another_clip_or_seed_gives_other_noise():
    samples = voice(1, RATE)
    first = changed("noise", samples)
    assert not np.array_equal(first, changed("noise", samples, clip="made/2"))
    assert not np.array_equal(first, changed("noise", samples, seed=18))
