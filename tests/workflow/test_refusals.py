"""Bad input, through Snakemake: one plain sentence, and nothing that was computed is lost."""

import os
import zipfile
from functools import partial
from hashlib import md5
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from serfusion.study import resolve
from speech import voice

pytestmark = pytest.mark.slow


def refused(study, *arguments) -> list[str]:
    """Return the lines of what a run said before it failed."""
    done = study.snakemake(*arguments, check=False)
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stdout, done.stdout
    return [line.strip() for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("place", "value", "sentence"),
    [
        ("modles", {}, "config.yaml: unknown key 'modles'; did you mean 'models'?"),
        (
            "experiments.small.models",
            ["conv2d"],
            "experiments.small.models: nothing is called 'conv2d'; did you mean 'conv1d'?",
        ),
        (
            "corpora.ravdess",
            {"path": "/no/such/folder"},
            "corpora.ravdess.path: there is no folder /no/such/folder; set it to the folder that "
            "holds the corpus, or to null.",
        ),
    ],
)
def test_a_mistake_in_the_configuration(study, place, value, sentence):
    study.set(place, value)
    assert sentence in refused(study, "-n")


def said(lines: list[str]) -> list[str]:
    return [line.partition("Refused: ")[2] for line in lines if "Refused: " in line]


def test_an_impossible_number_of_folds_loses_nothing(finished, tmp_path):
    study = finished.copy(tmp_path / "study")
    study.set("experiments.small.folds.count", 5)
    assert (
        "5 folds by actor need at least 5 actors and the dataset has 4: "
        "set folds.count to 4 or less."
    ) in refused(study)
    study.set("experiments.small.folds.count", 2)
    assert study.would_run() == {}


def test_an_impossible_number_of_folds_in_a_first_run(study):
    study.set("experiments.small.folds.count", 5)
    (sentence,) = said(refused(study, "results/small/folds.parquet"))
    assert sentence.startswith("5 folds by actor need at least 5 actors")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_an_unwritable_folder(study):
    (study / "results").mkdir(mode=0o500)
    assert any(
        "ermission denied" in line for line in refused(study, "results/datasets/demo.parquet")
    )


@pytest.fixture
def served(tmp_path):
    """A function that serves a ZIP archive of the given members and returns its settings."""
    folder = tmp_path / "served"
    folder.mkdir()

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    Thread(target=server.serve_forever, daemon=True).start()

    def serve(members: dict[str, bytes]) -> dict:
        with zipfile.ZipFile(folder / "speech.zip", "w") as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        content = (folder / "speech.zip").read_bytes()
        return {
            "url": f"http://127.0.0.1:{server.server_port}/speech.zip",
            "md5": md5(content).hexdigest(),
            "size_bytes": len(content),
        }

    yield serve
    server.shutdown()


@pytest.fixture
def members(write_clip):
    clips = {}
    for actor in ("01", "02"):
        for emotion in ("03", "05"):
            name = f"Actor_{actor}/03-01-{emotion}-01-01-01-{actor}.wav"
            clips[name] = write_clip(name, voice(1, 16000, int(actor + emotion))).read_bytes()
    return clips


DATASET = "results/datasets/demo.parquet"


def test_a_corpus_is_downloaded_from_a_mirror_and_indexed(study, served, members):
    study.set("corpora", {"ravdess": served(members)})
    study.set("datasets.demo.corpora", ["ravdess"])
    study.snakemake(DATASET)
    assert len(list((study / "data/corpora/ravdess").rglob("*.wav"))) == 4
    study.set("corpora.ravdess.url", "http://127.0.0.1:9/elsewhere.zip")
    assert study.would_run(DATASET) == {}


@pytest.mark.parametrize("fault", ["a wrong checksum", "a name that leads out", "no such file"])
def test_a_bad_archive(study, served, members, fault):
    if fault == "a name that leads out":
        members["../../../evil.wav"] = b"RIFF"
    settings = served(members)
    if fault == "a wrong checksum":
        settings["md5"] = "0" * 32
    if fault == "no such file":
        settings["url"] += ".gone"
    study.set("corpora", {"ravdess": settings})
    study.set("datasets.demo.corpora", ["ravdess"])
    (sentence,) = said(refused(study, DATASET))
    expected = {
        "a wrong checksum": "is not the file that was published",
        "a name that leads out": "'../../../evil.wav', which leads out of its folder",
        "no such file": "answers 404 File not found",
    }
    assert expected[fault] in sentence
    assert not (study / "data/corpora/ravdess").exists()
    assert not list(study.folder.parent.rglob("evil.wav"))


def test_the_small_study_is_a_study(study):
    assert resolve(study.config)["experiments"]["small"]["validation"]["by"] == "actor"
