"""How well people recognise the emotions of a corpus by ear alone, where that is known.

It stands beside the corpora's own modules, not in them: a figure that is corrected here indexes no
corpus again, and so trains nothing again.
"""

import csv
from pathlib import Path

from serfusion import registry
from serfusion.corpora import table_files
from serfusion.corpora.crema_d import EMOTIONS as CREMA_D
from serfusion.errors import Refusal

REPORTED = {
    "ravdess": {"accuracy": 0.624, "source": "Livingstone & Russo 2018"},
    "crema_d": {"accuracy": 0.409, "source": "Cao et al. 2014"},
}
"""By kind of corpus: the share of single answers that named the intended emotion, of all that the
corpus has (0 to 1), and whose figure it is."""

VOTES = {"crema_d": "summaryTable.csv"}
"""By kind of corpus: the file that says what its listeners took each clip for."""

LETTERS = {code[0]: emotion for code, emotion in CREMA_D.items()}


def comparable(kind: str, emotions: list[str]) -> bool:
    """Return whether people who heard this kind of corpus chose among just these emotions."""
    chosen_from = registry.constant(f"corpora/{kind}.py", "EMOTIONS") or {}
    return set(chosen_from.values()) == set(emotions)


def known(kinds: dict[str, str], votes: dict[str, str], emotions: list[str]) -> list[dict]:
    """Return what is known of people who chose among these emotions.

    Parameters
    ----------
    kinds : dict
        Corpus to its kind, for corpora of human speech.
    votes : dict
        Corpus to the file of its listeners' votes, where there is one.
    emotions : list of str
        Those that models choose among.

    Returns
    -------
    list of dict
        As `serfusion.evaluation.floors.floor_table` takes it.
    """
    found = []
    for corpus, kind in kinds.items():
        if not comparable(kind, emotions):
            continue
        if kind in REPORTED:
            found.append({"corpus": corpus} | REPORTED[kind])
        if corpus in votes:
            read = read_votes(votes[corpus])
            by_clip = {f"{corpus}/{name}": named for name, named in read.items()}
            found.append({"corpus": corpus, "votes": by_clip, "source": VOTES[kind]})
    return found


def vote_files(kind: str, root: Path) -> list[Path]:
    """Return the file of listeners' votes under a corpus's folder, or nothing."""
    return table_files(root, [VOTES[kind]])[:1] if kind in VOTES else []


def read_votes(path: str | Path) -> dict[str, list[str]]:
    """Return what most listeners took each clip for by ear alone, by the name of its file.

    Parameters
    ----------
    path : path
        CREMA-D's `summaryTable.csv`, whose `VoiceVote` has the letter of the most frequent answer,
        or the letters of several that were equally frequent, such as `N:S`.

    Raises
    ------
    Refusal
        If a column is missing, or a vote is for no emotion.
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
            f"{path}: there is no column or emotion {missing}; get the file from the corpus's "
            "owners, or remove it."
        ) from None
