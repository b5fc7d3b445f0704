"""Downloading from an unreliable server, and unpacking archives."""

import errno
import hashlib
import os
import time
import zipfile
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from serfusion.errors import Refusal
from serfusion.obtaining import download
from serfusion.obtaining.download import CHUNK, MAX_FAILURES, WORKERS, Remote, fetch, file_name
from serfusion.obtaining.unpacking import unpack
from servers import refuse, send, send_chunk, serving, stall

CONTENT = bytes(range(256)) * 4096
SIZE = len(CONTENT)
MD5 = "md5:" + hashlib.md5(CONTENT).hexdigest()
SHA256 = "sha256:" + hashlib.sha256(CONTENT).hexdigest()
PATH = "/archive.zip"


@pytest.fixture
def server():
    with serving() as running:
        running.files[PATH] = CONTENT
        yield running


def get(server, folder, size_bytes=SIZE, checksum=MD5, **settings) -> Path:
    remote = Remote(server.url + PATH, size_bytes, checksum)
    path = folder / file_name(remote.url)
    fetch({path: remote}, **{"wait_s": 0.01, **settings})
    return path


@pytest.mark.parametrize("checksum", [MD5, SHA256])
def test_a_file_is_downloaded_and_verified(server, tmp_path, checksum):
    path = get(server, tmp_path / "new", checksum=checksum)
    assert path == tmp_path / "new/archive.zip"
    assert path.read_bytes() == CONTENT
    assert list(path.parent.iterdir()) == [path]


def test_a_right_file_is_not_downloaded_again(server, tmp_path):
    get(server, tmp_path)
    get(server, tmp_path)
    assert len(server.requests) == 1


def test_a_file_that_was_tampered_with_is_downloaded_again(server, tmp_path):
    get(server, tmp_path).write_bytes(CONTENT[:-1] + b"?")
    assert get(server, tmp_path).read_bytes() == CONTENT


def test_an_interrupted_download_is_resumed(server, tmp_path):
    server.faults[PATH] = [send(300_000), send(200_000)]
    assert get(server, tmp_path).read_bytes() == CONTENT
    first, second, third = server.offsets(PATH)
    assert first == 0
    assert 300_000 - CHUNK < second <= 300_000
    assert second < third <= 500_000


def test_a_later_run_resumes_too(server, tmp_path):
    (tmp_path / "archive.zip.part").write_bytes(CONTENT[:400_000])
    assert get(server, tmp_path).read_bytes() == CONTENT
    assert server.offsets(PATH) == [400_000]


def test_a_complete_part_is_verified_without_a_request(server, tmp_path):
    (tmp_path / "archive.zip.part").write_bytes(CONTENT)
    assert get(server, tmp_path).read_bytes() == CONTENT
    assert not server.requests


def test_a_download_is_resumed_through_a_redirection(server, tmp_path):
    server.files = {"/stored": CONTENT}
    server.faults[PATH] = [refuse(303, Location="/stored")]
    (tmp_path / "archive.zip.part").write_bytes(CONTENT[:400_000])
    assert get(server, tmp_path).read_bytes() == CONTENT
    assert server.offsets("/stored") == [400_000]


def test_no_compressed_answer_is_requested(server, tmp_path):
    accepted = []
    server.faults[PATH] = [lambda handler, *_: accepted.append(handler.headers["Accept-Encoding"])]
    get(server, tmp_path, timeout_s=0.2)
    assert accepted == ["identity"]


def test_a_server_without_ranges_starts_over(server, tmp_path):
    server.supports_ranges = False
    server.faults[PATH] = [send(300_000)]
    assert get(server, tmp_path).read_bytes() == CONTENT


def test_a_stalled_download_is_resumed(server, tmp_path):
    server.faults[PATH] = [stall(300_000)]
    assert get(server, tmp_path, timeout_s=0.2).read_bytes() == CONTENT
    assert server.offsets(PATH)[1] > 300_000 - CHUNK


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_temporary_fault_is_retried(server, tmp_path, status):
    server.faults[PATH] = [refuse(status)] * 2
    assert get(server, tmp_path).read_bytes() == CONTENT
    assert len(server.requests) == 3


def in_two_seconds() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)


@pytest.mark.parametrize(("status", "wait"), [(429, lambda: "1"), (403, in_two_seconds)])
def test_a_server_may_ask_for_a_wait(server, tmp_path, status, wait):
    server.faults[PATH] = [refuse(status, Retry_After=wait())]
    assert get(server, tmp_path).read_bytes() == CONTENT
    first, second = server.requests
    assert 0.9 < second.time - first.time < 5


def test_a_server_may_not_ask_for_too_long_a_wait(server, tmp_path, monkeypatch):
    monkeypatch.setattr(download, "MAX_WAIT_S", 0.1)
    server.faults[PATH] = [refuse(429, Retry_After="999999")]
    assert get(server, tmp_path).read_bytes() == CONTENT


def test_an_unreadable_wait_is_ignored(server, tmp_path):
    server.faults[PATH] = [refuse(503, Retry_After="soon")]
    assert get(server, tmp_path).read_bytes() == CONTENT


def test_a_permanent_fault_is_refused_and_loses_nothing(server, tmp_path):
    server.faults[PATH] = [send(100_000)] + [refuse(503)] * 10
    sentence = r"\(it answers 503 Service Unavailable\): run again to resume"
    with pytest.raises(Refusal, match=sentence):
        get(server, tmp_path)
    kept = (tmp_path / "archive.zip.part").read_bytes()
    assert 100_000 - CHUNK < len(kept) <= 100_000
    assert CONTENT.startswith(kept)
    assert not (tmp_path / "archive.zip").exists()


def test_a_server_that_is_silent_is_refused(server, tmp_path):
    server.faults[PATH] = [stall(0)] * 10
    with pytest.raises(Refusal, match=r"could not be downloaded \(timed out\): run again"):
        get(server, tmp_path, timeout_s=0.05)


def test_a_server_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Refusal, match=r"could not be downloaded \(.*Connection refused\)"):
        fetch({tmp_path / "x": Remote("http://127.0.0.1:9/x")}, wait_s=0.01)


def test_a_missing_file_is_refused_at_once(server, tmp_path):
    server.files.clear()
    with pytest.raises(Refusal, match=r"answers 404 Not Found: .* mirror"):
        get(server, tmp_path)
    assert len(server.requests) == 1


def test_a_server_whose_file_is_too_short_is_refused_and_does_not_block_a_mirror(server, tmp_path):
    server.files[PATH] = CONTENT[:500_000]
    with pytest.raises(Refusal, match="could not be downloaded"):
        get(server, tmp_path)
    server.files[PATH] = CONTENT
    assert get(server, tmp_path).read_bytes() == CONTENT


@pytest.mark.parametrize(("checksum", "name"), [(MD5, "MD5"), (SHA256, "SHA256")])
def test_a_wrong_checksum_is_refused_and_the_file_deleted(server, tmp_path, checksum, name):
    server.files[PATH] = CONTENT[:-1] + b"?"
    with pytest.raises(Refusal, match=f"is not the file that was published: its {name} is"):
        get(server, tmp_path, checksum=checksum)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fault", [send(300_000), send_chunk(300_000), stall(300_000)])
def test_a_file_of_unknown_size_starts_over_when_it_breaks_off(server, tmp_path, fault):
    server.faults[PATH] = [fault]
    path = get(server, tmp_path, None, None, timeout_s=0.2)
    assert path.read_bytes() == CONTENT
    assert server.offsets(PATH) == [0, 0]


def many(server, folder, count=50) -> dict[Path, Remote]:
    files = {}
    for number in range(count):
        name, content = f"clips/{number}.wav", str(number).encode() * 1000
        server.files[f"/{name}"] = content
        checksum = "sha256:" + hashlib.sha256(content).hexdigest()
        files[folder / name] = Remote(f"{server.url}/{name}", len(content), checksum)
    return files


def test_many_files_share_connections_and_a_progress_bar(server, tmp_path, capsys):
    files = many(server, tmp_path)
    fetch(files)
    assert all(path.read_bytes() == server.files[f"/clips/{path.name}"] for path in files)
    assert server.connections <= WORKERS
    assert capsys.readouterr().err.count("\n") == 1


def test_a_file_that_fails_does_not_lose_the_others(server, tmp_path):
    files = many(server, tmp_path)
    server.files["/clips/7.wav"] = b"?" + server.files["/clips/7.wav"][1:]
    content = server.files.pop("/clips/3.wav")
    with pytest.raises(Refusal, match=r"^48 of 50 files .* 2 failed, such as [37]\.wav: "):
        fetch(files)
    server.files["/clips/3.wav"] = content
    server.files["/clips/7.wav"] = b"7" * 1000
    server.requests.clear()
    fetch(files)
    assert sorted(request.path for request in server.requests) == ["/clips/3.wav", "/clips/7.wav"]


def test_a_server_that_has_no_file_is_not_asked_for_each(server, tmp_path):
    files = many(server, tmp_path, 500)
    server.files.clear()
    sentence = f"0 of 500 files are downloaded and kept, {MAX_FAILURES} failed"
    with pytest.raises(Refusal, match=sentence):
        fetch(files)
    assert len(server.requests) < 100


def test_a_full_disk_ends_the_waits_of_the_other_files(server, tmp_path):
    files = many(server, tmp_path)
    server.faults["/clips/1.wav"] = [refuse(429, Retry_After="60")]
    (tmp_path / "clips").mkdir()
    (tmp_path / "clips/9.wav.part").symlink_to("/dev/full")
    start = time.monotonic()
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        fetch(files)
    assert time.monotonic() - start < 10


def archive(path, names):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for name in names:
            opened.writestr(name, b"RIFF" * 100)
    return path


def test_an_archive_is_unpacked(tmp_path):
    unpack(archive(tmp_path / "a.zip", ["Actor_01/x.wav"]), tmp_path / "out")
    assert (tmp_path / "out/Actor_01/x.wav").read_bytes() == b"RIFF" * 100


@pytest.mark.parametrize("name", ["../evil.wav", "a/../../evil.wav", "/tmp/evil.wav", "..\\e.wav"])
def test_a_name_that_leads_out_is_refused(tmp_path, name):
    target = tmp_path / "in/out"
    with pytest.raises(Refusal, match="leads out of its folder"):
        unpack(archive(tmp_path / "a.zip", ["good.wav", name]), target)
    assert not target.exists()
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.zip"]


@pytest.mark.parametrize("damage", ["cut short", "changed inside"])
def test_a_damaged_archive_is_refused_and_deleted(tmp_path, damage):
    path = archive(tmp_path / "a.zip", ["x.wav"])
    content = bytearray(path.read_bytes())
    if damage == "cut short":
        del content[-30:]
    else:
        content[35:40] = b"\xff" * 5
    path.write_bytes(content)
    with pytest.raises(Refusal, match=r"a\.zip is damaged .* run again"):
        unpack(path, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
