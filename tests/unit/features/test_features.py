"""The features against librosa's and scipy's functions."""

from pathlib import Path

import librosa
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from scipy import stats

from serfusion.clips.audio import read_window
from serfusion.errors import Refusal
from serfusion.extraction.feature_table import feature_table
from serfusion.extraction.schema import frame_schema
from serfusion.features import acoustic, frames, gender, log_mel, statistical
from serfusion.files import write_parquet
from serfusion.speech.espeak import Espeak
from serfusion.study import resolution
from speech import voice

FRAMES = {"frame_length": 2048, "hop_length": 512}
PARTS = ["zcr", "chroma", "mfcc", "rms", "mel"]
SIZES = {"parts": PARTS, "n_mfcc": 20, "n_mels": 128}
WHOLE = {"sample_rate_hz": 16000, "offset_s": 0, "duration_s": None}


def librosa_acoustic(samples: np.ndarray, rate: int) -> np.ndarray:
    """Each feature by librosa's function of the samples, which computes its own spectrum."""
    return np.concatenate(
        [
            librosa.feature.zero_crossing_rate(samples).mean(axis=1),
            librosa.feature.chroma_stft(y=samples, sr=rate).mean(axis=1),
            librosa.feature.mfcc(y=samples, sr=rate).mean(axis=1),
            librosa.feature.rms(y=samples).mean(axis=1),
            librosa.feature.melspectrogram(y=samples, sr=rate).mean(axis=1),
        ]
    )


def librosa_statistical(samples: np.ndarray, rate: int) -> list[float]:
    return [
        np.mean(samples, dtype=np.float64),
        np.var(samples, dtype=np.float64),
        stats.skew(samples.astype(np.float64)),
        stats.kurtosis(samples.astype(np.float64)),
        librosa.feature.spectral_centroid(y=samples, sr=rate).mean(),
        librosa.feature.spectral_bandwidth(y=samples, sr=rate).mean(),
    ]


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 24414, 48000])
@pytest.mark.parametrize("seconds", [0.3, 1.31, 2.5])
def test_acoustic_features_equal_librosa(rate, seconds):
    samples = voice(seconds, rate)
    ours = acoustic.acoustic(samples, sample_rate_hz=rate, **FRAMES, **SIZES)
    assert ours.shape == (162,) == (len(acoustic.names(**SIZES)),)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, librosa_acoustic(samples, rate), rtol=1e-4)


@pytest.mark.parametrize("rate", [16000, 22050, 48000])
def test_statistical_features_equal_librosa_and_scipy(rate):
    samples = voice(1.7, rate, seed=1)
    ours = statistical.statistical(samples, sample_rate_hz=rate, **FRAMES)
    assert ours.shape == (6,) == (len(statistical.names()),)
    np.testing.assert_allclose(ours, librosa_statistical(samples, rate), rtol=1e-4)


@pytest.mark.parametrize(
    "pattern",
    [
        "RAVDESS/Actor_01/03-01-05-02-01-01-01.wav",
        "RAVDESS/Actor_20/03-01-02-02-02-02-20.wav",
        "CREMA-D/AudioWAV/1001_DFA_ANG_XX.wav",
        "TESS/**/*neutral.wav",
    ],
)
def test_features_of_real_clips_equal_librosa(real_speech, pattern):
    path = next(iter(sorted(real_speech.glob(pattern))), None)
    if path is None:
        pytest.skip(f"no {pattern} among the real corpora")
    rate = 22050
    samples, _ = librosa.load(path, sr=rate, offset=0.6, duration=2.5)
    window = read_window(
        path,
        sample_rate_hz=rate,
        offset_s=0.6,
        duration_s=2.5,
    )
    ours = acoustic.acoustic(window, sample_rate_hz=rate, **FRAMES, **SIZES)
    np.testing.assert_allclose(ours, librosa_acoustic(samples, rate), rtol=1e-4)
    ours = statistical.statistical(window, sample_rate_hz=rate, **FRAMES)
    np.testing.assert_allclose(ours, librosa_statistical(samples, rate), rtol=1e-4)


@pytest.mark.parametrize("rate", [8000, 16000, 24414, 48000])
@pytest.mark.parametrize("words", ["Kids.", "Dogs are sitting by the door and will not move."])
def test_features_of_synthetic_speech_equal_librosa(write_clip, words, rate):
    espeak = Espeak()
    speech = np.pad(espeak.speak(words, "en-us+m1", rate=120) / 2**15, espeak.sample_rate_hz // 2)
    clip = librosa.resample(speech, orig_sr=espeak.sample_rate_hz, target_sr=rate)
    path = write_clip("speech.wav", clip, rate, subtype="PCM_16")
    samples, _ = librosa.load(path, sr=22050, offset=0.6, duration=2.5)
    window = read_window(path, sample_rate_hz=22050, offset_s=0.6, duration_s=2.5)
    ours = acoustic.acoustic(window, sample_rate_hz=22050, **FRAMES, **SIZES)
    np.testing.assert_allclose(ours, librosa_acoustic(samples, 22050), rtol=1e-4)


@pytest.mark.parametrize("length", [1, 100, 2047])
def test_samples_shorter_than_a_frame_are_padded(length):
    samples = voice(1, 22050)[:length]
    padded = np.pad(samples, (0, 2048 - length))
    for function, sizes in ((acoustic.acoustic, SIZES), (statistical.statistical, {})):
        arguments = {"sample_rate_hz": 22050, **FRAMES, **sizes}
        values = function(samples, **arguments)
        assert np.isfinite(values).all()
        np.testing.assert_array_equal(values, function(padded, **arguments))


def test_a_silent_window_has_finite_features():
    silence = np.zeros(22050, dtype=np.float32)
    values = acoustic.acoustic(silence, sample_rate_hz=22050, **FRAMES, **SIZES)
    assert np.isfinite(values).all()
    values = statistical.statistical(silence, sample_rate_hz=22050, **FRAMES)
    np.testing.assert_array_equal(values[:4], 0)
    assert np.isfinite(values).all()


def test_sizes_are_settings():
    sizes = {"parts": PARTS, "n_mfcc": 13, "n_mels": 40}
    values = acoustic.acoustic(voice(1, 16000), sample_rate_hz=16000, **FRAMES, **sizes)
    assert values.shape == (1 + 12 + 13 + 1 + 40,) == (len(acoustic.names(**sizes)),)


@pytest.mark.parametrize("rate", [16000, 22050])
def test_the_log_mel_spectrogram_equals_librosa(rate):
    samples = voice(1.7, rate)
    ours = log_mel.log_mel(samples, sample_rate_hz=rate, **FRAMES, n_mels=40)
    power = librosa.feature.melspectrogram(y=samples, sr=rate, n_mels=40)
    np.testing.assert_allclose(ours, 10 * np.log10(np.maximum(power, 1e-10)).T, rtol=1e-4)
    silence = log_mel.log_mel(np.zeros(5, np.float32), sample_rate_hz=rate, **FRAMES, n_mels=40)
    assert silence.shape[1] == 40
    np.testing.assert_allclose(silence, -100)


WHOLE_FILE = {"start_s": None, "end_s": None, "channel": None}


def test_a_table_of_frames_is_padded_and_cut(write_clip):
    lengths = {"short": 0.4, "long": 3.0}
    paths = [str(write_clip(f"{name}.wav", voice(s, 16000))) for name, s in lengths.items()]
    clips = pd.DataFrame({"clip": list(lengths), "path": paths}).assign(**WHOLE_FILE)
    settings = {"sample_rate_hz": 16000, "offset_s": 0, "duration_s": None, "n_mels": 12}
    settings |= FRAMES | {"frames": 40, "trim_db": None}
    table = feature_table(
        clips, log_mel, settings, augmentation="original", transform=None, workers=1
    )
    path = Path(paths[0]).with_name("table.parquet")
    write_parquet(table, table.schema, path)
    read = pq.read_table(path)
    assert read.schema == frame_schema(40, 12, "float16")
    assert read["length"].to_pylist() == [1 + int(0.4 * 16000) // 512, 40]
    values = read["values"].combine_chunks().to_numpy_ndarray()
    for row, name in zip(values, lengths, strict=True):
        samples = read_window(paths[name == "long"], **WHOLE)
        expected = log_mel.log_mel(samples, sample_rate_hz=16000, **FRAMES, n_mels=12)[:40]
        np.testing.assert_allclose(row[: len(expected)], expected, atol=0.04)
        assert (row[len(expected) :] == 0).all()


@pytest.mark.parametrize(
    ("features", "changes"),
    [(acoustic, {"n_mfcc": 41, "n_mels": 40}), (frames, {"f0_min_hz": 700, "f0_max_hz": 600})],
)
def test_contradictory_settings_are_refused_before_a_clip_is_read(features, changes):
    schemas = {key: {} for key in features.SETTINGS} | resolution.schema()["$defs"]
    settings = {key: schemas[key].get("default") for key in features.SETTINGS}
    settings |= {
        key: schema["default"] for key, schema in features.SETTINGS.items() if "default" in schema
    }
    settings |= changes
    clips = pd.DataFrame({"clip": ["a"], "path": ["gone.wav"]}).assign(**WHOLE_FILE)
    with pytest.raises(Refusal, match=r"n_mfcc \(41\)|f0_min_hz"):
        feature_table(clips, features, settings, augmentation="original", transform=None, workers=1)


def test_silence_is_trimmed_as_librosa_trims_it(write_clip):
    samples = np.pad(voice(1, 16000), (8000, 4000))
    path = write_clip("padded.wav", samples, subtype="FLOAT")
    trimmed = read_window(path, **WHOLE, trim_db=40)
    np.testing.assert_array_equal(trimmed, librosa.effects.trim(samples, top_db=40)[0])
    assert len(trimmed) < len(samples)
    np.testing.assert_array_equal(read_window(path, **WHOLE), samples)


@pytest.mark.parametrize(("name", "value"), [("male", 1), ("female", 0), (None, 0.5)])
def test_gender_is_a_number_and_needs_no_audio(name, value):
    class Clip:
        gender = name

    def load():
        raise AssertionError("the audio was read")

    assert gender.extract(Clip, load).tolist() == [value]
