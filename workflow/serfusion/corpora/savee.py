"""SAVEE: 4 male actors, 7 emotions; names such as `DC_a01.wav`, or `DC/a01.wav`.

Haq & Jackson (2009), "Speaker-dependent audio-visual emotion recognition", AVSP. The letters of a
name stand for the emotion, `sa` and `su` before `s` could; the number is the sentence's among those
spoken with that emotion.
"""

import re
from pathlib import PurePath

from serfusion.corpora import Labels, audio_files

SETTINGS = {
    "path": {"$ref": "#/$defs/path"},
    "synthetic": {"$ref": "#/$defs/synthetic"},
}
TABLES = ()
SOURCE = {"kind": "request", "ask": "http://kahlan.eps.surrey.ac.uk/savee/Register.html"}

EMOTIONS = {
    "a": "angry",
    "d": "disgust",
    "f": "fear",
    "h": "happy",
    "n": "neutral",
    "sa": "sad",
    "su": "surprise",
}
NAME = re.compile(r"(DC|JE|JK|KL)[_/](sa|su|[adfhn])(\d\d)")

files = audio_files


def labels(path: PurePath, root: PurePath) -> Labels:
    """Return the labels in the name of an audio file, or in that of its folder and its own.

    Raises
    ------
    ValueError
        If the name is not one of SAVEE.
    """
    fields = NAME.fullmatch(path.stem) or NAME.fullmatch(f"{path.parent.name}/{path.stem}")
    if not fields:
        raise ValueError("not a SAVEE name (such as DC_a01, or a01 in a folder DC)")
    actor, emotion, number = fields.groups()
    return Labels(
        name=f"{actor}_{emotion}{number}",
        actor=actor,
        gender="male",
        emotion=EMOTIONS[emotion],
        sentence=f"{emotion}{number}",
    )
