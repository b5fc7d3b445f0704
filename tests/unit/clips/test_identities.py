"""One person, one recording and one emotion each have one name, however a corpus writes them."""

import unicodedata

import numpy as np
import pandas as pd
import pytest

from serfusion.clips.indexing import index
from serfusion.corpora import manifest, ravdess
from serfusion.errors import Refusal
from serfusion.protocol.audit import audit
from serfusion.protocol.folds import split
from speech import clip_table, combined, voice

RATE = 16000


@pytest.fixture
def own_corpus(tmp_path, write_clip):
    """A function that indexes a manifest with these rows, each of another recording."""

    def indexed(*rows: tuple[str, ...], columns="actor,emotion,gender", label_map=None):
        for number in range(len(rows)):
            write_clip(f"{number}.wav", voice(1, RATE, number))
        lines = [f"path,{columns}"]
        lines += [f"{number}.wav,{','.join(row)}" for number, row in enumerate(rows)]
        path = tmp_path / "mine.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        manifest._rows.cache_clear()
        return index("mine", manifest, path, label_map=label_map, workers=1)

    return indexed


@pytest.mark.parametrize(
    ("first", "second"), [("Anna", "anna"), ("4", "4.0"), ("4", "04"), ("spk01", "spk1")]
)
def test_one_person_under_two_names_is_refused_with_the_pair(own_corpus, first, second):
    pair = " and ".join(repr(name) for name in sorted((first, second)))
    with pytest.raises(Refusal) as refusal:
        own_corpus((first, "sad", ""), (second, "happy", ""), ("b", "sad", ""))
    assert str(refusal.value) == (
        f"corpora.mine: the actors {pair} differ only in case, blanks, padding or a final .0: if "
        "they are one person, write one name."
    )


def test_composed_and_decomposed_names_and_blanks_are_one_person(own_corpus):
    clips, rejected, _ = own_corpus(
        ("Jörg", "sad", ""),
        (unicodedata.normalize("NFD", "Jörg"), "happy", ""),
        (" Jörg  ", "angry", ""),
    )
    assert rejected.empty
    assert set(clips["actor"]) == {"mine/Jörg"}


def test_a_file_is_found_in_either_form_of_its_name(tmp_path, write_clip):
    write_clip(unicodedata.normalize("NFD", "Jörg.wav"), voice(1, RATE, 1))
    path = tmp_path / "mine.csv"
    path.write_text("path,actor,emotion\nJörg.wav,a,sad\n", encoding="utf-8")
    clips, _, _ = index("mine", manifest, path, workers=1)
    assert list(clips["clip"]) == ["mine/Jörg"]


def test_canonical_emotions_are_recognised_in_any_case_and_missing_ones_are_listed(own_corpus):
    rows = [("a", word, "") for word in ("angry", "Angry", "ANGRY ", "nan", "NA", "None", "-", "?")]
    clips, rejected, _ = own_corpus(*rows)
    assert list(clips["emotion"]) == ["angry"] * 3
    assert [reason for reason in rejected["reason"]] == [
        f"no emotion: its label is {word!r}" for word in ("nan", "NA", "None", "-", "?")
    ]


def test_a_copy_without_an_emotion_does_not_take_the_clip_with_it(tmp_path, write_clip):
    for name in ("a.wav", "b.wav"):
        write_clip(name, voice(1, RATE))
    path = tmp_path / "mine.csv"
    path.write_text("path,actor,emotion\na.wav,x,NA\nb.wav,x,sad\n")
    clips, rejected, _ = index("mine", manifest, path, workers=1)
    assert list(clips["clip"]) == ["mine/b"]
    assert list(rejected["reason"]) == ["no emotion: its label is 'NA'"]


def test_labels_that_differ_only_in_spelling_are_refused_unless_they_are_one_emotion(own_corpus):
    rows = [("a", "Wut", ""), ("b", "wut", ""), ("a", "sad", "")]
    with pytest.raises(Refusal, match=r"corpora\.mine: the labels 'Wut' and 'wut' differ only in"):
        own_corpus(*rows)
    with pytest.raises(Refusal, match=r"the labels 'Wut' and 'wut' .* stand for different"):
        own_corpus(*rows, label_map={"Wut": "angry"})
    clips, _, _ = own_corpus(*rows, label_map={"Wut": "angry", "wut": "angry"})
    assert sorted(clips["emotion"]) == ["angry", "angry", "sad"]


def test_a_word_for_missing_can_be_an_emotion_if_the_label_map_says_so(own_corpus):
    clips, _, _ = own_corpus(("a", "none", ""), ("a", "sad", ""), label_map={"none": "neutral"})
    assert sorted(clips["emotion"]) == ["neutral", "sad"]


def test_an_unknown_gender_is_as_good_as_none(own_corpus):
    rows = [("a", "sad", "Unknown"), ("b", "happy", "n/a"), ("c", "sad", ""), ("d", "sad", "male")]
    clips, rejected, _ = own_corpus(*rows)
    assert rejected.empty
    assert clips.set_index("actor")["gender"].dropna().to_dict() == {"mine/d": "male"}


def test_one_modality_of_a_recording_is_a_clip(tmp_path, write_clip):
    for number, name in enumerate(("01-01-05-01-01-01-01", "03-01-05-01-01-01-01")):
        write_clip(f"{name}.wav", voice(1, RATE, number))
    write_clip("02-01-05-01-01-01-01.wav", voice(1, RATE, 7))
    write_clip("01-01-03-01-01-01-01.wav", voice(1, RATE, 8))
    clips, rejected, _ = index("ravdess", ravdess, tmp_path, workers=1)
    assert list(clips["clip"]) == ["ravdess/01-01-03-01-01-01-01", "ravdess/03-01-05-01-01-01-01"]
    assert {path.rpartition("/")[2]: reason for path, reason in rejected.to_numpy()} == {
        "01-01-05-01-01-01-01.wav": "another modality of the recording 03-01-05-01-01-01-01",
        "02-01-05-01-01-01-01.wav": "video without sound",
    }


def two_manifests(second_names: dict[str, str] | None = None) -> list[pd.DataFrame]:
    first, second = clip_table(6, corpus="one"), clip_table(6, corpus="two")
    second["sha256"] = "other " + second["sha256"]
    return [first, second]


def of_both(shared_actors, tables=None):
    return combined(
        tables or two_manifests(),
        merge={},
        drop=[],
        manifests=["one", "two"],
        shared_actors=shared_actors,
    )


def test_people_with_one_name_in_two_manifests_are_refused_until_a_setting_says_who_they_are():
    with pytest.raises(Refusal) as refusal:
        of_both(None)
    assert str(refusal.value) == (
        "one/001 and two/001 have the same name, as have 6 actors of several manifests: set "
        "shared_actors of the dataset to same if they are the same people, or to different."
    )
    assert of_both("different")["actor"].nunique() == 12
    same = of_both("same")
    assert set(same["actor"]) == {f"one/{name}" for name in same["actor"].str.partition("/")[2]}
    assert same["actor"].nunique() == 6


def test_the_same_people_are_on_one_side_of_every_fold():
    dataset = of_both("same")
    folds = split(
        dataset,
        ["one", "two"],
        {"by": "actor", "count": 3},
        {"by": "actor", "share": 0.3},
        seed=3,
    )
    assert audit(dataset, folds, folds_by="actor", validation_by="actor")["tested_clips"] == len(
        dataset
    )


def test_the_same_people_have_one_gender():
    first, second = two_manifests()
    second["gender"] = np.where(second["gender"] == "male", "female", "male")
    with pytest.raises(Refusal, match="is female in one manifest and male in another"):
        of_both("same", [first, second])


def test_the_audit_finds_two_spellings_of_one_person_whatever_read_them():
    dataset = clip_table(4)
    names = {dataset["actor"].unique()[0]: "made/Anna", dataset["actor"].unique()[1]: "made/anna"}
    dataset["actor"] = dataset["actor"].replace(names)
    folds = split(
        dataset, ["made"], {"by": "actor", "count": 2}, {"by": "actor", "share": 0.5}, seed=3
    )
    with pytest.raises(Refusal, match="'made/Anna' and 'made/anna' differ only in case"):
        audit(dataset, folds, folds_by="actor", validation_by="actor")


def test_an_empty_file_is_called_empty_and_backslashes_get_a_hint(tmp_path, write_clip):
    write_clip("good.wav", voice(1, RATE))
    (tmp_path / "empty.wav").touch()
    path = tmp_path / "mine.csv"
    path.write_text("path,actor,emotion\ngood.wav,a,sad\nempty.wav,a,sad\nsub\\b.wav,a,sad\n")
    _, rejected, _ = index("mine", manifest, path, workers=1)
    assert list(rejected["reason"]) == [
        "unreadable: an empty file",
        "no such file; its path has backslashes: write /",
    ]
