"""Experiments of a study."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from serfusion.study.checks import FOLD_MAKERS, tested_groups
from serfusion.study.corpus import Corpus, Dataset
from serfusion.study.model import Model


@dataclass(frozen=True)
class Experiment:
    """What is trained and tested on what.

    Attributes
    ----------
    name, title : str
    dataset : Dataset
    folds, validation : dict
        As the configuration has them; but `folds` tests no corpus that the dataset is without.
    augment : tuple of str
        The augmentations that training clips get.
    models : tuple of Model
        All that it evaluates, floors among them.
    reported : dict or None
        What others reported; None where the model it belongs to is not evaluated.
    """

    name: str
    title: str
    dataset: Dataset
    folds: dict
    validation: dict
    augment: tuple[str, ...]
    models: tuple[Model, ...]
    reported: dict | None

    @classmethod
    def of(
        cls, name: str, entry: dict, datasets: Mapping[str, Dataset], models: Mapping[str, Model]
    ) -> "Experiment":
        """Return the experiment that a resolved entry of `experiments` describes."""
        dataset, folds, reported = datasets[entry["dataset"]], entry["folds"], entry["reported"]
        if "test" in folds:
            folds = folds | {"test": tested_groups(folds, dataset.without)}
        if reported and reported["model"] not in (None, *entry["models"]):
            reported = None
        return cls(
            name=name,
            title=entry["title"] or name,
            dataset=dataset,
            folds=folds,
            validation=entry["validation"],
            augment=tuple(entry["augment"]),
            models=tuple(models[model] for model in entry["models"]),
            reported=reported,
        )

    @property
    def corpora(self) -> tuple[Corpus, ...]:
        """The corpora that its dataset is made of here, in order."""
        return self.dataset.present

    @cached_property
    def compared(self) -> tuple[Model, ...]:
        """The models that are compared: all but the floors and the adapted ones."""
        return tuple(model for model in self.models if not (model.is_floor or model.adaptation))

    @cached_property
    def floors(self) -> tuple[Model, ...]:
        """The models with permuted labels."""
        return tuple(model for model in self.models if model.is_floor)

    @cached_property
    def adapted(self) -> tuple[Model, ...]:
        """The models that are adapted to those that they are tested on, in order."""
        return tuple(model for model in self.models if model.adaptation)

    def baseline_of(self, adapted: Model) -> Model | None:
        """Return the compared model that is an adapted one without its adaptation, if there is."""
        same = (model for model in self.compared if model.unadapted == adapted.unadapted)
        return next(same, None)

    @cached_property
    def trained(self) -> tuple[Model, ...]:
        """The models that are trained: first those that others need, then all evaluated ones."""
        needed = [needed for model in self.models for needed in model.needs]
        return tuple({model.name: model for model in (*needed, *self.models)}.values())

    @property
    def fold_count(self) -> int:
        """How many folds there are."""
        (maker,) = set(self.folds) & set(FOLD_MAKERS)
        return len(self.folds["test"]) if maker == "test" else self.folds[maker]

    @property
    def fold_numbers(self) -> range:
        """The numbers of the folds, from 1."""
        return range(1, 1 + self.fold_count)

    @property
    def reported_accuracy(self) -> dict[str, float]:
        """What was reported for each model, in percent."""
        if self.reported is None:
            return {}
        model = self.reported["model"]
        names = [model] if model else [model.name for model in self.compared]
        return dict.fromkeys(names, self.reported["accuracy"])
