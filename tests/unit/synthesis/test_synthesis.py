"""Synthetic corpora: their layouts, their faults, and the same bytes each time."""

import csv
import hashlib
import subprocess
import sys
from collections import Counter
from pathlib import Path, PurePath

import numpy as np
import pandas as pd
import pytest
import soundfile

from serfusion import registry
from serfusion.clips.indexing import index
from serfusion.corpora import audio_files
from serfusion.corpora.ravdess import EMOTIONS
from serfusion.speech.clips import BASIC_EMOTIONS, Clip, alternate_emotions, select_clips
from serfusion.speech.synthesiser import VOICES, CorpusSynthesiser
from serfusion.synthesis import crema_d, demo, iemocap, ravdess, savee, tess

STAND_INS = {
    "ravdess": ravdess,
    "crema_d": crema_d,
    "savee": savee,
    "tess": tess,
    "iemocap": iemocap,
}
ACTORS = {"ravdess": 24, "crema_d": 91, "savee": 4, "tess": 2, "iemocap": 10}

SYNTHESISE = """
import sys
from importlib import import_module
from pathlib import Path
seed, clips_per_actor = map(int, sys.argv[2:4])
for name in sys.argv[4:]:
    folder = Path(sys.argv[1]) / name
    folder.mkdir(parents=True)
    settings = {"speakers": 3} if name == "demo" else {"clips_per_actor": clips_per_actor}
    count = import_module(f"serfusion.synthesis.{name}").synthesise(folder, seed, **settings)
    assert count == len(list(folder.rglob("*.wav")))
"""


def synthesised(folder: Path, seed: int, clips_per_actor: int) -> Path:
    """Return `folder` after a fresh process has written the demo and each stand-in to it."""
    settings = [str(folder), str(seed), str(clips_per_actor)]
    command = [sys.executable, "-c", SYNTHESISE, *settings, "demo", *STAND_INS]
    subprocess.run(command, check=True, cwd=registry.ROOT.parent)
    return folder


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    """The demo and the stand-ins with six clips per actor."""
    return synthesised(tmp_path_factory.mktemp("synthesis") / "small", 17, 6)


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_two_fresh_processes_give_the_same_bytes(small, tmp_path):
    again = digests(synthesised(tmp_path / "again", 17, 6))
    assert len(again) > 800
    assert digests(small) == again


def test_another_seed_gives_other_bytes(small, tmp_path):
    first = digests(small)
    other = digests(synthesised(tmp_path / "other", 18, 1))
    shared = [name for name in other if name.endswith(".wav") and name in first]
    assert {name.split("/")[0] for name in shared} == {"demo", *STAND_INS}
    assert not [name for name in shared if other[name] == first[name]]


def test_every_file_says_that_it_is_synthetic(small):
    for name in ("demo", *STAND_INS):
        assert "Not human speech" in (small / name / "SYNTHETIC.txt").read_text()
    for path in small.rglob("*.wav"):
        with soundfile.SoundFile(path) as file:
            assert "synthetic" in file.comment
            assert path.stem == iemocap.WHOLE_DIALOGUE or 1 < file.frames / file.samplerate < 6


def test_the_demo_has_a_clip_of_each_emotion_sentence_and_repetition(small):
    clips = [digest for name, digest in digests(small / "demo").items() if name.endswith(".wav")]
    assert len(clips) == 3 * 8 * 2 * 2 == len(set(clips))
    expected = list(demo.clips(3))
    assert {clip.emotion for clip in expected} == set(EMOTIONS.values())
    assert {clip.actor: clip.gender for clip in expected} == {
        "1": "male",
        "2": "female",
        "3": "male",
    }
    labels_of = registry.load("corpora", "demo").labels
    for clip in expected:
        labels = labels_of(clip.path, PurePath())
        assert (labels.name, labels.emotion) == (clip.name, clip.emotion)
        assert (int(labels.actor), labels.gender) == (int(clip.actor), clip.gender)


@pytest.mark.parametrize(
    ("name", "total", "emotions"),
    [
        ("ravdess", 1440, {**dict.fromkeys(EMOTIONS.values(), 192), "neutral": 96}),
        ("crema_d", 7442, {**dict.fromkeys(BASIC_EMOTIONS, 1271), "neutral": 1087}),
        ("savee", 480, {**dict.fromkeys((*BASIC_EMOTIONS, "surprise"), 60), "neutral": 120}),
        ("tess", 2800, dict.fromkeys((*BASIC_EMOTIONS, "surprise"), 400)),
        ("iemocap", 10039, {emotion: row.turns for emotion, row in iemocap.EVALUATIONS.items()}),
    ],
)
def test_a_whole_stand_in_has_as_many_clips_as_its_corpus(name, total, emotions):
    clips = STAND_INS[name].clips(17, None)
    assert len(clips) == total
    assert len({clip.name for clip in clips}) == len({clip.path for clip in clips}) == total
    assert len({clip.actor for clip in clips}) == ACTORS[name]
    assert Counter(clip.emotion for clip in clips) == emotions


@pytest.mark.parametrize("name", STAND_INS)
def test_a_small_stand_in_has_each_actor_and_emotion(name):
    available = {(clip.actor, clip.emotion) for clip in STAND_INS[name].clips(17, None)}
    six = STAND_INS[name].clips(17, 6)
    count = Counter(clip.actor for clip in six)
    assert len(count) == ACTORS[name]
    assert all(6 <= number <= 6 + 5 for number in count.values())
    wanted = {(actor, emotion) for actor in count for emotion in BASIC_EMOTIONS} & available
    assert wanted <= {(clip.actor, clip.emotion) for clip in six}


def test_the_selected_clips_are_the_same_each_time_and_keep_their_order():
    clips = savee.clips(17, None)
    selected = select_clips(clips, 3, 17, always={"JE_n30"})
    assert selected == select_clips(clips, 3, 17, always={"JE_n30"})
    assert selected != select_clips(clips, 3, 18, always={"JE_n30"})
    assert selected == sorted(selected, key=clips.index)
    assert "JE_n30" in {clip.name for clip in selected}


def test_one_clip_of_each_emotion_comes_before_a_second():
    emotions = ["calm", "sad", "sad", "sad", "angry", "calm"]
    assert alternate_emotions(emotions, str) == ["angry", "sad", "calm", "sad", "calm", "sad"]


def read(small: Path, name: str) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the clips, and the reasons of rejected files by path in the corpus."""
    root = small / name
    clips, rejected, _ = index(name, registry.load("corpora", name), root, workers=2)
    paths = (str(Path(path).relative_to(root)) for path in rejected["path"])
    return clips, dict(zip(paths, rejected["reason"], strict=True))


def is_faulty(name: str, path: str, clips: dict[str, Clip]) -> bool:
    """Return whether the index should reject the file."""
    if name == "ravdess":
        return path.startswith("audio_speech") or ravdess.REPEATED in path
    if name == "crema_d":
        pairs = {*crema_d.SAME_AUDIO, *crema_d.SAME_AUDIO.values()}
        return Path(path).stem in {*pairs, crema_d.SILENT}
    if name == "tess":
        return path.startswith("TESS Toronto")
    if name == "iemocap":
        return path not in clips or clips[path].emotion == "undecided"
    return False


@pytest.mark.parametrize("name", STAND_INS)
def test_all_but_the_faulty_files_are_read_with_their_labels(small, name):
    written = {str(clip.path): clip for clip in STAND_INS[name].clips(17, 6)}
    clips, rejected = read(small, name)
    files = {str(path.relative_to(small / name)) for path in audio_files(small / name)}
    assert set(rejected) == {path for path in files if is_faulty(name, path, written)}
    labels = {
        str(Path(row.path).relative_to(small / name)): (row.emotion, row.gender)
        for row in clips.itertuples()
    }
    usable = files - set(rejected)
    assert labels == {path: (written[path].emotion, written[path].gender) for path in usable}
    assert clips["actor"].nunique() == ACTORS[name]


def test_the_faults_of_ravdess(small):
    actors = small / "ravdess"
    repeated, original = (
        (actors / f"Actor_07/{name}.wav").read_bytes()
        for name in (ravdess.REPEATED, ravdess.ORIGINAL)
    )
    assert repeated == original
    stereo, _ = soundfile.read(actors / f"Actor_01/{ravdess.STEREO}.wav")
    assert stereo.shape[1] == 2 and (stereo[:, 0] == stereo[:, 1]).all()
    quiet, rate = soundfile.read(actors / f"Actor_09/{ravdess.QUIET}.wav")
    assert rate == 48000
    assert 20 * np.log10(np.abs(quiet).max()) == pytest.approx(-45, abs=0.1)
    assert digests(actors / "Actor_01") == digests(actors / ravdess.NESTED / "Actor_01")


def test_the_faults_of_crema_d(small):
    folder = small / "crema_d/AudioWAV"
    for copy, original in crema_d.SAME_AUDIO.items():
        assert (folder / f"{copy}.wav").read_bytes() == (folder / f"{original}.wav").read_bytes()
    silent, rate = soundfile.read(folder / f"{crema_d.SILENT}.wav")
    assert rate == 16000 and len(silent) > rate and not silent.any()
    assert (folder / "1040_ITH_SAD_X.wav").exists()
    assert not (folder / "1040_ITH_SAD_XX.wav").exists()
    table = pd.read_csv(small / "crema_d/VideoDemographics.csv")
    assert table["Sex"].value_counts().to_dict() == {"Male": 48, "Female": 43}
    assert set(table["Age"]) | set(table["Race"]) | set(table["Ethnicity"]) == {"Unknown"}


def test_the_faults_of_tess(small):
    folder = small / "tess"
    assert (folder / "OAF_neutral/OA_bite_neutral.wav").exists()
    assert not (folder / "OAF_neutral/OAF_bite_neutral.wav").exists()
    names = {path.name for path in folder.iterdir() if path.is_dir()}
    assert {"OAF_Fear", "OAF_angry", "YAF_fear", "YAF_pleasant_surprised"} <= names
    assert digests(folder / "OAF_angry") == digests(folder / tess.NESTED / "OAF_angry")
    rates = {path.stem: soundfile.info(path).samplerate for path in folder.rglob("*.wav")}
    assert rates.pop(tess.AT_96_KHZ) == 96000
    assert set(rates.values()) == {24414}


def test_the_faults_of_iemocap(small):
    evaluations = small / "iemocap/Session1/dialog/EmoEvaluation"
    with pytest.raises(UnicodeDecodeError):
        (evaluations / "._Ses01F_impro01.txt").read_text(encoding="utf-8")
    tables = [path for path in small.glob("iemocap/*/*/*/*.txt") if path.name[0] != "."]
    with_returns = {path.parts[-4] for path in tables if b"\r\n" in path.read_bytes()}
    assert with_returns == {"Session2"}
    dialogue, _ = soundfile.read(small / "iemocap/Session1/dialog/wav/Ses01F_impro01.wav")
    turns = sorted((small / "iemocap/Session1/sentences/wav/Ses01F_impro01").iterdir())
    assert len(dialogue) == sum(soundfile.info(turn).frames for turn in turns) > 0


def test_an_evaluation_says_when_its_turn_was_and_how_it_was_rated(small):
    table = small / "iemocap/Session1/dialog/EmoEvaluation/Ses01F_impro01.txt"
    header, nothing, turn, rater, *_ = table.read_text().splitlines()
    assert (header, nothing) == ("% [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]", "")
    times, name, code, _ = turn.split("\t")
    wav = small / f"iemocap/Session1/sentences/wav/Ses01F_impro01/{name}.wav"
    assert times == f"[0.0000 - {soundfile.info(wav).duration:.4f}]"
    expected = {row.code: f"C-E2:\t{row.rated};\t()" for row in iemocap.EVALUATIONS.values()}
    assert rater == expected[code]


def test_speakers_of_a_gender_take_its_voices_in_turn(tmp_path):
    synthesiser = CorpusSynthesiser(tmp_path, "test", 17)
    names = [*"abcdefg", "a"]
    speakers = [synthesiser._speaker(name, "male") for name in names]
    assert [speaker.voice for speaker in speakers[:6]] == list(VOICES["male"])
    assert speakers[6].voice == speakers[0].voice
    assert speakers[6].neutral != speakers[0].neutral
    assert speakers[7] == speakers[0]


def test_the_strength_of_an_emotion_is_audible(tmp_path):
    neutral, angry, angrier = (
        CorpusSynthesiser(tmp_path, "test", 17).speak(
            Clip("x", PurePath("x.wav"), "1", "male", emotion, "It's eleven o'clock", strength)
        )
        for emotion, strength in (("neutral", 1.0), ("angry", 0.6), ("angry", 1.4))
    )
    assert np.square(neutral).mean() < np.square(angry).mean() < np.square(angrier).mean()


@pytest.mark.parametrize(
    ("name", "folder", "stand_in"),
    [("ravdess", "RAVDESS", ravdess), ("crema_d", "CREMA-D", crema_d), ("tess", "TESS", tess)],
)
def test_the_stand_ins_are_named_as_the_real_corpora_are(real_corpus, name, folder, stand_in):
    root, corpus = real_corpus(folder), registry.load("corpora", name)
    real = {corpus.labels(path, root).name for path in corpus.files(root)}
    # Some files have other names in older copies; one clip has one name.
    files = (root / f"{clip.name}.wav" for clip in stand_in.clips(17, None))
    made = {corpus.labels(path, root).name for path in files}
    assert real <= made
    if len(real) == len(made):
        assert real == made


def test_the_sexes_of_crema_d_are_those_of_its_table(real_corpus):
    table = real_corpus("CREMA-D") / "VideoDemographics.csv"
    if not table.exists():
        pytest.skip("this copy of CREMA-D is without its table of actors")
    with table.open() as file:
        sexes = {row["ActorID"]: row["Sex"].lower() for row in csv.DictReader(file)}
    assert sexes == crema_d.ACTORS
