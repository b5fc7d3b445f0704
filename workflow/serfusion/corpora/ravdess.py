"""RAVDESS: 24 actors, 8 emotions, two sentences; names such as `03-01-05-01-02-01-16.wav`.

Livingstone & Russo (2018), "The Ryerson Audio-Visual Database of Emotional Speech and Song",
PLoS ONE 13(5): e0196391. The seven fields of a name are modality, vocal channel, emotion,
intensity, statement, repetition and actor; actors with odd numbers are male.
"""

import re
from pathlib import PurePath

from serfusion.corpora import Labels, audio_files, known

SETTINGS = {
    "path": {"$ref": "#/$defs/path"},
    "synthetic": {"$ref": "#/$defs/synthetic"},
    "url": {
        "type": "string",
        "default": "https://zenodo.org/records/1188976/files/Audio_Speech_Actors_01-24.zip",
        "description": "URL to download the archive from; set it to use a mirror.",
    },
    "md5": {
        "type": "string",
        "pattern": "^[0-9a-f]{32}$",
        "default": "bc696df654c87fed845eb13823edef8a",
        "description": "MD5 of the archive, as published by the owners of the corpus.",
    },
    "size_bytes": {
        "type": "integer",
        "minimum": 1,
        "default": 208468073,
        "description": "Size of the archive, in bytes.",
    },
}
SOURCE = {"kind": "archive"}
TABLES = ()

files = audio_files

EMOTIONS = {
    "01": "neutral",
    "02": "calm",
    "03": "happy",
    "04": "sad",
    "05": "angry",
    "06": "fear",
    "07": "disgust",
    "08": "surprise",
}
INTENSITIES = {"01": "normal", "02": "strong"}
STATEMENTS = {"01": "kids", "02": "dogs"}
AUDIO_ONLY, VIDEO_ONLY = "03", "02"
NAME = re.compile(r"(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)")


def labels(path: PurePath, root: PurePath) -> Labels:
    """Return the labels in the name of an audio file.

    Raises
    ------
    ValueError
        If the name is not one of RAVDESS, or the file is song rather than speech, or has no sound.
    """
    fields = NAME.fullmatch(path.stem)
    if not fields:
        raise ValueError("not a RAVDESS name (such as 03-01-05-01-02-01-16)")
    modality, channel, emotion, intensity, statement, _, actor = fields.groups()
    if modality == VIDEO_ONLY:
        raise ValueError("video without sound")
    if channel != "01":
        raise ValueError("song, not speech")
    return Labels(
        name=path.stem,
        actor=actor,
        gender="male" if int(actor) % 2 else "female",
        emotion=known(EMOTIONS, emotion, "emotion"),
        intensity=known(INTENSITIES, intensity, "intensity"),
        sentence=known(STATEMENTS, statement, "statement"),
    )


def recording(name: str) -> str:
    """Return the name of the audio-only file of the recording that a file is of.

    The video files of RAVDESS hold the same sound: of one recording, one file is a clip.
    """
    return f"{AUDIO_ONLY}{name[2:]}"
