"""Frame and voice features against librosa, on tones and glides, with parts in any order."""

from copy import deepcopy

import librosa
import numpy as np
import pytest

from serfusion.errors import Refusal
from serfusion.features import acoustic, frames, voice
from serfusion.study import resolution
from speech import voice as vowel
from studies import SMALL

RATE = 22050
FRAMES = {"sample_rate_hz": RATE, "frame_length": 2048, "hop_length": 512}
F0 = {"f0_min_hz": 75, "f0_max_hz": 600}
SETTINGS = FRAMES | F0 | {"n_mfcc": 20, "frames": 136}
EVERY_PART = ["f0", "energy", "zcr", "mfcc", "contrast"]


def by_frame(samples: np.ndarray, *parts: str, **changes) -> np.ndarray:
    return frames.by_frame(samples, **SETTINGS | changes, parts=list(parts))


def harmonics(hertz: np.ndarray | float, seconds: float = 1.5, rate: int = RATE) -> np.ndarray:
    """A voice-like sound, whose fundamental frequency may change with every sample."""
    phase = 2 * np.pi * np.cumsum(np.broadcast_to(hertz, int(seconds * rate))) / rate
    return sum(np.sin(n * phase) / n for n in range(1, 6)).astype(np.float32) / 4


def semitones(hertz) -> np.ndarray:
    return 12 * np.log2(np.asarray(hertz) / 27.5)


def test_parts_equal_librosa():
    samples = vowel(1.3, RATE)
    rms = librosa.feature.rms(y=samples)
    contrast = librosa.feature.spectral_contrast(y=samples, sr=RATE)
    expected = {
        "energy": 20 * np.log10(rms),
        "zcr": librosa.feature.zero_crossing_rate(samples),
        "mfcc": librosa.feature.mfcc(y=samples, sr=RATE, n_mfcc=20),
        "contrast": contrast,
    }
    for part, values in expected.items():
        ours = by_frame(samples, part)
        assert ours.dtype == np.float32
        np.testing.assert_allclose(ours, values.T, rtol=1e-3, atol=1e-3)


def test_f0_equals_librosas_pyin():
    samples = vowel(0.8, RATE)
    hertz, voiced, _ = librosa.pyin(samples, fmin=75, fmax=600, sr=RATE)
    pitch, voicing = by_frame(samples, "f0").T
    np.testing.assert_array_equal(voicing, voiced)
    np.testing.assert_allclose(pitch[voiced], semitones(hertz[voiced]), rtol=1e-5)
    assert (pitch[~voiced] == 0).all()


@pytest.mark.parametrize("hertz", [90, 120, 220, 440])
def test_f0_of_a_tone(hertz):
    pitch, voiced = by_frame(harmonics(hertz), "f0")[4:-4].T
    assert (voiced == 1).all()
    np.testing.assert_allclose(pitch, semitones(hertz), atol=0.1)


def test_f0_of_a_glide():
    seconds = 2
    time = np.arange(seconds * RATE) / RATE
    hertz = 150 * 2 ** (time / seconds)
    pitch, voiced = by_frame(harmonics(hertz, seconds), "f0").T
    inner = slice(4, -4)
    expected = semitones(hertz[np.minimum(np.arange(len(pitch)) * 512, len(hertz) - 1)])
    assert (voiced[inner] == 1).all()
    np.testing.assert_allclose(pitch[inner], expected[inner], atol=0.25)


def test_noise_is_unvoiced():
    noise = np.random.default_rng(0).normal(0, 0.1, RATE).astype(np.float32)
    pitch, voiced = by_frame(noise, "f0").T
    assert voiced.mean() < 0.1
    assert (pitch[voiced == 0] == 0).all()


def test_channels_stand_in_the_order_of_the_parts():
    samples = vowel(0.6, RATE)
    whole = by_frame(samples, "contrast", "f0", "mfcc", "zcr", "energy", n_mfcc=5)
    separate = [by_frame(samples, part, n_mfcc=5) for part in ("contrast", "f0", "mfcc")]
    np.testing.assert_array_equal(whole[:, :-2], np.hstack(separate))
    np.testing.assert_array_equal(whole[:, -2:-1], by_frame(samples, "zcr"))
    shape = frames.shape(**SETTINGS | {"n_mfcc": 5}, parts=list(reversed(EVERY_PART)))
    assert shape == (136, whole.shape[1]) == (136, 7 + 2 + 5 + 1 + 1)


@pytest.mark.parametrize("length", [1, 100, 2047, 2048, 2049, RATE])
def test_every_part_has_as_many_frames_and_finite_numbers(length):
    for samples in (vowel(1, RATE)[:length], np.zeros(length, np.float32)):
        values = by_frame(samples, *EVERY_PART)
        assert values.shape == (1 + max(length, 2048) // 512, 2 + 1 + 1 + 20 + 7)
        assert np.isfinite(values).all()


def test_silence_is_unvoiced_and_has_the_lowest_energy():
    pitch, voiced, energy = by_frame(np.zeros(RATE, np.float32), "f0", "energy").T
    assert not pitch.any()
    assert not voiced.any()
    np.testing.assert_allclose(energy, -100, rtol=1e-6)


def test_the_window_stretched_by_four_fifths_fits_whole():
    longest = round(2.5 * RATE / 0.8)
    default_frames = resolution.schema()["$defs"]["frames"]["default"]
    assert len(by_frame(np.zeros(longest, np.float32), "zcr")) <= default_frames


@pytest.mark.parametrize(
    ("parts", "changes"),
    [
        (["f0"], {"f0_min_hz": 300, "f0_max_hz": 200}),
        (["f0"], {"f0_min_hz": 75, "frame_length": 512}),
        (["f0"], {"f0_max_hz": 9000, "sample_rate_hz": 16000}),
        (["contrast"], {"sample_rate_hz": 12000}),
    ],
)
def test_unsuitable_settings_are_refused(parts, changes):
    with pytest.raises(Refusal, match="of a feature set"):
        frames.shape(**SETTINGS | changes, parts=parts)
    with pytest.raises(Refusal, match="of a feature set"):
        voice.names(**SETTINGS | changes)
    frames.shape(**SETTINGS | changes, parts=["zcr", "mfcc"])


def test_voice_features_are_means_of_the_frames():
    samples = vowel(1.2, RATE)
    settings = SETTINGS | {"n_mfcc": 40}
    ours = dict(zip(voice.names(**settings), voice.voice(samples, **settings), strict=True))
    assert len(ours) == 50
    values = by_frame(samples, "f0", "mfcc", "contrast", n_mfcc=40)
    (pitch, voiced), rest = values[:, :2].T, values[:, 2:].mean(axis=0)
    means = [ours[name] for name in ours if name.startswith(("mfcc", "contrast"))]
    np.testing.assert_allclose(means, rest, rtol=1e-4, atol=1e-4)
    assert ours["voiced_share"] == pytest.approx(voiced.mean())
    assert ours["f0_mean"] == pytest.approx(pitch[voiced == 1].mean(), rel=1e-5)
    assert ours["f0_deviation"] == pytest.approx(pitch[voiced == 1].std(), rel=1e-4)
    assert ours["f0_deviation"] > 1


def test_voice_features_of_silence_are_finite():
    for length in (10, RATE):
        values = voice.voice(np.zeros(length, np.float32), **SETTINGS)
        assert np.isfinite(values).all()
        assert values[20:23].tolist() == [0, 0, 0]


def test_the_acoustic_features_part_by_part():
    sizes = {"n_mfcc": 13, "n_mels": 40}
    samples = vowel(0.5, RATE)
    every = acoustic.SETTINGS["parts"]["default"]
    names = acoustic.names(parts=every, **sizes)
    whole = dict(
        zip(names, acoustic.acoustic(samples, **FRAMES, parts=every, **sizes), strict=True)
    )
    for parts in (["mel", "chroma", "mfcc"], ["rms"], ["zcr", "mel"]):
        names = acoustic.names(parts=parts, **sizes)
        assert list(dict.fromkeys(name.partition("_")[0] for name in names)) == parts
        values = acoustic.acoustic(samples, **FRAMES, parts=parts, **sizes)
        assert values.tolist() == [whole[name] for name in names]


def test_only_the_requested_parts_are_computed(monkeypatch):
    def unexpected(*_, **__):
        raise AssertionError("was computed")

    for name in ("chroma_stft", "melspectrogram", "mfcc"):
        monkeypatch.setattr(librosa.feature, name, unexpected)
    monkeypatch.setattr(librosa, "pyin", unexpected)
    acoustic.acoustic(vowel(0.2, RATE), **FRAMES, parts=["rms", "zcr"], n_mfcc=50, n_mels=20)
    assert len(acoustic.names(parts=["rms"], n_mfcc=50, n_mels=20)) == 1
    by_frame(vowel(0.2, RATE), "energy", "contrast")


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("acoustic", {"parts": []}),
        ("acoustic", {"parts": ["mel", "mel"]}),
        ("acoustic", {"parts": ["pitch"]}),
        ("frames", {"parts": ["f0", "mel"]}),
        ("frames", {"frames": 0}),
        ("frames", {"n_mfcc": 129}),
        ("voice", {"f0_min_hz": 0}),
    ],
)
def test_the_configuration_is_checked(kind, settings):
    config = deepcopy(SMALL)
    config["features"]["other"] = {"kind": kind}
    assert resolution.resolve(config)["features"]["other"]["sample_rate_hz"] == RATE
    config["features"]["other"] |= settings
    with pytest.raises(Refusal, match=r"^features\.other"):
        resolution.resolve(config)
