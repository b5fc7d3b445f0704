"""What the corpora's names and tables say."""

from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serfusion import registry
from serfusion.corpora import audio_files, crema_d, demo, iemocap, ravdess, savee, tess
from serfusion.errors import Refusal
from serfusion.obtaining.corpus import KINDS
from serfusion.study.facts import facts

CANONICAL = {"angry", "calm", "disgust", "fear", "happy", "neutral", "sad", "surprise"}


def test_every_corpus_says_what_the_study_needs():
    for name in registry.available("corpora"):
        module = registry.load("corpora", name)
        known = facts(name)
        assert name == "manifest" or (known.title and known.licence and known.citation)
        assert module.SOURCE["kind"] in {*KINDS, "request", "synthesis", "manifest"}
        assert isinstance(module.TABLES, tuple)
        assert callable(module.files) and callable(module.labels)


def test_a_ravdess_name_is_read():
    labels = ravdess.labels(PurePath("Actor_16/03-01-05-02-01-02-16.wav"), PurePath())
    assert labels[:7] == ("03-01-05-02-01-02-16", "16", "female", "angry", "strong", "kids", None)


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
    assert labels.emotion in CANONICAL
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


def test_the_demo_has_at_least_eight_speakers_half_of_them_female():
    speakers = demo.SETTINGS["speakers"]["default"]
    assert speakers >= 8 and speakers % 2 == 0


@pytest.fixture
def crema_d_copy(tmp_path):
    """A folder with CREMA-D's table of actors, of which one is a woman and one a man."""
    (tmp_path / "VideoDemographics.csv").write_text(
        '"ActorID","Age","Sex","Race","Ethnicity"\n1001,51,"Male","x","y"\n1002,21,"Female","x","y"\n'
    )
    return tmp_path


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "1001_DFA_ANG_XX",
            ("1001_DFA_ANG_XX", "1001", "male", "angry", None, "DFA", None),
        ),
        (
            "1002_IEO_SAD_HI",
            ("1002_IEO_SAD_HI", "1002", "female", "sad", "high", "IEO", None),
        ),
        (
            "1002_ITH_SAD_X",
            ("1002_ITH_SAD_XX", "1002", "female", "sad", None, "ITH", None),
        ),
    ],
)
def test_a_crema_d_name_is_read(crema_d_copy, name, expected):
    path = crema_d_copy / "AudioWAV" / f"{name}.wav"
    assert crema_d.labels(path, crema_d_copy)[:7] == expected


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("1001_DFA_ANG", "not a CREMA-D name"),
        ("1001_DFA_JOY_XX", "unknown emotion JOY"),
        ("1001_DFA_ANG_ZZ", "unknown intensity ZZ"),
        ("1001_ABC_ANG_XX", "unknown sentence ABC"),
        ("1099_DFA_ANG_XX", "unknown actor 1099"),
    ],
)
def test_a_crema_d_name_that_cannot_be_used_says_why(crema_d_copy, name, reason):
    with pytest.raises(ValueError, match=reason):
        crema_d.labels(crema_d_copy / f"{name}.wav", crema_d_copy)


def test_a_copy_of_crema_d_without_its_table_of_actors_has_the_published_ones(tmp_path):
    genders = [
        crema_d.labels(tmp_path / f"{actor}_DFA_ANG_XX.wav", tmp_path).gender
        for actor in range(1001, 1092)
    ]
    assert genders[:4] == ["male", "female", "female", "female"]
    assert (genders.count("male"), genders.count("female")) == (48, 43)


@pytest.mark.parametrize("path", ["DC_{}01.wav", "AudioData/DC/{}01.wav"])
@pytest.mark.parametrize(("letters", "emotion"), savee.EMOTIONS.items())
def test_a_savee_name_is_read_in_both_layouts(path, letters, emotion):
    labels = savee.labels(PurePath(path.format(letters)), PurePath())
    assert labels[:7] == (f"DC_{letters}01", "DC", "male", emotion, None, f"{letters}01", None)


@pytest.mark.parametrize(
    "path", ["XX_a01.wav", "DC_s01.wav", "DC_a1.wav", "a01.wav", "JE/Info.wav"]
)
def test_a_name_that_is_not_of_savee_says_so(path):
    with pytest.raises(ValueError, match="not a SAVEE name"):
        savee.labels(PurePath(path), PurePath())


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (
            "OAF_Fear/OAF_back_fear.wav",
            ("OAF_back_fear", "OAF", "female", "fear", None, "back", None),
        ),
        (
            "YAF_pleasant_surprised/YAF_back_ps.wav",
            ("YAF_back_ps", "YAF", "female", "surprise", None, "back", None),
        ),
        (
            "OAF_neutral/OA_bite_neutral.wav",
            ("OAF_bite_neutral", "OAF", "female", "neutral", None, "bite", None),
        ),
    ],
)
def test_a_tess_name_is_read_whatever_its_folder(path, expected):
    assert tess.labels(PurePath(path), PurePath())[:7] == expected


@pytest.mark.parametrize(
    ("name", "reason"),
    [("OAF_back_joy", "unknown emotion joy"), ("XAF_back_angry", "not a TESS name")],
)
def test_a_tess_name_that_cannot_be_used_says_why(name, reason):
    with pytest.raises(ValueError, match=reason):
        tess.labels(PurePath(f"{name}.wav"), PurePath())


EVALUATION = """% [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]

[6.2901 - 8.2357]\tSes01F_impro01_F000\tneu\t[2.5000, 2.5000, 2.5000]
C-E2:\tNeutral;\t()

[10.0100 - 11.3925]\tSes01F_impro01_M001\texc\t[2.5000, 2.5000, 2.5000]
[14.8872 - 18.0175]\tSes01F_impro01_M002\txxx\t[2.5000, 2.5000, 2.5000]
[19.2900 - 20.7875]\tSes01F_impro01_M003\tjoy\t[3.0000, 3.0000, 3.0000]
"""
SCRIPTED = "[1.0 - 2.0]\tSes05M_script03_2b_F004\tang\t[2.0, 4.0, 4.0]\n".replace("\n", "\r\n")


@pytest.fixture
def iemocap_copy(tmp_path):
    """A folder with two of IEMOCAP's evaluation files, one with the line ends of Windows."""
    for session, text in (("Session1", EVALUATION), ("Session5", SCRIPTED)):
        folder = tmp_path / session / "dialog/EmoEvaluation"
        folder.mkdir(parents=True)
        (folder / "turns.txt").write_bytes(text.encode())
    (folder / "._turns.txt").write_bytes(bytes(range(256)))
    return tmp_path


@pytest.mark.parametrize(
    ("turn", "expected"),
    [
        ("Ses01F_impro01_F000", ("01F", "female", "neutral", None, "impro01", "01")),
        ("Ses01F_impro01_M001", ("01M", "male", "excited", None, "impro01", "01")),
        ("Ses05M_script03_2b_F004", ("05F", "female", "angry", None, "script03_2b", "05")),
    ],
)
def test_an_iemocap_turn_is_read(iemocap_copy, turn, expected):
    found = iemocap.labels(iemocap_copy / f"{turn}.wav", iemocap_copy)
    assert found[:7] == (turn, *expected)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Ses01F_impro01_M002", "raters did not agree"),
        ("Ses01F_impro01_M003", "unknown emotion joy"),
        ("Ses01F_impro01_M009", "no evaluation of it"),
        ("Ses01F_impro01", "a whole dialogue"),
        ("Ses05M_script03_2b", "a whole dialogue"),
        ("holiday", "not an IEMOCAP turn"),
    ],
)
def test_an_iemocap_file_that_cannot_be_used_says_why(iemocap_copy, name, reason):
    with pytest.raises(ValueError, match=reason):
        iemocap.labels(iemocap_copy / f"{name}.wav", iemocap_copy)


def test_iemocap_without_evaluations_is_refused(tmp_path):
    with pytest.raises(Refusal, match="has no dialog/EmoEvaluation"):
        iemocap.labels(tmp_path / "Ses01F_impro01_F000.wav", tmp_path)


def test_hidden_files_are_not_read(tmp_path):
    for name in ("b.wav", "._b.wav", "deep/a.FLAC", "deep/.hidden.wav", "deep/a.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert audio_files(tmp_path) == [tmp_path / "b.wav", tmp_path / "deep/a.FLAC"]


REAL = {
    "ravdess": (ravdess, "RAVDESS", 1440, 24, {"female", "male"}),
    "crema_d": (crema_d, "CREMA-D", 7442, 91, {"female", "male"}),
    "tess": (tess, "TESS", 2800, 2, {"female"}),
}


@pytest.mark.parametrize("corpus", REAL)
def test_real_names_are_all_read(real_corpus, corpus):
    module, folder, clips, actors, genders = REAL[corpus]
    root = real_corpus(folder)
    labels = {}
    for path in module.files(root):
        found = module.labels(path, root)
        labels[found.name] = found
    assert 0 < len(labels) <= clips
    emotions = {found.emotion for found in labels.values()}
    assert emotions <= set(module.EMOTIONS.values())
    assert {found.gender for found in labels.values()} <= genders
    assert len({found.actor for found in labels.values()}) <= actors
    if len(labels) == clips:
        assert emotions == set(module.EMOTIONS.values())
        assert len({found.actor for found in labels.values()}) == actors
