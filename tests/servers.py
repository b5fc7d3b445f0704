"""A local HTTP server that can be told to fail."""

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
    offset: int
    time: float


class Server:
    """Serves `files` on 127.0.0.1 and records all requests.

    `faults` lists for each path the faults of its next requests, in order. When the list is empty,
    requests are answered completely. A fault is a function of the request, the offset of its first
    byte, and the bytes from there on.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.faults: dict[str, list[Fault]] = defaultdict(list)
        self.requests: list[Request] = []
        self.connections = 0
        self.supports_ranges = True
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

    def offsets(self, path: str) -> list[int]:
        """Return the offsets of the requests for a path."""
        return [request.offset for request in self.requests if request.path == path]

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        path, content = handler.path, self.files.get(handler.path)
        header = handler.headers.get("Range", "bytes=0-")
        offset = int(header.removeprefix("bytes=").removesuffix("-"))
        self.requests.append(Request(path, offset, time.monotonic()))
        offset *= self.supports_ranges
        if self.faults[path]:
            self.faults[path].pop(0)(handler, offset, (content or b"")[offset:])
        elif content is None:
            refuse(404)(handler, 0, b"")
        elif offset and offset >= len(content):
            refuse(416)(handler, 0, b"")
        else:
            send()(handler, offset, content[offset:])


def send(count: int | None = None, *, with_length: bool = True) -> Fault:
    """Send `count` bytes, or all, and close the connection if some are missing."""

    def answer(handler, offset, content):
        handler.send_response(206 if offset else 200)
        if with_length:
            handler.send_header("Content-Length", str(len(content)))
        else:
            handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(content[:count])
        handler.close_connection |= count is not None

    return answer


def send_chunk(count: int) -> Fault:
    """Send `count` bytes of a longer chunk and close the connection, as GitHub does."""

    def answer(handler, _, content):
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"%x\r\n" % len(content) + content[:count])
        handler.close_connection = True

    return answer


def stall(count: int) -> Fault:
    """Send `count` bytes and nothing more, and leave the connection open."""

    def answer(handler, offset, content):
        send(count)(handler, offset, content)
        handler.server.closing.wait()

    return answer


def refuse(status: int, **headers: str) -> Fault:
    """Answer with a status and headers, such as `Retry_After="1"`, without content."""

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
