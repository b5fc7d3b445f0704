"""CREMA-D: 91 actors, 6 emotions, twelve sentences; names such as `1001_DFA_ANG_XX.wav`.

Cao et al. (2014), "CREMA-D: Crowd-sourced Emotional Multimodal Actors Dataset", IEEE Transactions
on Affective Computing 5(4). The four fields of a name are actor, sentence, emotion and intensity;
the actors' sex stands in `VideoDemographics.csv`. Old copies name one clip `1040_ITH_SAD_X`.
"""

import csv
import re
from functools import cache
from pathlib import Path

from serfusion.corpora.labels import Labels, known
from serfusion.corpora.listing import audio_files, table_files
from serfusion.errors import Refusal

SETTINGS = {
    "title": {"$ref": "#/$defs/title", "default": "CREMA-D"},
    "licence": {"$ref": "#/$defs/licence", "default": "ODbL 1.0, contents DbCL 1.0"},
    "citation": {
        "$ref": "#/$defs/citation",
        "default": "Cao et al. 2014, doi:10.1109/TAFFC.2014.2336244",
    },
    "path": {"$ref": "#/$defs/path"},
    "synthetic": {"$ref": "#/$defs/synthetic"},
    "url": {
        "type": "string",
        "default": (
            "https://media.githubusercontent.com/media/CheyneyComputerScience/CREMA-D/"
            "1658cd342dff90010aa843eaeebd53610a08b1dc/"
        ),
        "description": (
            "Where the files are downloaded from; set it to use a mirror, such as "
            "https://gitlab.com/cs-cooper-lab/crema-d-mirror/-/raw/"
            "d15eeed6a139e9724483ed9a2fc4643f88708b79/ when the repository's quota is used up."
        ),
    },
    "pointers_url": {
        "type": "string",
        "default": (
            "https://codeload.github.com/CheyneyComputerScience/CREMA-D/zip/"
            "1658cd342dff90010aa843eaeebd53610a08b1dc"
        ),
        "description": (
            "A ZIP of the repository, whose Git LFS pointers give each file's SHA-256 and size."
        ),
    },
}
CLIPS = 7442
TABLES = ("VideoDemographics.csv",)
SOURCE = {"kind": "git_lfs", "files": ["AudioWAV/*.wav", "VideoDemographics.csv"]}

EMOTIONS = {
    "ANG": "angry",
    "DIS": "disgust",
    "FEA": "fear",
    "HAP": "happy",
    "NEU": "neutral",
    "SAD": "sad",
}
INTENSITIES = {"LO": "low", "MD": "medium", "HI": "high", "XX": None, "X": None}
SENTENCES = ("IEO", "TIE", "IOM", "IWW", "TAI", "MTI", "IWL", "ITH", "DFA", "ITS", "TSI", "WSI")
NAME = re.compile(r"(\d{4})_([A-Z]{3})_([A-Z]{3})_([A-Z]{1,2})")

files = audio_files


def labels(path: Path, root: Path) -> Labels:
    """Return what the name of an audio file and the table of actors say of it.

    Raises
    ------
    ValueError
        If the name is not CREMA-D's, or the table does not know its actor.
    Refusal
        If there is no table of actors under `root`.
    """
    fields = NAME.fullmatch(path.stem)
    if not fields:
        raise ValueError("not a CREMA-D name (such as 1001_DFA_ANG_XX)")
    actor, sentence, emotion, intensity = fields.groups()
    if sentence not in SENTENCES:
        raise ValueError(f"unknown sentence {sentence} in its name")
    genders = _genders(root)
    if actor not in genders:
        raise ValueError(f"actor {actor} is not in {TABLES[0]}")
    return Labels(
        name=f"{path.stem}X" if intensity == "X" else path.stem,
        actor=actor,
        gender=genders[actor],
        emotion=known(EMOTIONS, emotion, "emotion"),
        intensity=known(INTENSITIES, intensity, "intensity"),
        sentence=sentence,
    )


@cache
def _genders(root: Path) -> dict[str, str]:
    tables = table_files(root, TABLES)
    if not tables:
        raise Refusal(
            f"{root} lacks {TABLES[0]}, which says who of CREMA-D's actors is female or male: put "
            "it there, from the folder of github.com/CheyneyComputerScience/CREMA-D that holds it."
        )
    with tables[0].open(encoding="utf-8-sig", newline="") as file:
        return {row["ActorID"]: row["Sex"].lower() for row in csv.DictReader(file)}
