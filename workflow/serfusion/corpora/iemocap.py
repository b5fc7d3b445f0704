"""IEMOCAP: 10 actors in 5 sessions of two; turns such as `Ses01F_impro01_F000`.

Busso et al. (2008), "IEMOCAP: Interactive emotional dyadic motion capture database", Language
Resources and Evaluation 42(4). A turn's emotion is in `Session1/dialog/EmoEvaluation/*.txt`, its
audio in `Session1/sentences/wav`. The letter in its last field is the speaker's sex; the letter in
the first says who wore the motion-capture markers. `sentence` is the dialogue, whose name says
whether the turn was scripted (`script01_1`) or improvised (`impro01`).
"""

import re
from functools import cache
from pathlib import Path

from serfusion.corpora import Labels, audio_files, table_files
from serfusion.errors import Refusal

SETTINGS = {
    "path": {"$ref": "#/$defs/path"},
    "synthetic": {"$ref": "#/$defs/synthetic"},
}
TABLES = ("EmoEvaluation/*.txt",)
SOURCE = {"kind": "request", "ask": "https://sail.usc.edu/iemocap/iemocap_release.htm"}

EMOTIONS = {
    "ang": "angry",
    "dis": "disgust",
    "exc": "excited",
    "fea": "fear",
    "fru": "frustrated",
    "hap": "happy",
    "neu": "neutral",
    "oth": "other",
    "sad": "sad",
    "sur": "surprise",
}
UNDECIDED = "xxx"
NAME = re.compile(r"Ses(\d\d)[FM]_((?:impro|script)\w+)_([FM])\w*\d+")
DIALOGUE = re.compile(r"Ses\d\d[FM]_(?:impro|script)\d+\w*?")
EVALUATION = re.compile(r"\[\d+\.\d+ - \d+\.\d+\]\t(\w+)\t([a-z]{3})\t")
GENDERS = {"F": "female", "M": "male"}

files = audio_files


def labels(path: Path, root: Path) -> Labels:
    """Return the labels in the name of an audio file, and its emotion from the evaluations.

    Raises
    ------
    ValueError
        If the file is not a turn, nobody evaluated it, or its raters did not agree.
    Refusal
        If there are no evaluations under `root`.
    """
    fields = NAME.fullmatch(path.stem)
    if not fields:
        if DIALOGUE.fullmatch(path.stem):
            raise ValueError("a whole dialogue, not a turn of it")
        raise ValueError("not an IEMOCAP turn (such as Ses01F_impro01_F000)")
    code = _evaluations(root).get(path.stem)
    if code is None:
        raise ValueError("no evaluation of it in EmoEvaluation")
    if code == UNDECIDED:
        raise ValueError("its raters did not agree on an emotion")
    if code not in EMOTIONS:
        raise ValueError(f"unknown emotion {code} in its evaluation")
    session, dialogue, letter = fields.groups()
    return Labels(
        name=path.stem,
        actor=f"{session}{letter}",
        gender=GENDERS[letter],
        emotion=EMOTIONS[code],
        sentence=dialogue,
        session=session,
    )


@cache
def _evaluations(root: Path) -> dict[str, str]:
    tables = table_files(root, TABLES)
    if not tables:
        raise Refusal(
            f"{root} has no dialog/EmoEvaluation/*.txt, where IEMOCAP's emotions are: is it the "
            "folder that holds Session1 to Session5?"
        )
    texts = (table.read_text(encoding="latin-1") for table in tables)
    return dict(turn for text in texts for turn in EVALUATION.findall(text))
