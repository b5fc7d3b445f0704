"""The networks: the printed parameter counts, and that they learn."""

import numpy as np
import pytest
import torch
import yaml
from torch import nn

from networks import (
    MIN_INPUTS,
    VARIANTS,
    counts,
    defaults,
    reads_frames,
    sequences,
    vector_inputs,
    vectors,
)
from serfusion import registry
from serfusion.errors import Refusal
from serfusion.extraction.encoder_table import STATISTICS
from serfusion.fitting import checkpoints
from serfusion.models import conv1d, conv2d, crnn_attention, mlp
from serfusion.study import entries
from serfusion.study.resolution import available_models
from studies import ROOT


def test_the_conv1d_extractor_has_the_printed_counts():
    network = conv1d.build(162, 6, **defaults("conv1d"))
    assert counts(network) == [1_536, 327_936, 335_904, 396, 78]
    assert checkpoints.parameter_count(network) == 665_850


def test_the_conv1d_extractor_halves_162_to_81_to_41():
    network = conv1d.build(162, 6, **defaults("conv1d"))
    sizes = []
    for layer in network.extractor:
        if isinstance(layer, nn.MaxPool2d):
            layer.register_forward_hook(lambda *call: sizes.append(tuple(call[-1].shape)))
    assert network.deep(torch.zeros(3, 162)).shape == (3, 32)
    assert network(torch.zeros(3, 162)).shape == (3, 6)
    assert sizes[:2] == [(3, 256, 1, 81), (3, 256, 1, 41)]


def test_the_conv1d_extractor_equals_one_dimensional_layers():
    torch.manual_seed(0)
    network = conv1d.build(162, 8, **defaults("conv1d")).eval()
    first, second = (
        nn.Conv1d(1, 256, 5, padding="same"),
        nn.Conv1d(256, 256, 5, padding="same"),
    )
    for plain, ours in ((first, network.extractor[0]), (second, network.extractor[3])):
        plain.weight.data = ours.weight.data.squeeze(2)
        plain.bias.data = ours.bias.data
    pool = nn.MaxPool1d(2, ceil_mode=True)
    rows = torch.randn(4, 162)
    flat = pool(second(pool(first(rows.unsqueeze(1)).relu())).relu()).flatten(1)
    expected = network.extractor[8](flat).relu()
    torch.testing.assert_close(network.deep(rows), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("inputs", "total"), [(41, 700), (39, 676)])
def test_the_mlp_has_the_printed_count_on_41_inputs(inputs, total):
    network = mlp.build(inputs, 6, **defaults("mlp"))
    assert checkpoints.parameter_count(network) == total
    assert counts(network)[0] == {41: 504, 39: 480}[inputs]


def test_the_conv2d_extractor_has_the_counts_of_its_docstring():
    network = conv2d.build([136, 128], 6, **defaults("conv2d"))
    assert counts(network) == [160, 4_640, 18_496, 557_088, 396, 78]
    values = torch.zeros(2, 136, 128)
    assert network.deep(values, torch.tensor([5, 136])).shape == (2, 32)
    assert network(values, torch.tensor([5, 136])).shape == (2, 6)


@pytest.mark.parametrize("recurrent", [0, 8])
def test_the_attentive_network_has_the_expected_parameters(recurrent):
    settings = defaults("crnn_attention") | {"recurrent": recurrent}
    network = crnn_attention.build([200, 64], 8, **settings)
    convolutions = 9 * (16 + 16 * 32 + 32 * 64 + 64 * 128) + 2 * (16 + 32 + 64 + 128)
    size = 128 * 4
    recurrence = 0
    if recurrent:
        recurrence = 2 * 3 * recurrent * (size + recurrent + 2)
        size = 2 * recurrent
    attention = (size + 1) * 64 + 64 + 1
    assert checkpoints.parameter_count(network) == (
        convolutions + recurrence + attention + (2 * size + 1) * 8
    )


def standardised(name: str, classes: int, values, lengths, **changes) -> checkpoints.Standardised:
    names = [str(number) for number in range(classes)]
    model = checkpoints.build(name, list(values.shape[1:]), names, defaults(name, **changes))
    model.fit(values.numpy(), lengths.numpy())
    return model


@pytest.mark.parametrize(
    ("name", "changes"), [variant for variant in VARIANTS if reads_frames(variant[0])]
)
def test_the_logits_of_a_clip_do_not_depend_on_its_batch(name, changes):
    torch.manual_seed(2)
    values, lengths = sequences(5)
    network = standardised(name, 4, values, lengths, **changes).eval()
    with torch.no_grad():
        together = network(values, lengths)
        alone = torch.cat([network(values[i : i + 1], lengths[i : i + 1]) for i in range(5)])
    torch.testing.assert_close(together, alone, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize(
    ("name", "changes"), [variant for variant in VARIANTS if variant[0] not in MIN_INPUTS]
)
def test_every_network_can_memorise_a_few_rows(name, changes):
    torch.manual_seed(1)
    torch.set_num_threads(2)
    targets = torch.arange(8) % 4
    if reads_frames(name):
        inputs = sequences(8)
        network = standardised(name, 4, *inputs, **changes)
    else:
        inputs, size = (vectors(8, 20),), vector_inputs(name, 20)
        network = registry.load("models", name).build(size, 4, **defaults(name, **changes))
    network.eval()
    optimizer = torch.optim.Adam(network.parameters(), lr=0.003)
    for _ in range(300):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(network(*inputs), targets)
        if loss < 0.05:
            break
        loss.backward()
        optimizer.step()
    assert (network(*inputs).argmax(dim=1) == targets).all()


def test_scaling_is_that_of_the_training_rows():
    values = np.random.default_rng(0).normal(5, 3, (100, 4)).astype(np.float32)
    values[:, 3] = 2
    model = checkpoints.build("mlp", 4, ["a", "b"], defaults("mlp"))
    model.fit(values)
    scaled = (torch.from_numpy(values) - model.mean) / model.scale
    np.testing.assert_allclose(scaled.mean(dim=0), 0, atol=1e-5)
    np.testing.assert_allclose(scaled[:, :3].std(dim=0, correction=0), 1, rtol=1e-5)
    assert (scaled[:, 3] == 0).all()


def test_scaling_of_frames_leaves_out_the_padding(monkeypatch):
    monkeypatch.setattr(checkpoints, "SCALING_BATCH", 7)
    random = np.random.default_rng(0)
    values = random.normal(-40, 20, (20, 9, 3)).astype(np.float16)
    lengths = random.integers(1, 10, 20)
    frames = [row[:length] for row, length in zip(values, lengths, strict=True)]
    valid = np.concatenate(frames).astype(float)
    model = checkpoints.build("conv2d", [9, 3], ["a", "b"], defaults("conv2d"))
    model.fit(values, lengths)
    np.testing.assert_allclose(model.mean, valid.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(model.scale, valid.std(axis=0), rtol=1e-6)
    scaled, _ = model.standardise(torch.from_numpy(values), torch.from_numpy(lengths))
    assert (scaled[0, lengths[0] :] == 0).all()


def test_the_attentive_network_refuses_bands_that_its_blocks_would_use_up():
    with pytest.raises(
        Refusal, match=r"in each of its 4 blocks and needs at least 16 bands, .* have 15"
    ):
        crnn_attention.build([100, 15], 4, **defaults("crnn_attention"))


def test_the_shortest_clips_have_finite_logits():
    network = standardised("crnn_attention", 4, *sequences(3)).eval()
    assert network(torch.ones(1, 3, 64), torch.tensor([3])).isfinite().all()


WIDTH = 24
"""Of the layers of an encoder, whatever it is."""

STUDY = entries.load(yaml.safe_load((ROOT / "config.yaml").read_text()))


def columns(features: str) -> int | tuple[int, ...]:
    settings = dict(STUDY.features[features])
    module = registry.load("features", settings.pop("kind"))
    if getattr(module, "PRETRAINED", False):
        return len(STATISTICS), len(settings["layers"]), WIDTH
    in_frames = hasattr(module, "FRAMES")
    return module.shape(**settings) if in_frames else len(module.names(**settings))


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, model in STUDY.models.items()
        if model.kind == "network" and not model.tuned_encoder
    ],
)
def test_every_network_of_the_study_can_be_built_on_its_features(name):
    model = STUDY.models[name]
    sizes = [columns(features) for features in model.feature_sets]
    if model.extractor:
        sizes.append(32)
    inputs = list(sizes[0]) if isinstance(sizes[0], tuple) else sum(sizes)
    network = checkpoints.build(model.module, inputs, [*"abcdefgh"], model.settings)
    assert checkpoints.parameter_count(network) > 0


def test_every_model_is_a_network_or_an_estimator():
    modules = registry.available("models")
    assert sorted(available_models("network") + available_models("estimator")) == list(modules)
