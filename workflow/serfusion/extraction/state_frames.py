"""The states of one layer of an encoder themselves, frame by frame."""

import numpy as np
import torch

from serfusion.extraction.encoder import Encoder
from serfusion.extraction.encoder_windows import windows


def state_frames(encoder: Encoder, samples: np.ndarray, frames: int) -> np.ndarray:
    """Return the first states of clips of one length.

    Parameters
    ----------
    encoder : Encoder
        With a single layer.
    samples : ndarray of shape (clips, n), float32
        At the encoder's sample rate, of any length.
    frames : int
        How many states are returned of a clip at most. They depend on the whole of their window.

    Returns
    -------
    ndarray of shape (clips, t, width), float16
        t is the number of the clips' own frames, or `frames` if that is less.
    """
    states: list[torch.Tensor] = []
    for window in windows(samples, encoder.sample_rate_hz):
        (window_states,) = encoder.states(window)
        states.append(window_states)
        if sum(each.shape[1] for each in states) >= frames:
            break
    return torch.cat(states, dim=1)[:, :frames].half().cpu().numpy()
