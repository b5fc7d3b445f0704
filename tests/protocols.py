"""Made-up studies, as `serfusion.study.resolution.resolve` would complete them."""

from serfusion.study.entries import Study

ACTORS = {"by": "actor", "count": 6}
CLIPS = {"by": "clip", "count": 6}

CORPUS = {
    "kind": "tess",
    "title": None,
    "licence": None,
    "citation": None,
    "embed_audio": False,
    "path": None,
    "synthetic": None,
}
DATASET = {"without": [], "merge": {}, "keep": None, "drop": [], "shared_actors": None}
WINDOW = {"kind": "acoustic", "offset_s": 0.6, "duration_s": 2.5, "trim_db": None}
MODEL = {
    "network": "conv1d",
    "features": "acoustic",
    "fuse": [],
    "settings": {},
    "training": {},
    "search": {},
    "labels": True,
}


def settings(
    folds=ACTORS,
    validation="actor",
    dataset="set",
    augment=("noise",),
    share=0.15,
    models=(),
    reported=None,
    title=None,
) -> dict:
    """Return the entry of an experiment."""
    return {
        "title": title,
        "dataset": dataset,
        "folds": folds,
        "validation": {"by": validation, "share": share},
        "augment": list(augment),
        "models": list(models),
        "reported": reported,
    }


def made_up_study(
    corpora: dict[str, dict],
    datasets: dict[str, dict],
    models: dict[str, dict],
    experiments: dict[str, dict],
    **others,
) -> Study:
    """Return a study; an entry needs no more than what differs from the defaults above."""
    completed = {
        "corpora": {name: CORPUS | entry for name, entry in corpora.items()},
        "datasets": {name: DATASET | entry for name, entry in datasets.items()},
        "models": {
            name: entry if "ensemble" in entry else MODEL | entry for name, entry in models.items()
        },
        "experiments": experiments,
        "features": {"acoustic": WINDOW},
    }
    return Study.of({"seed": 17} | completed | others)
