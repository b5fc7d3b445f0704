"""Sound that is no speech is left out, with its measured reason."""

import tracemalloc

import numpy as np
import pandas as pd
import pytest
import soundfile

from recordings import encode_video_without_sound, flac_of_unknown_length, wav_with_stated_size
from serfusion.clips.indexing import index
from serfusion.clips.measuring import Measurement
from serfusion.clips.windows import seen_share
from serfusion.corpora import manifest
from serfusion.errors import Refusal
from serfusion.extraction.feature_table import feature_table
from serfusion.features import statistical
from speech import voice

RATE = 16000


def measured(samples: np.ndarray, rate: int = RATE, block: int = 1000):
    """Measure frames of shape (n, channels), or mono samples, in blocks."""
    frames = np.atleast_2d(samples.astype(np.float32).T).T
    measurement = Measurement(rate)
    for start in range(0, len(frames), block):
        measurement.add(frames[start : start + block])
    return measurement.finish()


@pytest.mark.parametrize(
    ("samples", "fault"),
    [
        (np.zeros(0), "empty"),
        (np.full(RATE, np.inf), "unreadable: samples that are not numbers"),
        (voice(0.005, RATE), "too short: 5 ms, less than a frame of 100 ms"),
        (np.zeros(RATE), "silent"),
        (np.full(RATE, 0.25), "silent: a constant of 0.25"),
        (
            voice(1, RATE) * 32768 / np.abs(voice(1, RATE)).max(),
            "its peak is 90 dB above full scale: are its samples integers that were written as "
            "floats?",
        ),
        (voice(1, RATE) * 2 / np.abs(voice(1, RATE)).max(), None),
        (voice(1, RATE) + 0.25, None),
        (1e-3 * voice(1, RATE), None),
    ],
)
def test_what_cannot_be_used_has_its_measured_reason(samples, fault):
    assert measured(samples).fault == fault


@pytest.mark.parametrize("block", [1, 159, 160, 4000, 10**6])
def test_a_measurement_does_not_depend_on_its_blocks(block):
    samples = np.concatenate([np.zeros(4000), voice(0.5, RATE), np.zeros(1234)])
    found = measured(samples, block=block)
    expected = measured(samples, block=len(samples))
    assert found == expected
    assert (found.sound_start_s, found.sound_end_s) == pytest.approx((0.25, 0.75), abs=0.011)


def test_inverse_channels_are_not_mixed_down():
    left = voice(1, RATE)
    cancelling = measured(np.stack([left, -left], 1))
    assert (cancelling.fault, cancelling.channel) == (None, 0)
    assert cancelling.sha256 == measured(left).sha256
    for right in (left, voice(1, RATE, 1), np.zeros(RATE), 0.5 * left):
        assert measured(np.stack([left, right], 1)).channel is None


@pytest.fixture
def own_corpus(tmp_path):
    """A function that indexes files of the test's folder as a manifest."""

    def indexed(*names: str):
        rows = [
            f"{name},{number % 2},{'sad' if number else 'angry'}"
            for number, name in enumerate(names)
        ]
        path = tmp_path / f"{len(names)}.csv"
        path.write_text("\n".join(["path,actor,emotion", *rows]) + "\n", encoding="utf-8")
        clips, rejected, _ = index("mine", manifest, path, workers=1)
        reasons = dict(zip(rejected["path"], rejected["reason"], strict=True))
        return clips, {path.rpartition("/")[2]: reason for path, reason in reasons.items()}

    return indexed


def test_files_that_cannot_be_used_are_left_out_and_those_that_can_are_read(
    tmp_path, write_clip, own_corpus
):
    write_clip("good.wav", voice(1, RATE))
    write_clip("gsm.wav", voice(1, 8000, 1), 8000, subtype="GSM610")
    flac_of_unknown_length(tmp_path / "open.flac", voice(1, RATE, 2), RATE)
    wav_with_stated_size(tmp_path / "cut.wav", voice(1, RATE, 3), RATE, 4 * RATE)
    wav_with_stated_size(tmp_path / "nearly.wav", voice(1, RATE, 4), RATE, 2 * RATE + 200)
    encode_video_without_sound(tmp_path / "mute.mp4")
    write_clip("stereo.wav", np.stack([voice(1, RATE, 5), -voice(1, RATE, 5)], 1), subtype="FLOAT")
    (tmp_path / "noise.wav").write_bytes(np.random.default_rng(0).bytes(4000))
    (tmp_path / "folder.wav").mkdir()
    names = ["good.wav", "gsm.wav", "open.flac", "cut.wav", "nearly.wav", "mute.mp4", "stereo.wav"]
    clips, reasons = own_corpus(*names, "noise.wav", "folder.wav", "gone.wav")
    assert reasons == {
        "cut.wav": "cut off: it holds 1.00 s of the 2.00 s that its header states",
        "mute.mp4": "video without sound",
        "noise.wav": "unreadable: Format not recognised.",
        "folder.wav": "no such file",
        "gone.wav": "no such file",
    }
    assert clips["clip"].tolist() == [
        "mine/good",
        "mine/gsm",
        "mine/nearly",
        "mine/open",
        "mine/stereo",
    ]
    assert clips.set_index("clip")["channel"].dropna().to_dict() == {"mine/stereo": 0}
    settings = {"frame_length": 2048, "hop_length": 512, "sample_rate_hz": RATE}
    window = {"offset_s": 0, "duration_s": None}
    table = feature_table(
        clips, statistical, settings | window, augmentation="original", transform=None, workers=1
    ).to_pandas()
    assert (table.set_index("clip").loc["mine/stereo"].drop("augmentation") != 0).all()


def test_memory_is_flat_in_the_length_of_a_recording(tmp_path, own_corpus):
    peaks = []
    for seconds in (60, 600):
        name = f"{seconds}.wav"
        with soundfile.SoundFile(tmp_path / name, "w", RATE, 2) as file:
            for seed in range(seconds // 20):
                file.write(np.stack([voice(20, RATE, seed), voice(20, RATE, seed + 1)], 1))
        tracemalloc.start()
        own_corpus(name)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]
    assert peaks[1] < 0.5 * 600 * RATE * 2 * 4


CLIPS = pd.DataFrame(
    {
        "duration_s": [4.0, 4.0, 4.0, 40.0, 0.5],
        "sound_start_s": [1.0, 3.5, 0.0, 0.0, 0.0],
        "sound_end_s": [3.0, 4.0, 4.0, 40.0, 0.5],
    }
)


@pytest.mark.parametrize(
    ("window", "seen"),
    [
        ({"offset_s": 0.6, "duration_s": 2.5}, [1, 0, 2.5 / 4, 2.5 / 40, 1]),
        ({"offset_s": 0, "duration_s": None}, [1, 1, 1, 1, 1]),
        ({"offset_s": 0, "duration_s": 1.0}, [0, 0, 0.25, 1 / 40, 1]),
        ({"offset_s": 0, "duration_s": 1.0, "trim_db": 40}, [0.5, 1, 0.25, 1 / 40, 1]),
        (
            {
                "offset_s": 0,
                "duration_s": None,
                "frames": 50,
                "hop_length": 320,
                "sample_rate_hz": 16000,
            },
            [0, 0, 0.25, 1 / 40, 1],
        ),
    ],
)
def test_what_share_of_the_sound_a_window_sees(window, seen):
    share = seen_share(CLIPS, **{"trim_db": None, **window})
    assert share.tolist() == pytest.approx(seen)


def test_a_folder_with_nothing_but_faults_names_the_most_frequent(tmp_path, write_clip, own_corpus):
    for name in ("a.wav", "b.wav"):
        write_clip(name, np.zeros(RATE))
    with pytest.raises(Refusal, match="can be used as mine; most often: silent"):
        own_corpus("a.wav", "b.wav")
