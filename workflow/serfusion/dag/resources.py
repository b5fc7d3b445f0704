"""What a job asks a cluster for."""

from collections.abc import Callable


def asks(
    fixed: float, per_mb: float = 0, per_thread: float = 0, power: float = 1
) -> Callable[..., int]:
    """Return a resource as Snakemake takes it: by the size of the input, and again on a retry.

    Each number is written where it is used and was measured on real speech: see docs/cluster.md.

    Parameters
    ----------
    fixed : float
        What any job asks for, in the resource's own unit: MB of memory or minutes.
    per_mb : float, default 0
        What comes to it for each MB of input files.
    per_thread : float, default 0
    power : float, default 1
        To which the MB are raised.

    Returns
    -------
    callable
        Of `wildcards`, `input`, `threads` and `attempt`, which multiplies it all.
    """

    def amount(wildcards, input, threads, attempt) -> int:
        return attempt * round(fixed + per_thread * threads + per_mb * input.size_mb**power)

    return amount
