"""Models of a study."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from serfusion import registry
from serfusion.study import adaptation, initial_weights, reading, resolution
from serfusion.study.names import PERMUTED


@dataclass(frozen=True)
class Model:
    """A network or an estimator on features or another model's deep features, or an ensemble.

    Attributes
    ----------
    name : str
    kind : str
        `network`, `estimator` or `ensemble`.
    module : str or None
        Its module of `serfusion.models`; None of an ensemble.
    feature_sets : tuple of str
        The feature sets whose tables it reads, in the order of its columns.
    extractor : Model or None
        The model whose deep features come before them.
    members : tuple of Model
        The models whose probabilities an ensemble averages; of others none.
    layers : serfusion.study.reading.Layers
        The layers that it reads of its encoders; None for all, or where a search chooses them.
    statistics : list of str or None
        The statistics that it reads of them; None for all, or where a search chooses them.
    settings, training : dict
        Hyperparameters of the architecture, and of its fitting.
    search : dict
        Setting to the values to be tried.
    labels : True or "permuted"
    augmented : bool
        Whether it is also trained on the experiment's augmented copies.
    adapt : dict or None
        What it is adapted to, with the keys of the schema's `adapt`; None of most models, and of
        ensembles.
    initial_weights : dict
        `network`, `weights` and `weights_url`; empty of a model that always starts from scratch.
    """

    name: str
    kind: str
    module: str | None
    feature_sets: tuple[str, ...]
    extractor: "Model | None"
    members: "tuple[Model, ...]"
    layers: reading.Layers
    statistics: list[str] | None
    settings: dict
    training: dict
    search: dict
    labels: bool | str
    augmented: bool
    adapt: dict | None
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
            All resolved entries, those of its extractor and members among them.
        """
        kind = next(kind for kind in resolution.MODEL_KINDS if kind in entry)
        deep = entry.get("deep")
        weights = {key: entry[key] for key in initial_weights.SETTINGS if key in entry}
        return cls(
            name=name,
            kind=kind,
            module=None if kind == resolution.ENSEMBLE else entry[kind],
            feature_sets=tuple(reading.feature_sets(entry)),
            extractor=None if deep is None else cls.of(deep, entries[deep], entries),
            members=tuple(
                cls.of(member, entries[member], entries)
                for member in entry.get(resolution.ENSEMBLE, ())
            ),
            layers=entry.get("layers"),
            statistics=entry.get("statistics"),
            settings=entry.get("settings", {}),
            training=entry.get("training", {}),
            search=entry.get("search", {}),
            labels=entry.get("labels", True),
            augmented=entry.get("augmented", True),
            adapt=entry.get(adaptation.KEY),
            initial_weights=weights and {"network": entry[kind]} | weights,
        )

    @property
    def loop(self) -> str:
        """The module whose loop fits it; an ensemble has none."""
        return resolution.LOOPS[self.kind]

    @property
    def tuned_encoder(self) -> str | None:
        """The feature set of frames whose encoder it trains further; None if it trains none."""
        tunes = self.module and registry.constant(f"models/{self.module}.py", "FINE_TUNED")
        return self.feature_sets[0] if tunes else None

    @property
    def is_floor(self) -> bool:
        """Whether it is trained on permuted labels, and so is a floor and is not compared."""
        return self.labels == PERMUTED

    @property
    def adaptation(self) -> dict | None:
        """What it is adapted to; None if it is not. An ensemble is adapted as its members are.

        Keys are those of the schema's `adapt`, but `by_clips` for `clips`.
        """
        adapt = self.members[0].adapt if self.members else self.adapt
        return adapt and {
            "by_clips" if key == "clips" else key: value for key, value in adapt.items()
        }

    @property
    def unadapted(self) -> "Model":
        """The same model without adaptation and without names, to be compared with others."""
        members = tuple(member.unadapted for member in self.members)
        return replace(self, name="", adapt=None, members=members)

    @property
    def composition(self) -> str:
        """What it is made of, in a few words."""
        deep = [f"deep features of {self.extractor.name}"] if self.extractor else []
        parts = [f"{self.module} on {' + '.join([*deep, *self.feature_sets])}{self._layers_read}"]
        if self.members:
            parts = [f"mean of {' + '.join(member.name for member in self.members)}"]
        parts += [] if self.augmented else ["without augmented copies"]
        parts += ["refitted with its validation clips"] if self.training.get("refit") else []
        parts += [adaptation.in_words(self.adaptation)] if self.adaptation else []
        return ", ".join(parts)

    @property
    def extractors(self) -> "tuple[Model, ...]":
        """The models whose deep features it or its members read, each once."""
        found = [model.extractor for model in (self, *self.members) if model.extractor]
        return tuple({extractor.name: extractor for extractor in found}.values())

    @property
    def needs(self) -> "tuple[Model, ...]":
        """The models that are trained before it: extractors, then the members of an ensemble."""
        return (*self.extractors, *self.members)

    @property
    def _layers_read(self) -> str:
        """Which layers and statistics it reads, in brackets; nothing if it reads all."""
        by_name = reading.layers_by_encoder(self.layers, [""])
        parts = [
            f"{name} {'layer' if sum(map(len, sets)) == 1 else 'layers'} "
            + " + ".join(", ".join(map(str, layers)) for layers in sets)
            for name in ("", *self.feature_sets)
            if (sets := by_name.get(name))
        ]
        parts += [", ".join(self.statistics)] if self.statistics else []
        return f" ({'; '.join(part.strip() for part in parts)})" if parts else ""
