"""The networks on encoders: attention over frames, and a weighted sum of layers."""

import pytest
import torch

from networks import counts, defaults
from serfusion.fitting.checkpoints import parameter_count
from serfusion.models import attentive_pooling, weighted_layers


def attentive(channels=10, classes=4, **changes):
    torch.manual_seed(0)
    settings = defaults("attentive_pooling", **changes)
    return attentive_pooling.build([50, channels], classes, **settings).eval()


def weighted(statistics=2, layers=3, width=5, classes=4, **changes):
    torch.manual_seed(0)
    settings = defaults("weighted_layers", **changes)
    return weighted_layers.build([statistics, layers, width], classes, **settings).eval()


def test_sizes_are_those_of_the_docstrings():
    network = attentive(768, 8)
    assert counts(network) == [98_432, 8_256, 65, 2_056]
    assert parameter_count(network) == 108_809
    network = weighted(2, 3, 768, 8)
    assert counts(network) == [196_736, 1_032]
    assert parameter_count(network) == 197_771


def test_attention_pools_the_weighted_mean_and_deviation_of_a_clips_own_frames():
    network, lengths = attentive(), torch.tensor([7, 20])
    values = torch.randn(2, 30, 10)
    pooled = network.deep(values, lengths)
    for row, length in enumerate(lengths.tolist()):
        frames = network.project(values[row, :length])
        attention = network.weigh(frames).squeeze(1).softmax(dim=0)
        mean = attention @ frames
        deviation = (attention @ (frames - mean) ** 2 + 1e-6).sqrt()
        torch.testing.assert_close(pooled[row], torch.cat([mean, deviation]))


def test_frames_that_matter_are_attended_to():
    """The emotion is in one loud frame among many that are noise."""
    torch.manual_seed(1)
    targets = torch.arange(64) % 4
    values = 0.1 * torch.randn(64, 40, 10)
    place = torch.randint(0, 40, (64,))
    values[torch.arange(64), place, :4] += 3 * torch.eye(4)[targets]
    lengths = torch.full((64,), 40)
    network = attentive(dropout=0.0).train()
    optimizer = torch.optim.Adam(network.parameters(), lr=0.01)
    for _ in range(150):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(network(values, lengths), targets).backward()
        optimizer.step()
    network.eval()
    assert (network(values, lengths).argmax(dim=1) == targets).all()
    scores = network.weigh(network.project(values)).squeeze(2)
    assert (scores.argmax(dim=1) == place).float().mean() > 0.9


def test_layers_are_summed_by_the_softmax_of_their_scores():
    network = weighted()
    network.layer_scores.data = torch.tensor([0.5, -1.0, 2.0])
    rows = torch.randn(6, 2 * 3 * 5)
    shares = torch.tensor([0.5, -1.0, 2.0]).softmax(dim=0)
    layers = rows.reshape(6, 2, 3, 5)
    summed = sum(share * layers[:, :, number] for number, share in enumerate(shares))
    torch.testing.assert_close(network.deep(rows), network.hidden(summed.reshape(6, 10)))


def test_at_first_all_layers_weigh_alike_and_training_finds_the_one_that_matters():
    torch.manual_seed(2)
    targets = torch.arange(80) % 4
    layers = torch.randn(80, 1, 3, 6)
    layers[:, 0, 1, :4] += 2 * torch.eye(4)[targets]
    network = weighted(1, 3, 6, dropout=0.0).train()
    assert network.layer_scores.softmax(dim=0).tolist() == pytest.approx([1 / 3] * 3)
    optimizer = torch.optim.Adam(network.parameters(), lr=0.01)
    for _ in range(60):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(network(layers.flatten(1)), targets).backward()
        optimizer.step()
    assert network.layer_scores.argmax() == 1
