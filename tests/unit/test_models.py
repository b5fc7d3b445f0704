"""The networks: the printed parameter counts, and that they learn."""

import numpy as np
import pytest
import torch
from torch import nn

from serfusion import checkpoints, registry
from serfusion.models import conv1d, mlp
from serfusion.study import available_models


def defaults(name: str) -> dict:
    settings = registry.constant(f"models/{name}.py", "SETTINGS")
    return {key: setting["default"] for key, setting in settings.items()}


def counts(network: nn.Module) -> list[int]:
    """The parameters of each layer that has any."""
    layers = [layer for layer in network.modules() if not list(layer.children())]
    found = [sum(weight.numel() for weight in layer.parameters()) for layer in layers]
    return [number for number in found if number]


def test_the_conv1d_extractor_has_the_printed_counts():
    network = conv1d.build(162, 6, **defaults("conv1d"))
    assert counts(network) == [1_536, 327_936, 335_904, 396, 78]
    assert checkpoints.parameters(network) == 665_850


def test_the_conv1d_extractor_halves_162_to_81_to_41():
    network = conv1d.build(162, 6, **defaults("conv1d"))
    sizes = []
    for layer in network.extractor:
        if isinstance(layer, nn.MaxPool2d):
            layer.register_forward_hook(lambda *seen: sizes.append(tuple(seen[-1].shape)))
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
    assert checkpoints.parameters(network) == total
    assert counts(network)[0] == {41: 504, 39: 480}[inputs]


@pytest.mark.parametrize("name", available_models("network"))
def test_every_network_learns_a_few_rows_by_heart(name):
    torch.manual_seed(1)
    torch.set_num_threads(2)
    rows, targets = torch.randn(16, 20), torch.arange(16) % 4
    network = registry.load("models", name).build(20, 4, **defaults(name)).eval()
    optimizer = torch.optim.Adam(network.parameters(), lr=0.01)
    for _ in range(300):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(network(rows), targets)
        loss.backward()
        optimizer.step()
        if loss < 0.01:
            break
    assert (network(rows).argmax(dim=1) == targets).all()


def test_scaling_is_that_of_the_training_rows():
    values = np.random.default_rng(0).normal(5, 3, (100, 4)).astype(np.float32)
    values[:, 3] = 2
    model = checkpoints.build("mlp", 4, ["a", "b"], defaults("mlp"))
    model.fit(values)
    scaled = (torch.from_numpy(values) - model.mean) / model.scale
    np.testing.assert_allclose(scaled.mean(dim=0), 0, atol=1e-5)
    np.testing.assert_allclose(scaled[:, :3].std(dim=0, correction=0), 1, rtol=1e-5)
    assert (scaled[:, 3] == 0).all()


def test_every_model_says_what_it_is():
    modules = registry.available("models")
    assert sorted(available_models("network") + available_models("estimator")) == list(modules)
