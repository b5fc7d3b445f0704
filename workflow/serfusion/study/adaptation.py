"""What a model is adapted to: the key `adapt` of models, its words, and where it makes no sense."""

from collections.abc import Iterable, Mapping

from serfusion.errors import Refusal
from serfusion.study.names import PERMUTED

KEY = "adapt"
WORD = "adapted"
"""What the name of an adapted model has in it, so that every table and figure says what it is."""

ALL = "all"
"""The `clips` of a model that is adapted by every clip that it is tested on."""

DEVIATION = "mean_and_deviation"
COLUMNS = {"speaker": "actor", "corpus": "corpus"}
"""The column of clip tables that names the group of a clip, by what a model is adapted to."""

DRAWN = ("to", "clips", "emotion")
"""The settings that say by which clips a group is adapted, and so which are not scored."""


def in_words(adapt: Mapping) -> str:
    """Return what a model is adapted to and by what, such as `adapted to the speaker by 5 clips`.

    Parameters
    ----------
    adapt : mapping
        As `serfusion.study.model.Model.adaptation`.
    """
    count, emotion = adapt["by_clips"], adapt["emotion"]
    kind = "unlabelled" if emotion is None else emotion
    clips = "clip" if count == 1 else "clips"
    if count == ALL:
        by = "all test clips, which are scored too"
    else:
        by = f"{count} {kind} {clips}, which {'is' if count == 1 else 'are'} not scored"
    moments = "mean and deviation" if adapt["statistics"] == DEVIATION else "mean"
    return f"adapted to the {adapt['to']} by the {moments} of {by}"


def check_name(name: str, place: str) -> None:
    """Refuse a name or a label of an adapted model that does not say so."""
    if WORD not in name:
        raise Refusal(
            f"{place}: what is adapted says so wherever its figure stands; put {WORD} into its "
            "name."
        )


def check_adaptation(
    name: str, model: Mapping, features: Mapping[str, dict], frames: Iterable[str]
) -> None:
    """Refuse to adapt a model where it makes no sense.

    Parameters
    ----------
    name : str
    model : mapping
        A resolved entry of `models`.
    features : mapping of str to dict
        The feature sets that it reads, by name.
    frames : iterable of str
        Those of them that hold a vector per frame.

    Raises
    ------
    Refusal
    """
    if KEY not in model:
        return
    check_name(name, f"models.{name}")
    place, adapt = f"models.{name}.{KEY}", model[KEY]
    if adapt["emotion"] and adapt["clips"] == ALL:
        raise Refusal(
            f"{place}: if all clips were {adapt['emotion']}, none of them would be scored; set "
            "clips to a number, or emotion to null."
        )
    if "deep" in model:
        raise Refusal(
            f"{place}: deep features are of clips that a network was trained on, not of a speaker "
            "alone; adapt a model that reads a feature set."
        )
    for frame_set in frames:
        raise Refusal(
            f"{place}: {frame_set} has frames, and only one vector per clip can be adapted; leave "
            "adapt out."
        )
    for feature_set, entry in features.items():
        if entry["kind"] == "gender":
            raise Refusal(
                f"{place}: {feature_set} is the same in all clips of a speaker, so that adapting "
                "would remove it; leave one of the two out."
            )
    if model["labels"] == PERMUTED:
        raise Refusal(
            f"{place}: a model with permuted labels is a floor of models that are not adapted; "
            "leave adapt out."
        )
