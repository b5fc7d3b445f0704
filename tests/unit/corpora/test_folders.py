"""Which files of a folder are read: all audio and video, through links too, and each once."""

import os

import pytest

from serfusion.clips.indexing import index
from serfusion.corpora import audio_files, copied_files, ravdess, table_files, what_is_there
from serfusion.errors import Refusal
from speech import voice

RATE = 16000


def relative(paths, root) -> list[str]:
    return [str(path.relative_to(root)) for path in paths]


def test_linked_folders_are_entered_once_and_a_loop_ends(tmp_path):
    elsewhere, root = tmp_path / "elsewhere", tmp_path / "corpus"
    for folder in (elsewhere / "deep", root / "own"):
        folder.mkdir(parents=True)
    for path in (elsewhere / "a.wav", elsewhere / "deep/b.wav", root / "own/c.wav"):
        path.touch()
    (root / "Actor_02").symlink_to(elsewhere, target_is_directory=True)
    (root / "again").symlink_to(root / "own", target_is_directory=True)
    (elsewhere / "deep/up").symlink_to(elsewhere, target_is_directory=True)
    (root / "own/loop").symlink_to(root, target_is_directory=True)
    found = relative(audio_files(root), root)
    assert found == ["Actor_02/a.wav", "own/c.wav", "Actor_02/deep/b.wav"]


def test_a_link_to_a_missing_file_is_listed_and_is_no_input_of_a_job(tmp_path, write_clip):
    write_clip("03-01-05-01-01-01-01.wav", voice(1, RATE))
    link = tmp_path / "03-01-06-01-01-01-01.wav"
    link.symlink_to(tmp_path / "nowhere.wav")
    _, rejected, _ = index("ravdess", ravdess, tmp_path, workers=1)
    assert rejected.to_numpy().tolist() == [[str(link), "unreadable: no such file"]]
    assert copied_files(ravdess, tmp_path) == [tmp_path / "03-01-05-01-01-01-01.wav"]


def test_every_audio_and_video_file_is_read_or_listed(tmp_path, write_clip):
    write_clip("03-01-05-01-01-01-01.wav", voice(1, RATE))
    for name in ("a.m4a", "b.OPUS", "c.webm", "d.avi", "e.ape"):
        (tmp_path / name).write_bytes(b"something else")
    for name in ("notes.txt", "table.csv", "._a.m4a", ".hidden.wav"):
        (tmp_path / name).touch()
    _, rejected, _ = index("ravdess", ravdess, tmp_path, workers=1)
    names = [path.rpartition("/")[2] for path in rejected["path"]]
    assert names == ["a.m4a", "b.OPUS", "c.webm", "d.avi", "e.ape"]
    assert rejected["reason"].str.startswith("not a RAVDESS name").all()


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([], "it is empty"),
        (["a.zip"], "it holds 1 .zip, such as a.zip"),
        (["b.txt", "a.txt", "x/c.TXT", "README"], "it holds 3 .txt, 1 without ending, such as"),
    ],
)
def test_a_folder_without_audio_is_refused_with_what_it_holds(tmp_path, files, words):
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    with pytest.raises(Refusal) as refusal:
        index("ravdess", ravdess, tmp_path, workers=1)
    assert words in str(refusal.value)
    assert what_is_there(tmp_path / "nowhere") == "there is no such folder"


def test_a_folder_that_may_not_be_read_is_refused(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    if os.access(closed, os.R_OK):
        pytest.skip("this user may read every folder")
    with pytest.raises(Refusal, match="closed cannot be read: Permission denied"):
        audio_files(tmp_path)


def test_tables_are_found_by_name_or_by_folder_and_name(tmp_path):
    for name in ("a/EmoEvaluation/x.txt", "a/other/x.txt", "b/Table.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert relative(table_files(tmp_path, ["EmoEvaluation/*.txt"]), tmp_path) == [
        "a/EmoEvaluation/x.txt"
    ]
    assert relative(table_files(tmp_path, ["Table.csv"]), tmp_path) == ["b/Table.csv"]
