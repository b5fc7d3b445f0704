"""Taking an archive apart without letting it write where it should not."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from serfusion.errors import Refusal
from serfusion.files import atomic_folder
from serfusion.logs import logger
from serfusion.obtaining.layout import inside


@contextmanager
def opened(archive: Path) -> Iterator[zipfile.ZipFile]:
    """Yield an open ZIP archive.

    Raises
    ------
    Refusal
        If a name in it leads out of its folder; or if it proves damaged, and is deleted.
    """
    try:
        with zipfile.ZipFile(archive) as members:
            for name in members.namelist():
                inside(archive, name, archive)
            yield members
    except (zipfile.BadZipFile, zlib.error) as error:
        archive.unlink()
        raise Refusal(
            f"{archive} is damaged ({error}) and was deleted: run again to download it anew."
        ) from error


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a ZIP archive into the new folder `folder`, whole or not at all.

    Raises
    ------
    Refusal
        If the archive is damaged, or a name in it leads out of the folder.
    """
    with opened(archive) as members, atomic_folder(folder) as temporary:
        members.extractall(temporary)
        logger.info("%s: %d files unpacked", archive, len(members.namelist()))
