"""A corpus that is published as a GitHub repository whose large files are in Git LFS."""

from pathlib import Path
from urllib.parse import quote

from serfusion.obtaining.download import Remote, fetch, name_of
from serfusion.obtaining.layout import chosen, inside, lay_out, unfinished
from serfusion.obtaining.lfs_pointer import read_pointer
from serfusion.obtaining.unpacking import opened


def obtain(settings: dict, downloads: Path, folder: Path, *, files: list[str]) -> None:
    """Fetch the files that the repository's pointers name, and lay them out as `folder`.

    Parameters
    ----------
    settings : dict
        With `url`, under which the large files are, and `pointers_url`, a ZIP archive of the
        repository in one top folder, in which pointers give the SHA-256 and size of large files.
    downloads, folder : Path
        See `serfusion.obtaining.corpus.obtain`.
    files : list of str
        Which files are wanted: patterns of paths in the repository, such as `AudioWAV/*.wav`.
        Those that are no pointers are taken from the archive as they are.
    """
    repository, media = settings["pointers_url"], settings["url"].rstrip("/")
    archive, tree = downloads / name_of(repository), unfinished(folder)
    fetch({archive: Remote(repository)})
    large, small = {}, []
    with opened(archive) as members:
        names = {name.partition("/")[2]: name for name in members.namelist() if name[-1] != "/"}
        for name in chosen(names, files, repository):
            path = inside(tree, name, repository)
            content = members.read(names[name])
            pointer = read_pointer(content)
            if pointer:
                checksum = f"sha256:{pointer.sha256}"
                large[path] = Remote(f"{media}/{quote(name)}", pointer.size_bytes, checksum)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
                small.append(path)
    fetch(large)
    lay_out(tree, {*large, *small}, folder)
