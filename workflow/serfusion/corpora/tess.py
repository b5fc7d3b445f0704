"""TESS: 2 female actors, 7 emotions, 200 words; names such as `OAF_back_angry.wav`.

Pichora-Fuller & Dupuis (2020), "Toronto emotional speech set (TESS)". The last field of a name is
the emotion, whatever its folder is called in one copy or another; `OA_bite_neutral` is OAF's.
"""

import re
from pathlib import PurePath

from serfusion.corpora import Labels, audio_files, known

SETTINGS = {
    "path": {"$ref": "#/$defs/path"},
    "synthetic": {"$ref": "#/$defs/synthetic"},
    "url": {
        "type": "string",
        "default": "https://borealisdata.ca",
        "description": "URL of the Dataverse server with the files; set it to use a mirror.",
    },
    "doi": {
        "type": "string",
        "default": "doi:10.5683/SP2/E8H2MF",
        "description": "DOI of the dataset, whose list of files has the MD5 and the size of each.",
    },
}
TABLES = ()
SOURCE = {"kind": "dataverse", "files": ["*.wav"]}

EMOTIONS = {
    "angry": "angry",
    "disgust": "disgust",
    "fear": "fear",
    "happy": "happy",
    "neutral": "neutral",
    "ps": "surprise",
    "sad": "sad",
}
NAME = re.compile(r"(OAF?|YAF)_([a-z]+)_([a-z]+)")

files = audio_files


def labels(path: PurePath, root: PurePath) -> Labels:
    """Return the labels in the name of an audio file.

    Raises
    ------
    ValueError
        If the name is not one of TESS.
    """
    fields = NAME.fullmatch(path.stem)
    if not fields:
        raise ValueError("not a TESS name (such as OAF_back_angry)")
    actor, word, emotion = fields.groups()
    actor = "OAF" if actor == "OA" else actor
    return Labels(
        name=f"{actor}_{word}_{emotion}",
        actor=actor,
        gender="female",
        emotion=known(EMOTIONS, emotion, "emotion"),
        sentence=word,
    )
