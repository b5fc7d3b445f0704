"""Random seeds that depend on what is drawn for, never on order or on which worker draws."""

import hashlib


def seed_for(seed: int, *names: object) -> int:
    """Return a 32-bit seed for the thing that `names` spell, such as a clip and an augmentation.

    Parameters
    ----------
    seed : int
        The study's seed, from the configuration.
    *names : object
        What the draw is for; each is taken as text.

    Returns
    -------
    int
        0 <= value < 2**32, the first four bytes of a SHA-256 digest.
    """
    text = "\x1f".join(str(part) for part in (seed, *names))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
