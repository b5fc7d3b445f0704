"""The one training loop for networks."""

import logging
import shutil
import sys
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
from pytorch_lightning.callbacks import EarlyStopping, ModelCheckpoint, TQDMProgressBar
from pytorch_lightning.loggers import CSVLogger
from torch.nn.functional import cross_entropy
from torch.utils.data import (
    BatchSampler,
    DataLoader,
    RandomSampler,
    Sampler,
    SequentialSampler,
    TensorDataset,
    WeightedRandomSampler,
)

from serfusion.files import atomic
from serfusion.fitting import checkpoints, pretrained
from serfusion.fitting.balance import class_weights
from serfusion.fitting.rows import Rows
from serfusion.logs import logger

CHOSEN_BY = "validation_accuracy"
SLOWED_BY = "validation_loss"

logging.getLogger("pytorch_lightning").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Fitted:
    """What a training run leaves.

    Attributes
    ----------
    model : Standardised
        With the weights of the best epoch.
    curves : DataFrame
        A row per epoch: `epoch`, `learning_rate`, and loss and accuracy in training and validation.
    record : dict
        `parameters`, `initial_weights`, `train_seconds`, `epochs`, `best_epoch`, `rows`, `device`,
        `versions`.
    """

    model: checkpoints.Standardised
    curves: pd.DataFrame
    record: dict


class Classifier(pl.LightningModule):
    """A network with its loss, its optimiser and its learning-rate schedule.

    Cross-entropy, of each class by its weight if there are weights, and Adam with decoupled weight
    decay (AdamW; Adam itself where the decay is 0). The schedule `plateau` multiplies the learning
    rate by `plateau_factor` when the validation loss has not fallen for `plateau_patience` epochs,
    down to `minimum_learning_rate`; `one_cycle` raises it to `learning_rate` over the first third
    of all steps and lowers it to nothing over the rest (Smith & Topin 2018).

    Label smoothing and mixup (Zhang et al. 2018) are of training alone.
    """

    def __init__(
        self,
        model: checkpoints.Standardised,
        description: dict,
        settings: dict,
        weights: list[float] | None,
    ) -> None:
        super().__init__()
        self.save_hyperparameters({"description": description, "settings": settings})
        self.model = model
        self.settings = settings
        self.register_buffer("weights", weights and torch.tensor(weights), persistent=False)

    def training_step(self, batch, _) -> torch.Tensor:
        """Return the loss of one batch of (rows, targets), mixed in pairs if `mixup` says so."""
        *inputs, targets = batch
        inputs, partner, share = self._mixed(self.model.standardised(*inputs))
        logits = self.model.network(*inputs)
        smoothing = self.settings["label_smoothing"]
        loss = share * cross_entropy(logits, targets, self.weights, label_smoothing=smoothing)
        if share < 1:
            others = cross_entropy(
                logits, targets[partner], self.weights, label_smoothing=smoothing
            )
            loss = loss + (1 - share) * others
        self._log("train", logits, targets, loss, partner, share)
        return loss

    def validation_step(self, batch, _) -> None:
        """Log the loss and accuracy of one batch of (rows, targets)."""
        *inputs, targets = batch
        logits = self.model(*inputs)
        self._log("validation", logits, targets, cross_entropy(logits, targets, self.weights))

    def _mixed(self, inputs: tuple) -> tuple[tuple, torch.Tensor | None, float]:
        """Return the batch with each row mixed with another's, which one, and its own share."""
        alpha = self.settings["mixup"]
        if not alpha:
            return inputs, None, 1.0
        share = float(torch.distributions.Beta(alpha, alpha).sample())
        values, *lengths = inputs
        partner = torch.randperm(len(values), device=values.device)
        mixed = share * values + (1 - share) * values[partner]
        return (mixed, *(torch.maximum(own, own[partner]) for own in lengths)), partner, share

    def _log(self, role: str, logits, targets, loss, partner=None, share: float = 1.0) -> None:
        answered = logits.argmax(dim=1)
        correct = share * (answered == targets).float().mean()
        if share < 1:
            correct = correct + (1 - share) * (answered == targets[partner]).float().mean()
        logged = {f"{role}_loss": loss, f"{role}_accuracy": correct}
        self.log_dict(logged, on_step=False, on_epoch=True, batch_size=len(targets))

    def on_train_epoch_start(self) -> None:
        """Log the learning rate of the epoch."""
        self.log("learning_rate", self.optimizers().param_groups[0]["lr"])

    def on_train_epoch_end(self) -> None:
        """Tell the log how the epoch went."""
        seen = self.trainer.callback_metrics
        logger.info(
            "epoch %d of at most %d: train loss %.3f, validation loss %.3f, accuracy %.1f %%",
            self.current_epoch + 1,
            self.settings["epochs"],
            seen["train_loss"],
            seen["validation_loss"],
            100 * seen["validation_accuracy"],
        )

    def configure_optimizers(self) -> dict:
        """Return the optimiser and its schedule, as Lightning wants them."""
        settings = self.settings
        optimizer = torch.optim.AdamW(
            self.parameters(),
            lr=settings["learning_rate"],
            weight_decay=settings["weight_decay"],
        )
        if settings["schedule"] == "one_cycle":
            schedule = torch.optim.lr_scheduler.OneCycleLR(
                optimizer,
                max_lr=settings["learning_rate"],
                total_steps=int(self.trainer.estimated_stepping_batches),
            )
            return {
                "optimizer": optimizer,
                "lr_scheduler": {"scheduler": schedule, "interval": "step"},
            }
        schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(
            optimizer,
            factor=settings["plateau_factor"],
            patience=settings["plateau_patience"],
            min_lr=settings["minimum_learning_rate"],
        )
        return {
            "optimizer": optimizer,
            "lr_scheduler": {"scheduler": schedule, "monitor": SLOWED_BY},
        }


def fit(
    rows: dict[str, Rows],
    description: dict,
    settings: dict,
    *,
    seed: int,
    checkpoint: str | Path,
    initial_weights: str | Path | None = None,
) -> Fitted:
    """Train a network on `rows["train"]` and keep the epoch that `rows["validation"]` likes best.

    Parameters
    ----------
    rows : dict of Rows
        `train` and `validation`; nothing else is looked at.
    description : dict
        The arguments of `serfusion.fitting.checkpoints.build`.
    settings : dict
        As the schema's `network` has them: `balance`, `learning_rate`, `epochs` and so on.
    seed : int
        Of the weights, the order of the rows and the dropout.
    checkpoint : path
        Where the best epoch is saved.
    initial_weights : path or None, default None
        The checkpoint whose convolutions training starts from.
    """
    torch.set_num_threads(settings["threads"])
    torch.use_deterministic_algorithms(True, warn_only=True)
    pl.seed_everything(seed, verbose=False)
    model = checkpoints.build(**description)
    started = pretrained.start(model.network, description["network"], initial_weights)
    model.fit(*rows["train"].inputs)
    targets, classes = rows["train"].targets, len(description["classes"])
    weighted = settings["balance"] == "weights"
    weights = class_weights(targets, classes).tolist() if weighted else None
    order = _order(targets, classes, settings["balance"], seed)
    began = perf_counter()
    with TemporaryDirectory() as folder:
        trainer, best, logged = _trainer(settings, folder)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", ".*does not have many workers.*")
            trainer.fit(
                Classifier(model, description, settings, weights),
                _loader(rows["train"], settings["batch_size"], order),
                _loader(rows["validation"], settings["batch_size"]),
            )
        seconds = perf_counter() - began
        curves = _curves(Path(logged.log_dir) / "metrics.csv")
        with atomic(checkpoint) as temporary:
            shutil.copyfile(best.best_model_path, temporary)
    best_epoch = int(curves.loc[curves[CHOSEN_BY].idxmax(), "epoch"])
    logger.info("best of %d epochs: %d; %.1f s", len(curves), best_epoch, seconds)
    trained, _ = checkpoints.load(checkpoint)
    record = {
        "parameters": checkpoints.parameters(trained),
        "initial_weights": started,
        "train_seconds": round(seconds, 2),
        "epochs": len(curves),
        "best_epoch": best_epoch,
        "rows": len(rows["train"].targets),
        "device": str(trainer.strategy.root_device),
        "versions": {name: version(name) for name in ("torch", "pytorch-lightning")},
    }
    return Fitted(trained, curves, record)


def _trainer(settings: dict, folder: str) -> tuple[pl.Trainer, ModelCheckpoint, CSVLogger]:
    best = ModelCheckpoint(f"{folder}/best", monitor=CHOSEN_BY, mode="max", save_weights_only=True)
    logged = CSVLogger(folder)
    at_a_terminal = sys.stderr.isatty()
    callbacks = [best]
    if settings["schedule"] != "one_cycle":
        callbacks.append(EarlyStopping(CHOSEN_BY, mode="max", patience=settings["stop_patience"]))
    trainer = pl.Trainer(
        max_epochs=settings["epochs"],
        accelerator=settings["accelerator"],
        devices=1,
        precision=settings["precision"],
        callbacks=[*callbacks, TQDMProgressBar()] if at_a_terminal else callbacks,
        logger=logged,
        enable_progress_bar=at_a_terminal,
        enable_model_summary=False,
        num_sanity_val_steps=0,
        log_every_n_steps=1,
    )
    return trainer, best, logged


def _order(targets: np.ndarray, classes: int, balance: str, seed: int) -> Sampler:
    """Return the order of training rows: each once an epoch, or as many of every class."""
    generator = torch.Generator().manual_seed(seed)
    if balance != "sampling":
        return RandomSampler(targets, generator=generator)
    weights = class_weights(targets, classes)[targets]
    return WeightedRandomSampler(torch.from_numpy(weights), len(targets), generator=generator)


def _loader(rows: Rows, batch_size: int, order: Sampler | None = None) -> DataLoader:
    """Return batches of (inputs, targets) in `order`, or in theirs."""
    data = TensorDataset(*map(torch.from_numpy, (*rows.inputs, rows.targets)))
    batches = BatchSampler(order or SequentialSampler(data), batch_size, False)
    return DataLoader(data, sampler=batches, batch_size=None)


def _curves(path: Path) -> pd.DataFrame:
    """Return Lightning's log of metrics with a row per epoch, the first numbered 1."""
    columns = ["learning_rate"] + [
        f"{role}_{metric}" for role in ("train", "validation") for metric in ("loss", "accuracy")
    ]
    curves = pd.read_csv(path).groupby("epoch")[columns].first().reset_index()
    curves["epoch"] += 1
    return curves


def device(accelerator: str) -> torch.device:
    """Return where Lightning would train, given the setting `accelerator`."""
    trainer = pl.Trainer(
        accelerator=accelerator,
        devices=1,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
    return trainer.strategy.root_device


def probabilities(
    model: checkpoints.Standardised, rows: dict[str, Rows], accelerator: str = "cpu"
) -> dict[str, np.ndarray]:
    """Return the probabilities, shape (rows, classes), that `model` gives the rows of each role."""
    where = device(accelerator)
    model = model.to(where)
    return {
        role: checkpoints.in_batches(
            lambda *inputs: model(*inputs).softmax(dim=1), side.inputs, where
        )
        for role, side in rows.items()
    }


def trial(
    rows: dict[str, Rows],
    names: list[str],
    network: str,
    settings: dict,
    training: dict,
    seed: int,
    initial_weights: str | Path | None = None,
) -> np.ndarray:
    """Return what `fit` with these settings answers: `serfusion.fitting.search.Trial` for networks."""
    described = {
        "network": network,
        "inputs": rows["train"].size,
        "classes": names,
        "settings": settings,
    }
    with TemporaryDirectory() as folder:
        fitted = fit(
            rows,
            described,
            training,
            seed=seed,
            checkpoint=Path(folder) / "model.ckpt",
            initial_weights=initial_weights,
        )
    validation = {"validation": rows["validation"]}
    return probabilities(fitted.model, validation, training["accelerator"])["validation"]
