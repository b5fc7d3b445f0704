"""A corpus of your own: a CSV file with a row per clip, and no code.

Columns `path` (relative to the CSV's folder, or absolute), `actor` and `emotion`, and if you like
`gender` (`female` or `male`), `sentence` and `session`; UTF-8, separated by commas. An empty cell
is as good as none.
"""

import csv
from functools import cache
from pathlib import Path

from serfusion.corpora.labels import Labels
from serfusion.errors import Refusal

SETTINGS = {
    "manifest": {
        "type": "string",
        "description": "The CSV file: columns path, actor, emotion; gender, sentence, session.",
    },
    "label_map": {
        "type": "object",
        "additionalProperties": {"type": "string"},
        "default": {},
        "description": "The corpus's words for emotions, and those to count them as.",
    },
    "title": {"$ref": "#/$defs/title"},
    "licence": {"$ref": "#/$defs/licence"},
    "citation": {"$ref": "#/$defs/citation"},
}
TABLES = ()
SOURCE = {"kind": "manifest"}

NEEDED = ("path", "actor", "emotion")
GENDERS = ("female", "male")


def files(root: Path) -> list[Path]:
    """Return the files that the manifest `root` names, in its order."""
    return list(_rows(root))


def labels(path: Path, root: Path) -> Labels:
    """Return what the manifest `root` says of an audio file.

    Raises
    ------
    ValueError
        If the file does not exist, or its row lacks an actor or an emotion, or has another gender
        than female, male or none.
    """
    row = _rows(root)[path]
    if not path.is_file():
        raise ValueError("no such file")
    for column in NEEDED:
        if not row[column]:
            raise ValueError(f"its row has no {column}")
    gender = row.get("gender", "").lower()
    if gender and gender not in GENDERS:
        raise ValueError(f"its gender is {gender!r}, which should be female, male or empty")
    return Labels(
        name=str(Path(row["path"]).with_suffix("")),
        actor=row["actor"],
        gender=gender or None,
        emotion=row["emotion"],
        sentence=row.get("sentence") or None,
        session=row.get("session") or None,
    )


@cache
def _rows(manifest: Path) -> dict[Path, dict[str, str]]:
    """Return the cells of each row by the file that it names."""
    try:
        with manifest.open(encoding="utf-8-sig", newline="") as file:
            read = list(csv.DictReader(file))
    except UnicodeDecodeError as error:
        raise Refusal(f"{manifest} is not UTF-8 ({error.reason}): save it as CSV UTF-8.") from error
    if not read:
        raise Refusal(f"{manifest} has no rows: it should have one for each clip.")
    missing = [column for column in NEEDED if column not in read[0]]
    if missing:
        found = ", ".join(str(column) for column in read[0])
        raise Refusal(
            f"{manifest} has no column {missing[0]!r}; its columns, as separated by commas, are "
            f"{found}."
        )
    rows = {}
    for number, row in enumerate(read, start=2):
        if None in row or None in row.values():
            raise Refusal(
                f"{manifest}, line {number}: the number of cells is not that of the header."
            )
        cells = {column: cell.strip() for column, cell in row.items()}
        path = manifest.parent / cells["path"]
        if path in rows:
            raise Refusal(f"{manifest}, line {number}: {cells['path']} stands there twice.")
        rows[path] = cells
    return rows
