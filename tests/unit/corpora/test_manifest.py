"""A corpus of one's own, from a CSV file."""

from pathlib import Path

import pytest

from serfusion.clips.indexing import index
from serfusion.corpora import manifest
from serfusion.errors import Refusal
from speech import voice

HEADER = "path,actor,emotion,gender,sentence,session"


@pytest.fixture
def write_manifest(tmp_path):
    """A function that writes lines into a CSV file and returns its path."""
    numbers = iter(range(100))

    def write(*lines: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / f"mine_{next(numbers)}.csv"
        path.write_text("".join(f"{line}\n" for line in lines), encoding=encoding)
        return path

    return write


def indexed(path, **options):
    clips, rejected, _ = index("mine", manifest, path, workers=1, **options)
    return clips.set_index("clip"), dict(zip(rejected["path"], rejected["reason"], strict=True))


def test_any_language_format_and_rate(tmp_path, write_clip, write_manifest):
    write_clip("ton/anna 1.wav", voice(1, 8000, 1), 8000)
    write_clip("ton/anna 2.flac", voice(1, 44100, 2), 44100)
    write_clip("ton/jörg.ogg", voice(1, 48000, 3), 48000, format="OGG", subtype="VORBIS")
    write_clip("ton/jörg 2.mp3", voice(1, 32000, 4), 32000, format="MP3")
    path = write_manifest(
        HEADER,
        "ton/anna 1.wav,Anna,Wut,female,Satz 1,1",
        "ton/anna 2.flac,Anna,Freude,Female,,",
        '"ton/jörg.ogg",Jörg,Freude,,,',
        f"{tmp_path}/ton/jörg 2.mp3,Jörg,Überraschung,,,",
        encoding="utf-8-sig",
    )
    clips, rejected = indexed(path, label_map={"Wut": "angry", "Freude": "happy"})
    assert rejected == {}
    assert clips["emotion"].tolist() == ["Überraschung", "angry", "happy", "happy"]
    assert clips["actor"].tolist() == ["mine/Jörg", "mine/Anna", "mine/Anna", "mine/Jörg"]
    first = clips.loc["mine/ton/anna 1"]
    assert first[["gender", "sentence", "session"]].tolist() == ["female", "Satz 1", "1"]
    assert clips["gender"].isna().sum() == 2
    assert sorted(clips["sample_rate_hz"]) == [8000, 32000, 44100, 48000]


def test_rows_that_cannot_be_used_are_left_out_with_their_reason(write_clip, write_manifest):
    for name, seed in (("a", 1), ("b", 2), ("c", 3), ("d", 4)):
        write_clip(f"{name}.wav", voice(1, 8000, seed), 8000)
    path = write_manifest(
        HEADER,
        "a.wav,1,angry,,,",
        "b.wav,,angry,,,",
        "c.wav,1,,,,",
        "d.wav,2,angry,woman,,",
        "gone.wav,1,angry,,,",
    )
    clips, rejected = indexed(path)
    assert clips.index.tolist() == ["mine/a"]
    assert {Path(name).name: reason for name, reason in rejected.items()} == {
        "b.wav": "its row has no actor",
        "c.wav": "its row has no emotion",
        "d.wav": "its gender is 'woman', which should be female, male or empty",
        "gone.wav": "no such file",
    }


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ((), "has no column 'path'; its columns are none"),
        ((HEADER,), "has no rows"),
        (("path,speaker,emotion", "a.wav,1,angry"), "has no column 'actor'"),
        (("path,actor,emotion", "a.wav,1,angry", "", "a.wav,2,sad"), "line 4: a.wav is listed"),
        (("path,actor,emotion", "a.wav,1,angry,more"), "line 2: the row has more cells"),
        ((HEADER, "a.wav,1,sad,male,,", "b.wav,1,sad,female,,"), "1 is male in one row and female"),
        *(
            (
                (HEADER, *(f"{n}.wav,1,sad,,," for n in range(before)), '"x.wav,1,sad,,,', *after),
                quote,
            )
            for quote in ["Is a quotation mark opened but not closed"]
            for before, after in [
                (5, []),
                (5, ["y.wav,1,sad,,,"] * 9),
                (5, ["y.wav,1,sad"] * 20000),
            ]
        ),
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(write_manifest, lines, sentence):
    with pytest.raises(Refusal, match=sentence):
        manifest.files(write_manifest(*lines))


def test_a_name_that_no_file_can_have_is_left_out(write_clip, write_manifest):
    write_clip("a.wav", voice(1, 8000), 8000)
    long = f"{'b' * 300}.wav"
    clips, rejected = indexed(write_manifest("path,actor,emotion", "a.wav,1,sad", f"{long},1,sad"))
    assert clips.index.tolist() == ["mine/a"]
    assert list(rejected.values()) == ["no such file"]


def test_a_manifest_in_another_encoding_is_refused(write_manifest):
    path = write_manifest("path,actor,emotion", "a.wav,Jörg,angry", encoding="latin-1")
    with pytest.raises(Refusal, match="is not UTF-8"):
        manifest.files(path)


def test_a_manifest_as_a_spreadsheet_writes_it(write_clip, write_manifest):
    for number in (1, 2):
        write_clip(f"{number}.wav", voice(1, 8000, number), 8000)
    path = write_manifest(
        "Path; Actor ;EMOTION;gender",
        "1.wav;anna;Wut;Female",
        ";;;",
        "2.wav;anna;Freude",
        ";;;",
        encoding="utf-8-sig",
    )
    clips, rejected = indexed(path)
    assert rejected == {}
    assert clips["emotion"].tolist() == ["Wut", "Freude"]
    assert clips["gender"].tolist() == ["female", "female"]


def test_paths_that_are_all_wrong_are_the_reason_that_is_told(write_manifest):
    path = write_manifest("path,actor,emotion", "nowhere/a.wav,1,Wut")
    with pytest.raises(Refusal, match="can be used as mine; most often: no such file"):
        indexed(path, label_map={"Wut": "angry"})


def test_a_word_of_the_label_map_that_no_clip_bears_is_refused(write_clip, write_manifest):
    write_clip("a.wav", voice(1, 8000), 8000)
    path = write_manifest("path,actor,emotion", "a.wav,1,Freude")
    with pytest.raises(Refusal, match=r"no clip is labelled 'Freud'; did you mean 'Freude'\?"):
        indexed(path, label_map={"Freud": "happy"})


def test_the_same_audio_under_words_that_mean_the_same_is_a_copy(write_clip, write_manifest):
    for name in ("a.wav", "b.wav"):
        write_clip(name, voice(1, 8000), 8000)
    path = write_manifest("path,actor,emotion", "a.wav,1,joy", "b.wav,1,happiness")
    clips, rejected = indexed(path, label_map={"joy": "happy", "happiness": "happy"})
    assert clips["emotion"].tolist() == ["happy"]
    assert list(rejected.values()) == ["duplicate of mine/a"]
