"""A full disk, reported in one sentence."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from serfusion.errors import Refusal


@contextmanager
def refuse_full_disk(paths: str) -> Iterator[None]:
    """Raise a `Refusal` that names `paths` if the disk runs full in the context."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise Refusal(
            f"The disk is full: make room for {paths} and run again; finished downloads are kept."
        ) from error
