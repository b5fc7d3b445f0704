"""The Hugging Face hub's API, on a server of the tests."""

import hashlib
import json
from pathlib import Path

from servers import Server

REVISION = "0123456789abcdef0123456789abcdef01234567"
LARGE = (".safetensors", ".bin", ".h5", ".msgpack", ".onnx")
"""What the hub keeps in Git LFS."""


def publish(
    server: Server,
    model: str,
    folder: Path,
    others: dict[str, bytes] | None = None,
    without: set[str] = frozenset(),
    sha: str = REVISION,
) -> None:
    """Serve the files of a folder, and others, as the hub serves a model at `REVISION`.

    `sha` is the revision that the hub says it answers for.
    """
    files = {path.name: path.read_bytes() for path in folder.iterdir()} | (others or {})
    listed = {name: content for name, content in files.items() if name not in without}
    answer = {"id": model, "sha": sha, "siblings": [_entry(*file) for file in listed.items()]}
    path = f"/api/models/{model}/revision/{REVISION}?blobs=true"
    server.files[path] = json.dumps(answer).encode()
    for name, content in listed.items():
        server.files[f"/{model}/resolve/{REVISION}/{name}"] = content


def _entry(name: str, content: bytes) -> dict:
    """Return what `/api/models/<model>/revision/<revision>?blobs=true` says of a file."""
    entry = {"rfilename": name, "size": len(content)}
    if name.endswith(LARGE):
        sha256 = hashlib.sha256(content).hexdigest()
        pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\n"
        pointer = f"{pointer}size {len(content)}\n".encode()
        entry["lfs"] = {"sha256": sha256, "size": len(content), "pointerSize": len(pointer)}
        content = pointer
    return entry | {"blobId": hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()}
