"""Encoders from a server that speaks the hub's API, with and without faults."""

import hashlib
import json
import pickle
from functools import partial
from pathlib import Path

import pytest
import torch

from encoders import pickled, tiny_encoder
from hub import REVISION, publish
from serfusion.errors import Refusal
from serfusion.obtaining import hub
from serfusion.obtaining.corpus import obtain
from serfusion.obtaining.download import CHUNK
from servers import refuse, send, serving, stall

MODEL = "made/tiny"


@pytest.fixture
def server(monkeypatch):
    with serving() as running:
        monkeypatch.setenv("HF_ENDPOINT", f"{running.url}/")
        yield running


@pytest.fixture
def get(tmp_path):
    """A function that obtains the model as the folder it returns."""
    folder = tmp_path / "weights/encoder"
    run = partial(obtain, "hub", {"model": MODEL, "revision": REVISION}, tmp_path / "downloads")
    return lambda: run(folder) or folder


@pytest.fixture(scope="module")
def encoder(tmp_path_factory) -> Path:
    return tiny_encoder(tmp_path_factory.mktemp("encoder"), "wav2vec2")


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def resolve(name: str) -> str:
    return f"/{MODEL}/resolve/{REVISION}/{name}"


WHOLE = {"config.json", "preprocessor_config.json", "model.safetensors"}


def test_an_encoder_is_downloaded_and_verified(server, get, encoder):
    publish(server, MODEL, encoder, {"README.md": b"A model", "tf_model.h5": b"more weights"})
    folder = get()
    assert names(folder) == WHOLE
    for name in WHOLE:
        assert (folder / name).read_bytes() == (encoder / name).read_bytes()
    assert names(folder.parent) == {"encoder"}
    count = len(server.requests)
    get()
    assert len(server.requests) == count


def test_a_large_model_in_parts(server, get, tmp_path):
    sharded = tiny_encoder(tmp_path / "sharded", "wav2vec2", max_shard_size="20KB")
    publish(server, MODEL, sharded)
    folder = get()
    assert "model.safetensors.index.json" in names(folder)
    assert names(folder) == names(sharded)
    assert len(names(folder)) > 4


def test_pickled_weights_without_code(server, get, tmp_path):
    publish(server, MODEL, pickled(tiny_encoder(tmp_path / "pickled", "wav2vec2")))
    assert names(get()) == {*WHOLE, "pytorch_model.bin"} - {"model.safetensors"}


def test_safetensors_are_preferred(server, get, encoder):
    publish(server, MODEL, encoder, {"pytorch_model.bin": b"not even looked at"})
    assert names(get()) == WHOLE


class Code:
    def __reduce__(self):
        return (print, ("code was run",))


@pytest.mark.parametrize("protocol", [2, 4])
def test_pickled_weights_with_code_are_refused(server, get, encoder, tmp_path, capfd, protocol):
    folder = pickled(tiny_encoder(tmp_path / "pickled", "wav2vec2"))
    content = pickle.dumps({"weight": Code()}, protocol)
    if protocol == 2:
        torch.save({"weight": Code()}, tmp_path / "x")
        content = (tmp_path / "x").read_bytes()
    (folder / "pytorch_model.bin").write_bytes(content)
    publish(server, MODEL, folder)
    with pytest.raises(Refusal, match=r"made/tiny at 01234567: pytorch_model\.bin holds more than"):
        get()
    assert "code was run" not in capfd.readouterr().out
    assert not (tmp_path / "weights/encoder").exists()


@pytest.mark.parametrize("form", ["tf_model.h5", "flax_model.msgpack", "model.onnx"])
def test_other_forms_are_refused_before_anything_is_downloaded(server, get, encoder, form):
    publish(server, MODEL, encoder, {form: b"weights"}, without={"model.safetensors"})
    with pytest.raises(Refusal, match=r"^made/tiny at 01234567 has none of model\.safetensors, "):
        get()
    assert len(server.requests) == 1


@pytest.mark.parametrize("name", ["config.json", "preprocessor_config.json"])
def test_a_model_that_is_not_whole_is_refused(server, get, encoder, name):
    publish(server, MODEL, encoder, without={name})
    with pytest.raises(Refusal, match=f"has no {name}, without which its encoder cannot be used"):
        get()


@pytest.mark.parametrize("fault", [send(40_000), stall(40_000)], ids=["broken off", "stalled"])
def test_a_download_is_resumed(server, get, encoder, fault, monkeypatch):
    monkeypatch.setattr(hub, "fetch", partial(hub.fetch, wait_s=0.01, timeout_s=0.2))
    publish(server, MODEL, encoder)
    weights = resolve("model.safetensors")
    server.faults[weights] = [fault]
    assert (get() / "model.safetensors").read_bytes() == server.files[weights]
    first, second = server.offsets(weights)
    assert first == 0
    assert 0 < 40_000 - CHUNK < second <= 40_000


def test_a_later_run_resumes_what_an_earlier_could_not_finish(server, get, encoder, monkeypatch):
    monkeypatch.setattr(hub, "fetch", partial(hub.fetch, wait_s=0.01))
    publish(server, MODEL, encoder)
    weights = resolve("model.safetensors")
    server.faults[weights] = [send(40_000)] + [refuse(503)] * 10
    with pytest.raises(Refusal, match="run again to resume the download"):
        get()
    server.faults.clear()
    folder = get()
    assert 40_000 - CHUNK < server.offsets(weights)[-1] <= 40_000
    assert (folder / "model.safetensors").read_bytes() == server.files[weights]


def test_the_hub_may_ask_for_a_wait(server, get, encoder):
    publish(server, MODEL, encoder)
    server.faults[resolve("model.safetensors")] = [refuse(429, Retry_After="1")]
    get()
    first, second = (each for each in server.requests if each.path.endswith("safetensors"))
    assert 0.9 < second.time - first.time < 5


def test_large_files_are_stored_elsewhere(server, get, encoder):
    publish(server, MODEL, encoder)
    weights = resolve("model.safetensors")
    server.files["/stored"] = server.files.pop(weights)
    server.faults[weights] = [refuse(302, Location="/stored")]
    assert names(get()) == WHOLE


@pytest.mark.parametrize(
    ("name", "algorithm"), [("model.safetensors", "SHA256"), ("config.json", "GIT_BLOB")]
)
def test_a_file_that_is_not_the_published_one_is_refused(server, get, encoder, name, algorithm):
    publish(server, MODEL, encoder)
    content = server.files[resolve(name)]
    server.files[resolve(name)] = content[:-1] + b"?"
    with pytest.raises(Refusal, match=f"is not the file that was published: its {algorithm} is"):
        get()
    server.files[resolve(name)] = content
    assert names(get()) == WHOLE


def test_small_files_are_checked_as_git_does(server, encoder):
    publish(server, MODEL, encoder)
    (listing,) = (json.loads(each) for path, each in server.files.items() if "/api/" in path)
    (entry,) = (each for each in listing["siblings"] if each["rfilename"] == "config.json")
    content = (encoder / "config.json").read_bytes()
    header = f"blob {len(content)}\0".encode()
    assert entry["blobId"] == hashlib.sha1(header + content).hexdigest()


@pytest.mark.parametrize(
    "answer", [b"<html>", b"{}", b"[]", b'{"sha": "x", "siblings": [{"rfilename": "config.json"}]}']
)
def test_an_answer_that_is_no_list_of_files_is_refused(server, get, answer):
    server.files[f"/api/models/{MODEL}/revision/{REVISION}?blobs=true"] = answer
    with pytest.raises(Refusal, match="does not answer with the hub's list of files: check HF_END"):
        get()


def test_an_answer_for_another_revision_is_refused(server, get, encoder):
    publish(server, MODEL, encoder, sha="f" * 40)
    with pytest.raises(Refusal, match=f"answers for the revision {'f' * 40}, not for the one"):
        get()


def test_a_model_that_is_not_there_is_refused(server, get):
    with pytest.raises(Refusal, match="answers 404 Not Found"):
        get()


@pytest.mark.parametrize("part", ["../../evil.safetensors", "/evil.safetensors", "evil.bin", 7])
def test_parts_that_are_not_beside_their_index_are_refused(server, get, tmp_path, part):
    folder = tiny_encoder(tmp_path / "sharded", "wav2vec2", max_shard_size="20KB")
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"weight": part}}))
    publish(server, MODEL, folder)
    with pytest.raises(Refusal, match="which is no part of the model"):
        get()


def test_parts_that_the_hub_does_not_have_are_refused(server, get, tmp_path):
    folder = tiny_encoder(tmp_path / "sharded", "wav2vec2", max_shard_size="20KB")
    part = "model-00001-of-00003.safetensors"
    assert part in names(folder)
    publish(server, MODEL, folder, without={part})
    with pytest.raises(Refusal, match=f"lacks {part}, a part of its weights"):
        get()


def test_the_hub_itself_is_asked_without_a_mirror(monkeypatch, get):
    asked = []
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    monkeypatch.setattr(hub, "fetch", asked.append)
    with pytest.raises(FileNotFoundError):
        get()
    ((remote,),) = (each.values() for each in asked)
    url = f"https://huggingface.co/api/models/{MODEL}/revision/{REVISION}?blobs=true"
    assert remote.url == url
