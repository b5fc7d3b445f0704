"""Corpora downloaded by the DAG from a server on this machine that has them in the same layout."""

import json
from hashlib import md5, sha256

import pandas as pd
import pytest

from servers import Server, serving, zipped
from speech import voice
from studies import refused, said

pytestmark = pytest.mark.slow

DATASET = "results/datasets/demo.parquet"


@pytest.fixture
def server():
    with serving() as running:
        yield running


@pytest.fixture
def recordings(write_clip):
    """A function that returns speech for each of some names, as the bytes of WAV files."""

    def record(*names: str) -> dict[str, bytes]:
        return {
            name: write_clip("clip.wav", voice(1, 16000, seed)).read_bytes()
            for seed, name in enumerate(names)
        }

    return record


def as_archive(server: Server, files: dict[str, bytes]) -> dict:
    """Serve files as RAVDESS is published, and return its settings."""
    content = server.files["/speech.zip"] = zipped(files)
    return {
        "url": f"{server.url}/speech.zip",
        "md5": md5(content).hexdigest(),
        "size_bytes": len(content),
    }


RAVDESS = [
    f"Actor_{actor}/03-01-{emotion}-01-01-01-{actor}.wav"
    for actor in ("01", "02")
    for emotion in ("03", "05")
]


@pytest.fixture
def study_of(study):
    """A function that sets the study's one corpus."""

    def use(corpus: str, settings: dict):
        study.set("corpora", {corpus: settings})
        study.set("datasets.demo.corpora", [corpus])
        return study

    return use


def test_a_corpus_is_downloaded_from_a_mirror_and_indexed(study_of, server, recordings):
    study = study_of("ravdess", as_archive(server, recordings(*RAVDESS)))
    study.snakemake(DATASET)
    assert len(list((study / "data/corpora/ravdess").rglob("*.wav"))) == 4
    study.set("corpora.ravdess.url", "http://127.0.0.1:9/elsewhere.zip")
    assert study.would_run(DATASET) == {}


@pytest.mark.parametrize("fault", ["a wrong checksum", "a name that leads out", "no such file"])
def test_a_bad_archive(study_of, server, recordings, fault):
    files = recordings(*RAVDESS)
    if fault == "a name that leads out":
        files["../../../evil.wav"] = b"RIFF"
    settings = as_archive(server, files)
    if fault == "a wrong checksum":
        settings["md5"] = "0" * 32
    if fault == "no such file":
        settings["url"] += ".gone"
    study = study_of("ravdess", settings)
    (sentence,) = said(refused(study, DATASET))
    expected = {
        "a wrong checksum": "is not the file that was published",
        "a name that leads out": "'../../../evil.wav', which leads out of its folder",
        "no such file": "answers 404 Not Found",
    }
    assert expected[fault] in sentence
    assert not (study / "data/corpora/ravdess").exists()
    assert not list(study.folder.parent.rglob("evil.wav"))


def test_crema_d_is_downloaded_file_by_file(study_of, server, recordings):
    files = recordings("1001_DFA_ANG_XX.wav", "1001_IEO_SAD_HI.wav", "1002_DFA_HAP_XX.wav")
    server.files |= {f"/media/AudioWAV/{name}": content for name, content in files.items()}
    table = b'"ActorID","Age","Sex"\n1001,51,"Male"\n1002,21,"Female"\n'
    repository = {"CREMA-D-x/VideoDemographics.csv": table}
    for name, content in files.items():
        oid = sha256(content).hexdigest()
        pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\n"
        repository[f"CREMA-D-x/AudioWAV/{name}"] = f"{pointer}size {len(content)}\n".encode()
    server.files["/zip"] = zipped(repository)
    settings = {"url": f"{server.url}/media/", "pointers_url": f"{server.url}/zip"}
    study = study_of("crema_d", settings)
    study.snakemake(DATASET)
    clips = pd.read_parquet(study / "results/corpora/crema_d/clips.parquet")
    assert clips["gender"].tolist() == ["male", "male", "female"]
    assert clips["emotion"].tolist() == ["angry", "sad", "happy"]
    assert study.would_run(DATASET) == {}


def test_tess_is_downloaded_file_by_file(study_of, server, recordings):
    listing, server_path = [], "/api/datasets/:persistentId/versions/:latest-published/files"
    files = recordings("OAF_back_angry.wav", "OA_bite_neutral.wav", "YAF_back_ps.wav")
    for number, (name, content) in enumerate(files.items()):
        server.files[f"/api/access/datafile/{number}"] = content
        checksum = {"type": "MD5", "value": md5(content).hexdigest()}
        file = {"id": number, "filename": name, "filesize": len(content), "checksum": checksum}
        listing.append({"label": name, "dataFile": file})
    answer = json.dumps({"status": "OK", "data": listing}).encode()
    server.files[f"{server_path}?persistentId=doi%3A10.5683%2FSP2%2FE8H2MF"] = answer
    study = study_of("tess", {"url": server.url})
    study.snakemake(DATASET)
    clips = pd.read_parquet(study / "results/corpora/tess/clips.parquet")
    assert clips["actor"].tolist() == ["tess/OAF", "tess/OAF", "tess/YAF"]
    assert clips["emotion"].tolist() == ["angry", "neutral", "surprise"]
    study.set("corpora.tess.url", "http://127.0.0.1:9")
    assert study.would_run(DATASET) == {}
