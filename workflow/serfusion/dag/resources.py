"""What a job asks a cluster for."""

from collections.abc import Callable


def asks(
    fixed: float, per_mb: float = 0, per_thread: float = 0, power: float = 1
) -> Callable[..., int]:
    """Return a resource function for Snakemake: it grows with the input and with each attempt.

    The numbers stand in the rules and were measured on real speech: see docs/cluster.md.

    Parameters
    ----------
    fixed : float
        What any job asks for, in the unit of the resource: MB of memory, or minutes.
    per_mb : float, default 0
        What each MB of input files adds.
    per_thread : float, default 0
        What each thread adds.
    power : float, default 1
        The exponent of the MB of input.

    Returns
    -------
    callable
        Of `wildcards`, `input`, `threads` and `attempt`; the amount is multiplied by `attempt`.
    """

    def amount(wildcards, input, threads, attempt) -> int:
        return attempt * round(fixed + per_thread * threads + per_mb * input.size_mb**power)

    return amount
