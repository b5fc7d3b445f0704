"""Lightning's trainer, the batches that it trains on, and the curves that it logs."""

import logging
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import EarlyStopping, ModelCheckpoint, TQDMProgressBar
from pytorch_lightning.loggers import CSVLogger
from pytorch_lightning.utilities.exceptions import MisconfigurationException
from torch.utils.data import (
    BatchSampler,
    DataLoader,
    RandomSampler,
    Sampler,
    SequentialSampler,
    TensorDataset,
    WeightedRandomSampler,
)

from serfusion.errors import Refusal
from serfusion.fitting.balance import class_weights
from serfusion.fitting.rows import Rows

SELECTION_METRIC = "validation_accuracy"
"""The epoch with its highest value is kept, and training ends when it stops rising."""

logging.getLogger("pytorch_lightning").setLevel(logging.WARNING)


def new_trainer(settings: dict, folder: str) -> tuple[pl.Trainer, ModelCheckpoint, CSVLogger]:
    """Return a trainer, and the callback and the logger that hold its results.

    Training stops when the validation accuracy has not risen for `stop_patience` epochs, except
    under the schedule `one_cycle`, which is planned for all epochs.

    Parameters
    ----------
    settings : dict
        The training settings.
    folder : str
        Where the trainer saves the best epoch and its log.

    Returns
    -------
    trainer : Trainer
    best : ModelCheckpoint
        Its `best_model_path` is the checkpoint of the epoch with the highest validation accuracy.
    metrics : CSVLogger
        Its `log_dir` holds the metrics of every epoch; see `learning_curves`.
    """
    best = ModelCheckpoint(
        f"{folder}/best", monitor=SELECTION_METRIC, mode="max", save_weights_only=True
    )
    metrics = CSVLogger(folder)
    at_terminal = sys.stderr.isatty()
    callbacks = [best]
    if settings["schedule"] != "one_cycle":
        patience = settings["stop_patience"]
        callbacks.append(EarlyStopping(SELECTION_METRIC, mode="max", patience=patience))
    trainer = _trainer(
        settings["accelerator"],
        max_epochs=settings["epochs"],
        precision=settings["precision"],
        callbacks=[*callbacks, TQDMProgressBar()] if at_terminal else callbacks,
        logger=metrics,
        enable_progress_bar=at_terminal,
        enable_model_summary=False,
        num_sanity_val_steps=0,
        log_every_n_steps=1,
    )
    return trainer, best, metrics


def training_order(targets: np.ndarray, class_count: int, balance: str, seed: int) -> Sampler:
    """Return a sampler of training rows.

    An epoch has every row once, in random order. If `balance` is `sampling`, it has as many rows
    as there are, drawn with replacement so that all classes are equally likely.

    Parameters
    ----------
    targets : ndarray of shape (rows,), int64
        Class indices.
    class_count : int
    balance : str
    seed : int
    """
    generator = torch.Generator().manual_seed(seed)
    if balance != "sampling":
        return RandomSampler(targets, generator=generator)
    row_weights = class_weights(targets, class_count)[targets]
    return WeightedRandomSampler(torch.from_numpy(row_weights), len(targets), generator=generator)


def batches(rows: Rows, batch_size: int, order: Sampler | None = None) -> DataLoader:
    """Return batches of (inputs, targets), in `order` or else in the order of the rows."""
    data = TensorDataset(*map(torch.from_numpy, (*rows.inputs, rows.targets)))
    sampler = BatchSampler(order or SequentialSampler(data), batch_size, False)
    return DataLoader(data, sampler=sampler, batch_size=None)


def learning_curves(path: Path) -> pd.DataFrame:
    """Return Lightning's log of metrics with one row per epoch, counted from 1.

    Parameters
    ----------
    path : Path
        The `metrics.csv` of a `CSVLogger`.

    Returns
    -------
    DataFrame
        Columns `epoch`, `learning_rate`, `train_loss`, `train_accuracy`, `validation_loss` and
        `validation_accuracy`.
    """
    columns = ["learning_rate"] + [
        f"{role}_{metric}" for role in ("train", "validation") for metric in ("loss", "accuracy")
    ]
    curves = pd.read_csv(path).groupby("epoch")[columns].first().reset_index()
    curves["epoch"] += 1
    return curves


def device(accelerator: str) -> torch.device:
    """Return the device that Lightning would train on, given the setting `accelerator`.

    Raises
    ------
    Refusal
        If it is `gpu`, and there is none.
    """
    trainer = _trainer(
        accelerator,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
    return trainer.strategy.root_device


def _trainer(accelerator: str, **settings) -> pl.Trainer:
    """Return a trainer on one device, or refuse a GPU that is not there."""
    try:
        return pl.Trainer(accelerator=accelerator, devices=1, **settings)
    except MisconfigurationException as error:
        if accelerator != "gpu":
            raise
        raise Refusal(
            "accelerator is gpu, and this machine has no GPU that torch can use: set it to auto or "
            "cpu, or run the job where there is one."
        ) from error
