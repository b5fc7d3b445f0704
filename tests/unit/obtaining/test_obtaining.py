"""Obtaining corpora from each kind of source, with and without faults."""

import hashlib
import json
import subprocess
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pytest

from serfusion.errors import Refusal
from serfusion.obtaining.corpus import obtain
from serfusion.obtaining.lfs_pointer import Pointer, read_pointer
from servers import refuse, send, serving, zipped

# A pointer from the repository of CREMA-D.
POINTER = b"""version https://git-lfs.github.com/spec/v1
oid sha256:5ee5a380564ab20e54fc08e48d81bf7fea3e3d677b82a7d54e0c6682a6957a7e
size 86530
"""


@pytest.fixture
def server():
    with serving() as running:
        yield running


@pytest.fixture
def downloads(tmp_path):
    return tmp_path / "downloads"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "corpora/corpus"


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def sounds(*names: str) -> dict[str, bytes]:
    """Return 10 kB for each name, which do not compress."""
    return {name: hashlib.shake_256(name.encode()).digest(10_000) for name in names}


CLIPS = sounds(*(f"Actor_{actor:02}/clip_{actor}.wav" for actor in range(1, 25)))


@pytest.fixture
def ravdess(server, downloads, folder):
    """A function that obtains a corpus published as one archive."""
    content = server.files["/speech.zip"] = zipped(CLIPS)
    settings = {
        "url": f"{server.url}/speech.zip",
        "md5": hashlib.md5(content).hexdigest(),
        "size_bytes": len(content),
    }
    return partial(obtain, "archive", settings, downloads, folder)


def test_an_archive(ravdess, server, downloads, folder):
    ravdess()
    assert contents(folder) == CLIPS
    assert [path.name for path in folder.parent.iterdir()] == ["corpus"]
    ravdess()
    folder.rename(folder.with_name("elsewhere"))
    ravdess()
    assert contents(folder) == CLIPS
    assert len(server.requests) == 1


def test_two_runs_at_once_download_a_file_once(ravdess, server, folder):
    # The fault makes the first run wait, so that the second starts meanwhile.
    server.faults["/speech.zip"] = [send(100_000)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for run in [pool.submit(ravdess), pool.submit(ravdess)]:
            run.result()
    assert contents(folder) == CLIPS
    assert len(server.requests) == 2


@pytest.fixture
def small_disk(tmp_path):
    """An empty folder on a disk of 100 kB, and a function that changes its size."""
    disk = tmp_path / "disk"
    disk.mkdir()

    def resize(size: str, *options: str) -> bool:
        command = ["mount", "-t", "tmpfs", "-o", ",".join([f"size={size}", *options]), "none", disk]
        return subprocess.run(command, stderr=subprocess.DEVNULL).returncode == 0

    if not resize("100k"):
        pytest.skip("only root can mount a small disk")
    yield disk, resize
    subprocess.run(["umount", disk], check=True)


def test_a_disk_that_fills_while_downloading(ravdess, server, small_disk, folder):
    disk, resize = small_disk
    kind, settings, _, _ = ravdess.args
    with pytest.raises(Refusal, match=f"The disk is full: make room for {disk} and .* run again"):
        obtain(kind, settings, disk, folder)
    assert not folder.exists()
    kept = (disk / "speech.zip.part").read_bytes()
    assert 50_000 < len(kept) < 110_000
    assert server.files["/speech.zip"].startswith(kept)
    resize("1m", "remount")
    obtain(kind, settings, disk, folder)
    assert contents(folder) == CLIPS
    assert server.requests[-1].offset == len(kept)


def test_a_disk_that_fills_while_unpacking(ravdess, server, small_disk, downloads):
    disk, resize = small_disk
    kind, settings, _, _ = ravdess.args
    with pytest.raises(Refusal, match=f"The disk is full: make room for {downloads} and {disk}"):
        obtain(kind, settings, downloads, disk / "corpus")
    assert list(disk.iterdir()) == []
    resize("1m", "remount")
    obtain(kind, settings, downloads, disk / "corpus")
    assert contents(disk / "corpus") == CLIPS
    assert len(server.requests) == 1


def test_a_full_disk_without_root(ravdess, downloads, folder):
    downloads.mkdir()
    part = downloads / "speech.zip.part"
    part.symlink_to("/dev/full")
    with pytest.raises(Refusal, match=f"The disk is full: make room for {downloads}"):
        ravdess()
    part.unlink()
    ravdess()
    assert contents(folder) == CLIPS


def pointer(content: bytes) -> bytes:
    lines = POINTER.decode().splitlines()[:1]
    lines += [f"oid sha256:{hashlib.sha256(content).hexdigest()}", f"size {len(content)}", ""]
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    "content",
    [POINTER, POINTER.replace(b"\n", b"\r\n"), POINTER.replace(b"oid", b"ext-0-x 1\noid")],
)
def test_a_pointer_is_read(tmp_path, content):
    path = tmp_path / "x.wav"
    path.write_bytes(content)
    assert read_pointer(path) == read_pointer(content)
    assert read_pointer(content) == Pointer(
        "5ee5a380564ab20e54fc08e48d81bf7fea3e3d677b82a7d54e0c6682a6957a7e", 86530
    )


@pytest.mark.parametrize("content", [b"", b"RIFF", POINTER[:60], POINTER + b"more", b"x" * 10**6])
def test_content_that_is_not_a_pointer(tmp_path, content):
    path = tmp_path / "x.wav"
    path.write_bytes(content)
    assert read_pointer(path) is None
    assert read_pointer(content) is None


MEDIA = sounds(*(f"AudioWAV/10{actor:02}_DFA_ANG_XX.wav" for actor in range(1, 31)))
TABLE = {"VideoDemographics.csv": b"ActorID,Sex\n1001,Male\n"}
OTHERS = {"README.md": b"CREMA-D", "AudioMP3/1001_DFA_ANG_XX.mp3": POINTER}
ODD = "AudioWAV/1030_DFA_ANG_XX.wav"


@pytest.fixture
def repository(server):
    """A function that serves a repository's files as a ZIP archive in one top folder."""

    def serve(files: dict[str, bytes]) -> None:
        server.files["/zip/1658cd3"] = zipped({f"CREMA-D-1658cd3/{k}": v for k, v in files.items()})

    serve(TABLE | OTHERS | {name: pointer(content) for name, content in MEDIA.items()})
    server.files |= {f"/media/{name}": content for name, content in MEDIA.items()}
    return serve


@pytest.fixture
def crema_d(server, repository, downloads, folder):
    """A function that obtains a corpus from a repository with large files in Git LFS."""
    settings = {"url": f"{server.url}/media/", "pointers_url": f"{server.url}/zip/1658cd3"}
    files = ["AudioWAV/*.wav", "VideoDemographics.csv"]
    return partial(obtain, "git_lfs", settings, downloads, folder, files=files)


def test_git_lfs(crema_d, server, folder):
    crema_d()
    assert contents(folder) == MEDIA | TABLE
    assert len(server.requests) == 1 + len(MEDIA)


def test_an_archive_that_holds_the_large_files_themselves(crema_d, repository, server, folder):
    repository(MEDIA | TABLE)
    crema_d()
    assert contents(folder) == MEDIA | TABLE
    assert len(server.requests) == 1


def test_a_large_file_that_is_not_the_one_that_its_pointer_names(crema_d, server, folder):
    server.files[f"/media/{ODD}"] = MEDIA[ODD][::-1]
    with pytest.raises(Refusal, match=rf"29 of 30 .* 1 failed, .*{ODD} is not the file"):
        crema_d()
    assert not folder.exists()
    server.files[f"/media/{ODD}"] = MEDIA[ODD]
    server.requests.clear()
    crema_d()
    assert contents(folder) == MEDIA | TABLE
    assert [request.path for request in server.requests] == [f"/media/{ODD}"]


def test_files_of_an_earlier_run_are_not_part_of_the_corpus(
    crema_d, repository, server, downloads, folder
):
    old = "AudioWAV/1030_DFA_ANG_X.wav"
    repository(TABLE | {old: pointer(b"old"), ODD: pointer(MEDIA[ODD])})
    server.files[f"/media/{old}"] = b"old"
    server.faults[f"/media/{ODD}"] = [refuse(404)]
    with pytest.raises(Refusal):
        crema_d()
    repository(TABLE | {ODD: pointer(MEDIA[ODD])})
    (downloads / "1658cd3").unlink()
    crema_d()
    assert contents(folder) == TABLE | {ODD: MEDIA[ODD]}


@pytest.mark.parametrize("with_length", [True, False])
def test_an_interrupted_download_of_the_pointers_is_noticed(crema_d, server, folder, with_length):
    server.faults["/zip/1658cd3"] = [send(3000, with_length=with_length)]
    if not with_length:
        with pytest.raises(Refusal, match=r"1658cd3 is damaged .* run again"):
            crema_d()
    crema_d()
    assert contents(folder) == MEDIA | TABLE


@pytest.mark.parametrize("missing", [TABLE, MEDIA])
def test_a_repository_without_the_wanted_files(crema_d, repository, folder, missing):
    files = {name: content for name, content in (TABLE | MEDIA).items() if name not in missing}
    repository(files | OTHERS)
    with pytest.raises(Refusal, match=r"1658cd3 has no file (AudioWAV/\*.wav|VideoDemo\w+.csv): "):
        crema_d()
    assert not folder.exists()


def test_a_page_instead_of_an_archive(crema_d, server):
    server.files["/zip/1658cd3"] = b"<html>Be back soon</html>"
    with pytest.raises(Refusal, match=r"1658cd3 is damaged .* run again"):
        crema_d()


LISTING = (
    "/api/datasets/:persistentId/versions/:latest-published/files"
    "?persistentId=doi%3A10.5683%2FSP2%2FE8H2MF"
)
SPOKEN = sounds(*(f"OAF_word{number}_angry.wav" for number in range(30)))


def listed(number: int, name: str, content: bytes, **changes) -> dict:
    """Return the entry for a file of TESS in the list of borealisdata.ca."""
    md5 = hashlib.md5(content).hexdigest()
    return {
        "description": "Older Talker Angry",
        "label": name,
        "restricted": False,
        "version": 1,
        "datasetVersionId": 6480,
        "dataFile": {
            "id": number,
            "persistentId": "",
            "filename": name,
            "contentType": "audio/wav",
            "friendlyType": "Waveform Audio",
            "filesize": len(content),
            "description": "Older Talker Angry",
            "storageIdentifier": "s3://dataverse:17035fad006-19ff42230f01",
            "rootDataFileId": -1,
            "md5": md5,
            "checksum": {"type": "MD5", "value": md5},
            "tabularData": False,
            "creationDate": "2020-02-11",
            "publicationDate": "2020-02-13",
            "fileAccessRequest": False,
        },
    } | changes


@pytest.fixture
def dataset(server):
    """The list of files of a dataset, which a test may change before it is served."""
    spoken = [listed(96000 + n, *file) for n, file in enumerate(SPOKEN.items())]
    server.files |= {
        f"/api/access/datafile/{96000 + n}": content for n, content in enumerate(SPOKEN.values())
    }
    return [*spoken, listed(7, "README.pdf", b"%PDF")]


@pytest.fixture
def tess(server, dataset, downloads, folder):
    """A function that obtains a corpus that a Dataverse server publishes file by file."""
    settings = {"url": server.url, "doi": "doi:10.5683/SP2/E8H2MF"}

    def run() -> None:
        answer = {"status": "OK", "totalCount": len(dataset), "data": dataset}
        server.files.setdefault(LISTING, json.dumps(answer).encode())
        obtain("dataverse", settings, downloads, folder, files=["*.wav"])

    return run


def test_a_dataverse(tess, server, folder):
    tess()
    assert contents(folder) == SPOKEN
    assert len(server.requests) == 1 + len(SPOKEN)


def test_a_dataverse_with_folders_and_other_checksums(tess, server, dataset, folder):
    sha1 = {"type": "SHA-1", "value": hashlib.sha1(SPOKEN["OAF_word0_angry.wav"]).hexdigest()}
    dataset[0]["directoryLabel"] = "older/angry"
    dataset[0]["dataFile"] |= {"md5": None, "checksum": sha1}
    server.files["/api/access/datafile/8"] = b"younger"
    dataset.append(listed(8, "OAF_word0_angry.wav", b"younger", directoryLabel="younger"))
    tess()
    first = SPOKEN["OAF_word0_angry.wav"]
    unchanged = {name: content for name, content in SPOKEN.items() if content != first}
    assert contents(folder) == unchanged | {
        "older/angry/OAF_word0_angry.wav": first,
        "younger/OAF_word0_angry.wav": b"younger",
    }


def test_a_dataverse_that_is_busy(tess, server, folder):
    for number in (96003, 96005, 96007):
        server.faults[f"/api/access/datafile/{number}"] = [refuse(429, Retry_After="0")] * 3
    server.faults[LISTING] = [refuse(503, Retry_After="0")]
    tess()
    assert contents(folder) == SPOKEN


def test_a_wrong_file_does_not_lose_the_others(tess, server, folder):
    right = server.files["/api/access/datafile/96003"]
    server.files["/api/access/datafile/96003"] = right[::-1]
    with pytest.raises(Refusal, match=r"such as OAF_word3_angry\.wav: .*/96003 is not the file"):
        tess()
    assert not folder.exists()
    server.files["/api/access/datafile/96003"] = right
    server.requests.clear()
    tess()
    assert contents(folder) == SPOKEN
    assert [request.path for request in server.requests] == [LISTING, "/api/access/datafile/96003"]


@pytest.mark.parametrize(
    ("label", "name"),
    [("../..", "x.wav"), ("", "../x.wav"), ("", "/tmp/x.wav"), ("a\\..", "x.wav")],
)
def test_a_name_that_leads_out(tess, dataset, tmp_path, folder, label, name):
    dataset.append(listed(9, name, b"evil", directoryLabel=label))
    with pytest.raises(Refusal, match=r"holds the name .*x\.wav', which leads out of its folder"):
        tess()
    assert not folder.exists()
    assert not list(tmp_path.rglob("*.wav*"))


@pytest.mark.parametrize(
    "answer",
    [
        b"<html>Be back soon</html>",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"status": "OK", "data": {"files": []}}',
        b'{"status": "OK", "data": [{"dataFile": {"id": 1, "filename": "x.wav"}}]}',
        json.dumps({"data": [listed(1, "x.wav", b"")]}).replace("MD5", "UNF").encode(),
    ],
)
def test_an_answer_that_is_not_a_list_of_files(tess, server, folder, answer):
    server.files[LISTING] = answer
    with pytest.raises(Refusal, match="does not answer with a Dataverse's list of files: check"):
        tess()
    assert not folder.exists()


def test_a_dataset_without_the_wanted_files(tess, dataset):
    del dataset[:-1]
    with pytest.raises(Refusal, match=r"E8H2MF has no file \*\.wav: check the corpus's settings"):
        tess()


def test_a_dataset_that_is_not_there(tess, server):
    server.faults[LISTING] = [refuse(404)]
    with pytest.raises(Refusal, match="E8H2MF answers 404 Not Found"):
        tess()
