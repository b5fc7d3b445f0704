"""The settings that a search tries, and the one that it has chosen."""

import json
from itertools import product
from pathlib import Path

import pandas as pd


def candidates(grid: dict[str, list]) -> list[dict]:
    """Return every combination of a grid's values, the last setting varying fastest.

    A grid without settings has none.
    """
    if not grid:
        return []
    return [dict(zip(grid, values, strict=True)) for values in product(*grid.values())]


def applied(candidate: dict, settings: dict, training: dict) -> tuple[dict, dict]:
    """Return `settings` and `training` with a candidate's values in place of their own."""
    return tuple(
        {key: candidate.get(key, value) for key, value in given.items()}
        for given in (settings, training)
    )


def chosen(path: str | Path | None, grid: dict[str, list]) -> dict:
    """Return the candidate of `grid` that the table of a search has chosen; without one, {}."""
    if path is None:
        return {}
    return candidates(grid)[int(pd.read_csv(path)["chosen"].idxmax())]


def word(value) -> str:
    """Return one value of a setting in words: text as it is, the rest as JSON."""
    return value if isinstance(value, str) else json.dumps(value)


def words(candidate: dict) -> str:
    """Return a candidate in words, such as C = 5, gamma = scale."""
    return ", ".join(f"{key} = {word(value)}" for key, value in candidate.items())
