"""The layers that networks share, against plain computations."""

import numpy as np
import torch

from serfusion.layers import masks, pooling, recurrent, spec_augment


def test_padding_is_set_to_zero():
    lengths = torch.tensor([2, 3])
    assert masks.masked(torch.ones(2, 3, 1), lengths).squeeze(2).tolist() == [[1, 1, 0], [1] * 3]
    images = masks.masked(torch.ones(2, 1, 3, 2), lengths, dim=2)
    assert images.sum(dim=(1, 2, 3)).tolist() == [4, 6]


def test_attentive_statistics_are_weighted_moments_without_the_padding():
    torch.manual_seed(0)
    frames, scores, lengths = torch.randn(3, 6, 4), torch.randn(3, 6), torch.tensor([1, 4, 6])
    pooled = pooling.attentive_statistics(frames, scores, lengths).numpy()
    for clip, length in enumerate(lengths.tolist()):
        valid = frames[clip, :length].numpy().astype(float)
        attention = np.exp(scores[clip, :length].numpy().astype(float))
        mean = np.average(valid, axis=0, weights=attention)
        std = np.sqrt(np.average((valid - mean) ** 2, axis=0, weights=attention) + 1e-6)
        np.testing.assert_allclose(pooled[clip], [*mean, *std], rtol=1e-4, atol=1e-5)


def test_recurrent_states_are_those_of_the_clip_alone():
    torch.manual_seed(0)
    layer = torch.nn.GRU(3, 5, batch_first=True, bidirectional=True)
    frames, lengths = torch.randn(2, 7, 3), torch.tensor([4, 6])
    states = recurrent.recurrent_states(layer, frames, lengths)
    assert states.shape == (2, 7, 10)
    for clip, length in enumerate(lengths.tolist()):
        alone, _ = layer(frames[clip : clip + 1, :length])
        torch.testing.assert_close(states[clip, :length], alone[0])
        assert (states[clip, length:] == 0).all()


def test_masks_are_intervals_within_the_clip():
    torch.manual_seed(0)
    lengths = torch.full((200,), 30)
    masked = spec_augment.spec_augment(torch.ones(200, 40, 16), lengths, masks=1, bands=5, frames=8)
    zero = masked == 0
    in_time, in_bands = zero.all(dim=2), zero.all(dim=1)
    assert not in_time[:, 30:].any()
    assert set(in_time.sum(dim=1).tolist()) == set(range(9))
    assert set(in_bands.sum(dim=1).tolist()) == set(range(6))
    changes = (in_time[:, 1:] != in_time[:, :-1]).sum(dim=1)
    assert changes.max() <= 2
    either = in_time[:, :, None] | in_bands[:, None, :]
    assert torch.equal(zero, either)


def test_no_masks_leave_everything():
    values = torch.randn(2, 5, 4)
    lengths = torch.tensor([5, 3])
    assert torch.equal(
        spec_augment.spec_augment(values, lengths, masks=0, bands=2, frames=2), values
    )
