"""Facts about published corpora and encoders that affect no table.

Titles, licences and what people recognise stand in `corpora/<kind>.yaml`, not in the corpus's
module: the index depends on the module's code, so that a corrected citation there would train
every model again. Those of encoders stand in `features/encoder.yaml`.
"""

from dataclasses import dataclass
from functools import cache

import yaml

from serfusion import registry


@dataclass(frozen=True)
class Facts:
    """What `corpora/<kind>.yaml` says; a corpus without such a file has the defaults.

    Attributes
    ----------
    title, licence, citation : str or None
        For reports, where `config.yaml` does not say otherwise.
    clips : int or None
        Number of usable clips in the whole corpus; a report says when fewer are present.
    acted : bool
        Whether actors play the emotions.
    may_be_embedded : bool
        Whether the licence lets a report pass the audio on.
    people : dict or None
        How well people recognise the emotions by ear alone: `accuracy`, the share of single answers
        (0 to 1), and its `source`.
    votes : str or None
        Name of the table, beside the audio, of what listeners took each clip for.
    """

    title: str | None = None
    licence: str | None = None
    citation: str | None = None
    clips: int | None = None
    acted: bool = False
    may_be_embedded: bool = True
    people: dict | None = None
    votes: str | None = None


@cache
def facts(kind: str) -> Facts:
    """Return what is known of a kind of corpus."""
    path = registry.ROOT / "corpora" / f"{kind}.yaml"
    return Facts(**yaml.safe_load(path.read_text(encoding="utf-8"))) if path.exists() else Facts()


@dataclass(frozen=True)
class EncoderFacts:
    """What `features/encoder.yaml` says of a published model.

    Attributes
    ----------
    title, licence, citation : str
    parameters : int
        Of the whole model, of which an encoder may be a part.
    """

    title: str
    licence: str
    citation: str
    parameters: int


@cache
def known_encoders() -> dict[str, EncoderFacts]:
    """Return what is known of models of the hub, by names such as `openai/whisper-small`."""
    path = registry.ROOT / "features" / "encoder.yaml"
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {model: EncoderFacts(**entry) for model, entry in entries.items()}
