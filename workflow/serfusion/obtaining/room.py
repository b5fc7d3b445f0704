"""A full disk, told in one sentence."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from serfusion.errors import Refusal


@contextmanager
def room_for(what: str) -> Iterator[None]:
    """Raise a `Refusal` that names `what` where the disk turns out to be full."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise Refusal(
            f"the disk is full: make room for {what} and run again; what was fetched is kept."
        ) from error
