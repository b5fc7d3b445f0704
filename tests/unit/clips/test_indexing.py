"""Which files become clips, and the reasons for rejecting others."""

import hashlib

import numpy as np
import pytest

from serfusion.clips.indexing import SCHEMA, index
from serfusion.corpora import ravdess
from serfusion.errors import Refusal
from speech import voice

RATE = 16000


def name(emotion="05", repetition="01", actor="01") -> str:
    return f"Actor_{actor}/03-01-{emotion}-01-01-{repetition}-{actor}"


def indexed(tmp_path):
    clips, rejected, _ = index("ravdess", ravdess, tmp_path, workers=1)
    reasons = {
        path.removeprefix(f"{tmp_path}/"): reason
        for path, reason in zip(rejected["path"], rejected["reason"], strict=True)
    }
    return clips, reasons


def test_a_clip_has_the_columns_of_the_design(tmp_path, write_clip):
    samples = voice(1.5, RATE)
    path = write_clip(f"{name()}.wav", samples, subtype="FLOAT")
    clips, reasons = indexed(tmp_path)
    assert reasons == {}
    assert list(clips.columns) == SCHEMA.names
    assert clips.iloc[0].dropna().to_dict() == {
        "clip": "ravdess/03-01-05-01-01-01-01",
        "corpus": "ravdess",
        "path": str(path),
        "actor": "ravdess/01",
        "gender": "male",
        "emotion": "angry",
        "intensity": "normal",
        "sentence": "kids",
        "duration_s": 1.5,
        "sound_start_s": 0.0,
        "sound_end_s": 1.5,
        "sample_rate_hz": RATE,
        "sha256": hashlib.sha256(samples.tobytes()).hexdigest(),
    }


def test_wav_and_flac_of_one_recording_have_one_hash(tmp_path, write_clip):
    samples = (2**14 * voice(1, RATE)).astype(np.int16)
    write_clip(f"{name()}.wav", samples)
    write_clip(f"copy/{name()}.flac", samples)
    clips, reasons = indexed(tmp_path)
    assert len(clips) == 1
    assert list(reasons.values()) == ["duplicate of ravdess/03-01-05-01-01-01-01"]


def test_faulty_files_are_rejected_with_their_reason(tmp_path, write_clip):
    write_clip(f"{name()}.wav", voice(1, RATE))
    write_clip(f"{name(emotion='01')}.wav", np.zeros(RATE))
    write_clip(f"{name(emotion='02')}.wav", np.zeros(0))
    write_clip(f"{name(emotion='03')}.wav", np.full(RATE, np.nan), subtype="FLOAT")
    write_clip("Actor_01/holiday.wav", voice(1, RATE))
    (tmp_path / f"{name(emotion='04')}.wav").write_bytes(b"RIFF not really a wave file")
    (tmp_path / "notes.txt").write_text("not audio at all")
    clips, reasons = indexed(tmp_path)
    assert len(clips) == 1
    assert reasons[f"{name(emotion='01')}.wav"] == "silent"
    assert reasons[f"{name(emotion='02')}.wav"] == "empty"
    assert reasons[f"{name(emotion='03')}.wav"].startswith("unreadable")
    assert reasons[f"{name(emotion='04')}.wav"].startswith("unreadable")
    assert reasons["Actor_01/holiday.wav"].startswith("not a RAVDESS name")
    assert len(reasons) == 5


def test_the_same_audio_under_two_labels_is_rejected_altogether(tmp_path, write_clip):
    samples = voice(1, RATE)
    write_clip(f"{name(emotion='03')}.wav", samples)
    write_clip(f"{name(emotion='04')}.wav", samples)
    write_clip(f"{name(emotion='05')}.wav", voice(1, RATE, 1))
    clips, reasons = indexed(tmp_path)
    assert clips["emotion"].tolist() == ["angry"]
    assert len(reasons) == 2
    assert all(reason.startswith("same audio under two labels") for reason in reasons.values())


def test_the_same_audio_under_two_actors_is_rejected_altogether(tmp_path, write_clip):
    samples = voice(1, RATE)
    write_clip(f"{name(actor='01')}.wav", samples)
    write_clip(f"{name(actor='02')}.wav", samples)
    write_clip(f"{name(actor='03')}.wav", voice(1, RATE, 1))
    clips, reasons = indexed(tmp_path)
    assert clips["actor"].tolist() == ["ravdess/03"]
    assert all(reason.startswith("same audio under two actors") for reason in reasons.values())


def test_a_nested_second_copy_adds_nothing(tmp_path, write_clip):
    for number, actor in enumerate(("01", "02", "03")):
        samples = voice(1, RATE, number)
        write_clip(f"{name(actor=actor)}.wav", samples)
        write_clip(f"audio_speech_actors_01-24/{name(actor=actor)}.wav", samples)
    clips, reasons = indexed(tmp_path)
    assert len(clips) == 3
    assert not clips["path"].str.contains("audio_speech").any()
    assert all(reason.startswith("duplicate of") for reason in reasons.values())


def test_other_audio_under_the_same_name_is_rejected(tmp_path, write_clip):
    first = write_clip(f"{name()}.wav", voice(1, RATE))
    write_clip(f"remastered/{name()}.wav", voice(1, RATE, 1))
    clips, reasons = indexed(tmp_path)
    assert clips["path"].tolist() == [str(first)]
    assert list(reasons.values()) == [f"other audio under the name of {first}"]


def test_a_folder_without_audio_is_refused(tmp_path):
    with pytest.raises(
        Refusal, match=r"holds no audio files \(it is empty\): is it where ravdess is"
    ):
        indexed(tmp_path)


def test_a_folder_with_nothing_usable_is_refused(tmp_path, write_clip):
    write_clip("a.wav", voice(1, RATE))
    with pytest.raises(Refusal, match=r"None of the 1 audio files .* not a RAVDESS name"):
        indexed(tmp_path)


REPEATED = "03-01-03-01-02-02-07"


def test_real_ravdess_has_one_duplicate(real_corpus):
    root = real_corpus("RAVDESS")
    names = {path.stem for path in ravdess.files(root)}
    clips, rejected, _ = index("ravdess", ravdess, root, workers=2)
    repeated = rejected["path"].str.contains(REPEATED)
    assert set(clips["clip"].str.removeprefix("ravdess/")) == names - {REPEATED}
    if REPEATED in names:
        assert repeated.any()
        assert set(rejected["reason"][repeated]) == {"duplicate of ravdess/03-01-03-01-02-01-07"}
    # A copy may hold all of it twice, in a nested folder.
    assert rejected["reason"].str.startswith("duplicate of ").all()


POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 73642\n"


def test_git_lfs_pointers_are_rejected_as_such(tmp_path, write_clip):
    write_clip(f"{name()}.wav", voice(1, RATE))
    pointer = tmp_path / f"{name(repetition='02')}.wav"
    pointer.write_text(POINTER.format("0" * 64))
    _, reasons = indexed(tmp_path)
    assert reasons[f"{name(repetition='02')}.wav"].startswith("a Git LFS pointer instead of the")
    (tmp_path / f"{name()}.wav").write_text(POINTER.format("1" * 64))
    with pytest.raises(Refusal, match=r"most often: a Git LFS pointer .* `git lfs pull`"):
        indexed(tmp_path)
