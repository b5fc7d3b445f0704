"""Pretrained speech encoders, by Hugging Face transformers, from a folder on this machine."""

import warnings
from pathlib import Path
from pickle import UnpicklingError

import numpy as np
import torch
import transformers
from safetensors import SafetensorError
from torch import Tensor, nn
from torch.nn import functional

from serfusion.errors import Refusal

LAYER_COUNTS = ("encoder_num_hidden_layers", "encoder_layers", "num_hidden_layers")
"""Where configurations say how many blocks the encoder has; the first that one has counts."""

DECODER_LAYER_COUNTS = ("decoder_num_hidden_layers", "decoder_layers")

BLOCKS = ("layers", "encoder.layers")
"""Where encoders keep their blocks."""

DTYPES = {
    "float32": torch.float32,
    "float16": torch.float16,
    "bfloat16": torch.bfloat16,
    "int8": torch.float32,
}
"""The type of the weights that are loaded; `int8` quantises them afterwards."""

USED_IN_TRAINING_ALONE = "masked_spec_embed"

NO_INT8 = ("wavlm",)
"""Encoders whose attention takes the weights out of its linear layers and so needs them whole."""


class Encoder:
    """The encoder of a pretrained model, up to the highest layer that is read.

    Parameters
    ----------
    folder : Path
        In the form of Hugging Face: `config.json`, `preprocessor_config.json`, and weights as
        safetensors, or as a `pytorch_model.bin` without code.
    layers : list of int
        Which states to return: 0 is the input of the first block, k the output of block k. They
        are taken before a normalisation that closes the encoder, and so do not depend on which
        of them is the highest.
    precision : str
        A key of `DTYPES`.
    device : str
        `cpu` or `cuda`.

    Raises
    ------
    Refusal
        If the folder holds no such encoder, or not all of its weights.
    """

    def __init__(self, folder: Path, *, layers: list[int], precision: str, device: str) -> None:
        self.layers = layers
        self.device = torch.device(device)
        self.dtype = DTYPES[precision]
        _be_quiet()
        try:
            self._feature_extractor = transformers.AutoFeatureExtractor.from_pretrained(
                folder, local_files_only=True, trust_remote_code=False
            )
            model = _load(folder, max(layers), self.dtype)
        except (OSError, ValueError, KeyError, UnpicklingError, SafetensorError) as error:
            reason = str(error).strip().splitlines()[0]
            raise Refusal(
                f"{folder} holds no speech encoder that transformers "
                f"{transformers.__version__} can load without running code of its own ({reason}): "
                "choose another one."
            ) from error
        self._blocks = _blocks(model, folder)
        if precision == "int8":
            model = _quantised(model, folder)
            self._blocks = _blocks(model, folder)
        # By default cuDNN's convolutions round float32 to 10 bits.
        torch.backends.cudnn.allow_tf32 = False
        self._model = model.to(self.device).eval().requires_grad_(False)

    @property
    def sample_rate_hz(self) -> int:
        """The sample rate of the speech that it was trained on."""
        return self._feature_extractor.sampling_rate

    @property
    def width(self) -> int:
        """Number of channels of a state."""
        return self._model.config.hidden_size

    @torch.inference_mode()
    def states(self, samples: np.ndarray) -> list[Tensor]:
        """Return the states of clips of one length, which is their true length: nothing is padded.

        Parameters
        ----------
        samples : ndarray of shape (clips, n), float32
            At `sample_rate_hz`, at most 30 s, normalised and turned into spectra, if at all, by the
            model's own feature extractor.

        Returns
        -------
        list of Tensor of shape (clips, t, width)
            One per layer, in the order of `layers`.
        """
        name = self._model.main_input_name
        inputs = self._feature_extractor(
            list(samples), sampling_rate=self.sample_rate_hz, padding=False, return_tensors="pt"
        )[name]
        with _Recorder(self._blocks) as recorder:
            forward = _whisper if self._model.config.model_type == "whisper" else _library
            forward(self._model, inputs.to(self.device, self.dtype))
        return [recorder.states[layer] for layer in self.layers]


class _Recorder:
    """Keeps the input of the first of some blocks and the output of each, while in its context.

    The library's `output_hidden_states` would put the normalised state in the place of the last.
    """

    def __init__(self, blocks: nn.ModuleList) -> None:
        self._blocks = blocks

    def __enter__(self) -> "_Recorder":
        self.states: list[Tensor] = []
        first = self._blocks[0].register_forward_pre_hook(self._before, with_kwargs=True)
        self._hooks = [first, *(block.register_forward_hook(self._after) for block in self._blocks)]
        return self

    def __exit__(self, *_) -> None:
        for hook in self._hooks:
            hook.remove()

    def _before(self, _, arguments: tuple, keywords: dict) -> None:
        self.states.append(arguments[0] if arguments else keywords["hidden_states"])

    def _after(self, _, arguments: tuple, output) -> None:
        self.states.append(output[0] if isinstance(output, tuple) else output)


def _library(model: nn.Module, inputs: Tensor) -> None:
    model(inputs)


def _whisper(encoder: nn.Module, mel: Tensor) -> None:
    """Run Whisper's encoder on any number of frames; the library's own insists on 3,000 (30 s).

    As `WhisperEncoder.forward`, with the first positions of its table.
    """
    states = functional.gelu(encoder.conv1(mel))
    states = functional.gelu(encoder.conv2(states)).transpose(1, 2)
    states = states + encoder.embed_positions.weight[: states.shape[1]]
    for block in encoder.layers:
        states = block(states, None)


def _be_quiet() -> None:
    """Keep the library from reporting that the layers above those that are read were not loaded."""
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()


def _load(folder: Path, layers: int, dtype: torch.dtype) -> nn.Module:
    """Return the encoder with its lowest blocks alone, at least one."""
    config = transformers.AutoConfig.from_pretrained(
        folder, local_files_only=True, trust_remote_code=False
    )
    key = next((key for key in LAYER_COUNTS if hasattr(config, key)), None)
    if key is None:
        raise ValueError(f"its model type, {config.model_type}, has no layers")
    if layers > getattr(config, key):
        raise Refusal(
            f"{folder} has {getattr(config, key)} layers, and layer {layers} is asked for: "
            "lower `layers` of the feature set."
        )
    setattr(config, key, max(layers, 1))
    for key in DECODER_LAYER_COUNTS:
        if hasattr(config, key):
            setattr(config, key, 0)
    model, report = transformers.AutoModel.from_pretrained(
        folder,
        config=config,
        dtype=dtype,
        local_files_only=True,
        trust_remote_code=False,
        weights_only=True,
        output_loading_info=True,
    )
    encoder = model.get_encoder() if config.is_encoder_decoder else model
    own = {id(each) for each in (*encoder.parameters(), *encoder.buffers())}
    absent = {*report["missing_keys"], *(name for name, *_ in report["mismatched_keys"])}
    missing = sorted(
        name
        for name, each in (*model.named_parameters(), *model.named_buffers())
        if id(each) in own and name in absent and name != USED_IN_TRAINING_ALONE
    )
    if missing:
        raise Refusal(
            f"{folder} lacks {len(missing)} of the encoder's weights, such as {missing[0]}: get a "
            "complete copy."
        )
    return encoder


def _blocks(model: nn.Module, folder: Path) -> nn.ModuleList:
    modules = dict(model.named_modules())
    for name in BLOCKS:
        if isinstance(modules.get(name), nn.ModuleList):
            return modules[name]
    raise Refusal(
        f"{folder} is a model of type {model.config.model_type}, which keeps no encoder layers "
        f"where serfusion looks for them ({' or '.join(BLOCKS)}): choose another model."
    )


def _quantised(model: nn.Module, folder: Path) -> nn.Module:
    """Return a copy with 8-bit linear layers, whose inputs are scaled as they come."""
    if model.config.model_type in NO_INT8:
        raise Refusal(
            f"{folder}: an encoder of type {model.config.model_type} cannot be computed with "
            "precision int8; use another."
        )
    with warnings.catch_warnings():
        # It is to move to a package of its own, which is no part of torch 2.13 yet.
        warnings.simplefilter("ignore")
        return torch.ao.quantization.quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)
