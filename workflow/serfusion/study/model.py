"""Models of a study."""

from collections.abc import Mapping
from dataclasses import dataclass

from serfusion.study import initial_weights, resolution
from serfusion.study.names import PERMUTED


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
        weights = {key: entry[key] for key in initial_weights.SETTINGS if key in entry}
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
