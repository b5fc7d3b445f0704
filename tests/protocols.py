"""Made-up settings of experiments, as `serfusion.study.resolution.resolve` returns them."""

ACTORS = {"by": "actor", "count": 6}
CLIPS = {"by": "clip", "count": 6}


def settings(
    folds=ACTORS, validation="actor", dataset="set", augment=("noise",), share=0.15
) -> dict:
    return {
        "dataset": dataset,
        "folds": folds,
        "validation": {"by": validation, "share": share},
        "augment": list(augment),
    }
