"""Reading audio: decoding, mixing down, the window, and faulty files."""

import librosa
import numpy as np
import pytest

from serfusion.clips.audio import read_window
from serfusion.errors import Refusal
from speech import voice

WINDOW = {"sample_rate_hz": 22050, "offset_s": 0.6, "duration_s": 2.5}


@pytest.mark.parametrize("suffix", ["wav", "flac"])
def test_stereo_is_mixed_down(write_clip, suffix):
    left, right = voice(1, 16000, 1), voice(1, 16000, 2)
    path = write_clip(f"two.{suffix}", np.stack([left, right], axis=1), subtype="PCM_16")
    samples = read_window(path, sample_rate_hz=16000, offset_s=0, duration_s=None)
    np.testing.assert_allclose(samples, (left + right) / 2, atol=1e-4)


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 24414, 48000, 96000])
def test_the_window_is_librosas(write_clip, rate):
    path = write_clip("clip.wav", voice(4, rate), rate)
    expected, _ = librosa.load(path, sr=22050, offset=0.6, duration=2.5)
    np.testing.assert_array_equal(read_window(path, **WINDOW), expected)
    assert len(expected) == pytest.approx(2.5 * 22050, abs=2)


def test_the_whole_clip(write_clip):
    path = write_clip("clip.wav", voice(4, 22050), 22050)
    whole = {"sample_rate_hz": 22050, "offset_s": 0, "duration_s": None}
    assert len(read_window(path, **whole)) == 4 * 22050


@pytest.mark.parametrize("seconds", [0.02, 0.3, 0.6, 0.601, 0.69])
def test_a_clip_that_ends_before_the_window_is_read_from_its_start(write_clip, seconds):
    path = write_clip("short.wav", voice(seconds, 22050), 22050)
    samples = read_window(path, **WINDOW)
    assert len(samples) == int(seconds * 22050)


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(Refusal, match=r"gone\.wav was readable"):
        read_window(tmp_path / "gone.wav", **WINDOW)


def test_a_damaged_file_is_refused_by_name(tmp_path):
    (tmp_path / "bad.wav").write_bytes(b"RIFF of nothing")
    with pytest.raises(Refusal, match=r"bad\.wav was readable"):
        read_window(tmp_path / "bad.wav", **WINDOW)
