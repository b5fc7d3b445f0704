"""Unpacking archives safely: no file is written outside the target folder."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from serfusion.errors import Refusal
from serfusion.files import atomic_folder
from serfusion.logs import logger
from serfusion.obtaining.layout import path_inside


@contextmanager
def open_archive(archive: Path) -> Iterator[zipfile.ZipFile]:
    """Yield an open ZIP archive. A damaged archive is deleted.

    Raises
    ------
    Refusal
        If a name in the archive leads out of its folder, or if the archive is damaged.
    """
    try:
        with zipfile.ZipFile(archive) as members:
            for name in members.namelist():
                path_inside(archive, name, archive)
            yield members
    except (zipfile.BadZipFile, zlib.error) as error:
        archive.unlink()
        raise Refusal(
            f"{archive} is damaged ({error}) and was deleted: run again to download it again."
        ) from error


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a ZIP archive into the new folder `folder`, completely or not at all.

    Raises
    ------
    Refusal
        If a name in the archive leads out of the folder, or if the archive is damaged.
    """
    with open_archive(archive) as members, atomic_folder(folder) as temporary:
        members.extractall(temporary)
        logger.info("%s: %d files unpacked", archive, len(members.namelist()))
