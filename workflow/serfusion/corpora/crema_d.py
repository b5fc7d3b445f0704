"""CREMA-D: 91 actors, 6 emotions, twelve sentences; names such as `1001_DFA_ANG_XX.wav`.

Cao et al. (2014), "CREMA-D: Crowd-sourced Emotional Multimodal Actors Dataset", IEEE Transactions
on Affective Computing 5(4). The four fields of a name are actor, sentence, emotion and intensity;
the actors' sex is in `VideoDemographics.csv`, which many copies lack. Old copies name one clip
`1040_ITH_SAD_X`.
"""

import csv
import re
from functools import cache
from pathlib import Path

from serfusion.corpora import Labels, audio_files, known, table_files

SETTINGS = {
    "path": {"$ref": "#/$defs/path"},
    "synthetic": {"$ref": "#/$defs/synthetic"},
    "url": {
        "type": "string",
        "default": (
            "https://media.githubusercontent.com/media/CheyneyComputerScience/CREMA-D/"
            "1658cd342dff90010aa843eaeebd53610a08b1dc/"
        ),
        "description": (
            "URL to download the files from; set it to use a mirror, such as "
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
            "URL of a ZIP archive of the repository; its Git LFS pointers contain the SHA-256 and "
            "the size of each file."
        ),
    },
}
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
SEXES = (
    "MFFFMFFFFFMFFMMMMFMFFMMFFMMFFFMMMMMMFMMMMMFMMFFMFMMFFFFFMFMFFMFMMMMMMMMFFFFFMFFMMFMFMMMMFMF"
)
"""The sexes in `VideoDemographics.csv`, from actor 1001 on."""

ACTORS = {
    str(actor): "male" if sex == "M" else "female" for actor, sex in enumerate(SEXES, start=1001)
}
INTENSITIES = {"LO": "low", "MD": "medium", "HI": "high", "XX": None, "X": None}
SENTENCES = ("IEO", "TIE", "IOM", "IWW", "TAI", "MTI", "IWL", "ITH", "DFA", "ITS", "TSI", "WSI")
NAME = re.compile(r"(\d{4})_([A-Z]{3})_([A-Z]{3})_([A-Z]{1,2})")


files = audio_files


def labels(path: Path, root: Path) -> Labels:
    """Return the labels in the name of an audio file, and the gender in the table of actors.

    Raises
    ------
    ValueError
        If the name is not one of CREMA-D, or its actor is not in the table.
    """
    fields = NAME.fullmatch(path.stem)
    if not fields:
        raise ValueError("not a CREMA-D name (such as 1001_DFA_ANG_XX)")
    actor, sentence, emotion, intensity = fields.groups()
    if sentence not in SENTENCES:
        raise ValueError(f"unknown sentence {sentence} in its name")
    genders = _genders(root)
    if actor not in genders:
        raise ValueError(f"unknown actor {actor} in its name")
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
    """Return each actor's gender from the table under `root`, or as published if there is none."""
    tables = table_files(root, TABLES)
    if not tables:
        return ACTORS
    with tables[0].open(encoding="utf-8-sig", newline="") as file:
        return {row["ActorID"]: row["Sex"].lower() for row in csv.DictReader(file)}
