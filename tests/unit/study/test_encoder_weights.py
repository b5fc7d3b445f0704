"""Which files an encoder is made of, where it is kept, and what is known of published ones."""

import json
import re

import pytest
import yaml

from serfusion.errors import Refusal
from serfusion.study import encoder_weights, resolution
from serfusion.study.facts import known_encoders
from studies import ROOT

WHISPER = {"model": "openai/whisper-small", "revision": "973afd24" + "0" * 32, "path": None}


def test_a_published_encoder_is_kept_by_model_and_revision():
    assert encoder_weights.kept_name(WHISPER) == "openai--whisper-small-973afd24"


@pytest.mark.parametrize("features", [{}, {"model": None, "revision": None, "path": "mine"}])
def test_others_are_not_kept(features):
    assert encoder_weights.kept_name(features) is None


@pytest.mark.parametrize(
    ("names", "weights"),
    [
        (["model.safetensors", "pytorch_model.bin"], "model.safetensors"),
        (["model.safetensors.index.json", "pytorch_model.bin"], "model.safetensors.index.json"),
        (["pytorch_model.bin", "tf_model.h5"], "pytorch_model.bin"),
    ],
)
def test_safetensors_are_preferred(names, weights):
    described = ["README.md", "preprocessor_config.json", "config.json"]
    files = encoder_weights.needed_files([*described, *names], "it")
    assert files == ["config.json", "preprocessor_config.json", weights]


def test_parts_of_a_local_model_count_too(tmp_path):
    index = {
        "weight_map": {
            "a": "model-2.safetensors",
            "b": "model-1.safetensors",
            "c": "model-2.safetensors",
        }
    }
    for name in ("config.json", "preprocessor_config.json"):
        (tmp_path / name).touch()
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index))
    names = [path.name for path in encoder_weights.local_files(tmp_path)]
    assert names[-2:] == ["model-1.safetensors", "model-2.safetensors"]
    (tmp_path / "model.safetensors.index.json").write_text("[]")
    with pytest.raises(Refusal, match=r"is no index of safetensors: get another copy"):
        encoder_weights.local_files(tmp_path)


def test_every_encoder_of_the_study_is_pinned_and_known():
    config = yaml.safe_load((ROOT / "config.yaml").read_text())
    features = resolution.resolve(config)["features"].values()
    encoders = [settings for settings in features if settings["kind"] == "encoder"]
    assert len({settings["model"] for settings in encoders}) == 6
    for settings in encoders:
        assert len(settings["revision"]) == 40
        known = known_encoders()[settings["model"]]
        assert known.licence and known.citation and known.parameters > 1e7
    assert {settings["model"] for settings in encoders} == set(known_encoders())


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"revision": None}, "features.tiny: set either `model` and `revision`"),
        ({"path": "."}, "features.tiny: set either `model` and `revision`"),
        ({"model": None}, "features.tiny: set either `model` and `revision`"),
        ({"model": None, "revision": None}, "features.tiny: set either `model` and `revision`"),
        ({"model": None, "revision": None, "path": "gone"}, "there is no folder gone"),
        ({"model": "whisper"}, "features.tiny.model: 'whisper' does not match"),
        ({"revision": "main"}, "features.tiny.revision: 'main' does not match"),
        ({"offset_s": 0.6}, "features.tiny: unknown key 'offset_s'"),
        ({"layers": []}, "features.tiny.layers: "),
        ({"layers": [1, 1]}, "features.tiny.layers: "),
        ({"frames": 0}, "features.tiny.frames: "),
        ({"precision": "int4"}, "features.tiny.precision: 'int4' is not one of"),
    ],
)
def test_a_feature_set_that_names_no_encoder_is_refused(changes, sentence):
    features = {"kind": "encoder", "model": "made/tiny", "revision": "0" * 40, "layers": [1]}
    study = {"corpora": {}, "datasets": {}, "experiments": {}, "features": {"tiny": features}}
    resolution.resolve(study)
    study["features"]["tiny"] = features | changes
    with pytest.raises(Refusal, match=re.escape(sentence)):
        resolution.resolve(study)


def test_layers_must_be_said():
    features = {"kind": "encoder", "model": "made/tiny", "revision": "0" * 40}
    study = {"corpora": {}, "datasets": {}, "experiments": {}, "features": {"tiny": features}}
    with pytest.raises(Refusal, match=r"features\.tiny: the key 'layers' is missing\."):
        resolution.resolve(study)
