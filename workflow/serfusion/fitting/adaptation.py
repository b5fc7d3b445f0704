"""Adaptation: what is peculiar to a speaker or a corpus is removed, by means of clips of its own.

No label is read, but that of `emotion`, which is there to show what goes wrong. What is removed is
the distance of the group's mean from that of the training clips, and, if asked for, how much more
or less the group's clips vary than those of training groups do. Both are shrunk, because a few
clips say little: the training clips count as much as `shrink` clips of the group.

A group is never adapted by clips that are scored, unless it is adapted by all of its clips.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from serfusion.errors import Refusal
from serfusion.fitting.rows import Rows
from serfusion.seeds import seed_for
from serfusion.study.adaptation import ALL, COLUMNS, DEVIATION

CHUNK = 1024
"""Rows that are in memory in single precision at a time."""


@dataclass(frozen=True)
class Moments:
    """Mean and variance of columns.

    Attributes
    ----------
    mean, variance : ndarray of shape (columns,), float64
    """

    mean: np.ndarray
    variance: np.ndarray


def adapted(
    rows: dict[str, Rows], dataset: pd.DataFrame, adapt: Mapping | None, seed: int
) -> tuple[dict[str, Rows], dict[str, list[str]]]:
    """Return the rows of a fold, adapted, and the clips that test groups were adapted by.

    The groups of a role are adapted by clips of that role alone. Those of training keep the clips
    that they were adapted by; from validation and test these are removed, so that they are not
    scored.

    Parameters
    ----------
    rows : dict of Rows
        Vectors, by role.
    dataset : DataFrame
        The dataset's clip table; `emotion` is read only if `adapt` names one.
    adapt : mapping or None
        `to`, `clips`, `statistics`, `shrink` and `emotion` of a model; None returns `rows`.
    seed : int
        That of the study. It draws the same clips for every model, and more clips are the fewer
        ones and others, so that models can be compared.

    Returns
    -------
    rows : dict of Rows
        By role.
    used : dict of list of str
        Test group, such as `ravdess/01`, to the clips that were drawn; empty if none were.

    Raises
    ------
    Refusal
        If a group that is scored has too few clips.
    """
    if adapt is None:
        return rows, {}
    clips = dataset.set_index("clip")
    group_of_clip = clips[COLUMNS[adapt["to"]]]
    groups = {
        role: role_rows.keys["clip"].map(group_of_clip).to_numpy()
        for role, role_rows in rows.items()
    }
    recorded = rows["train"].recorded
    usual = _usual_moments(rows["train"].where(recorded), groups["train"][recorded])
    result, used = {}, {}
    for role, role_rows in rows.items():
        # What others adapt by is not known while a model is trained.
        emotions = clips["emotion"] if role == "test" and adapt["emotion"] else None
        by = {
            group: drawn(names, group, adapt, seed, emotions, scored=role != "train")
            for group, names in role_rows.keys["clip"].groupby(groups[role])
        }
        result[role] = _adapted(role_rows, groups[role], by, usual, adapt)
        if role != "train" and adapt["clips"] != ALL:
            unscored = role_rows.keys["clip"].isin(
                [clip for names in by.values() for clip in names]
            )
            result[role] = result[role].where(~unscored.to_numpy())
            used = by if role == "test" else used
    return result, used


def drawn(
    names: pd.Series,
    group: str,
    adapt: Mapping,
    seed: int,
    emotions: pd.Series | None = None,
    *,
    scored: bool = True,
) -> list[str]:
    """Return the clips that a group is adapted by, in the order in which they are drawn.

    Parameters
    ----------
    names : Series of str
        The group's clips, in any order; some may be there several times.
    group : str
    adapt : mapping
        As of `adapted`.
    seed : int
    emotions : Series of str or None, default None
        The emotion of each clip, by name, where only those of `adapt["emotion"]` are to be drawn.
    scored : bool, default True
        Whether the group's other clips are scored, so that one must remain.

    Raises
    ------
    Refusal
        If they are, and the group has too few clips.
    """
    candidates = sorted(set(names))
    if adapt["clips"] == ALL:
        return candidates
    clips = len(candidates)
    if emotions is not None:
        candidates = [name for name in candidates if emotions[name] == adapt["emotion"]]
    if scored and len(candidates) < adapt["clips"]:
        kind = "" if emotions is None else f"{adapt['emotion']} "
        raise Refusal(
            f"{group} has {len(candidates)} {kind}clips to draw from, and the model adapts by "
            f"{adapt['clips']}: set adapt.clips lower."
        )
    if scored and clips == adapt["clips"]:
        raise Refusal(
            f"{group} has {clips} clips, and the model adapts by {adapt['clips']}, so that none is "
            "left to be scored: set adapt.clips lower, or to all."
        )
    random = np.random.default_rng(seed_for(seed, "adaptation", group))
    return random.permutation(candidates)[: adapt["clips"]].tolist()


def shrunk(group: Moments, usual: Moments, clips: int, shrink: float) -> Moments:
    """Return the moments of a group, drawn towards the usual ones.

    The mean has the weight of `clips` against `shrink`. The variance, which is that about the
    group's own mean, has the weight of one clip less: that of a single clip says nothing. This is
    the mean of the posterior of a normal distribution (Gelman et al., "Bayesian data analysis",
    section 3.3) but for what the distance of the means adds to its variance.

    Parameters
    ----------
    group : Moments
        Its variance has `clips` - 1 degrees of freedom.
    usual : Moments
    clips : int
        At least 1.
    shrink : float
        At least 0, and infinite for the usual moments.
    """
    mean_weight, variance_weight = (
        count / (count + shrink) if count else 0.0 for count in (clips, clips - 1)
    )
    return Moments(
        usual.mean + mean_weight * (group.mean - usual.mean),
        usual.variance + variance_weight * (group.variance - usual.variance),
    )


def _moments(values: np.ndarray) -> Moments:
    mean = values.mean(axis=0, dtype=np.float64)
    if len(values) == 1:
        return Moments(mean, np.zeros_like(mean))
    return Moments(mean, values.var(axis=0, ddof=1, dtype=np.float64))


def _usual_moments(train: Rows, groups: np.ndarray) -> Moments:
    """Return the mean of training rows, and their variance within groups."""
    mean, squares, freedom = 0, 0, 0
    for group in np.unique(groups):
        values = train.values[groups == group]
        moments = _moments(values)
        mean = mean + len(values) * moments.mean
        squares = squares + (len(values) - 1) * moments.variance
        freedom += len(values) - 1
    return Moments(mean / len(groups), squares / max(freedom, 1))


def _adapted(
    rows: Rows, groups: np.ndarray, by: dict[str, list[str]], usual: Moments, adapt: Mapping
) -> Rows:
    """Return the rows of a role, each group, augmented copies too, adapted by clips of its own.

    Parameters
    ----------
    rows : Rows
    groups : ndarray of shape (rows,)
    by : dict of list of str
        The clips of each group.
    usual : Moments
    adapt : mapping
        As of `adapted`.
    """
    values = rows.values.copy()
    for group, clips in by.items():
        drawn_rows = rows.recorded & rows.keys["clip"].isin(clips).to_numpy()
        moments = _moments(rows.values[drawn_rows])
        estimated = shrunk(moments, usual, len(clips), adapt["shrink"])
        factor = np.ones_like(usual.mean)
        if adapt["statistics"] == DEVIATION:
            varies = estimated.variance > 0
            factor[varies] = np.sqrt(usual.variance[varies] / estimated.variance[varies])
        shift = (usual.mean - factor * estimated.mean).astype(np.float32)
        factor = factor.astype(np.float32)
        places = np.flatnonzero(groups == group)
        for start in range(0, len(places), CHUNK):
            part = places[start : start + CHUNK]
            values[part] = rows.values[part] * factor + shift
    return replace(rows, values=values)
