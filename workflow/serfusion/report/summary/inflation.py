"""What protocols that leak would have claimed: the same models under two protocols or three."""

import json
from collections.abc import Callable, Mapping

import pandas as pd

from serfusion.report.page.wording import percent, points
from serfusion.report.summary import figures
from serfusion.report.summary.protocols import BY_VALIDATION, INDEPENDENT, PROTOCOLS, RANDOM
from serfusion.study.entries import Experiment

STARTS = {
    RANDOM: "Testing on a random split by clip would have claimed",
    BY_VALIDATION: "Reporting validation by clip would have claimed",
}


def section(table: pd.DataFrame, experiments: Mapping[str, Experiment]) -> list[dict]:
    """Return, for each setting with several protocols, what the page says of it.

    Parameters
    ----------
    table : DataFrame
        As `serfusion.report.summary.models.model_table` returns it.
    experiments : mapping of str to Experiment

    Returns
    -------
    list of dict
        `dataset`, `rows` of the models, `sentences`, and `figure`.
    """
    compared = side_by_side(table, experiments)
    claimed = claims(compared)
    return [
        {
            "dataset": rows["dataset"].iloc[0],
            "rows": rows.to_dict("records"),
            "sentences": sentences(claimed[claimed["setting"] == setting]),
            "figure": figures.inflation(rows).to_dict(),
        }
        for setting, rows in compared.groupby("setting", observed=True)
    ]


def setting_of(experiment: Experiment) -> str:
    """Return what two experiments that differ at most in their protocol have in common.

    That is the dataset, the augmentations, and the folds and the validation, except for the unit
    that they are made of.
    """
    drawn = [
        {key: value for key, value in part.items() if key != "by"}
        for part in (experiment.folds, experiment.validation)
    ]
    parts = [experiment.dataset.name, sorted(experiment.augment), *drawn]
    return json.dumps(parts, sort_keys=True)


def side_by_side(rows: pd.DataFrame, experiments: Mapping[str, Experiment]) -> pd.DataFrame:
    """Return the rows of models that were run under two protocols or more, all else equal.

    Parameters
    ----------
    rows : DataFrame
        A row per experiment and model, with the columns `experiment`, `model` and `protocol` among
        others.
    experiments : mapping of str to Experiment

    Returns
    -------
    DataFrame
        Those of `rows`, with `setting`, and `protocol` as an ordered categorical; by setting, model
        and protocol. If two experiments run a model in the same setting under the same protocol,
        the one with more models counts.
    """
    models = rows.groupby("experiment")["model"].transform("size")
    rows = rows.loc[models.sort_values(ascending=False, kind="stable").index]
    table = rows.assign(
        setting=[setting_of(experiments[name]) for name in rows["experiment"]],
        protocol=pd.Categorical(rows["protocol"], PROTOCOLS, ordered=True),
    )
    table = table.drop_duplicates(["setting", "model", "protocol"])
    several = table.groupby(["setting", "model"])["protocol"].transform("size") > 1
    for column in ("setting", "model"):
        table[column] = pd.Categorical(table[column], table[column].unique())
    return table[several].sort_values(["setting", "model", "protocol"], ignore_index=True)


def claims(table: pd.DataFrame) -> pd.DataFrame:
    """Return what each protocol that leaks would have claimed, and what holds.

    A random split claims its test accuracy; validation by clip claims its validation accuracy,
    because its test is on unseen speakers. What holds is the speaker-independent test accuracy or,
    without it, the test accuracy of validation by clip.

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
    records = []
    for (setting, model), rows in table.groupby(["setting", "model"], observed=True):
        by_protocol = rows.set_index("protocol")
        honest = next(protocol for protocol in PROTOCOLS if protocol in by_protocol.index)
        for protocol, row in by_protocol.iterrows():
            if protocol == INDEPENDENT:
                continue
            records.append(
                {
                    "setting": setting,
                    "dataset": row["dataset"],
                    "model": model,
                    "protocol": protocol,
                    "claimed": row["accuracy"] if protocol == RANDOM else row["validation"],
                    "holds": by_protocol.loc[honest, "accuracy"],
                }
            )
    columns = ["setting", "dataset", "model", "protocol", "claimed", "holds"]
    claimed = pd.DataFrame(records, columns=columns)
    return claimed.assign(excess=claimed["claimed"] - claimed["holds"])


def sentences(claimed: pd.DataFrame) -> list[str]:
    """Return one sentence for each protocol that leaks, about the models of one setting.

    Parameters
    ----------
    claimed : DataFrame
        The rows of `claims` that have this setting.
    """
    by_protocol = {protocol: claimed[claimed["protocol"] == protocol] for protocol in PROTOCOLS}
    return [
        f"{STARTS[protocol]} an accuracy of {_range(rows['claimed'], percent)} %, where unseen "
        f"speakers give {_range(rows['holds'], percent)} %: a difference of "
        f"{_range(rows['excess'], points)} points."
        for protocol, rows in by_protocol.items()
        if len(rows)
    ]


def _range(values: pd.Series, write: Callable[[float], str]) -> str:
    return " to ".join(dict.fromkeys([write(values.min()), write(values.max())]))
