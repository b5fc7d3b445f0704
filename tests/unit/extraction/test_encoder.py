"""The states of pretrained encoders, against transformers' own forward passes."""

import json
import pickle
import socket

import numpy as np
import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file

from encoders import KINDS, LAYERS, WIDTH, pickled, tiny_encoder
from serfusion.errors import Refusal
from serfusion.extraction.encoder import Encoder
from speech import voice

RATE = 16000
BELOW_THE_LAST = list(range(LAYERS))
"""The library puts the closing normalisation into the last hidden state of some models."""


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return {kind: tiny_encoder(tmp_path_factory.mktemp(kind), kind) for kind in KINDS}


def opened(folder, layers, precision="float32") -> Encoder:
    return Encoder(folder, layers=layers, precision=precision, device="cpu")


def by_the_library(folder, samples: np.ndarray) -> tuple[torch.Tensor, ...]:
    """Return the hidden states of the whole encoder, run as its users run it."""
    model = transformers.AutoModel.from_pretrained(folder).eval()
    extractor = transformers.AutoFeatureExtractor.from_pretrained(folder)
    encoder = model.get_encoder() if model.config.is_encoder_decoder else model
    inputs = extractor(samples, sampling_rate=RATE, padding=False, return_tensors="pt")
    inputs = inputs[model.main_input_name]
    if model.config.model_type == "whisper":
        # Its forward pass insists on as many frames as it has positions: give it fewer of those.
        length = inputs.shape[2] // 2
        encoder.config.max_source_positions = length
        positions = encoder.embed_positions.weight[:length]
        encoder.embed_positions = torch.nn.Embedding.from_pretrained(positions)
    with torch.no_grad():
        return encoder(inputs, output_hidden_states=True).hidden_states


@pytest.mark.parametrize("kind", KINDS)
def test_states_are_the_librarys(folders, kind):
    samples = voice(1.6, RATE)
    states = opened(folders[kind], BELOW_THE_LAST).states(samples[None])
    expected = by_the_library(folders[kind], samples)
    for layer in BELOW_THE_LAST:
        torch.testing.assert_close(states[layer], expected[layer])
        assert states[layer].shape[2] == WIDTH
        assert layer == 0 or not torch.allclose(states[layer], states[layer - 1], atol=0.1)


@pytest.mark.parametrize("kind", KINDS)
def test_a_layer_does_not_depend_on_which_others_are_read(folders, kind):
    samples = voice(1, RATE)[None]
    last, second, first = opened(folders[kind], [LAYERS, 2, 0]).states(samples)
    (alone,) = opened(folders[kind], [2]).states(samples)
    assert torch.equal(alone, second)
    (alone,) = opened(folders[kind], [0]).states(samples)
    assert torch.equal(alone, first)
    assert not torch.equal(last, second)


def test_blocks_above_the_highest_layer_are_not_there(folders):
    encoder = opened(folders["wav2vec2"], [1, 2])
    assert len(encoder._blocks) == 2


@pytest.mark.parametrize("samples", [16000, 16001, 16161, 5000, 1600])
def test_whispers_length_is_the_clips_own(folders, samples):
    (states,) = opened(folders["whisper"], [1]).states(voice(2, RATE)[None, :samples])
    frames = samples // 160
    assert states.shape[1] == -(-frames // 2)


def test_a_padded_clip_has_other_states(folders):
    samples = voice(1, RATE)
    (states,) = opened(folders["whisper"], [3]).states(samples[None])
    (padded,) = opened(folders["whisper"], [3]).states(np.pad(samples, (0, 5 * RATE))[None])
    assert not torch.allclose(states, padded[:, : states.shape[1]], atol=1e-3)


@pytest.mark.parametrize("kind", KINDS)
def test_clips_of_one_length_can_be_encoded_together(folders, kind):
    encoder = opened(folders[kind], [1, 3])
    clips = np.stack([voice(1, RATE, seed) for seed in range(3)])
    together = encoder.states(clips)
    for place, samples in enumerate(clips):
        for joint, alone in zip(together, encoder.states(samples[None]), strict=True):
            torch.testing.assert_close(joint[place], alone[0], rtol=1e-3, atol=1e-4)


def test_the_input_is_normalised_where_the_models_extractor_says_so(folders):
    samples = voice(1, RATE)[None]
    for kind, same in {"wav2vec2_large": True, "moonshine": False}.items():
        encoder = opened(folders[kind], [2])
        (loud,), (quiet,) = encoder.states(samples), encoder.states(samples / 10)
        assert ((loud - quiet).norm() < 0.01 * loud.norm()) == same, kind


@pytest.mark.parametrize("kind", ["whisper", "moonshine", "wav2vec2", "hubert"])
def test_eight_bits_are_nearly_the_same_and_not_the_same(folders, kind):
    samples = voice(1, RATE)[None]
    (exact,) = opened(folders[kind], [1]).states(samples)
    (coarse,) = opened(folders[kind], [1], "int8").states(samples)
    assert not torch.equal(exact, coarse)
    assert torch.cosine_similarity(exact.flatten(), coarse.flatten(), dim=0) > 0.95


def test_eight_bits_are_refused_where_the_library_cannot(folders):
    with pytest.raises(Refusal, match="wavlm cannot be computed with precision int8"):
        opened(folders["wavlm"], [1], "int8")


@pytest.mark.parametrize("form", ["sharded", "pickled"])
def test_other_forms_of_the_same_weights(folders, tmp_path, form):
    if form == "sharded":
        folder = tiny_encoder(tmp_path, "whisper", max_shard_size="20KB")
        assert (folder / "model.safetensors.index.json").exists()
    else:
        folder = pickled(tiny_encoder(tmp_path, "whisper"))
    samples = voice(1, RATE)[None]
    (states,) = opened(folder, [2]).states(samples)
    (expected,) = opened(folders["whisper"], [2]).states(samples)
    assert torch.equal(states, expected)


def test_nothing_is_asked_of_a_network(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("an encoder on this machine was looked for elsewhere")

    folder = pickled(tiny_encoder(tmp_path, "wavlm"))
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    opened(folder, [1]).states(voice(1, RATE)[None])


class Code:
    def __reduce__(self):
        return (print, ("code was run",))


def test_weights_that_run_code_are_refused(tmp_path, capfd):
    folder = pickled(tiny_encoder(tmp_path, "hubert"))
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps({"weight": Code()}))
    with pytest.raises(Refusal, match=r"holds no speech encoder that transformers .* choose"):
        opened(folder, [1])
    assert "code was run" not in capfd.readouterr().out


def test_weights_that_are_missing_are_refused_and_not_drawn_at_random(tmp_path):
    folder = tiny_encoder(tmp_path, "wav2vec2")
    weights = load_file(folder / "model.safetensors")
    gone = "encoder.layers.1.attention.k_proj.weight"
    save_file({name: each for name, each in weights.items() if name != gone}, folder / "x")
    (folder / "x").replace(folder / "model.safetensors")
    opened(folder, [1])
    with pytest.raises(Refusal, match=f"lacks 1 of the encoder's weights, such as {gone}"):
        opened(folder, [2])


def test_a_layer_that_is_not_there_is_refused(folders):
    with pytest.raises(Refusal, match="has 4 layers, and layer 5 is asked for: lower `layers`"):
        opened(folders["moonshine"], [1, 5])


@pytest.mark.parametrize("fault", ["no weights", "no model", "half the weights", "not audio"])
def test_what_is_no_encoder_is_refused(tmp_path, fault):
    folder = tiny_encoder(tmp_path, "whisper")
    weights = folder / "model.safetensors"
    if fault == "no weights":
        weights.unlink()
    if fault == "no model":
        (folder / "config.json").write_text("{}")
    if fault == "half the weights":
        weights.write_bytes(weights.read_bytes()[:1000])
    if fault == "not audio":
        config = json.loads((folder / "config.json").read_text())
        (folder / "config.json").write_text(json.dumps(config | {"model_type": "unheard_of"}))
    with pytest.raises(Refusal, match=r"holds no speech encoder that transformers .* choose"):
        opened(folder, [1])
