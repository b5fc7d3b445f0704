"""Corpora that are published as a GitHub repository with large files in Git LFS."""

from pathlib import Path
from urllib.parse import quote

from serfusion.obtaining.download import Remote, fetch, file_name
from serfusion.obtaining.layout import finish_folder, matching, partial_folder, path_inside
from serfusion.obtaining.lfs_pointer import read_pointer
from serfusion.obtaining.unpacking import open_archive


def obtain(settings: dict, downloads: Path, folder: Path, *, files: list[str]) -> None:
    """Download the files to which the pointers of a repository refer, as `folder`.

    Parameters
    ----------
    settings : dict
        With `url`, the base of the URLs of the large files, and `pointers_url`, a ZIP archive of
        the repository within one top folder. In the archive, pointers with SHA-256 and size stand
        for the large files.
    downloads, folder : Path
        As in `serfusion.obtaining.corpus.obtain`.
    files : list of str
        Patterns of the paths in the repository to download, such as `AudioWAV/*.wav`. Files that
        are not pointers are extracted from the archive.

    Raises
    ------
    Refusal
        If the archive is damaged, lacks files for a pattern, or if files cannot be downloaded.
    """
    repository, media = settings["pointers_url"], settings["url"].rstrip("/")
    archive, partial = downloads / file_name(repository), partial_folder(folder)
    fetch({archive: Remote(repository)})
    large_files, small_files = {}, []
    with open_archive(archive) as members:
        names = {name.partition("/")[2]: name for name in members.namelist() if name[-1] != "/"}
        for name in matching(names, files, repository):
            path = path_inside(partial, name, repository)
            content = members.read(names[name])
            pointer = read_pointer(content)
            if pointer:
                checksum = f"sha256:{pointer.sha256}"
                large_files[path] = Remote(f"{media}/{quote(name)}", pointer.size_bytes, checksum)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
                small_files.append(path)
    fetch(large_files)
    finish_folder(partial, {*large_files, *small_files}, folder)
