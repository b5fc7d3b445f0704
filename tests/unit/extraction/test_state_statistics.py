"""Statistics over an encoder's frames, against numpy."""

import numpy as np
import pytest
import torch

from encoders import WIDTH, tiny_encoder
from serfusion.extraction import state_statistics as module
from serfusion.extraction.encoder import Encoder
from serfusion.extraction.encoder_table import STATISTICS
from serfusion.extraction.state_statistics import state_statistics
from speech import voice

RATE = 16000
LAYERS = [3, 0, 1]


@pytest.fixture(scope="module")
def encoder(tmp_path_factory) -> Encoder:
    folder = tiny_encoder(tmp_path_factory.mktemp("whisper"), "whisper")
    return Encoder(folder, layers=LAYERS, precision="float32", device="cpu")


def speech_and_silence(seed: int = 0) -> np.ndarray:
    """Return a second of speech between half a second of near silence on either side."""
    samples = voice(2, RATE, seed)
    samples[: RATE // 2] *= 1e-3
    samples[-RATE // 2 :] *= 1e-3
    return samples


def expected(encoder: Encoder, samples: np.ndarray) -> np.ndarray:
    """Return the statistics of a clip whose frames are 20 ms each, by definition."""
    power = (samples.astype(np.float64).reshape(-1, RATE // 50) ** 2).mean(axis=1)
    loud = 10 * np.log10(power / power.max()) >= -35
    assert 0 < loud.sum() < len(loud)
    rows = []
    for layer_states in encoder.states(samples[None]):
        states = layer_states[0].numpy().astype(np.float64)
        assert len(states) == len(loud)
        rows += [states.mean(0), states.std(0), states[loud].mean(0), states[loud].std(0)]
    return np.stack(rows)


def test_statistics_are_those_of_all_frames_and_of_the_loud_ones(encoder):
    samples = speech_and_silence()
    values = state_statistics(encoder, samples[None])
    assert values.shape == (1, len(LAYERS) * len(STATISTICS), WIDTH)
    assert values.dtype == np.float16
    np.testing.assert_allclose(values[0], expected(encoder, samples), rtol=2e-3, atol=2e-3)


def test_layers_are_in_the_order_asked_for(encoder):
    (values,) = state_statistics(encoder, speech_and_silence()[None])
    encoder.layers = [0]
    (first,) = state_statistics(encoder, speech_and_silence()[None])
    encoder.layers = LAYERS
    np.testing.assert_array_equal(values[4:8], first)


def test_a_long_clip_is_pooled_over_windows(encoder, monkeypatch):
    monkeypatch.setattr(module, "WINDOW_S", 1)
    samples = np.concatenate([speech_and_silence(seed) for seed in range(2)])[: int(3.6 * RATE)]
    (values,) = state_statistics(encoder, samples[None])
    windows = np.split(samples, 4)
    power = (samples.astype(np.float64).reshape(-1, RATE // 50) ** 2).mean(axis=1)
    loud = power >= power.max() * 10**-3.5
    states = [
        np.concatenate([encoder.states(window[None])[layer][0].numpy() for window in windows])
        for layer in range(len(LAYERS))
    ]
    for layer, layer_states in enumerate(states):
        rows = values[4 * layer : 4 * layer + 4]
        np.testing.assert_allclose(rows[0], layer_states.mean(0), rtol=2e-3, atol=2e-3)
        np.testing.assert_allclose(rows[1], layer_states.std(0), rtol=2e-3, atol=2e-3)
        np.testing.assert_allclose(rows[2], layer_states[loud].mean(0), rtol=2e-3, atol=2e-3)
        np.testing.assert_allclose(rows[3], layer_states[loud].std(0), rtol=2e-3, atol=2e-3)


@pytest.mark.parametrize("seconds", [29.99, 30, 30.01, 75.3])
def test_windows_are_nearly_equal_and_none_is_longer_than_whisper_can_hear(seconds):
    samples = np.zeros((1, int(seconds * RATE)), np.float32)
    lengths = [window.shape[1] for window in module._windows(samples, module.WINDOW_S * RATE)]
    assert sum(lengths) == samples.shape[1]
    assert max(lengths) - min(lengths) <= 1
    assert len(lengths) == np.ceil(samples.shape[1] / (30 * RATE))


@pytest.mark.parametrize("kind", ["whisper", "moonshine", "wavlm"])
@pytest.mark.parametrize("samples", [1, 400, 1599])
def test_the_shortest_clips_have_statistics(tmp_path, kind, samples):
    folder = tiny_encoder(tmp_path, kind)
    encoder = Encoder(folder, layers=[1], precision="float32", device="cpu")
    assert np.isfinite(state_statistics(encoder, voice(1, RATE)[None, :samples])).all()


def test_silence_is_as_loud_as_its_loudest(encoder):
    (values,) = state_statistics(encoder, np.zeros((1, RATE), np.float32))
    np.testing.assert_array_equal(values[0], values[2])


@pytest.mark.parametrize("kind", ["whisper", "moonshine", "hubert"])
def test_a_click_in_silence_leaves_a_loud_frame(tmp_path, kind):
    folder = tiny_encoder(tmp_path, kind)
    encoder = Encoder(folder, layers=[1], precision="float32", device="cpu")
    for place in range(0, RATE, 777):
        samples = np.zeros((1, RATE), np.float32)
        samples[0, place : place + 5] = 1
        assert np.isfinite(state_statistics(encoder, samples)).all()


def test_clips_of_one_length_together(encoder):
    clips = np.stack([speech_and_silence(seed) for seed in range(3)])
    together = state_statistics(encoder, clips)
    alone = [state_statistics(encoder, samples[None])[0] for samples in clips]
    np.testing.assert_allclose(together, np.stack(alone), rtol=2e-3, atol=2e-3)


def test_memory_does_not_grow_with_the_length_of_a_clip(encoder, monkeypatch):
    longest = []
    states = encoder.states
    monkeypatch.setattr(encoder, "states", lambda each: longest.append(each.size) or states(each))
    state_statistics(encoder, np.tile(voice(10, RATE), 10)[None])
    assert len(longest) == 4
    assert max(longest) <= 30 * RATE
    assert torch.is_inference_mode_enabled() is False
