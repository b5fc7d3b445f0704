"""The emotion that a corpus's label stands for."""

import pandas as pd

from serfusion import registry
from serfusion.errors import Refusal
from serfusion.logs import logger
from serfusion.names import alike, is_missing, name_key

CANONICAL = ("angry", "calm", "disgust", "fear", "happy", "neutral", "sad", "surprise")
"""The spelling of the emotions that corpora share; any other keeps its corpus's word."""


def emotions(labels: pd.Series, label_map: dict[str, str], corpus: str) -> pd.Series:
    """Return the emotion of each label; missing where the label is missing.

    `label_map` comes first. The canonical emotions are then recognised in any case; a spelling
    that is changed is logged.

    Parameters
    ----------
    labels : Series of str
        Cleaned, as `serfusion.names.clean_name` returns them.
    label_map : dict
        Maps labels of the corpus to the emotions that replace them.
    corpus : str
        Its name in the configuration, for refusals.

    Raises
    ------
    Refusal
        If no clip has a label that `label_map` names, or two labels differ only in spelling and do
        not stand for one emotion.
    """
    known = sorted(labels.unique())
    for label in label_map:
        registry.require(label, known, f"corpora.{corpus}.label_map: no clip is labelled {label!r}")
    chosen = {label: label_map.get(label, _canonical(label)) for label in known}
    for first, second in alike(known):
        if chosen[first] != chosen[second]:
            raise Refusal(
                f"corpora.{corpus}: the labels {first!r} and {second!r} differ only in case, "
                "blanks, padding or a final .0, and stand for different emotions: spell them "
                "alike, or say in label_map what each of them is."
            )
    for label, emotion in chosen.items():
        if emotion is not None and label not in label_map and label != emotion:
            count = int((labels == label).sum())
            logger.info("%s: %d labels %r are read as %s", corpus, count, label, emotion)
    return labels.map(chosen)


def _canonical(label: str) -> str | None:
    if is_missing(label):
        return None
    return name_key(label) if name_key(label) in CANONICAL else label
