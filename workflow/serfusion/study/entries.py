"""The study as everyone else reads it: typed, frozen, each name resolved to what it stands for.

Built from a configuration that `serfusion.study.resolution` has completed. Frozen dataclasses over
a JSON schema, not pydantic models: the settings of corpora, features and models are literals beside
their code, read without importing it, and so are known only as a schema.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from serfusion import registry
from serfusion.study import resolution
from serfusion.study.checks import FOLD_MAKERS, tested_groups
from serfusion.study.facts import Facts, facts
from serfusion.study.names import PERMUTED

IDENTITY = ("md5", "pointers_url", "doi")


@dataclass(frozen=True)
class Corpus:
    """A corpus of the study.

    Attributes
    ----------
    name, kind : str
        Its name in the configuration, and the module of `serfusion.corpora` that reads it.
    title : str
    licence, citation : str or None
    embed_audio : bool
        Whether reports may hold its audio.
    path, manifest : str or None
        Where the user's copy is.
    synthetic : dict or None
        How much of it is synthesised in its place.
    settings : dict
        The settings of its module, those above among them.
    facts : Facts
        What is known of it beside.
    """

    name: str
    kind: str
    title: str
    licence: str | None
    citation: str | None
    embed_audio: bool
    path: str | None
    manifest: str | None
    synthetic: dict | None
    settings: dict
    facts: Facts

    @classmethod
    def of(cls, name: str, entry: dict) -> "Corpus":
        """Return the corpus that a resolved entry of `corpora` describes."""
        return cls(
            name=name,
            kind=entry["kind"],
            title=entry["title"] or name,
            licence=entry["licence"],
            citation=entry["citation"],
            embed_audio=entry["embed_audio"],
            path=entry.get("path"),
            manifest=entry.get("manifest"),
            synthetic=entry.get("synthetic"),
            settings={
                key: value
                for key, value in entry.items()
                if key not in ("kind", *resolution.REPORT_ONLY)
            },
            facts=facts(entry["kind"]),
        )

    @property
    def source(self) -> dict:
        """The `SOURCE` of its module."""
        return self.constant("SOURCE")

    def constant(self, name: str):
        """Return a literal of its module, or None."""
        return registry.constant(f"corpora/{self.kind}.py", name)

    @property
    def is_synthetic(self) -> bool:
        """Whether it is speech that serfusion synthesises."""
        return resolution.is_synthetic({"kind": self.kind, "synthetic": self.synthetic})

    @property
    def is_downloaded(self) -> bool:
        """Whether serfusion fetches it from where its owners publish it."""
        is_local = self.path is not None or self.is_synthetic
        return not is_local and self.source["kind"] not in ("manifest", "request")

    @property
    def how_to_get(self) -> str | None:
        """How to get a corpus that is not at hand; None if nothing need be done."""
        if self.source["kind"] != "request" or self.path is not None or self.is_synthetic:
            return None
        return (
            f"{self.title} is given to registered users only: ask for it at {self.source['ask']} "
            f"and set corpora.{self.name}.path to your copy"
        )

    @property
    def identity(self) -> dict:
        """What says which files a downloaded corpus consists of, wherever they are fetched from."""
        return {key: self.settings[key] for key in IDENTITY if key in self.settings}

    @property
    def synthesis(self) -> dict:
        """The settings of the synthesis of a synthetic corpus."""
        return self.settings if self.synthetic is None else self.synthetic

    @property
    def emotions(self) -> set[str]:
        """The emotions that its labels name; empty where only its clips tell."""
        return set((self.constant("EMOTIONS") or {}).values())


@dataclass(frozen=True)
class Dataset:
    """Corpora joined, with the emotions that are kept.

    Attributes
    ----------
    name : str
    corpora : tuple of Corpus
        All that belong to it, in the order in which their actors follow one another.
    without : tuple of str
        Names of those that are not at hand.
    merge, keep, drop
        As the configuration has them.
    """

    name: str
    corpora: tuple[Corpus, ...]
    without: tuple[str, ...]
    merge: dict[str, str]
    keep: list[str] | str | None
    drop: list[str]

    @classmethod
    def of(cls, name: str, entry: dict, corpora: Mapping[str, Corpus]) -> "Dataset":
        """Return the dataset that a resolved entry of `datasets` describes."""
        return cls(
            name=name,
            corpora=tuple(corpora[corpus] for corpus in entry["corpora"]),
            without=tuple(entry["without"]),
            merge=entry["merge"],
            keep=entry["keep"],
            drop=entry["drop"],
        )

    @cached_property
    def present(self) -> tuple[Corpus, ...]:
        """The corpora that it is made of here, in order."""
        return tuple(corpus for corpus in self.corpora if corpus.name not in self.without)

    @cached_property
    def missing(self) -> tuple[Corpus, ...]:
        """The corpora that belong to it and are not at hand."""
        return tuple(corpus for corpus in self.corpora if corpus.name in self.without)

    @property
    def missing_emotions(self) -> list[str]:
        """The emotions of the missing corpora, sorted."""
        return sorted(set().union(*(corpus.emotions for corpus in self.missing)))


@dataclass(frozen=True)
class Model:
    """A network or an estimator on features, or on another model's deep features.

    Attributes
    ----------
    name : str
    kind : str
        `network` or `estimator`.
    module : str
        Its module of `serfusion.models`.
    features : str or None
        The feature set that it reads; None where it reads deep features.
    extractor : Model or None
        The model whose deep features it reads.
    fuse : tuple of str
        Feature sets put beside them.
    settings, training : dict
        Hyperparameters of the architecture, and of its fitting.
    search : dict
        Setting to the values to be tried.
    labels : True or "permuted"
    initial_weights : dict
        `network`, `weights` and `weights_url`; empty of a model that always starts from scratch.
    """

    name: str
    kind: str
    module: str
    features: str | None
    extractor: "Model | None"
    fuse: tuple[str, ...]
    settings: dict
    training: dict
    search: dict
    labels: bool | str
    initial_weights: dict

    @classmethod
    def of(cls, name: str, entry: dict, entries: Mapping[str, dict]) -> "Model":
        """Return the model that a resolved entry of `models` describes.

        Parameters
        ----------
        name : str
        entry : dict
            Without `settings`, `training` and `search` where only its composition is of interest.
        entries : mapping of str to dict
            All resolved entries, its extractor's among them.
        """
        kind = next(kind for kind in resolution.MODEL_KINDS if kind in entry)
        deep = entry.get("deep")
        weights = {key: entry[key] for key in ("weights", "weights_url") if key in entry}
        return cls(
            name=name,
            kind=kind,
            module=entry[kind],
            features=entry.get("features"),
            extractor=None if deep is None else cls.of(deep, entries[deep], entries),
            fuse=tuple(entry["fuse"]),
            settings=entry.get("settings", {}),
            training=entry.get("training", {}),
            search=entry.get("search", {}),
            labels=entry["labels"],
            initial_weights=weights and {"network": entry[kind]} | weights,
        )

    @property
    def loop(self) -> str:
        """The module whose loop fits it."""
        return resolution.LOOPS[self.kind]

    @property
    def feature_sets(self) -> tuple[str, ...]:
        """The feature sets whose tables it reads, in the order of its columns."""
        return self.fuse if self.features is None else (self.features, *self.fuse)

    @property
    def is_floor(self) -> bool:
        """Whether it is trained on permuted labels, and so is a floor and is not compared."""
        return self.labels == PERMUTED

    @property
    def composition(self) -> str:
        """What it is made of, in a few words."""
        first = f"deep features of {self.extractor.name}" if self.extractor else self.features
        return f"{self.module} on {' + '.join([first, *self.fuse])}"


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
        """The models that are compared: all but the floors."""
        return tuple(model for model in self.models if not model.is_floor)

    @cached_property
    def trained(self) -> tuple[Model, ...]:
        """The models that are trained: extractors first, then all that are evaluated."""
        extractors = [model.extractor for model in self.models if model.extractor]
        return tuple({model.name: model for model in (*extractors, *self.models)}.values())

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


@dataclass(frozen=True)
class Arm:
    """A model of an experiment, as a comparison calls it.

    Attributes
    ----------
    label, experiment, model : str
    question : str or None
        The question it answers; None of the baseline.
    """

    label: str
    experiment: str
    model: str
    question: str | None = None


@dataclass(frozen=True)
class Question:
    """What a comparison asks, and the arms that answer it."""

    question: str
    note: str | None
    arms: tuple[Arm, ...]


@dataclass(frozen=True)
class Comparison:
    """Models of one or more experiments against a baseline."""

    name: str
    title: str
    baseline: Arm
    questions: tuple[Question, ...]

    @classmethod
    def of(cls, name: str, entry: dict) -> "Comparison":
        """Return the comparison that a resolved entry of `comparisons` describes."""
        return cls(
            name=name,
            title=entry["title"] or name,
            baseline=Arm(**entry["baseline"]),
            questions=tuple(
                Question(
                    part["question"],
                    part["note"],
                    tuple(Arm(**arm, question=part["question"]) for arm in part["arms"]),
                )
                for part in entry["questions"]
            ),
        )

    @property
    def arms(self) -> tuple[Arm, ...]:
        """The baseline, and then every arm in the order of the questions."""
        return (self.baseline, *(arm for part in self.questions for arm in part.arms))

    @property
    def experiments(self) -> tuple[str, ...]:
        """The experiments that its arms are of, in order."""
        return tuple(dict.fromkeys(arm.experiment for arm in self.arms))


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
        return [each for name, each in self.experiments.items() if name not in left_out]

    @property
    def possible_comparisons(self) -> list[Comparison]:
        """The comparisons whose experiments' corpora can be had."""
        possible = {experiment.name for experiment in self.possible_experiments}
        return [each for each in self.comparisons.values() if possible.issuperset(each.experiments)]

    @property
    def outline(self) -> dict:
        """What the page of the whole study reads: `about` all of it, models without settings."""
        part = self.about(self.experiments, self.comparisons)
        part["models"] = {
            name: {key: model[key] for key in (*resolution.COMPOSITION, "labels") if key in model}
            for name, model in part["models"].items()
        }
        for section in ("augmentations", "features", "report"):
            del part[section]
        return part | {"references": self.references}

    def about(self, experiments: Iterable[str], comparisons: Iterable[str] = ()) -> dict:
        """Return the part of the completed configuration that these experiments are run by.

        Without addresses of downloads: where a file came from changes no figure.
        """
        names = list(experiments)
        trained = {model.name: model for name in names for model in self.experiments[name].trained}
        datasets = {name: self.experiments[name].dataset for name in names}.values()
        chosen = {
            "corpora": {corpus.name for dataset in datasets for corpus in dataset.corpora},
            "datasets": {dataset.name for dataset in datasets},
            "augmentations": {key for name in names for key in self.experiments[name].augment},
            "features": {key for model in trained.values() for key in model.feature_sets},
            "models": trained,
            "experiments": names,
            "comparisons": list(comparisons),
        }
        part = {"seed": self.seed, "report": self.report}
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
