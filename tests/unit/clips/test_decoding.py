"""Every format that people have is decoded, whole and the same each time, or says why not."""

import numpy as np
import pytest
import soundfile

from recordings import (
    ENCODED,
    encode,
    encode_video_without_sound,
    flac_of_unknown_length,
    wav_with_stated_size,
)
from serfusion.clips.audio import Segment, read_window, read_windows
from serfusion.clips.decoding import BLOCK, DecodingError, open_audio
from serfusion.clips.fingerprints import SAME, fingerprint, same_recordings
from speech import voice

RATE = 16000
WHOLE = {"sample_rate_hz": RATE, "offset_s": 0, "duration_s": None}


def decoded(path) -> tuple[np.ndarray, int]:
    blocks = []
    with open_audio(path) as audio:
        while len(block := audio.read()):
            blocks.append(block)
        return np.concatenate(blocks), audio.rate


def phrase(seconds: float = 2.0) -> np.ndarray:
    """Return a voice between silences, so that where it begins is heard."""
    quiet = np.zeros(RATE // 4, np.float32)
    return np.concatenate([quiet, voice(seconds, RATE, 2), quiet])


@pytest.mark.parametrize("ending", ENCODED)
def test_what_phones_and_browsers_make_is_the_sound_that_was_recorded(tmp_path, ending):
    samples = phrase()
    path = encode(tmp_path / f"a.{ending}", samples, RATE)
    found = read_window(path, **WHOLE)
    assert len(found) == pytest.approx(len(samples), abs=0.2 * RATE)
    copies = [fingerprint(samples, RATE), fingerprint(found, RATE)]
    ((_, _, correlation),) = same_recordings(copies)
    assert correlation > SAME
    first, rate = decoded(path)
    again, _ = decoded(path)
    np.testing.assert_array_equal(first, again)
    assert rate == ENCODED[ending][2]
    assert first.std() == pytest.approx(samples.std(), rel=0.25)


@pytest.mark.parametrize("ending", ["m4a", "webm", "opus", "mp3"])
def test_the_error_of_a_good_codec_is_small(tmp_path, ending):
    samples = phrase()
    found = read_window(encode(tmp_path / f"a.{ending}", samples, RATE), **WHOLE)
    length = min(len(found), len(samples))
    correlation = np.corrcoef(found[:length], samples[:length])[0, 1]
    assert correlation > 0.98


def test_a_video_is_its_sound_and_one_without_sound_says_so(tmp_path):
    samples = phrase()
    video = encode(tmp_path / "a.mp4", samples, RATE, picture=True)
    sound = encode(tmp_path / "a.m4a", samples, RATE)
    np.testing.assert_array_equal(decoded(video)[0], decoded(sound)[0])
    with (
        pytest.raises(DecodingError, match=r"^video without sound$"),
        open_audio(encode_video_without_sound(tmp_path / "mute.mp4")),
    ):
        pass


def test_a_gsm_file_is_read_whole_and_from_the_middle_though_it_cannot_be_seeked(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, voice(12, 8000), 8000, format="WAV", subtype="GSM610")
    whole, rate = decoded(path)
    window = {"sample_rate_hz": rate, "offset_s": 9, "duration_s": 1}
    np.testing.assert_array_equal(
        read_window(path, **window), whole[9 * rate : 10 * rate].mean(axis=1)
    )


def test_a_flac_file_of_unknown_length_is_the_same_sound(tmp_path):
    samples = voice(5, RATE)
    path = flac_of_unknown_length(tmp_path / "open.flac", samples, RATE)
    soundfile.write(tmp_path / "stated.flac", samples, RATE)
    np.testing.assert_array_equal(decoded(path)[0], decoded(tmp_path / "stated.flac")[0])


@pytest.mark.parametrize("stated", [2**32 - 1, 2**31 - 37, 0])
def test_a_wav_that_was_written_to_a_pipe_is_read_whole(tmp_path, stated):
    samples = voice(2, RATE)
    path = wav_with_stated_size(tmp_path / "a.wav", samples, RATE, stated)
    assert len(decoded(path)[0]) == 2 * RATE
    with open_audio(path) as audio:
        assert audio.promised_s in (None, 2.0)


def test_blocks_are_bounded_and_join_to_the_file(tmp_path):
    samples = (2**14 * voice(10, RATE)).astype(np.int16)
    soundfile.write(tmp_path / "a.wav", samples, RATE)
    with open_audio(tmp_path / "a.wav") as audio:
        sizes = []
        while len(block := audio.read()):
            sizes.append(len(block))
    assert sizes == [BLOCK, BLOCK, 10 * RATE - 2 * BLOCK]


@pytest.mark.parametrize("ending", ["wav", "m4a"])
def test_segments_are_cut_from_one_reading_in_their_order(tmp_path, ending):
    samples = np.concatenate([voice(5, RATE, seed) for seed in range(3)])
    path = tmp_path / f"long.{ending}"
    if ending == "wav":
        soundfile.write(path, samples, RATE, subtype="FLOAT")
    else:
        encode(path, samples, RATE)
    whole = decoded(path)[0][:, 0]
    segments = [Segment(0.5, 9.0), Segment(1.0, 2.25), Segment(8.0, 8.5), Segment(14.0, None)]
    found = list(read_windows(path, segments, **WHOLE))
    expected = [whole[8000:144000], whole[16000:36000], whole[128000:136000], whole[224000:]]
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_window_of_a_segment_begins_in_it_and_ends_with_it(tmp_path):
    samples = voice(10, RATE)
    soundfile.write(tmp_path / "a.wav", samples, RATE, subtype="FLOAT")
    window = {"sample_rate_hz": RATE, "offset_s": 0.5, "duration_s": 2}
    found = read_window(tmp_path / "a.wav", Segment(4.0, 5.5), **window)
    np.testing.assert_array_equal(found, samples[72000:88000])


def test_one_channel_is_read_if_the_clip_says_so(tmp_path):
    left = voice(1, RATE)
    soundfile.write(tmp_path / "a.wav", np.stack([left, -left], 1), RATE, subtype="FLOAT")
    assert not read_window(tmp_path / "a.wav", **WHOLE).any()
    np.testing.assert_array_equal(
        read_window(tmp_path / "a.wav", Segment(channel=0), **WHOLE), left
    )


def test_silence_is_trimmed_before_the_window_is_cut(tmp_path):
    samples = np.concatenate([np.zeros(3 * RATE, np.float32), voice(2, RATE)])
    soundfile.write(tmp_path / "a.wav", samples, RATE, subtype="FLOAT")
    window = {"sample_rate_hz": RATE, "offset_s": 0.6, "duration_s": 1}
    assert not read_window(tmp_path / "a.wav", **window).any()
    trimmed = read_window(tmp_path / "a.wav", **window, trim_db=40)
    assert len(trimmed) == RATE
    assert np.abs(trimmed).max() > 0.1
