"""The upper blocks of a pretrained speech encoder, as layers that can be trained."""

from pathlib import Path

import torch
import transformers
from torch import nn
from transformers.masking_utils import create_bidirectional_mask

from serfusion.errors import Refusal
from serfusion.extraction.encoder import (
    encoder_blocks,
    encoder_of,
    layer_count,
    load_encoder,
    shorten,
)
from serfusion.layers.masks import mask

MODEL_TYPES = ("whisper", "moonshine", "wav2vec2", "hubert", "wavlm")
"""Those whose blocks are known to be given positions and masks as here."""


class UpperBlocks(nn.Module):
    """The blocks of an encoder between two of its layers, without a closing normalisation.

    Their modules are those of transformers. The first of WavLM's blocks keeps the embedding of
    relative positions that the lowest block of the encoder has for all of them; it is not trained.

    Parameters
    ----------
    description : dict
        The encoder's `config.json`.
    below : int
        The layer whose states they are given: 0 is the input of the encoder's first block, k the
        output of block k.
    last : int or None
        The layer whose states they return; None for the encoder's last.
    recompute : bool
        Whether the backward pass computes each block again instead of keeping its activations.

    Raises
    ------
    Refusal
        If the encoder is of another type than `MODEL_TYPES`, or has no such layers.
    """

    def __init__(self, description: dict, *, below: int, last: int | None, recompute: bool) -> None:
        super().__init__()
        model_type = description["model_type"]
        if model_type not in MODEL_TYPES:
            raise Refusal(
                f"Encoders of type {model_type} are not fine-tuned, only those of type "
                f"{', '.join(MODEL_TYPES)}: read its frames with attentive_pooling, or choose "
                "another encoder."
            )
        config = transformers.CONFIG_MAPPING[model_type].from_dict(description)
        count = layer_count(config)
        self.below, self.last = below, count if last is None else last
        if not below < self.last <= count:
            raise Refusal(
                f"The frames are of layer {below} of an encoder that has {count}, and the highest "
                f"to be trained is {self.last}: set last_layer above the former and not above the "
                "latter, or read frames of a lower layer."
            )
        shorten(config, self.last - below)
        model = transformers.AutoModel.from_config(config, dtype=torch.float32)
        if recompute:
            model.activation_checkpointing_enable()
        encoder = encoder_of(model)
        self.config = encoder.config
        self.blocks = encoder_blocks(encoder)
        self.positions = getattr(encoder, "rotary_emb", None)
        if self._has_position_bias and below:
            self.blocks[0].attention.rel_attn_embed.requires_grad_(False)

    @property
    def width(self) -> int:
        """Number of channels of a state."""
        return self.config.hidden_size

    @property
    def _has_position_bias(self) -> bool:
        return self.config.model_type == "wavlm"

    def load(self, folder: Path) -> None:
        """Take the weights of a pretrained encoder.

        Parameters
        ----------
        folder : Path
            As in `serfusion.extraction.encoder.Encoder`.

        Raises
        ------
        Refusal
            As `Encoder`.
        """
        pretrained = encoder_blocks(load_encoder(folder, self.last, torch.float32))
        lowest = pretrained[0].state_dict()
        for block, source in zip(self.blocks, pretrained[self.below :], strict=True):
            # Of WavLM the lowest block alone has the embedding of positions.
            weights = lowest | source.state_dict()
            block.load_state_dict({key: weights[key] for key in block.state_dict()})

    def forward(self, states: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return the states of the last layer; those of the padding mean nothing.

        Parameters
        ----------
        states : Tensor of shape (batch, frames, width)
            Of the layer below.
        lengths : Tensor of shape (batch,), int64
            The number of frames of each clip without padding, to which no frame attends.

        Returns
        -------
        Tensor of shape (batch, frames, width)
        """
        own = mask(lengths, states.shape[1])
        if self._has_position_bias:
            return self._with_position_bias(states, own)
        arguments = {
            "attention_mask": create_bidirectional_mask(
                config=self.config, inputs_embeds=states, attention_mask=own
            )
        }
        if self.positions is not None:
            places = torch.arange(states.shape[1], device=states.device)[None]
            arguments["position_embeddings"] = self.positions(states, position_ids=places)
        for block in self.blocks:
            states = block(states, **arguments)
        return states

    def _with_position_bias(self, states: torch.Tensor, own: torch.Tensor) -> torch.Tensor:
        """Run WavLM's blocks, of which the first computes the bias that the others reuse."""
        bias = None
        for block in self.blocks:
            states, bias = block(states, attention_mask=own, position_bias=bias)
        return states
