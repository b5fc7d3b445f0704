"""The frames of one layer of an encoder."""

import numpy as np
import pytest

from encoders import WIDTH, tiny_encoder
from serfusion.extraction import encoder_windows
from serfusion.extraction.encoder import Encoder
from serfusion.extraction.state_frames import state_frames
from speech import voice

RATE = 16000


@pytest.fixture(scope="module")
def encoder(tmp_path_factory) -> Encoder:
    folder = tiny_encoder(tmp_path_factory.mktemp("whisper"), "whisper")
    return Encoder(folder, layers=[2], precision="float32", device="cpu")


def test_frames_are_the_states_of_a_clips_whole_length(encoder):
    samples = voice(1.5, RATE)[None]
    (states,) = encoder.states(samples)
    for most, kept in {200: 75, 75: 75, 40: 40}.items():
        frames = state_frames(encoder, samples, most)
        assert frames.shape == (1, kept, WIDTH) and frames.dtype == np.float16
        np.testing.assert_array_equal(frames, states[:, :kept].half().numpy())


def test_no_more_windows_of_a_long_clip_are_encoded_than_are_kept(encoder, monkeypatch):
    monkeypatch.setattr(encoder_windows, "WINDOW_S", 1)
    encoded = []
    states = encoder.states
    monkeypatch.setattr(encoder, "states", lambda each: encoded.append(each) or states(each))
    samples = voice(4, RATE)[None]
    frames = state_frames(encoder, samples, 80)
    assert len(encoded) == 2 and frames.shape[1] == 80
    expected = np.concatenate([states(part)[0] for part in np.split(samples, 4, axis=1)], axis=1)
    np.testing.assert_array_equal(frames, expected[:, :80].astype(np.float16))


def test_the_shortest_clips_have_a_frame(encoder):
    assert state_frames(encoder, voice(1, RATE)[None, :1], 10).shape[1] >= 1
