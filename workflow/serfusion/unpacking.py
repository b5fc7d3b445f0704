"""Taking an archive apart without letting it write where it should not."""

import zipfile
from pathlib import Path, PurePosixPath

from serfusion.errors import Refusal
from serfusion.files import atomic_folder
from serfusion.logs import logger


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a ZIP archive into the new folder `folder`, whole or not at all.

    Raises
    ------
    Refusal
        If the archive is damaged, or a name in it leads out of the folder.
    """
    try:
        with zipfile.ZipFile(archive) as opened, atomic_folder(folder) as temporary:
            for name in opened.namelist():
                path = PurePosixPath(name.replace("\\", "/"))
                if path.is_absolute() or ".." in path.parts:
                    raise Refusal(
                        f"{archive} holds the name {name!r}, which leads out of its folder: it was "
                        "not unpacked; get the archive from its owners."
                    )
            opened.extractall(temporary)
            logger.info("%s: %d files unpacked", archive, len(opened.namelist()))
    except zipfile.BadZipFile as error:
        raise Refusal(
            f"{archive} is damaged ({error}): delete it and run again to download it anew."
        ) from error
