"""Pretrained weights: obtained, named by their content, and loaded or refused by name."""

import hashlib
import logging
import shutil

import pytest
import torch
from torch import nn

from serfusion import registry
from serfusion.errors import Refusal
from serfusion.fitting import pretrained
from serfusion.models import alexnet_mel3d, vgg16
from serfusion.obtaining.pretrained_weights import obtain
from serfusion.study import initial_weights
from servers import serving

TRUNKS = {"vgg16": vgg16.trunk, "alexnet_mel3d": alexnet_mel3d.trunk}


class Network(nn.Module):
    def __init__(self, trunk: nn.Sequential) -> None:
        super().__init__()
        self.features = trunk


def published(name: str = "alexnet_mel3d") -> dict[str, torch.Tensor]:
    """A checkpoint such as torchvision's, with the first parameters of a classifier."""
    torch.manual_seed(5)
    saved = Network(TRUNKS[name]()).state_dict()
    return saved | {"classifier.1.weight": torch.zeros(2, 2), "classifier.1.bias": torch.zeros(2)}


@pytest.fixture
def saved(tmp_path):
    """A function that writes a checkpoint and returns its path."""

    def save(content, name="weights.pth"):
        torch.save(content, tmp_path / name)
        return tmp_path / name

    return save


@pytest.fixture
def log(caplog):
    caplog.set_level(logging.INFO, logger="serfusion")
    return caplog


def test_training_from_scratch_is_logged(log):
    assert pretrained.load_initial_weights(nn.Linear(1, 1), "mlp", None) == "scratch"
    assert "training starts from scratch" in log.text


@pytest.mark.parametrize("name", TRUNKS)
def test_a_full_checkpoint_is_loaded_and_its_classifier_ignored(saved, log, name):
    content = published(name)
    path, network = saved(content), Network(TRUNKS[name]())
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert pretrained.load_initial_weights(network, name, path) == f"{name}-{digest[:8]}.pth"
    for parameter, value in network.state_dict().items():
        assert torch.equal(value, content[parameter])
    assert f"{path}; ignored: classifier.1.weight, classifier.1.bias" in log.text


def test_a_trunk_in_half_precision_is_enough(saved, log):
    content = {
        name: value.half() for name, value in published().items() if name.startswith("features")
    }
    network = Network(alexnet_mel3d.trunk())
    pretrained.load_trunk(network, saved(content))
    for parameter, value in network.state_dict().items():
        assert value.dtype == torch.float32
        assert torch.equal(value, content[parameter].float())
    assert "ignored: nothing" in log.text


def test_frozen_convolutions_stay_frozen(saved):
    network = Network(alexnet_mel3d.trunk())
    network.features[0].requires_grad_(False)
    pretrained.load_trunk(network, saved(published()))
    assert [weight.requires_grad for weight in network.parameters()] == 2 * [False] + 8 * [True]


def test_a_parameter_of_another_shape_is_refused_by_name(saved):
    content = published()
    content["features.3.weight"] = torch.zeros(192, 64, 3, 3)
    path = saved(content)
    with pytest.raises(Refusal) as refusal:
        pretrained.load_trunk(Network(alexnet_mel3d.trunk()), path)
    assert str(refusal.value) == (
        f"{path} has a parameter features.3.weight of shape (192, 64, 3, 3), which should have "
        "the shape (192, 64, 5, 5): set weights to a checkpoint of this network."
    )


def test_a_checkpoint_of_another_network_is_refused(saved):
    before = (network := Network(vgg16.trunk())).features[0].weight.clone()
    with pytest.raises(Refusal, match=r"features\.0\.weight of shape \(64, 3, 11, 11\)"):
        pretrained.load_trunk(network, saved(published()))
    content = published("vgg16")
    del content["features.28.bias"]
    with pytest.raises(
        Refusal, match=r"no parameter features\.28\.bias, .* the shape \(512,\): set"
    ):
        pretrained.load_trunk(network, saved(content))
    assert torch.equal(network.features[0].weight, before)


@pytest.mark.parametrize("content", [b"", b"not a checkpoint", b"PK\3\4 nor an archive"])
def test_what_is_no_checkpoint_is_refused(tmp_path, content):
    path = tmp_path / "weights.pth"
    path.write_bytes(content)
    with pytest.raises(Refusal, match=rf"{path} cannot be read as a checkpoint: set weights to"):
        pretrained.load_trunk(Network(alexnet_mel3d.trunk()), path)


def test_a_damaged_checkpoint_is_refused(saved):
    path = saved(published())
    path.write_bytes(path.read_bytes()[:100_000])
    with pytest.raises(Refusal, match="cannot be read as a checkpoint"):
        pretrained.load_trunk(Network(alexnet_mel3d.trunk()), path)


def test_a_file_that_would_run_code_is_refused(saved):
    with pytest.raises(Refusal, match="cannot be read as a checkpoint"):
        pretrained.load_trunk(Network(alexnet_mel3d.trunk()), saved(nn.Linear(1, 1)))


def test_a_file_without_names_is_refused(saved):
    with pytest.raises(Refusal, match="does not hold a dictionary of parameters"):
        pretrained.load_trunk(Network(alexnet_mel3d.trunk()), saved([torch.zeros(2)]))


@pytest.mark.parametrize("name", TRUNKS)
def test_what_is_published_is_named_by_its_checksum(name):
    declared = initial_weights.published(name)
    assert declared["url"].endswith(f"-{declared['sha256'][:8]}.pth")
    assert len(declared["sha256"]) == 64
    model = {"network": name, "weights": "imagenet"}
    assert initial_weights.kept_name(model) == f"{name}-{declared['sha256'][:8]}.pth"


def test_weights_are_named_by_content_and_not_by_place(tmp_path):
    assert initial_weights.kept_name({"network": "mlp"}) is None
    assert initial_weights.kept_name({"network": "vgg16", "weights": None}) is None
    here, there = tmp_path / "here.pth", tmp_path / "there.pth"
    here.write_bytes(b"weights")
    shutil.copy(here, there)
    names = {
        initial_weights.kept_name({"network": "vgg16", "weights": str(path)})
        for path in (here, there)
    }
    assert names == {f"vgg16-{hashlib.sha256(b'weights').hexdigest()[:8]}.pth"}


@pytest.fixture
def server(monkeypatch):
    """A mirror whose file has the checksum that the network declares."""
    content = bytes(range(256)) * 100
    declared = {
        "url": "http://127.0.0.1:9/gone.pth",
        "sha256": hashlib.sha256(content).hexdigest(),
        "size_bytes": len(content),
    }
    monkeypatch.setattr(registry, "constant", lambda *_: declared)
    with serving() as running:
        running.files["/weights.pth"] = content
        yield running


def imagenet(server) -> dict:
    url = f"{server.url}/weights.pth"
    return {"network": "vgg16", "weights": "imagenet", "weights_url": url}


def test_published_weights_are_downloaded_from_a_mirror(server, tmp_path):
    path = tmp_path / "weights/vgg16.pth"
    obtain(imagenet(server), path)
    assert path.read_bytes() == server.files["/weights.pth"]
    assert list(path.parent.iterdir()) == [path]


def test_other_weights_than_the_published_are_refused(server, tmp_path):
    content = server.files["/weights.pth"]
    server.files["/weights.pth"] = content[:-1] + b"?"
    with pytest.raises(Refusal, match=r"is not the file that was published: its SHA256 is .* copy"):
        obtain(imagenet(server), tmp_path / "vgg16.pth")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_mirror_says_what_to_do(server, tmp_path):
    server.files.clear()
    with pytest.raises(Refusal, match="404 Not Found: name a mirror, or a copy of your own, in"):
        obtain(imagenet(server), tmp_path / "vgg16.pth")


def test_weights_of_the_users_are_copied(tmp_path):
    (tmp_path / "mine.pth").write_bytes(b"weights")
    obtain({"network": "vgg16", "weights": str(tmp_path / "mine.pth")}, tmp_path / "kept/a.pth")
    assert (tmp_path / "kept/a.pth").read_bytes() == b"weights"


def test_a_full_disk_is_refused(server, tmp_path):
    (tmp_path / "vgg16.pth.part").symlink_to("/dev/full")
    with pytest.raises(Refusal, match=rf"The disk is full: make room for {tmp_path}/vgg16.pth"):
        obtain(imagenet(server), tmp_path / "vgg16.pth")
