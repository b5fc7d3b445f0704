"""A network with its loss, its optimiser and its learning-rate schedule."""

import pytorch_lightning as pl
import torch
from torch.nn.functional import cross_entropy

from serfusion.fitting.checkpoints import Standardised
from serfusion.logs import logger

PLATEAU_METRIC = "validation_loss"
"""The schedule `plateau` lowers the learning rate when it stops falling."""


class Classifier(pl.LightningModule):
    """A network with its loss, its optimiser and its learning-rate schedule.

    The loss is cross-entropy, weighted by class if there are class weights. The optimiser is Adam
    with decoupled weight decay (AdamW), which is Adam itself if the decay is 0. The schedule
    `plateau` multiplies the learning rate by `plateau_factor` when the validation loss has not
    fallen for `plateau_patience` epochs, down to `minimum_learning_rate`. The schedule `one_cycle`
    raises it to `learning_rate` over the first third of all steps and then lowers it to almost 0
    (Smith & Topin 2018). A network may have `learning_rates`: parts of it that learn at a share of
    these rates.

    Label smoothing and mixup (Zhang et al. 2018) apply to training only.

    Parameters
    ----------
    model : Standardised
    description : dict
        The arguments of `serfusion.fitting.checkpoints.build`, saved in the checkpoint.
    settings : dict
        The training settings.
    class_weights : list of float or None
    """

    def __init__(
        self,
        model: Standardised,
        description: dict,
        settings: dict,
        class_weights: list[float] | None,
    ) -> None:
        super().__init__()
        self.save_hyperparameters({"description": description, "settings": settings})
        self.model = model
        self.settings = settings
        self.register_buffer(
            "class_weights", class_weights and torch.tensor(class_weights), persistent=False
        )

    def training_step(self, batch, _) -> torch.Tensor:
        """Return the loss of one batch of (inputs, targets), after mixup if it is set."""
        *inputs, targets = batch
        inputs, partners, share = self._mix(self.model.standardise(*inputs))
        logits = self.model.network(*inputs)
        smoothing = self.settings["label_smoothing"]
        loss = share * cross_entropy(logits, targets, self.class_weights, label_smoothing=smoothing)
        if share < 1:
            partner_loss = cross_entropy(
                logits, targets[partners], self.class_weights, label_smoothing=smoothing
            )
            loss = loss + (1 - share) * partner_loss
        self._log("train", logits, targets, loss, partners, share)
        return loss

    def validation_step(self, batch, _) -> None:
        """Log the loss and accuracy of one batch of (inputs, targets)."""
        *inputs, targets = batch
        logits = self.model(*inputs)
        self._log("validation", logits, targets, cross_entropy(logits, targets, self.class_weights))

    def _mix(self, inputs: tuple) -> tuple[tuple, torch.Tensor | None, float]:
        """Mix every row with a random partner from the batch.

        Returns
        -------
        inputs : tuple of Tensor
        partners : Tensor of shape (batch,), int64, or None
            The index of each row's partner; None without mixup.
        share : float
            The weight of the row itself; its partner has 1 - share.
        """
        alpha = self.settings["mixup"]
        if not alpha:
            return inputs, None, 1.0
        share = float(torch.distributions.Beta(alpha, alpha).sample())
        values, *lengths = inputs
        partners = torch.randperm(len(values), device=values.device)
        mixed = share * values + (1 - share) * values[partners]
        longer = (torch.maximum(length, length[partners]) for length in lengths)
        return (mixed, *longer), partners, share

    def _log(self, role: str, logits, targets, loss, partners=None, share: float = 1.0) -> None:
        predicted = logits.argmax(dim=1)
        accuracy = share * (predicted == targets).float().mean()
        if share < 1:
            accuracy = accuracy + (1 - share) * (predicted == targets[partners]).float().mean()
        metrics = {f"{role}_loss": loss, f"{role}_accuracy": accuracy}
        self.log_dict(metrics, on_step=False, on_epoch=True, batch_size=len(targets))

    def on_train_epoch_start(self) -> None:
        """Log the learning rate of the epoch."""
        self.log("learning_rate", self.optimizers().param_groups[0]["lr"])

    def on_train_epoch_end(self) -> None:
        """Write the metrics of the epoch to the job's log."""
        metrics = self.trainer.callback_metrics
        logger.info(
            "epoch %d of at most %d: train loss %.3f, validation loss %.3f, accuracy %.1f %%",
            self.current_epoch + 1,
            self.settings["epochs"],
            metrics["train_loss"],
            metrics["validation_loss"],
            100 * metrics["validation_accuracy"],
        )

    def _parameter_groups(self) -> list[dict]:
        """Return the parameters of the network, those of one learning rate together."""
        network, rate = self.model.network, self.settings["learning_rate"]
        if not hasattr(network, "learning_rates"):
            return [{"params": list(self.parameters()), "lr": rate}]
        return [
            {"params": parameters, "lr": rate * share}
            for parameters, share in network.learning_rates()
        ]

    def configure_optimizers(self) -> dict:
        """Return the optimiser and its schedule in the form that Lightning expects."""
        settings = self.settings
        optimizer = torch.optim.AdamW(
            self._parameter_groups(),
            lr=settings["learning_rate"],
            weight_decay=settings["weight_decay"],
        )
        if settings["schedule"] == "one_cycle":
            schedule = torch.optim.lr_scheduler.OneCycleLR(
                optimizer,
                max_lr=[group["lr"] for group in optimizer.param_groups],
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
            "lr_scheduler": {"scheduler": schedule, "monitor": PLATEAU_METRIC},
        }
