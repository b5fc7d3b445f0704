"""Pretrained encoders through the DAG: fetched once, computed in a rule of their own, offline."""

import shutil

import pyarrow.parquet as pq
import pytest

from encoders import WIDTH, tiny_encoder
from hub import REVISION, publish
from servers import serving
from studies import Study, new_study, refused, said, tables

pytestmark = pytest.mark.slow

TABLES = [
    f"results/features/tiny/demo/{augmentation}.parquet" for augmentation in ("original", "pitch")
]
FETCHED = "data/weights/made--tiny-01234567"


@pytest.fixture(scope="module")
def finished_tables(tmp_path_factory) -> Study:
    """A study with the tables of two encoders, one from a hub and one in a folder of the user's."""
    folder = tmp_path_factory.mktemp("encoders")
    study = new_study(folder / "study")
    study.set("features.tiny", {"kind": "encoder", "layers": [1, 2], "threads": 2})
    study.set("features.tiny.model", "made/tiny")
    study.set("features.tiny.revision", REVISION)
    own = tiny_encoder(folder / "own", "moonshine")
    study.set("features.own", {"kind": "encoder", "layers": [3], "path": str(own)})
    study.set("corpora.demo", {"speakers": 2})
    with serving() as server, pytest.MonkeyPatch.context() as patch:
        publish(server, "made/tiny", tiny_encoder(folder / "published"))
        patch.setenv("HF_ENDPOINT", server.url)
        study.snakemake("--cores", "2", *TABLES, OWN)
    # From here on there is no hub.
    return study


OWN = "results/features/own/demo/original.parquet"


@pytest.fixture
def study(finished_tables, tmp_path) -> Study:
    return finished_tables.copy(tmp_path / "study")


@pytest.fixture(autouse=True)
def no_hub(monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")


def test_tables_are_where_every_feature_table_is(finished_tables):
    clips = pq.read_table(finished_tables / "results/corpora/demo/clips.parquet")["clip"]
    for path, rows in {TABLES[0]: 8, TABLES[1]: 8, OWN: 4}.items():
        table = pq.read_table(finished_tables / path)
        assert table["clip"] == clips
        assert table.schema.field("values").type.shape == [rows, WIDTH]
        assert table.schema.metadata[b"precision"] == b"float32"


def test_nothing_runs_again(study):
    assert study.would_run(*TABLES, OWN) == {}


@pytest.mark.parametrize(("setting", "value"), [("layers", [2]), ("precision", "bfloat16")])
def test_what_an_encoder_computes_computes_its_tables_alone(study, setting, value):
    study.set(f"features.tiny.{setting}", value)
    assert study.would_run(*TABLES, OWN) == {"encoder_features": 2}


def test_threads_change_nothing(study):
    study.set("features.tiny.threads", 1)
    assert study.would_run(*TABLES, OWN) == {}


def test_another_encoder_is_fetched_and_computes_its_tables_alone(study):
    study.set("features.other", study.config["features"]["tiny"] | {"revision": "f" * 40})
    others = [path.replace("/tiny/", "/other/") for path in TABLES]
    assert study.would_run(*TABLES, OWN, *others) == {"encoder_weights": 1, "encoder_features": 2}
    study.set("features.tiny.revision", "f" * 40)
    assert study.would_run(*TABLES, OWN) == {"encoder_weights": 1, "encoder_features": 2}


def test_an_encoder_of_the_users_counts_by_its_content(study, tmp_path):
    own = shutil.copytree(study.config["features"]["own"]["path"], tmp_path / "own")
    study.set("features.own.path", str(own))
    before = tables(study.folder)
    study.snakemake("--cores", "2", OWN)
    assert tables(study.folder) == before
    tiny_encoder(own, "moonshine", seed=1)
    assert study.would_run(*TABLES, OWN) == {"encoder_features": 1}
    study.snakemake("--cores", "2", OWN)
    assert tables(study.folder)[OWN] != before[OWN]


def test_a_table_that_is_made_again_offline_has_the_same_bytes(study):
    before = tables(study.folder)
    (study / TABLES[0]).unlink()
    study.set("features.tiny.threads", 1)
    study.snakemake("--cores", "1", TABLES[0])
    assert tables(study.folder) == before


def test_a_hub_without_the_model_is_refused_in_one_sentence(study, monkeypatch):
    shutil.rmtree(study / FETCHED)
    with serving() as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        (sentence,) = said(refused(study, "--cores", "1", FETCHED))
    assert f"{server.url}/api/models/made/tiny/revision/{REVISION}" in sentence
    assert "answers 404 Not Found" in sentence


def test_a_folder_that_holds_no_encoder_is_refused_before_anything_runs(study):
    study.set("features.own.path", "rules")
    sentence = "features.own.path: rules has no config.json, without which"
    assert any(sentence in line for line in refused(study, "-n", OWN))
