"""Downloading from a server that misbehaves, and unpacking what it gave."""

import hashlib
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from serfusion.download import CHUNK, fetch
from serfusion.errors import Refusal
from serfusion.unpacking import unpack

CONTENT = bytes(range(256)) * 4096
MD5 = hashlib.md5(CONTENT).hexdigest()


class Server:
    """Serves `content` on 127.0.0.1 and remembers what it was asked.

    `script` says what to do with each request in turn: a status to refuse it with, or the number
    of bytes after which the connection breaks. When it is used up, requests are answered in full.
    """

    def __init__(self) -> None:
        self.content = CONTENT
        self.script: list[tuple[str, int]] = []
        self.ranges: list[str | None] = []
        self.knows_ranges = True
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                server.answer(self)

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/archive.zip"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        asked = request.headers.get("Range")
        self.ranges.append(asked)
        deed, number = self.script.pop(0) if self.script else ("break", len(self.content))
        if deed == "status":
            request.send_error(number)
            return
        begin = start(asked) if asked and self.knows_ranges else 0
        if begin and begin >= len(self.content):
            request.send_error(416)
            return
        request.send_response(206 if begin else 200)
        request.send_header("Content-Length", str(len(self.content) - begin))
        request.end_headers()
        request.wfile.write(self.content[begin : begin + number])
        request.close_connection = True


@pytest.fixture
def server():
    running = Server()
    yield running
    running.http.shutdown()


def download(server, folder, **changes):
    arguments = {"size_bytes": len(CONTENT), "md5": MD5, "wait_s": 0.01} | changes
    return fetch(server.url, folder, **arguments)


def test_a_file_is_downloaded_and_verified(server, tmp_path):
    path = download(server, tmp_path)
    assert path == tmp_path / "archive.zip"
    assert path.read_bytes() == CONTENT
    assert not list(tmp_path.glob("*.part"))


def test_a_right_file_is_not_downloaded_again(server, tmp_path):
    download(server, tmp_path)
    download(server, tmp_path)
    assert len(server.ranges) == 1


def test_a_broken_download_goes_on_where_it_broke(server, tmp_path):
    server.script = [("break", 300_000), ("break", 200_000)]
    assert download(server, tmp_path).read_bytes() == CONTENT
    first, second, third = server.ranges
    assert first is None
    assert 300_000 - CHUNK < start(second) <= 300_000
    assert start(second) < start(third) <= 500_000


def start(asked: str) -> int:
    return int(asked.removeprefix("bytes=").removesuffix("-"))


def test_a_later_run_goes_on_too(server, tmp_path):
    (tmp_path / "archive.zip.part").write_bytes(CONTENT[:400_000])
    assert download(server, tmp_path).read_bytes() == CONTENT
    assert server.ranges == ["bytes=400000-"]


def test_a_server_without_ranges_starts_over(server, tmp_path):
    server.knows_ranges = False
    server.script = [("break", 300_000)]
    assert download(server, tmp_path).read_bytes() == CONTENT


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_passing_fault_is_tried_again(server, tmp_path, status):
    server.script = [("status", status), ("status", status)]
    assert download(server, tmp_path).read_bytes() == CONTENT
    assert len(server.ranges) == 3


def test_a_lasting_fault_is_refused_and_loses_nothing(server, tmp_path):
    server.script = [("break", 100_000)] + [("status", 503)] * 10
    with pytest.raises(Refusal, match=r"could not be downloaded .* run again to go on"):
        download(server, tmp_path)
    kept = (tmp_path / "archive.zip.part").read_bytes()
    assert 100_000 - CHUNK < len(kept) <= 100_000
    assert CONTENT.startswith(kept)
    assert not (tmp_path / "archive.zip").exists()


def test_a_missing_file_is_refused_at_once(server, tmp_path):
    server.script = [("status", 404)]
    with pytest.raises(Refusal, match=r"answers 404 .* mirror"):
        download(server, tmp_path)
    assert len(server.ranges) == 1


def test_a_server_whose_file_is_too_short_is_refused_and_does_not_block_a_mirror(server, tmp_path):
    server.content = CONTENT[:500_000]
    with pytest.raises(Refusal, match="could not be downloaded"):
        download(server, tmp_path)
    server.content = CONTENT
    assert download(server, tmp_path).read_bytes() == CONTENT


def test_a_wrong_checksum_is_refused_and_the_file_deleted(server, tmp_path):
    server.content = CONTENT[:-1] + b"?"
    with pytest.raises(Refusal, match="is not the file that was published"):
        download(server, tmp_path)
    assert not list(tmp_path.glob("archive*"))


def archive(path, names):
    with zipfile.ZipFile(path, "w") as opened:
        for name in names:
            opened.writestr(name, b"RIFF")
    return path


def test_an_archive_is_unpacked(tmp_path):
    unpack(archive(tmp_path / "a.zip", ["Actor_01/x.wav"]), tmp_path / "out")
    assert (tmp_path / "out/Actor_01/x.wav").read_bytes() == b"RIFF"


@pytest.mark.parametrize("name", ["../evil.wav", "a/../../evil.wav", "/tmp/evil.wav", "..\\e.wav"])
def test_a_name_that_leads_out_is_refused(tmp_path, name):
    target = tmp_path / "in/out"
    with pytest.raises(Refusal, match="leads out of its folder"):
        unpack(archive(tmp_path / "a.zip", ["good.wav", name]), target)
    assert not target.exists()
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.zip", "in"]


def test_a_damaged_archive_is_refused(tmp_path):
    path = archive(tmp_path / "a.zip", ["x.wav"])
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(Refusal, match=r"a\.zip is damaged"):
        unpack(path, tmp_path / "out")
    assert not (tmp_path / "out").exists()
