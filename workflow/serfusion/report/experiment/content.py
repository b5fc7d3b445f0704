"""What the report says, computed from the experiment's tables."""

from dataclasses import dataclass
from importlib.metadata import version
from itertools import groupby
from subprocess import CalledProcessError, run

import pandas as pd
from natsort import natsorted

from serfusion import registry
from serfusion.clips.dataset import classes
from serfusion.evaluation.counts import confusion
from serfusion.evaluation.metrics import spread
from serfusion.fitting.candidates import candidate_text, candidates
from serfusion.seeds import seed_for
from serfusion.study.availability import is_synthetic
from serfusion.study.initial_weights import IMAGENET
from serfusion.study.resolution import PERMUTED, fold_count, model_kind, present_corpora

PACKAGES = (
    "snakemake",
    "librosa",
    "audiomentations",
    "numpy",
    "pandas",
    "pyarrow",
    "scipy",
)
SAMPLES = 12
WHOLE_FROM = 0.99
"""Share of a corpus's clips that counts as all of it: copies differ in a few."""


@dataclass(frozen=True)
class Protocol:
    """On what an experiment was run, and who was tested when.

    Attributes
    ----------
    name : str
    study : dict
        The part of the resolved configuration that concerns it.
    usable : dict
        Corpus to the number of its usable clips, of every emotion.
    audit : dict
    """

    name: str
    study: dict
    usable: dict[str, int]
    audit: dict

    @property
    def settings(self) -> dict:
        """The experiment's own entry in the configuration."""
        return self.study["experiments"][self.name]

    @property
    def dataset_settings(self) -> dict:
        """The entry of its dataset in the configuration."""
        return self.study["datasets"][self.settings["dataset"]]


@dataclass(frozen=True)
class Experiment(Protocol):
    """All that an experiment has left behind, read.

    Attributes
    ----------
    dataset, rejected, folds, predictions, metrics, summary : DataFrame
    records : DataFrame
        Columns `model`, `fold` and those of every `fit.json`.
    curves : dict of DataFrame
        Of each network, with a column `fold`.
    searches : dict of DataFrame
        Of each model with a search, the candidates of every fold, with a column `fold`.
    statistics : dict of DataFrame
        `classes`, `pairs` and `floors`, as the CSV files of those names have them.
    """

    dataset: pd.DataFrame
    rejected: pd.DataFrame
    folds: pd.DataFrame
    predictions: pd.DataFrame
    metrics: pd.DataFrame
    summary: pd.DataFrame
    records: pd.DataFrame
    curves: dict[str, pd.DataFrame]
    searches: dict[str, pd.DataFrame]
    statistics: dict[str, pd.DataFrame]

    @property
    def classes(self) -> list[str]:
        """The emotions, in the order of every class index."""
        return classes(self.dataset)


def titles(experiment: Protocol) -> dict[str, str]:
    """Return what the experiment's corpora are called, those that are missing included."""
    corpora = experiment.study["corpora"]
    return {name: corpora[name]["title"] or name for name in experiment.dataset_settings["corpora"]}


def synthetic_corpora(experiment: Protocol) -> list[str]:
    """Return the titles of the experiment's corpora that are not human speech."""
    corpora = experiment.study["corpora"]
    return [
        title
        for name, title in titles(experiment).items()
        if name in present(experiment) and is_synthetic(corpora[name])
    ]


def present(experiment: Protocol) -> list[str]:
    """Return the corpora that the dataset is made of, in order."""
    return present_corpora(experiment.dataset_settings)


def missing_corpora(experiment: Protocol) -> list[str]:
    """Return the titles of the corpora that belong to the dataset and were not at hand."""
    return [title for name, title in titles(experiment).items() if name not in present(experiment)]


def incomplete_corpora(experiment: Protocol) -> list[str]:
    """Return, for each corpus of which only part was at hand, how many clips of how many."""
    words = []
    for name in present(experiment):
        corpus = experiment.study["corpora"][name]
        whole = registry.constant(f"corpora/{corpus['kind']}.py", "CLIPS")
        usable = experiment.usable[name]
        if whole and usable < WHOLE_FROM * whole and not is_synthetic(corpus):
            words.append(f"{usable:,} of {whole:,} clips of {titles(experiment)[name]}")
    return words


def corpus_rows(experiment: Experiment) -> list[dict]:
    """Return, for each corpus, what the table of data says of it."""
    rows = []
    for name in present(experiment):
        corpus = experiment.study["corpora"][name]
        clips = experiment.dataset[experiment.dataset["corpus"] == name]
        actors = clips.drop_duplicates("actor")["gender"].fillna("unknown").value_counts()
        rows.append(
            {
                "title": titles(experiment)[name],
                "citation": corpus["citation"] or "",
                "licence": corpus["licence"] or "not stated",
                "clips": len(clips),
                "hours": clips["duration_s"].sum() / 3600,
                "actors": ", ".join(
                    f"{actors[gender]} {gender}" for gender in sorted(actors.index)
                ),
                "rates": sorted(clips["sample_rate_hz"].unique()),
            }
        )
    return rows


def clip_counts(experiment: Experiment) -> pd.DataFrame:
    """Return the number of clips of each corpus and gender (rows) in each emotion (columns).

    The last column and, where there is more than one row, the last row are totals.
    """
    dataset = experiment.dataset
    counts = pd.crosstab(
        [dataset["corpus"], dataset["gender"].fillna("gender unknown")], dataset["emotion"]
    )
    counts = counts.reindex(present(experiment), level=0)
    counts.index = counts.index.map(lambda pair: (titles(experiment)[pair[0]], pair[1]))
    counts["all"] = counts.sum(axis=1)
    if len(counts) > 1:
        counts.loc[("all", ""), :] = counts.sum()
    return counts.astype(int)


def clips_without_gender(experiment: Experiment) -> int:
    """Return how many clips have a speaker whose gender is not known."""
    return int(experiment.dataset["gender"].isna().sum())


def fold_words(experiment: Protocol) -> str:
    """Return how many folds there are and how they were made."""
    folds = experiment.settings["folds"]
    unit = folds["by"]
    several = "corpora" if unit == "corpus" else f"{unit}s"
    count = fold_count(folds)
    if unit == "clip":
        return f"{count} of random clips, as many of each emotion in each; speakers on both sides"
    if "leave_one_out" in folds:
        return f"{count}, each {unit} tested alone in turn"
    if "stratified" in folds:
        return f"{count} of {several} alike in corpora, genders and emotions, each tested once"
    if "count" in folds:
        return f"{count} of consecutive {several}, each tested once"
    return f"{count}, which test what is listed and train on the rest"


def actors_in_words(experiment: Experiment, actors: list[str]) -> str:
    """Return names such as ravdess/01 by corpus, those that follow one another as a range."""
    everyone = natsorted(experiment.dataset["actor"].unique())
    places = sorted(everyone.index(actor) for actor in actors)
    words = []
    for name in present(experiment):
        own = [place for place in places if everyone[place].partition("/")[0] == name]
        runs = groupby(own, key=lambda place, own=own: place - own.index(place))
        ranges = (_range([everyone[place].partition("/")[2] for place in run]) for _, run in runs)
        if own:
            words.append(f"{name} {', '.join(ranges)}")
    return "; ".join(words)


def _range(names: list[str]) -> str:
    return ", ".join(names) if len(names) < 3 else f"{names[0]}–{names[-1]}"


def validation_scores(experiment: Experiment) -> dict[str, tuple[float, float]]:
    """Return each model's validation accuracy: mean and standard deviation over folds.

    The deviation is NaN where there is a single fold.
    """
    table = experiment.metrics[experiment.metrics["role"] == "validation"]
    return {model: spread(values) for model, values in table.groupby("model")["accuracy"]}


def fold_accuracies(experiment: Experiment) -> pd.DataFrame:
    """Return test accuracy, a row per model and a column per fold."""
    table = experiment.metrics[experiment.metrics["role"] == "test"]
    return table.pivot(index="model", columns="fold", values="accuracy").loc[compared(experiment)]


def compared(experiment: Experiment) -> list[str]:
    """Return the models that are compared: all but those that were trained on permuted labels."""
    models = experiment.study["models"]
    return [name for name in experiment.settings["models"] if models[name]["labels"] != PERMUTED]


def marks(experiment: Experiment) -> list[dict]:
    """Return what the models are to be held against: floors, people, and what was reported.

    A row has `mark`, in words; `source`; `accuracy`, `accuracy_low`, `accuracy_high` and `uar` (0
    to 1, NaN where unknown); `accuracy_std` and `validation_accuracy` in percent, of what was
    reported, else None; and `line`, whether it stands in the figure: what is of all the test clips,
    and is no model.
    """
    floors = experiment.statistics["floors"]
    several = len(present(experiment)) > 1
    rows = []
    for row in floors[floors["emotion"].isna()].to_dict("records"):
        mark, source, line = row["floor"], row["source"], True
        if mark == "corpus alone" and not several:
            continue
        if mark == "labels permuted":
            source, line = f"{row['model']}, {source}", False
        if mark.startswith("people"):
            source = f"{source}, audio only"
            if several:
                mark, line = f"{mark}, {titles(experiment)[row['corpus']]} alone", False
        rows.append(row | {"mark": mark, "source": source, "line": line})
    reported = experiment.settings["reported"]
    if reported:
        mark = reported_mark(reported)
        unknown = dict.fromkeys(("accuracy_low", "accuracy_high", "uar"), float("nan"))
        accuracy = reported["accuracy"] / 100
        rows.append({"mark": mark, "source": None, "line": True, "accuracy": accuracy} | unknown)
    for row in rows:
        own = reported if row["source"] is None else {}
        row |= {key: own.get(key) for key in ("accuracy_std", "validation_accuracy")}
    return rows


def listed(words: list[str]) -> str:
    """Return words as people list them: a, b and c."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def reported_mark(reported: dict) -> str:
    """Return what the mark of a reported figure is called."""
    return f"{reported['source']}, as reported"


def confusions(experiment: Experiment) -> dict[str, object]:
    """Return the pooled confusion matrix of each model's answers to test clips, best first."""
    found = {
        model: confusion(rows["emotion"], rows["predicted"], experiment.classes)
        for model, rows in experiment.predictions.groupby("model", sort=False)
        if model in compared(experiment)
    }
    return dict(sorted(found.items(), key=lambda own: -own[1].trace()))


def samples(experiment: Experiment, model: str) -> list[dict]:
    """Return a model's answers to some test clips, drawn by the seed and the clips' names."""
    own = experiment.predictions[experiment.predictions["model"] == model]
    drawn = own["clip"].map(lambda clip: seed_for(experiment.study["seed"], "sample", clip))
    chosen = own.loc[drawn.sort_values().index[:SAMPLES]].sort_values("clip")
    return [
        row | {"probability": row[f"p_{row['predicted']}"]} for row in chosen.to_dict("records")
    ]


def sample_model(experiment: Experiment) -> str:
    """Return the model whose answers are shown: the one with a reported figure, else the first."""
    reported = experiment.settings["reported"] or {}
    return reported.get("model") or compared(experiment)[0]


def train_seconds(experiment: Experiment) -> dict[str, float]:
    """Return the seconds that each model was trained, all folds together."""
    return experiment.records.groupby("model")["train_seconds"].sum().to_dict()


def versions(experiment: Experiment) -> dict[str, str]:
    """Return the versions of the packages behind the figures, of here and of the training."""
    found = {package: version(package) for package in PACKAGES}
    for recorded in experiment.records["versions"]:
        found |= recorded
    return found


def devices(experiment: Experiment) -> dict[str, list[str]]:
    """Return what each model was trained on, such as cpu or cuda:0."""
    found = experiment.records.groupby("model")["device"].unique()
    return {model: sorted(own) for model, own in found.items()}


def extractor_parameters(experiment: Experiment, model: str) -> int | None:
    """Return the parameters of the extractor that a fusion stands on, or None."""
    deep = experiment.study["models"][model].get("deep")
    if deep is None:
        return None
    own = experiment.records.loc[experiment.records["model"] == deep, "parameters"]
    return round(own.mean())


def tried(experiment: Experiment) -> dict[str, list[dict]]:
    """Return what was tried of each model: a row per candidate, none of a model without search.

    A row has `settings`, in words, `accuracy`, the mean over folds of that on validation clips,
    and `chosen`, the number of folds that chose it.
    """
    rows = {}
    for name, model in experiment.study["models"].items():
        options = candidates(model["search"])
        if options:
            table = experiment.searches[name]
            by_candidate = table.groupby(table.groupby("fold").cumcount())
            accuracies = by_candidate["validation_accuracy"].mean()
            counts = by_candidate["chosen"].sum()
        rows[name] = [
            {
                "settings": candidate_text(option),
                "accuracy": accuracies[at],
                "chosen": int(counts[at]),
            }
            for at, option in enumerate(options)
        ]
    return rows


def commit() -> str:
    """Return the commit that the report was written from, or why there is none."""
    try:
        head = run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
        changed = run(["git", "status", "--porcelain"], capture_output=True, text=True, check=True)
    except (OSError, CalledProcessError):
        return "not run from a git checkout"
    return head.stdout.strip() + (" with uncommitted changes" if changed.stdout else "")


def initial_weights(experiment: Experiment, model: str) -> str | None:
    """Return what a network's training started from, or None if it can only start from scratch."""
    described = experiment.study["models"][model]
    if "weights" not in described:
        return None
    if described["weights"] is None:
        return "from scratch, without ImageNet weights"
    records = experiment.records
    name = records.loc[records["model"] == model, "initial_weights"].iloc[0]
    which = "ImageNet weights" if described["weights"] == IMAGENET else "weights of your own"
    return f"from {which} ({name})"


def model_words(name: str, model: dict) -> str:
    """Return one line on what a model is made of."""
    own = f"deep features of {model['deep']}" if "deep" in model else model["features"]
    return f"{model[model_kind(model)]} on {' + '.join([own, *model['fuse']])}"
