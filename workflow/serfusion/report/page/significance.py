"""When a page calls a difference significant, and how it prints a p-value."""

LEVEL = 0.05
"""A difference is significant if its corrected p is below this."""


def p_value(p: float) -> str:
    """Return a p-value to three digits: `0.034`, or `< 0.001`."""
    return "< 0.001" if p < 0.0005 else f"{p:.3f}"


def smallest_p(actors: int, tests: int) -> float:
    """Return the smallest corrected p that a difference can have, however large it is.

    If all of n actors are better under one of two models, the two-sided p of Wilcoxon's signed-rank
    test is 2 / 2**n; Holm's correction multiplies the smallest p by the number of tests.

    Parameters
    ----------
    actors : int
        How many actors were tested.
    tests : int
        How many tests are corrected together.
    """
    return min(1.0, tests * 2.0 ** (1 - actors))
