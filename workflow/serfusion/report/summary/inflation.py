"""What a protocol that leaks would have claimed: the same model under three protocols."""

import json

import pandas as pd

INDEPENDENT = "speakers never heard"
BY_VALIDATION = "validation by clip"
RANDOM = "random split by clip"
PROTOCOLS = (INDEPENDENT, BY_VALIDATION, RANDOM)
"""In the order in which they leak more: nothing; speakers between training and validation; speakers
between training and test too."""


def protocol(audit: dict) -> str:
    """Return which of `PROTOCOLS` an experiment's folds follow, by what their audit says of them.

    Not by its settings, which may have been edited since it was run.
    """
    if audit["optimistic_test"]:
        return RANDOM
    return BY_VALIDATION if audit["optimistic_validation"] else INDEPENDENT


def setting(settings: dict) -> str:
    """Return what two experiments have in common that differ in protocol at most.

    That is the dataset, the augmentations, and the folds and the validation but for what they are
    made of.
    """
    drawn = [
        {key: value for key, value in settings[part].items() if key != "by"}
        for part in ("folds", "validation")
    ]
    return json.dumps([settings["dataset"], sorted(settings["augment"]), *drawn], sort_keys=True)


def side_by_side(rows: pd.DataFrame, experiments: dict[str, dict]) -> pd.DataFrame:
    """Return the rows of models that were run under two protocols or more, all else equal.

    Parameters
    ----------
    rows : DataFrame
        A row per experiment and model, among others with columns `experiment`, `model` and
        `protocol`.
    experiments : dict
        Name to the resolved settings of each experiment.

    Returns
    -------
    DataFrame
        Those of `rows`, with `setting`, and `protocol` as an ordered categorical; by setting, model
        and protocol. Where two experiments ask the same of a model, that with the more models.
    """
    models = rows.groupby("experiment")["model"].transform("size")
    rows = rows.loc[models.sort_values(ascending=False, kind="stable").index]
    table = rows.assign(
        setting=[setting(experiments[name]) for name in rows["experiment"]],
        protocol=pd.Categorical(rows["protocol"], PROTOCOLS, ordered=True),
    )
    table = table.drop_duplicates(["setting", "model", "protocol"])
    several = table.groupby(["setting", "model"])["protocol"].transform("size") > 1
    for column in ("setting", "model"):
        table[column] = pd.Categorical(table[column], table[column].unique())
    return table[several].sort_values(["setting", "model", "protocol"], ignore_index=True)


def claims(table: pd.DataFrame) -> pd.DataFrame:
    """Return what each leaking protocol would have claimed, and what holds.

    A random split claims its test accuracy; validation by clip claims its validation accuracy, for
    its own test is of speakers never heard. What holds is the test accuracy without a leak, or else
    that of validation by clip.

    Parameters
    ----------
    table : DataFrame
        As `side_by_side` returns it, with columns `dataset`, `accuracy` and `validation`.

    Returns
    -------
    DataFrame
        `setting`, `dataset`, `model`, `protocol`, `claimed`, `holds` (0 to 1) and `excess`, the
        former minus the latter.
    """
    found = []
    for (key, model), own in table.groupby(["setting", "model"], observed=True):
        by_protocol = own.set_index("protocol")
        honest = next(name for name in PROTOCOLS if name in by_protocol.index)
        for name, row in by_protocol.iterrows():
            if name == INDEPENDENT:
                continue
            claimed = row["accuracy"] if name == RANDOM else row["validation"]
            found.append(
                {
                    "setting": key,
                    "dataset": row["dataset"],
                    "model": model,
                    "protocol": name,
                    "claimed": claimed,
                    "holds": by_protocol.loc[honest, "accuracy"],
                }
            )
    columns = ["setting", "dataset", "model", "protocol", "claimed", "holds"]
    return pd.DataFrame(found, columns=columns).assign(
        excess=lambda made: made["claimed"] - made["holds"]
    )


def sentences(claimed: pd.DataFrame) -> list[str]:
    """Return one sentence for each leaking protocol, of the models under one setting.

    Parameters
    ----------
    claimed : DataFrame
        Those rows of what `claims` returned that share a setting.
    """
    what = {
        RANDOM: "Testing on a random split by clip would have claimed",
        BY_VALIDATION: "Reporting validation by clip would have claimed",
    }
    return [
        f"{what[name]} {_between(own['claimed'])} % accuracy, where speakers who were never heard "
        f"give {_between(own['holds'])} %: {_points(own['excess'])}."
        for name in PROTOCOLS
        if len(own := claimed[claimed["protocol"] == name])
    ]


def _between(values: pd.Series) -> str:
    ends = [f"{100 * values.min():.1f}", f"{100 * values.max():.1f}"]
    return " to ".join(dict.fromkeys(ends))


def _points(excess: pd.Series) -> str:
    ends = [f"{100 * end:+.1f}".replace("-", "−") for end in (excess.min(), excess.max())]
    return f"{' to '.join(dict.fromkeys(ends))} points"
