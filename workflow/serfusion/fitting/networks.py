"""The one training loop for networks."""

import shutil
import warnings
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
import pandas as pd
import pytorch_lightning as pl
import torch

from serfusion import registry
from serfusion.files import atomic, read_json
from serfusion.fitting import balance, checkpoints
from serfusion.fitting.blocks import layer_shape
from serfusion.fitting.classifier import Classifier
from serfusion.fitting.pretrained import load_initial_weights
from serfusion.fitting.rows import Rows
from serfusion.fitting.trainer import (
    SELECTION_METRIC,
    batches,
    device,
    learning_curves,
    new_trainer,
    training_order,
)
from serfusion.logs import logger
from serfusion.study.encoder_weights import CONFIG, folder_of


@dataclass(frozen=True)
class TrainedNetwork:
    """The result of training a network on one fold.

    Attributes
    ----------
    model : Standardised
        With the weights of the best epoch.
    curves : DataFrame
        As `serfusion.fitting.trainer.learning_curves`.
    record : dict
        `parameters`, `initial_weights`, `train_seconds`, `epochs`, `best_epoch`, `rows`, `device`,
        `versions`.
    """

    model: checkpoints.Standardised
    curves: pd.DataFrame
    record: dict


def describe(
    network: str,
    rows: Rows,
    classes: list[str],
    settings: dict,
    initial_weights: str | Path | None = None,
) -> dict:
    """Return the arguments of `serfusion.fitting.checkpoints.build` for a network on these rows.

    Parameters
    ----------
    network : str
        A module of `serfusion.models`.
    rows : Rows
        Of any role.
    classes : list of str
    settings : dict
        The hyperparameters of the network.
    initial_weights : path or None, default None
        As in `fit`. Of an encoder that is fine-tuned, the description keeps what it is like.
    """
    module = f"models/{network}.py"
    reads_layers = registry.constant(module, "INPUT") == "layers"
    inputs = layer_shape(rows.blocks) if reads_layers else rows.size
    if registry.constant(module, "FINE_TUNED"):
        settings = settings | {"encoder": read_json(folder_of(initial_weights) / CONFIG)}
    return {"network": network, "inputs": inputs, "classes": classes, "settings": settings}


def fit(
    rows: dict[str, Rows],
    description: dict,
    settings: dict,
    *,
    seed: int,
    checkpoint: str | Path,
    initial_weights: str | Path | None = None,
) -> TrainedNetwork:
    """Train a network and keep the epoch with the highest validation accuracy.

    Parameters
    ----------
    rows : dict of Rows
        `train` and `validation`; no other role is used.
    description : dict
        What `describe` returns.
    settings : dict
        The training settings of the schema's `network`: `balance`, `learning_rate`, `epochs` etc.
    seed : int
        For the initial weights, the order of the rows, the dropout and the mixup.
    checkpoint : path
        Where the best epoch is saved.
    initial_weights : path or None, default None
        The checkpoint whose convolutions training starts from, or the encoder; None starts from
        scratch.

    Raises
    ------
    Refusal
        If the network cannot be built for these rows, or the initial weights do not fit it.
    """
    torch.set_num_threads(settings["threads"])
    torch.use_deterministic_algorithms(True, warn_only=True)
    pl.seed_everything(seed, verbose=False)
    model = checkpoints.build(**description)
    start_weights = load_initial_weights(model.network, description["network"], initial_weights)
    model.fit(*rows["train"].inputs)
    targets, class_count = rows["train"].targets, len(description["classes"])
    weighted = settings["balance"] == "weights"
    class_weights = balance.class_weights(targets, class_count).tolist() if weighted else None
    order = training_order(targets, class_count, settings["balance"], seed)
    start = perf_counter()
    with TemporaryDirectory() as folder:
        trainer, best, metrics = new_trainer(settings, folder)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", ".*does not have many workers.*")
            trainer.fit(
                Classifier(model, description, settings, class_weights),
                batches(rows["train"], settings["batch_size"], order),
                batches(rows["validation"], settings["batch_size"]),
            )
        seconds = perf_counter() - start
        curves = learning_curves(Path(metrics.log_dir) / "metrics.csv")
        with atomic(checkpoint) as temporary:
            shutil.copyfile(best.best_model_path, temporary)
    best_epoch = int(curves.loc[curves[SELECTION_METRIC].idxmax(), "epoch"])
    logger.info("best epoch: %d of %d; %.1f s", best_epoch, len(curves), seconds)
    trained, _ = checkpoints.load(checkpoint)
    record = {
        "parameters": checkpoints.parameter_count(trained),
        "initial_weights": start_weights,
        "train_seconds": round(seconds, 2),
        "epochs": len(curves),
        "best_epoch": best_epoch,
        "rows": len(rows["train"].targets),
        "device": str(trainer.strategy.root_device),
        "versions": {name: version(name) for name in ("torch", "pytorch-lightning")},
    }
    return TrainedNetwork(trained, curves, record)


def probabilities(
    model: checkpoints.Standardised, rows: dict[str, Rows], accelerator: str = "cpu"
) -> dict[str, np.ndarray]:
    """Return the predicted probabilities for the rows of each role, shape (rows, classes).

    `model` is moved to the device that Lightning would use for `accelerator`, and computes there.
    """
    target = device(accelerator)
    model = model.to(target)

    def softmax(*inputs: torch.Tensor) -> torch.Tensor:
        return model(*inputs).softmax(dim=1)

    return {
        role: checkpoints.in_batches(softmax, role_rows.inputs, target)
        for role, role_rows in rows.items()
    }


def trial(
    rows: dict[str, Rows],
    classes: list[str],
    network: str,
    settings: dict,
    training: dict,
    seed: int,
    initial_weights: str | Path | None = None,
) -> np.ndarray:
    """Train a network and return its probabilities for the validation rows.

    See `serfusion.fitting.search.Trial`.

    Returns
    -------
    ndarray of shape (validation rows, classes), float32
    """
    with TemporaryDirectory() as folder:
        trained = fit(
            rows,
            describe(network, rows["train"], classes, settings, initial_weights),
            training,
            seed=seed,
            checkpoint=Path(folder) / "model.ckpt",
            initial_weights=initial_weights,
        )
    validation = {"validation": rows["validation"]}
    return probabilities(trained.model, validation, training["accelerator"])["validation"]
