"""Recurrent layers over padded sequences."""

import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence


def packed(frames: torch.Tensor, lengths: torch.Tensor) -> PackedSequence:
    """Return frames (batch, time, n) as a packed sequence, without the padding."""
    return pack_padded_sequence(frames, lengths.cpu(), batch_first=True, enforce_sorted=False)


def recurrent_states(
    layer: nn.RNNBase, frames: torch.Tensor, lengths: torch.Tensor
) -> torch.Tensor:
    """Return the states of a recurrent layer, (batch, time, n), zero in the padding."""
    states, _ = layer(packed(frames, lengths))
    return pad_packed_sequence(states, batch_first=True, total_length=frames.shape[1])[0]
