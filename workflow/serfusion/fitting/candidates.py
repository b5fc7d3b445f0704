"""The candidates of a search: the settings that it tries, and the ones that it chose."""

import json
from itertools import product
from pathlib import Path

import pandas as pd


def candidates(grid: dict[str, list]) -> list[dict]:
    """Return every combination of the values of a grid; the last setting varies fastest.

    The order is that of the grid, whose settings a resolved study has in alphabetical order.
    scikit-learn's `ParameterGrid` would do the same, but importing it would load scikit-learn in
    every job that writes a report.

    Parameters
    ----------
    grid : dict
        Maps each setting to the values to try. An empty grid has no candidates.
    """
    if not grid:
        return []
    return [dict(zip(grid, values, strict=True)) for values in product(*grid.values())]


def apply_candidate(candidate: dict, settings: dict, training: dict) -> tuple[dict, dict]:
    """Return copies of `settings` and `training` in which a candidate's values replace theirs."""
    return tuple(
        {key: candidate.get(key, value) for key, value in defaults.items()}
        for defaults in (settings, training)
    )


def chosen_candidate(path: str | Path | None, grid: dict[str, list]) -> dict:
    """Return the candidate that a search chose.

    Parameters
    ----------
    path : path or None
        The table of the search; None if there was no search.
    grid : dict
        The grid that was searched.

    Returns
    -------
    dict
        Empty if there was no search.
    """
    if path is None:
        return {}
    return candidates(grid)[int(pd.read_csv(path)["chosen"].idxmax())]


def value_text(value) -> str:
    """Return the value of a setting as text: strings unchanged, all else as JSON."""
    return value if isinstance(value, str) else json.dumps(value)


def candidate_text(candidate: dict) -> str:
    """Return a candidate as text, such as `C = 5, gamma = scale`."""
    return ", ".join(f"{key} = {value_text(value)}" for key, value in candidate.items())
