"""Random seeds that depend on names, never on the order of computation or on the worker."""

import hashlib


def seed_for(seed: int, *names: object) -> int:
    """Return a 32-bit seed for a purpose, such as one augmentation of one clip.

    Parameters
    ----------
    seed : int
        The study's seed, from the configuration.
    *names : object
        The purpose of the random numbers; converted to text.

    Returns
    -------
    int
        From 0 to 2**32 - 1, the first four bytes of a SHA-256 digest.
    """
    text = "\x1f".join(str(part) for part in (seed, *names))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
