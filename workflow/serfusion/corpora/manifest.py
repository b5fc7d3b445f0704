"""A corpus of your own: a CSV file with a row per clip, and no code.

Its columns are `path` (relative to the CSV's folder, or absolute), `actor` and `emotion`, and
optionally `gender` (`female` or `male`), `sentence` and `session`; `start` and `end`, in seconds,
of a clip that is a segment of its file. It is UTF-8, separated by commas, semicolons or tabs. An
actor's gender need be given in one row only.
"""

import csv
from collections import Counter
from collections.abc import Iterable
from functools import cache
from math import inf, isfinite
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
            "gender, sentence, session, and start and end of a segment in seconds."
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
OPTIONAL = ("gender", "sentence", "session", "start", "end")
DELIMITERS = (",", ";", "\t")
GENDERS = ("female", "male")

MOST_OVERLAP = 0.5
"""Segments of which more than this share lies within another are not clips of their own."""

Row = dict[str, str]


def files(root: Path) -> list[Path]:
    """Return the files that the manifest `root` names, in its order."""
    return list(_rows(root))


def remarks(root: Path) -> list[str]:
    """Return a sentence about the columns of the manifest `root` that are not read."""
    columns, _ = _read(root)
    unread = [name for name in columns if name and name not in (*NEEDED, *OPTIONAL)]
    return [f"not read are the columns {', '.join(unread)} of {root}"] if unread else []


def labels(path: Path, root: Path) -> Labels | list[Labels | str]:
    """Return the labels in a file's row of the manifest `root`.

    Returns
    -------
    Labels or list
        Of a file with segments, a list with the labels of each, by start, and with the reasons why
        others cannot be used.

    Raises
    ------
    ValueError
        If the file does not exist, or its row lacks an actor or an emotion, or its gender is
        neither female, male nor empty.
    """
    rows = _rows(root)[path]
    if not is_file(path):
        hint = "; its path has backslashes: write /" if "\\" in rows[0]["path"] else ""
        raise ValueError(f"no such file{hint}")
    if not any(map(_is_segment, rows)):
        return _labels(rows[0])
    found: list[Labels | str] = []
    segments = []
    for row in rows:
        try:
            segments.append(_labels(row))
        except ValueError as error:
            found.append(f"line {row['line']}: {error}")
    reached, longest = -inf, None
    for segment in sorted(segments, key=_limits):
        start, end = _limits(segment)
        if min(end, reached) - start > MOST_OVERLAP * min(end - start, longest or inf):
            found.append(f"its segment {segment.name} overlaps another by more than half")
            continue
        if end > reached:
            reached, longest = end, end - start
        found.append(segment)
    return found


def _is_segment(row: Row) -> bool:
    return not all(is_missing(row.get(column, "")) for column in ("start", "end"))


def _limits(segment: Labels) -> tuple[float, float]:
    return segment.start_s or 0.0, inf if segment.end_s is None else segment.end_s


def _labels(row: Row) -> Labels:
    for column in NEEDED:
        if not row[column]:
            raise ValueError(f"its row has no {column}")
    gender = None if is_missing(row["gender"]) else row["gender"]
    if gender and gender not in GENDERS:
        raise ValueError(f"its gender is {gender!r}, which should be female, male or empty")
    start, end = (_seconds(row, column) for column in ("start", "end"))
    if end is not None and end <= (start or 0):
        raise ValueError(f"its segment ends at {row['end']}, before it starts")
    name = str(Path(row["path"]).with_suffix(""))
    if _is_segment(row):
        start = start or 0.0
        name += f"@{start:.3f}-" + ("" if end is None else f"{end:.3f}")
    return Labels(
        name=name,
        actor=row["actor"],
        gender=gender,
        emotion=row["emotion"],
        sentence=row.get("sentence") or None,
        session=row.get("session") or None,
        start_s=start,
        end_s=end,
    )


def _seconds(row: Row, column: str) -> float | None:
    cell = row.get(column, "")
    if is_missing(cell):
        return None
    try:
        seconds = float(cell)
    except ValueError:
        seconds = -inf
    if not isfinite(seconds) or seconds < 0:
        raise ValueError(f"its {column} is {cell!r}, which should be in seconds, such as 12.5")
    return seconds


@cache
def _rows(manifest: Path) -> dict[Path, list[Row]]:
    """Return the rows of each file, as cells by column, with the number of its line."""
    _, lines = _read(manifest)
    rows: dict[Path, list[Row]] = {}
    listed = set()
    for line, row in lines:
        if None in row:
            raise Refusal(f"{manifest}, line {line}: the row has more cells than the header.")
        cells = {column: cell.strip() for column, cell in row.items()} | {"line": str(line)}
        path = _on_disk(manifest.parent / cells["path"])
        clip = (path, cells.get("start"), cells.get("end"))
        if clip in listed:
            place = cells["path"] or "a row without a path"
            raise Refusal(f"{manifest}, line {line}: {place} is listed twice.")
        listed.add(clip)
        rows.setdefault(path, []).append(cells)
    _fill_in_genders((row for of_file in rows.values() for row in of_file), manifest)
    return rows


def _on_disk(path: Path) -> Path:
    """Return the path under which a file exists; its name may be composed (NFC) or not (NFD)."""
    forms = (path, *(Path(normalize(form, str(path))) for form in ("NFC", "NFD")))
    return next(filter(is_file, forms), path)


def _read(manifest: Path) -> tuple[list[str], list[tuple[int, Row]]]:
    """Return the columns, and the line and the cells of each row that is not empty."""
    try:
        with manifest.open(encoding="utf-8-sig", newline="") as file:
            header = file.readline()
            file.seek(0)
            delimiter = max(DELIMITERS, key=header.count)
            reader = csv.DictReader(file, delimiter=delimiter, restval="", strict=True)
            columns = [name.strip().lower() for name in reader.fieldnames or ()]
            reader.fieldnames = columns
            rows = [(reader.line_num, row) for row in reader if any(row.values())]
    except UnicodeDecodeError as error:
        raise Refusal(f"{manifest} is not UTF-8 ({error.reason}): save it as CSV UTF-8.") from error
    except csv.Error as error:
        raise Refusal(
            f"{manifest}: {error}. Is a quotation mark opened but not closed? A quotation mark "
            "inside a quoted cell is doubled."
        ) from error
    except OSError as error:
        raise Refusal(f"{manifest} cannot be read: {error.strerror}.") from error
    missing = [column for column in NEEDED if column not in columns]
    if missing:
        raise Refusal(
            f"{manifest} has no column {missing[0]!r}; its columns are "
            f"{', '.join(columns) or 'none'}."
        )
    twice = [name for name, count in Counter(columns).items() if name and count > 1]
    if twice:
        raise Refusal(f"{manifest} has two columns {twice[0]!r}: rename or remove one of them.")
    if not rows:
        raise Refusal(f"{manifest} has no rows: it should have one for each clip.")
    return columns, rows


def _fill_in_genders(every_row: Iterable[Row], manifest: Path) -> None:
    """Give each row the gender that any row gives its actor, in lower case."""
    rows, genders = list(every_row), {}
    for row in rows:
        gender = row.get("gender", "").lower()
        if not is_missing(gender) and genders.setdefault(row["actor"], gender) != gender:
            raise Refusal(
                f"{manifest}: {row['actor']} is {genders[row['actor']]} in one row and {gender} in "
                "another."
            )
    for row in rows:
        row["gender"] = genders.get(row["actor"], "")
