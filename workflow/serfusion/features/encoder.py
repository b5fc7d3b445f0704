"""A pretrained speech encoder: statistics of its layers, by Hugging Face transformers.

Mean and standard deviation of every channel over the frames of a clip, for each of `layers`; and
the same over its loud frames.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import torch

from serfusion.errors import Refusal
from serfusion.extraction.encoder import Encoder
from serfusion.extraction.encoder_table import encoder_rows, encoder_schema
from serfusion.extraction.feature_table import augmented_audio, by_file
from serfusion.extraction.state_statistics import state_statistics
from serfusion.parallel import map_clips

PRETRAINED = True

SETTINGS = {
    "model": {
        "type": ["string", "null"],
        "pattern": r"^[\w.-]+/[\w.-]+$",
        "default": None,
        "description": (
            "A model of the Hugging Face hub, such as `openai/whisper-small`; or set `path`. Of a "
            "model with a decoder the encoder alone is used."
        ),
    },
    "revision": {
        "type": ["string", "null"],
        "pattern": "^[0-9a-f]{40}$",
        "default": None,
        "description": "The commit of the model on the hub, all 40 digits.",
    },
    "path": {
        "type": ["string", "null"],
        "default": None,
        "description": (
            "A folder of yours with a model in the form of Hugging Face: `config.json`, "
            "`preprocessor_config.json`, and `model.safetensors` or `pytorch_model.bin`."
        ),
    },
    "layers": {
        "type": "array",
        "items": {"type": "integer", "minimum": 0},
        "uniqueItems": True,
        "minItems": 1,
        "description": (
            "The layers that are kept: 0 is the input of the first block, 1 the output of the "
            "first block. Blocks above the highest are not computed."
        ),
    },
    "precision": {
        "enum": ["float32", "bfloat16", "float16", "int8"],
        "default": "float32",
        "description": (
            "What the encoder computes with: `float16` on a GPU alone, `int8`, dynamic "
            "quantisation of its linear layers, on the CPU alone."
        ),
    },
    "device": {
        "enum": ["auto", "cpu", "gpu"],
        "default": "auto",
        "description": "Where the encoder computes; `auto` takes a GPU if there is one.",
    },
    "threads": {
        "type": "integer",
        "minimum": 1,
        "default": 8,
        "description": (
            "CPU cores of the job at most: so many processes, each with one thread. The features "
            "do not depend on it."
        ),
    },
}

CLIPS = 512
SECONDS = 3600
"""Clips of so many, or of so much speech, are in memory and a row group of the table at a time."""

BATCH_S = 120
"""So many seconds of speech, in clips of one length, are encoded together on a GPU."""

NOT_ON = {"cpu": ("float16",), "cuda": ("int8",)}
"""Precisions that a device does not compute with, or slower than with others."""


def tables(
    clips: pd.DataFrame,
    folder: Path,
    *,
    layers: list[int],
    device: str,
    precision: str,
    augmentation: str,
    transform: dict | None,
    workers: int,
) -> tuple[pa.Schema, Iterator[pa.Table]]:
    """Return the features of every clip, in parts that are computed as they are taken.

    On the CPU each clip is encoded by itself, in a process with one thread, so that its numbers
    depend neither on the other clips nor on the number of processes. On a GPU clips of the same
    length are encoded together. In neither case is a clip padded.

    Parameters
    ----------
    clips : DataFrame
        Rows of a corpus's clip table.
    folder : Path
        The encoder.
    layers, precision
        As in `serfusion.extraction.encoder.Encoder`.
    device : str
        `cpu`, `gpu`, or `auto`: the GPU if there is one.
    augmentation : str
        The name of the augmentation, for the table's column.
    transform : dict or None
        As in `serfusion.extraction.feature_table.feature_table`.
    workers : int
        Number of processes.

    Returns
    -------
    schema : Schema
        See `serfusion.extraction.encoder_table`. Its metadata has the precision and the device.
    parts : iterator of Table
        In the order of `clips`.

    Raises
    ------
    Refusal
        If the encoder cannot be used or not so, or, as parts are taken, if the file of a clip is
        missing or a feature is not a finite number.
    """
    device = _torch_device(device)
    if precision in NOT_ON[device]:
        raise Refusal(
            f"An encoder is not computed with precision {precision} on a {device.upper()}: choose "
            "another precision or device."
        )
    # In this process alone, before others start: what they share with it, they do not load again.
    open_encoder = partial(_encoder, folder, tuple(layers), precision, device)
    encoder = open_encoder()
    schema = encoder_schema(len(layers), encoder.width, {"precision": precision, "device": device})
    read = partial(augmented_audio, transform=transform, sample_rate_hz=encoder.sample_rate_hz)
    in_processes = partial(_alone, read, open_encoder) if device == "cpu" else partial(_read, read)

    def parts() -> Iterator[pa.Table]:
        done = 0
        for part in _divided(clips):
            label = f"{folder.name}, {augmentation}, from clip {done + 1} of {len(clips)}"
            done += len(part)
            files = by_file(part)
            by_process = map_clips(in_processes, files, workers=workers, label=label)
            values = [each for file_values in by_process for each in file_values]
            rows = [row for file in files for row in file]
            if device != "cpu":
                values = _together(encoder, values)
            _refuse_overflow(values, rows)
            value_of = dict(zip((row.clip for row in rows), values, strict=True))
            names = part["clip"].tolist()
            stacked = np.stack([value_of[name] for name in names])
            yield encoder_rows(names, augmentation, stacked, schema)

    return schema, parts()


def _divided(clips: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Yield parts of a clip table: up to `CLIPS` rows, and up to `SECONDS` unless it is one row."""
    ends = clips["duration_s"].cumsum().to_numpy()
    start = 0
    while start < len(clips):
        before = ends[start - 1] if start else 0
        fitting = int(np.searchsorted(ends, before + SECONDS, side="right")) - start
        stop = start + min(CLIPS, max(fitting, 1))
        yield clips.iloc[start:stop]
        start = stop


def _torch_device(device: str) -> str:
    """Return torch's name of the device that the setting `device` stands for.

    Raises
    ------
    Refusal
        If it is `gpu`, and there is none.
    """
    if device == "cpu":
        return "cpu"
    if torch.cuda.is_available():
        return "cuda"
    if device == "gpu":
        raise Refusal(
            "device is gpu, and this machine has no GPU that torch can use: set it to auto or cpu, "
            "or run the job where there is one."
        )
    return "cpu"


@cache
def _encoder(folder: Path, layers: tuple[int, ...], precision: str, device: str) -> Encoder:
    return Encoder(folder, layers=list(layers), precision=precision, device=device)


def _alone(read: Callable, open_encoder: Callable, clips: list) -> list[np.ndarray]:
    """Return the statistics of each clip of one file, computed by itself."""
    torch.set_num_threads(1)
    return [state_statistics(open_encoder(), samples[None])[0] for samples in read(clips)]


def _read(read: Callable, clips: list) -> list[np.ndarray]:
    """Return the audio of each clip of one file."""
    return list(read(clips))


def _together(encoder: Encoder, clips: list[np.ndarray]) -> list[np.ndarray]:
    """Return the statistics of clips, those of the same length computed together."""
    places_by_length = defaultdict(list)
    for place, samples in enumerate(clips):
        places_by_length[len(samples)].append(place)
    statistics: list[np.ndarray | None] = [None] * len(clips)
    for length, places in places_by_length.items():
        size = max(1, int(BATCH_S * encoder.sample_rate_hz) // length)
        for start in range(0, len(places), size):
            batch = places[start : start + size]
            batch_values = state_statistics(encoder, np.stack([clips[place] for place in batch]))
            for place, values in zip(batch, batch_values, strict=True):
                statistics[place] = values
    return statistics


def _refuse_overflow(values: list[np.ndarray], clips: list) -> None:
    for clip, clip_values in zip(clips, values, strict=True):
        if not np.isfinite(clip_values).all():
            raise Refusal(
                f"{clip.path}: a feature of the encoder is not a finite number in half precision: "
                "remove the file from its corpus, or choose other layers or another precision."
            )
