"""What the corpora's names say, and that the demo corpus is the same each time."""

import hashlib
import subprocess
import sys
from pathlib import Path, PurePath

import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from serfusion import registry
from serfusion.corpora import demo, ravdess

EMOTIONS = {"angry", "calm", "disgust", "fear", "happy", "neutral", "sad", "surprise"}


def test_every_corpus_says_what_the_report_needs():
    for name in registry.available("corpora"):
        module = registry.load("corpora", name)
        assert module.TITLE and module.LICENCE and module.CITATION
        assert isinstance(module.SYNTHETIC, bool)
        assert all("description" in setting for setting in module.SETTINGS.values())


def test_a_ravdess_name_is_read():
    labels = ravdess.labels(PurePath("Actor_16/03-01-05-02-01-02-16.wav"), PurePath())
    assert labels == ("03-01-05-02-01-02-16", "16", "female", "angry", "strong", "kids", None)


@given(
    emotion=st.sampled_from(sorted(ravdess.EMOTIONS)),
    intensity=st.sampled_from(sorted(ravdess.INTENSITIES)),
    statement=st.sampled_from(sorted(ravdess.STATEMENTS)),
    repetition=st.integers(1, 2),
    actor=st.integers(1, 24),
)
def test_every_ravdess_name_is_read(emotion, intensity, statement, repetition, actor):
    name = f"03-01-{emotion}-{intensity}-{statement}-{repetition:02d}-{actor:02d}"
    labels = ravdess.labels(PurePath(f"{name}.flac"), PurePath())
    assert labels.name == name
    assert labels.emotion == ravdess.EMOTIONS[emotion]
    assert labels.emotion in EMOTIONS
    assert labels.actor == f"{actor:02d}"
    assert labels.gender == ("male" if actor % 2 else "female")


FIELD = st.sampled_from(["00", "01", "02", "03", "08", "09", "1", "x1", ""])


@given(st.lists(FIELD, min_size=6, max_size=8))
def test_a_name_is_either_read_whole_or_a_value_error(fields):
    name = "-".join(fields)
    try:
        labels = ravdess.labels(PurePath(f"x/{name}.wav"), PurePath())
    except ValueError:
        return
    assert len(fields) == 7
    assert (fields[1], fields[6]) == ("01", labels.actor)
    assert ravdess.EMOTIONS[fields[2]] == labels.emotion
    assert ravdess.INTENSITIES[fields[3]] == labels.intensity
    assert ravdess.STATEMENTS[fields[4]] == labels.sentence


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("03-02-05-01-01-01-01", "song"),
        ("03-01-09-01-01-01-01", "unknown emotion 09"),
        ("03-01-05-03-01-01-01", "unknown intensity 03"),
        ("03-01-05-01-07-01-01", "unknown statement 07"),
        ("03-01-05-01-01-01", "not a RAVDESS name"),
    ],
)
def test_a_ravdess_name_that_cannot_be_used_says_why(name, reason):
    with pytest.raises(ValueError, match=reason):
        ravdess.labels(PurePath(f"{name}.wav"), PurePath())


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


SYNTHESISE = """
import sys
from pathlib import Path
from serfusion.corpora import demo
Path(sys.argv[1]).mkdir()
demo.synthesise(Path(sys.argv[1]), int(sys.argv[2]), speakers=3)
"""


def synthesised(folder: Path, seed: int) -> dict[str, str]:
    command = [sys.executable, "-c", SYNTHESISE, str(folder), str(seed)]
    subprocess.run(command, check=True, cwd=registry.ROOT.parent)
    return digests(folder)


def test_the_demo_corpus_is_the_same_each_time_and_says_that_it_is_synthetic(tmp_path):
    first = synthesised(tmp_path / "first", 17)
    assert first == synthesised(tmp_path / "second", 17)
    assert first != synthesised(tmp_path / "other", 18)
    clips = [name for name in first if name.endswith(".wav")]
    assert len(clips) == 3 * 8 * 2 * 2 == len({first[name] for name in clips})
    labels = [demo.labels(PurePath(name), PurePath()) for name in clips]
    assert {label.emotion for label in labels} == EMOTIONS
    assert {label.gender for label in labels} == {"female", "male"}
    assert "Synthetic" in (tmp_path / "first" / "SYNTHETIC.txt").read_text()
    with soundfile.SoundFile(tmp_path / "first" / clips[0]) as file:
        assert "synthetic" in file.comment
        assert 1 < file.frames / file.samplerate < 6


def test_the_demo_has_at_least_eight_speakers_half_of_them_female():
    speakers = demo.SETTINGS["speakers"]["default"]
    assert speakers >= 8 and speakers % 2 == 0
    assert len(demo.VOICES) == demo.SETTINGS["speakers"]["maximum"]


def test_real_ravdess_names_are_all_read(real_speech):
    files = sorted((real_speech / "RAVDESS").rglob("*.wav"))
    labels = [ravdess.labels(path, real_speech) for path in files]
    assert len(labels) == 1440
    assert len({label.actor for label in labels}) == 24
    assert sum(label.emotion == "neutral" for label in labels) == 96
