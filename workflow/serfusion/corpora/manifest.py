"""A corpus of your own: a CSV file with a row per clip, and no code.

Its columns are `path` (relative to the CSV's folder, or absolute), `actor` and `emotion`, and
optionally `gender` (`female` or `male`), `sentence` and `session`. It is UTF-8, separated by
commas, semicolons or tabs. An actor's gender need be given in one row only.
"""

import csv
from collections.abc import Collection
from functools import cache
from pathlib import Path
from unicodedata import normalize

from serfusion.corpora import Labels, is_file
from serfusion.errors import Refusal
from serfusion.names import is_missing

SETTINGS = {
    "manifest": {
        "type": "string",
        "description": (
            "Path of the CSV file, with the columns path, actor and emotion, and optionally "
            "gender, sentence and session."
        ),
    },
    "label_map": {
        "type": "object",
        "additionalProperties": {"type": "string"},
        "default": {},
        "description": "Emotions of the CSV file to rename, such as `{joy: happy}`.",
    },
}
TABLES = ()
SOURCE = {"kind": "manifest"}

NEEDED = ("path", "actor", "emotion")
DELIMITERS = (",", ";", "\t")
GENDERS = ("female", "male")


def files(root: Path) -> list[Path]:
    """Return the files that the manifest `root` names, in its order."""
    return list(_rows(root))


def labels(path: Path, root: Path) -> Labels:
    """Return the labels in a file's row of the manifest `root`.

    Raises
    ------
    ValueError
        If the file does not exist, or its row lacks an actor or an emotion, or its gender is
        neither female, male nor empty.
    """
    row = _rows(root)[path]
    for column in NEEDED:
        if not row[column]:
            raise ValueError(f"its row has no {column}")
    if not is_file(path):
        hint = "; its path has backslashes: write /" if "\\" in row["path"] else ""
        raise ValueError(f"no such file{hint}")
    gender = None if is_missing(row["gender"]) else row["gender"]
    if gender and gender not in GENDERS:
        raise ValueError(f"its gender is {gender!r}, which should be female, male or empty")
    return Labels(
        name=str(Path(row["path"]).with_suffix("")),
        actor=row["actor"],
        gender=gender,
        emotion=row["emotion"],
        sentence=row.get("sentence") or None,
        session=row.get("session") or None,
    )


@cache
def _rows(manifest: Path) -> dict[Path, dict[str, str]]:
    """Return the cells of each row by the file that it names."""
    rows = {}
    for line, row in _read(manifest):
        if None in row:
            raise Refusal(f"{manifest}, line {line}: the row has more cells than the header.")
        cells = {column: cell.strip() for column, cell in row.items()}
        path = _on_disk(manifest.parent / cells["path"])
        if path in rows:
            listed = cells["path"] or "a row without a path"
            raise Refusal(f"{manifest}, line {line}: {listed} is listed twice.")
        rows[path] = cells
    _fill_in_genders(rows.values(), manifest)
    return rows


def _on_disk(path: Path) -> Path:
    """Return the path under which a file exists; its name may be composed (NFC) or not (NFD)."""
    forms = (path, *(Path(normalize(form, str(path))) for form in ("NFC", "NFD")))
    return next(filter(is_file, forms), path)


def _read(manifest: Path) -> list[tuple[int, dict[str, str]]]:
    """Return the line and the cells of each row that is not empty."""
    try:
        with manifest.open(encoding="utf-8-sig", newline="") as file:
            header = file.readline()
            file.seek(0)
            delimiter = max(DELIMITERS, key=header.count)
            reader = csv.DictReader(file, delimiter=delimiter, restval="", strict=True)
            reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
            rows = [(reader.line_num, row) for row in reader if any(row.values())]
    except UnicodeDecodeError as error:
        raise Refusal(f"{manifest} is not UTF-8 ({error.reason}): save it as CSV UTF-8.") from error
    except csv.Error as error:
        raise Refusal(
            f"{manifest}: {error}. Is a quotation mark opened but not closed? A quotation mark "
            "inside a quoted cell is doubled."
        ) from error
    missing = [column for column in NEEDED if column not in reader.fieldnames]
    if missing:
        raise Refusal(
            f"{manifest} has no column {missing[0]!r}; its columns are "
            f"{', '.join(reader.fieldnames) or 'none'}."
        )
    if not rows:
        raise Refusal(f"{manifest} has no rows: it should have one for each clip.")
    return rows


def _fill_in_genders(rows: Collection[dict[str, str]], manifest: Path) -> None:
    """Give each row the gender that any row gives its actor, in lower case."""
    genders = {}
    for row in rows:
        gender = row.get("gender", "").lower()
        if not is_missing(gender) and genders.setdefault(row["actor"], gender) != gender:
            raise Refusal(
                f"{manifest}: {row['actor']} is {genders[row['actor']]} in one row and {gender} in "
                "another."
            )
    for row in rows:
        row["gender"] = genders.get(row["actor"], "")
