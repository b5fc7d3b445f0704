"""Manifests whose rows are segments of long recordings."""

import numpy as np
import pytest
import soundfile

from serfusion.clips.audio import Segment, read_window
from serfusion.clips.indexing import index
from serfusion.corpora import manifest
from serfusion.errors import Refusal
from serfusion.extraction.feature_table import feature_table
from serfusion.features import statistical
from serfusion.report.experiment.portrait import portrait
from speech import voice

RATE = 16000
SECONDS = 12
SETTINGS = {
    **{"sample_rate_hz": RATE, "offset_s": 0.0, "duration_s": 1.0, "trim_db": None},
    **{"frame_length": 2048, "hop_length": 512},
}


@pytest.fixture
def write_manifest(tmp_path):
    """A function that writes rows about an interview of 12 s, and returns the manifest."""
    samples = np.concatenate([voice(1, RATE, seed) for seed in range(SECONDS)])
    soundfile.write(tmp_path / "interview.wav", samples, RATE, subtype="FLOAT")
    soundfile.write(tmp_path / "alone.wav", voice(1, RATE, 20), RATE, subtype="FLOAT")

    def write(*rows: str, columns: str = "path,start,end,actor,emotion"):
        path = tmp_path / "mine.csv"
        path.write_text("\n".join([columns, *rows]) + "\n", encoding="utf-8")
        manifest._rows.cache_clear()
        return path

    return write


def indexed(path):
    clips, rejected, _ = index("mine", manifest, path, workers=1)
    return clips, list(rejected["reason"])


def test_a_row_is_a_segment_and_its_name_says_which(tmp_path, write_manifest):
    clips, rejected = indexed(
        write_manifest(
            "interview.wav,0.5,2.25,1,sad",
            "interview.wav,4,5.5,2,angry",
            "interview.wav,11,,1,happy",
            "alone.wav,,,1,sad",
        )
    )
    assert rejected == []
    found = clips.set_index("clip")
    assert found[["start_s", "end_s"]].fillna(-1).to_numpy().tolist() == [
        [-1, -1],
        [0.5, 2.25],
        [11, -1],
        [4, 5.5],
    ]
    assert found.index.tolist() == [
        "mine/alone",
        "mine/interview@0.500-2.250",
        "mine/interview@11.000-",
        "mine/interview@4.000-5.500",
    ]
    assert found["duration_s"].tolist() == [1, 1.75, 1, 1.5]
    whole, _ = soundfile.read(tmp_path / "interview.wav", dtype="float32")
    table = feature_table(
        clips, statistical, SETTINGS, augmentation="original", transform=None, workers=2
    ).to_pandas()
    assert table["clip"].tolist() == clips["clip"].tolist()
    start = 4 * RATE
    expected = statistical.statistical(whole[start : start + RATE], **SETTINGS)
    np.testing.assert_array_equal(table.iloc[3, 2:].to_numpy(np.float32), expected)
    picture = portrait(tmp_path / "interview.wav", Segment.of(clips.iloc[3]), embed=False)
    assert picture["seconds"] == 1.5


def test_a_file_is_opened_once_for_all_its_segments(tmp_path, write_manifest, monkeypatch):
    opened = []
    real = soundfile.SoundFile

    def counted(path, *options):
        opened.append(path)
        return real(path, *options)

    monkeypatch.setattr(soundfile, "SoundFile", counted)
    rows = [f"interview.wav,{second},{second + 1},1,sad" for second in range(SECONDS)]
    clips, _ = indexed(write_manifest(*rows))
    assert (len(clips), len(opened)) == (SECONDS, 1)
    opened.clear()
    feature_table(clips, statistical, SETTINGS, augmentation="original", transform=None, workers=1)
    assert len(opened) == 1


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("interview.wav,3,1,1,sad", "line 3: its segment ends at 1, before it starts"),
        ("interview.wav,-1,3,1,sad", "line 3: its start is '-1', which should be in seconds"),
        ("interview.wav,0:07,8,1,sad", "line 3: its start is '0:07', which should be in seconds"),
        ("interview.wav,7,inf,1,sad", "line 3: its end is 'inf', which should be in seconds"),
        ("interview.wav,7,8,1,", "line 3: its row has no emotion"),
        ("interview.wav,7,14,1,sad", "its segment ends at 14 s, after the end of the file at 12.0"),
        ("interview.wav,20,21,1,sad", "its segment starts at 20 s, after the end of the file"),
        ("interview.wav,7,7.05,1,sad", "too short: 50 ms, less than a frame of 100 ms"),
        ("interview.wav,0.6,1.8,1,sad", "its segment interview@0.600-1.800 overlaps another by"),
        ("interview.wav,,,1,sad", "its segment interview@0.500-2.000 overlaps another by"),
        ("gone.wav,1,2,1,sad", "no such file"),
    ],
)
def test_a_segment_that_cannot_be_used_says_why(write_manifest, row, reason):
    _, rejected = indexed(write_manifest("interview.wav,0.5,2,1,sad", row))
    assert len(rejected) == 1
    assert rejected[0].startswith(reason)


def test_segments_may_touch_and_overlap_a_little(write_manifest):
    clips, rejected = indexed(
        write_manifest(
            "interview.wav,0,2,1,sad",
            "interview.wav,1.7,3,2,sad",
            "interview.wav,3,4,1,angry",
        )
    )
    assert (len(clips), rejected) == (3, [])


def test_one_segment_twice_is_refused(write_manifest):
    path = write_manifest("interview.wav,1,2,1,sad", "interview.wav,1,2,2,sad")
    with pytest.raises(Refusal, match=r"line 3: interview\.wav is listed twice"):
        manifest.files(path)


def test_columns_that_nothing_reads_are_named_once(write_manifest, caplog):
    path = write_manifest("alone.wav,,,1,sad,7,x", columns="path,start,end,actor,emotion,age,note")
    with caplog.at_level("INFO"):
        indexed(path)
    said = [record.getMessage() for record in caplog.records if "not read" in record.getMessage()]
    assert said == [f"mine: not read are the columns age, note of {path}"]


def test_a_column_named_twice_is_refused(write_manifest):
    path = write_manifest("alone.wav,1,sad,happy", columns="path,actor,emotion, Emotion")
    with pytest.raises(Refusal, match="has two columns 'emotion': rename or remove one"):
        manifest.files(path)


def test_a_segment_of_a_compressed_recording_is_the_same_sound(tmp_path, write_manifest):
    soundfile.write(tmp_path / "long.flac", voice(8, RATE), RATE)
    clips, _ = indexed(write_manifest("long.flac,2,3.5,1,sad"))
    whole = {"sample_rate_hz": RATE, "offset_s": 0, "duration_s": None}
    found = read_window(tmp_path / "long.flac", Segment.of(clips.iloc[0]), **whole)
    expected, _ = soundfile.read(tmp_path / "long.flac", dtype="float32")
    np.testing.assert_array_equal(found, expected[2 * RATE : int(3.5 * RATE)])
