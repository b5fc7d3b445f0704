"""Corpora and datasets of a study."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from serfusion import registry
from serfusion.study import resolution
from serfusion.study.facts import Facts, facts

IDENTITY = ("md5", "pointers_url", "doi")


@dataclass(frozen=True)
class Corpus:
    """A corpus of the study.

    Attributes
    ----------
    name, kind : str
        Its name in the configuration, and the module of `serfusion.corpora` that reads it.
    title : str
    licence, citation : str or None
    embed_audio : bool
        Whether reports may hold its audio.
    path, manifest : str or None
        Where the user's copy is.
    synthetic : dict or None
        How much of it is synthesised in its place.
    settings : dict
        The settings of its module, those above among them.
    facts : Facts
        What `corpora/<kind>.yaml` says of it.
    """

    name: str
    kind: str
    title: str
    licence: str | None
    citation: str | None
    embed_audio: bool
    path: str | None
    manifest: str | None
    synthetic: dict | None
    settings: dict
    facts: Facts

    @classmethod
    def of(cls, name: str, entry: dict) -> "Corpus":
        """Return the corpus that a resolved entry of `corpora` describes."""
        return cls(
            name=name,
            kind=entry["kind"],
            title=entry["title"] or name,
            licence=entry["licence"],
            citation=entry["citation"],
            embed_audio=entry["embed_audio"],
            path=entry.get("path"),
            manifest=entry.get("manifest"),
            synthetic=entry.get("synthetic"),
            settings={
                key: value
                for key, value in entry.items()
                if key not in ("kind", *resolution.REPORT_ONLY)
            },
            facts=facts(entry["kind"]),
        )

    @property
    def source(self) -> dict:
        """The `SOURCE` of its module."""
        return self.constant("SOURCE")

    def constant(self, name: str):
        """Return a literal of its module, or None."""
        return registry.constant(f"corpora/{self.kind}.py", name)

    @property
    def is_synthetic(self) -> bool:
        """Whether it is speech that serfusion synthesises."""
        return resolution.is_synthetic({"kind": self.kind, "synthetic": self.synthetic})

    @property
    def is_downloaded(self) -> bool:
        """Whether serfusion fetches it from where its owners publish it."""
        is_local = self.path is not None or self.is_synthetic
        return not is_local and self.source["kind"] not in ("manifest", "request")

    @property
    def how_to_get(self) -> str | None:
        """How to get a corpus that is not at hand; None if nothing need be done."""
        if self.source["kind"] != "request" or self.path is not None or self.is_synthetic:
            return None
        return (
            f"{self.title} is given to registered users only: ask for it at {self.source['ask']} "
            f"and set corpora.{self.name}.path to your copy"
        )

    @property
    def identity(self) -> dict:
        """What says which files a downloaded corpus consists of, wherever they are fetched from."""
        return {key: self.settings[key] for key in IDENTITY if key in self.settings}

    @property
    def synthesis(self) -> dict:
        """The settings of the synthesis of a synthetic corpus."""
        return self.settings if self.synthetic is None else self.synthetic

    @property
    def emotions(self) -> set[str]:
        """The emotions that its labels name; empty where only its clips tell."""
        return set((self.constant("EMOTIONS") or {}).values())


@dataclass(frozen=True)
class Dataset:
    """Corpora joined, with the emotions that are kept.

    Attributes
    ----------
    name : str
    corpora : tuple of Corpus
        All that belong to it, in the order in which their actors follow one another.
    without : tuple of str
        Names of those that are not at hand.
    merge, keep, drop, shared_actors
        As the configuration has them.
    """

    name: str
    corpora: tuple[Corpus, ...]
    without: tuple[str, ...]
    merge: dict[str, str]
    keep: list[str] | str | None
    drop: list[str]
    shared_actors: str | None

    @classmethod
    def of(cls, name: str, entry: dict, corpora: Mapping[str, Corpus]) -> "Dataset":
        """Return the dataset that a resolved entry of `datasets` describes."""
        return cls(
            name=name,
            corpora=tuple(corpora[corpus] for corpus in entry["corpora"]),
            without=tuple(entry["without"]),
            merge=entry["merge"],
            keep=entry["keep"],
            drop=entry["drop"],
            shared_actors=entry["shared_actors"],
        )

    @cached_property
    def present(self) -> tuple[Corpus, ...]:
        """The corpora that it is made of here, in order."""
        return tuple(corpus for corpus in self.corpora if corpus.name not in self.without)

    @cached_property
    def missing(self) -> tuple[Corpus, ...]:
        """The corpora that belong to it and are not at hand."""
        return tuple(corpus for corpus in self.corpora if corpus.name in self.without)

    @property
    def manifests(self) -> list[str]:
        """The names of the present corpora that are the user's own."""
        return [corpus.name for corpus in self.present if corpus.manifest is not None]

    @property
    def missing_emotions(self) -> list[str]:
        """The emotions of the missing corpora, sorted."""
        return sorted(set().union(*(corpus.emotions for corpus in self.missing)))
