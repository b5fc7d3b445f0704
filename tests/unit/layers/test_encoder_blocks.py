"""The upper blocks of encoders: the states of the whole encoder, whatever the batch."""

import json

import pytest
import torch

from encoders import KINDS, LAYERS, WIDTH, tiny_encoder
from serfusion.errors import Refusal
from serfusion.extraction.encoder import Encoder
from serfusion.layers.encoder_blocks import UpperBlocks
from speech import voice

RATE = 16000
SECONDS = [1, 0.4, 1.7]


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return {kind: tiny_encoder(tmp_path_factory.mktemp(kind), kind) for kind in KINDS}


def config(folder) -> dict:
    return json.loads((folder / "config.json").read_text())


def upper(folder, below: int, last: int | None = None, recompute: bool = False) -> UpperBlocks:
    torch.manual_seed(1)
    return UpperBlocks(config(folder), below=below, last=last, recompute=recompute)


def loaded(folder, *layers, **options) -> UpperBlocks:
    blocks = upper(folder, *layers, **options)
    blocks.load(folder)
    return blocks.eval()


def states(folder, layers: list[int], seconds: float = 1) -> list[torch.Tensor]:
    encoder = Encoder(folder, layers=layers, precision="float32", device="cpu")
    return [each.clone() for each in encoder.states(voice(seconds, RATE)[None])]


def padded(clips: list[torch.Tensor], extra: int = 5) -> tuple[torch.Tensor, torch.Tensor]:
    lengths = torch.tensor([clip.shape[1] for clip in clips])
    values = torch.full((len(clips), int(lengths.max()) + extra, WIDTH), 7.0)
    for row, clip in zip(values, clips, strict=True):
        row[: clip.shape[1]] = clip[0]
    return values, lengths


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("below", "last"), [(2, None), (0, None), (1, 3), (3, 4)])
def test_untrained_they_are_the_encoders_own(folders, kind, below, last):
    folder = folders[kind]
    frames, expected = states(folder, [below, last or LAYERS])
    blocks = loaded(folder, below, last)
    with torch.no_grad():
        torch.testing.assert_close(blocks(frames, torch.tensor([frames.shape[1]])), expected)
    assert len(blocks.blocks) == (last or LAYERS) - below


@pytest.mark.parametrize("kind", KINDS)
def test_the_states_of_a_clip_do_not_depend_on_its_batch_or_on_padding(folders, kind):
    folder = folders[kind]
    pairs = [states(folder, [2, LAYERS], seconds) for seconds in SECONDS]
    values, lengths = padded([frames for frames, _ in pairs])
    with torch.no_grad():
        together = loaded(folder, 2)(values, lengths)
    for row, length, (_, expected) in zip(together, lengths, pairs, strict=True):
        torch.testing.assert_close(row[:length], expected[0], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_are_the_same_when_states_are_computed_again(folders, kind):
    frames = states(folders[kind], [2])[0]
    gradients = []
    for recompute in (False, True):
        blocks = loaded(folders[kind], 2, recompute=recompute).train()
        torch.manual_seed(3)
        blocks(frames, torch.tensor([frames.shape[1]])).square().sum().backward()
        gradients.append([each.grad for each in blocks.parameters() if each.requires_grad])
    for kept, again in zip(*gradients, strict=True):
        torch.testing.assert_close(kept, again)
    assert all(each.abs().sum() > 0 for each in gradients[0] if each.dim() > 1)


def test_memory_is_saved_where_states_are_computed_again(folders):
    """Saved tensors are what the backward pass needs."""
    frames = states(folders["whisper"], [1])[0]
    saved = {}
    for recompute in (False, True):
        blocks = loaded(folders["whisper"], 1, recompute=recompute).train()
        sizes = []
        keep = lambda tensor, sizes=sizes: sizes.append(tensor.numel()) or tensor  # noqa: E731
        with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
            blocks(frames, torch.tensor([frames.shape[1]]))
        saved[recompute] = sum(sizes)
    assert saved[True] < saved[False] / 5


def test_what_is_below_stays_frozen_in_wavlm_too(folders):
    blocks = loaded(folders["wavlm"], 2)
    frozen = [name for name, each in blocks.named_parameters() if not each.requires_grad]
    assert frozen == ["blocks.0.attention.rel_attn_embed.weight"]
    assert all(each.requires_grad for each in loaded(folders["wavlm"], 0).parameters())
    for kind in set(KINDS) - {"wavlm"}:
        assert all(each.requires_grad for each in upper(folders[kind], 2).parameters()), kind


@pytest.mark.parametrize(("below", "last"), [(4, None), (2, 2), (3, 2), (2, 5)])
def test_layers_that_are_not_there_are_refused(folders, below, last):
    with pytest.raises(Refusal, match=r"of layer \d of an encoder that has 4, .* set last_layer"):
        upper(folders["hubert"], below, last)


def test_encoders_of_other_types_are_refused():
    with pytest.raises(Refusal, match="Encoders of type sew are not fine-tuned, only those of"):
        UpperBlocks({"model_type": "sew"}, below=1, last=None, recompute=False)
