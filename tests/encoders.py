"""Tiny speech encoders with random weights, as folders in the form of Hugging Face."""

import warnings
from pathlib import Path

import torch
import transformers

TRANSFORMER = {"hidden_size": 16, "num_attention_heads": 2, "intermediate_size": 32}
CONVOLUTIONS = {
    "conv_dim": [8] * 7,
    "num_conv_pos_embeddings": 16,
    "num_conv_pos_embedding_groups": 2,
    "num_hidden_layers": 4,
    "vocab_size": 8,
}
LARGE = {"do_stable_layer_norm": True, "feat_extract_norm": "layer", "conv_bias": True}
"""As in the large models, whose input is normalised too."""

DECODER = {
    "decoder_start_token_id": 1,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 2,
    "vocab_size": 8,
}

CONFIGS = {
    "whisper": lambda: transformers.WhisperConfig(
        **DECODER,
        d_model=16,
        encoder_layers=4,
        encoder_attention_heads=2,
        encoder_ffn_dim=32,
        decoder_layers=1,
        decoder_attention_heads=2,
        decoder_ffn_dim=32,
        num_mel_bins=20,
        max_target_positions=8,
    ),
    "moonshine": lambda: transformers.MoonshineConfig(
        **DECODER,
        hidden_size=16,
        intermediate_size=32,
        encoder_num_hidden_layers=4,
        decoder_num_hidden_layers=1,
        encoder_num_attention_heads=2,
        decoder_num_attention_heads=2,
    ),
    "wav2vec2": lambda: transformers.Wav2Vec2Config(**TRANSFORMER, **CONVOLUTIONS),
    "wav2vec2_large": lambda: transformers.Wav2Vec2Config(**TRANSFORMER, **CONVOLUTIONS, **LARGE),
    "wavlm": lambda: transformers.WavLMConfig(**TRANSFORMER, **CONVOLUTIONS, **LARGE),
    "hubert": lambda: transformers.HubertConfig(**TRANSFORMER, **CONVOLUTIONS, **LARGE),
}
KINDS = tuple(CONFIGS)
LAYERS = 4
WIDTH = 16


def tiny_encoder(folder: Path, kind: str = "whisper", seed: int = 0, **form) -> Path:
    """Write a random encoder of four layers and sixteen channels, and return its folder.

    Parameters
    ----------
    folder : Path
    kind : str
        One of `KINDS`.
    seed : int
        Of its weights.
    **form
        Arguments of `save_pretrained`, such as `max_shard_size`.
    """
    torch.manual_seed(seed)
    model = transformers.AutoModel.from_config(CONFIGS[kind]())
    # Weights of a fresh model are small: the layers would hardly differ from one another.
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() > 1:
                parameter.mul_(4)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.save_pretrained(folder, **form)
    if kind == "whisper":
        extractor = transformers.WhisperFeatureExtractor(feature_size=20)
    else:
        normalised = kind not in ("moonshine", "wav2vec2")
        extractor = transformers.Wav2Vec2FeatureExtractor(do_normalize=normalised)
    extractor.save_pretrained(folder)
    return folder


def pickled(folder: Path, name: str = "pytorch_model.bin") -> Path:
    """Put the weights of an encoder into a pickled file instead, and return the folder."""
    from safetensors.torch import load_file

    weights = folder / "model.safetensors"
    torch.save(load_file(weights), folder / name)
    weights.unlink()
    return folder
