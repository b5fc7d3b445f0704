"""A server on this machine that misbehaves when told to."""

import io
import threading
import time
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

Fault = Callable[[BaseHTTPRequestHandler, int, bytes], None]


class Request(NamedTuple):
    path: str
    begin: int
    at: float


class Server:
    """Serves `files` on 127.0.0.1 and remembers what it was asked.

    `faults` lists, for a path, what to do with the requests for it in turn; when they are used
    up, requests are answered in full. A fault is given the request, the byte that it begins with,
    and the bytes from there on.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.faults: dict[str, list[Fault]] = defaultdict(list)
        self.requests: list[Request] = []
        self.connections = 0
        self.knows_ranges = True
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self):
                super().setup()
                server.connections += 1

            def do_GET(self):
                server.answer(self)

            def log_message(self, *_):
                pass

        class Http(ThreadingHTTPServer):
            request_queue_size = 64

        self.http = Http(("127.0.0.1", 0), Handler)
        self.http.closing = threading.Event()
        self.url = f"http://127.0.0.1:{self.http.server_port}"

    def begins(self, path: str) -> list[int]:
        """Return the bytes with which the requests for a path have begun."""
        return [request.begin for request in self.requests if request.path == path]

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        path, content = handler.path, self.files.get(handler.path)
        asked = handler.headers.get("Range", "bytes=0-")
        begin = int(asked.removeprefix("bytes=").removesuffix("-"))
        self.requests.append(Request(path, begin, time.monotonic()))
        begin *= self.knows_ranges
        if self.faults[path]:
            self.faults[path].pop(0)(handler, begin, (content or b"")[begin:])
        elif content is None:
            refuse(404)(handler, 0, b"")
        elif begin and begin >= len(content):
            refuse(416)(handler, 0, b"")
        else:
            give()(handler, begin, content[begin:])


def give(count: int | None = None, *, says_length: bool = True) -> Fault:
    """Give `count` bytes and break off."""

    def answer(handler, begin, content):
        handler.send_response(206 if begin else 200)
        if says_length:
            handler.send_header("Content-Length", str(len(content)))
        else:
            handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(content[:count])
        handler.close_connection |= count is not None

    return answer


def give_a_chunk(count: int) -> Fault:
    """Give `count` bytes of a chunk that should be longer, and break off, as GitHub does."""

    def answer(handler, _, content):
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"%x\r\n" % len(content) + content[:count])
        handler.close_connection = True

    return answer


def stall(count: int) -> Fault:
    """Give `count` bytes and then nothing more, without breaking off."""

    def answer(handler, begin, content):
        give(count)(handler, begin, content)
        handler.server.closing.wait()

    return answer


def refuse(status: int, **headers: str) -> Fault:
    """Answer with a status and headers, such as `Retry_After="1"`, and no content."""

    def answer(handler, *_):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


@contextmanager
def serving() -> Iterator[Server]:
    """Yield a running server."""
    server = Server()
    thread = threading.Thread(target=server.http.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.http.closing.set()
    server.http.shutdown()
    server.http.server_close()


def zipped(files: dict[str, bytes]) -> bytes:
    """Return the files as a ZIP archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()
