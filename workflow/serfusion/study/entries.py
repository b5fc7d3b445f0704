"""The study as everyone else reads it: typed, frozen, each name resolved to what it stands for.

Built from a configuration that `serfusion.study.resolution` has completed. The entries are frozen
dataclasses over a JSON schema, not pydantic models: the settings of corpora, features and models
are literals beside their code that are read without importing it, so they exist only as a schema.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from serfusion.study import resolution
from serfusion.study.comparison import Comparison
from serfusion.study.corpus import Corpus, Dataset
from serfusion.study.experiment import Experiment
from serfusion.study.model import Model


@dataclass(frozen=True)
class Study:
    """A whole study, or the part of it that a report is about.

    Attributes
    ----------
    resolved : dict
        The completed configuration it was built from.
    seed : int
    corpora, datasets, models, experiments, comparisons : dict
        Entries by name.
    augmentations, features : dict
        Settings, with their `kind`, by name.
    references : list of dict
        What others reach.
    report : dict
        Settings of the reports.
    """

    resolved: dict
    seed: int
    corpora: dict[str, Corpus]
    datasets: dict[str, Dataset]
    augmentations: dict[str, dict]
    features: dict[str, dict]
    models: dict[str, Model]
    experiments: dict[str, Experiment]
    comparisons: dict[str, Comparison]
    references: list[dict]
    report: dict

    @classmethod
    def of(cls, resolved: dict) -> "Study":
        """Return the study of a completed configuration, or of a part that `about` returned."""
        corpora = _entries(resolved, "corpora", Corpus.of)
        datasets = _entries(resolved, "datasets", lambda *entry: Dataset.of(*entry, corpora))
        entries = resolved["models"]
        models = {name: Model.of(name, entry, entries) for name, entry in entries.items()}
        experiments = _entries(
            resolved, "experiments", lambda *entry: Experiment.of(*entry, datasets, models)
        )
        return cls(
            resolved=resolved,
            seed=resolved["seed"],
            corpora=corpora,
            datasets=datasets,
            augmentations=resolved.get("augmentations", {}),
            features=resolved.get("features", {}),
            models=models,
            experiments=experiments,
            comparisons=_entries(resolved, "comparisons", Comparison.of),
            references=resolved.get("references", []),
            report=resolved.get("report", {}),
        )

    @cached_property
    def impossible_experiments(self) -> dict[str, list[str]]:
        """How to get a corpus that is not at hand, to the experiments that need it."""
        impossible: dict[str, list[str]] = {}
        for experiment in self.experiments.values():
            for corpus in experiment.corpora:
                if corpus.how_to_get:
                    impossible.setdefault(corpus.how_to_get, []).append(experiment.name)
        return impossible

    @property
    def possible_experiments(self) -> list[Experiment]:
        """The experiments whose corpora can be had."""
        left_out = set().union(*self.impossible_experiments.values())
        return [experiment for name, experiment in self.experiments.items() if name not in left_out]

    @property
    def possible_comparisons(self) -> list[Comparison]:
        """The comparisons whose experiments' corpora can be had."""
        possible = {experiment.name for experiment in self.possible_experiments}
        return [
            comparison
            for comparison in self.comparisons.values()
            if possible.issuperset(comparison.experiments)
        ]

    @property
    def outline(self) -> dict:
        """What the page of the whole study reads: `about` all of it, models without settings."""
        part = self.about(self.experiments, self.comparisons)
        part["models"] = {
            name: {key: model[key] for key in resolution.OUTLINED if key in model}
            for name, model in part["models"].items()
        }
        for section in ("augmentations", "features", "report"):
            part.pop(section, None)
        return part | {"references": self.references}

    def about(self, experiments: Iterable[str], comparisons: Iterable[str] = ()) -> dict:
        """Return the part of the completed configuration that these experiments are run by.

        Addresses of downloads are left out: where a file came from changes no figure. So are the
        settings of reports where comparisons are named, whose pages do not depend on them.
        """
        names = list(experiments)
        trained = {model.name: model for name in names for model in self.experiments[name].trained}
        datasets = [self.experiments[name].dataset for name in names]
        chosen = {
            "corpora": {corpus.name for dataset in datasets for corpus in dataset.corpora},
            "datasets": {dataset.name for dataset in datasets},
            "augmentations": {key for name in names for key in self.experiments[name].augment},
            "features": {key for model in trained.values() for key in model.feature_sets},
            "models": trained,
            "experiments": names,
            "comparisons": list(comparisons),
        }
        part = {"seed": self.seed}
        if not chosen["comparisons"]:
            part["report"] = self.report
        for section, keys in chosen.items():
            part[section] = {
                key: _without_urls(entry)
                for key, entry in self.resolved[section].items()
                if key in keys
            }
        return part


def load(config: dict) -> Study:
    """Return the study that a configuration describes.

    Raises
    ------
    Refusal
        See `serfusion.study.resolution.resolve`.
    """
    return Study.of(resolution.resolve(config))


def _entries(resolved: dict, section: str, make: Callable) -> dict:
    return {name: make(name, entry) for name, entry in resolved.get(section, {}).items()}


def _without_urls(entry: dict) -> dict:
    return {key: value for key, value in entry.items() if "url" not in key}
