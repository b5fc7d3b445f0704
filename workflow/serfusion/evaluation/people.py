"""How well people recognise the emotions of a corpus by ear alone, if that is known."""

import csv
from pathlib import Path

from serfusion import registry
from serfusion.corpora.crema_d import EMOTIONS as CREMA_D
from serfusion.errors import Refusal
from serfusion.study.facts import facts

LETTERS = {code[0]: emotion for code, emotion in CREMA_D.items()}


def comparable(kind: str, emotions: list[str]) -> bool:
    """Return whether listeners of this kind of corpus chose among exactly these emotions."""
    choices = registry.constant(f"corpora/{kind}.py", "EMOTIONS") or {}
    return set(choices.values()) == set(emotions)


def recognition(kinds: dict[str, str], votes: dict[str, str], emotions: list[str]) -> list[dict]:
    """Return how well people who chose among the same emotions recognised them.

    Parameters
    ----------
    kinds : dict
        Corpus to its kind, for corpora of human speech.
    votes : dict
        Corpus to the file of its listeners' votes, if there is one.
    emotions : list of str
        The emotions that models choose among.

    Returns
    -------
    list of dict
        `corpus`, `source`, and either `accuracy` (0 to 1), from the literature, or `votes`, clip to
        the emotions that most listeners chose. Up to two entries per corpus.
    """
    entries = []
    for corpus, kind in kinds.items():
        if not comparable(kind, emotions):
            continue
        known = facts(kind)
        if known.people:
            entries.append({"corpus": corpus} | known.people)
        if corpus in votes:
            by_file = read_votes(votes[corpus])
            by_clip = {f"{corpus}/{name}": chosen for name, chosen in by_file.items()}
            entries.append({"corpus": corpus, "votes": by_clip, "source": known.votes})
    return entries


def read_votes(path: str | Path) -> dict[str, list[str]]:
    """Return the emotions that most listeners chose for each clip by ear alone.

    Parameters
    ----------
    path : path
        CREMA-D's `summaryTable.csv`. Its column `VoiceVote` has the letter of the most frequent
        answer, or the letters of several answers that tie, such as `N:S`.

    Returns
    -------
    dict of list of str
        By the name of the clip's file without its extension.

    Raises
    ------
    Refusal
        If a column is missing, or a letter stands for no emotion.
    """
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    try:
        return {
            row["FileName"]: [LETTERS[letter] for letter in row["VoiceVote"].split(":")]
            for row in rows
        }
    except KeyError as missing:
        raise Refusal(
            f"{path}: there is no column or emotion {missing}; download the file again from the "
            "corpus's owners, or remove it."
        ) from None
