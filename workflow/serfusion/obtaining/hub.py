"""Pretrained encoders that are published on the Hugging Face hub."""

import json
import os
import pickle
from pathlib import Path
from urllib.parse import quote

from serfusion.errors import Refusal
from serfusion.obtaining.download import Remote, fetch
from serfusion.obtaining.layout import finish_folder, partial_folder
from serfusion.study.encoder_weights import INDEX, PICKLED, needed_files, parts

HUB = "https://huggingface.co"
ENDPOINT = "HF_ENDPOINT"
"""The variable that names a mirror, as for Hugging Face's own programs."""


def obtain(settings: dict, downloads: Path, folder: Path) -> None:
    """Download the files of an encoder at one revision as `folder`.

    Each is checked against the size and the checksum that the hub states for it: SHA-256 for large
    files, git's own for small ones.

    Parameters
    ----------
    settings : dict
        With `model`, such as `openai/whisper-small`, and `revision`, a commit.
    downloads, folder : Path
        As in `serfusion.obtaining.corpus.obtain`.

    Raises
    ------
    Refusal
        If the hub does not list the files, if they cannot be downloaded, or if the weights are in
        no form that is safe to load.
    """
    model, revision = settings["model"], settings["revision"]
    hub = (os.environ.get(ENDPOINT) or HUB).rstrip("/")
    source, partial = f"{model} at {revision[:8]}", partial_folder(folder)
    published = _published(hub, model, revision, downloads)
    names = needed_files(published, source)
    fetch({partial / name: published[name] for name in names})
    if names[-1] == INDEX:
        others = parts(partial / INDEX, source)
        missing = [name for name in others if name not in published]
        if missing:
            raise Refusal(f"{source} lacks {missing[0]}, a part of its weights: choose another.")
        fetch({partial / name: published[name] for name in others})
        names += others
    if names[-1] == PICKLED:
        _refuse_code(partial / PICKLED, source)
    finish_folder(partial, [partial / name for name in names], folder)


def _published(hub: str, model: str, revision: str, downloads: Path) -> dict[str, Remote]:
    """Return by name the files that the hub lists of a model at a revision.

    See https://huggingface.co/docs/hub/api, and `HfApi.model_info(files_metadata=True)`.
    """
    url = f"{hub}/api/models/{model}/revision/{revision}?blobs=true"
    listing = downloads / "files.json"
    listing.unlink(missing_ok=True)
    fetch({listing: Remote(url)})
    try:
        answer = json.loads(listing.read_bytes())
        files = {
            entry["rfilename"]: Remote(
                f"{hub}/{model}/resolve/{revision}/{quote(entry['rfilename'])}",
                int(entry["size"]),
                _checksum(entry),
            )
            for entry in answer["siblings"]
        }
        same = answer["sha"] == revision
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refusal(
            f"{url} does not answer with the hub's list of files: check {ENDPOINT}, or set the "
            "path of the feature set to a copy of your own."
        ) from error
    if not same:
        raise Refusal(
            f"{url} answers for the revision {answer['sha']}, not for the one that was asked for: "
            f"check {ENDPOINT}."
        )
    return files


def _checksum(entry: dict) -> str:
    large = entry.get("lfs")
    return f"sha256:{large['sha256']}" if large else f"git_blob:{entry['blobId']}"


def _refuse_code(weights: Path, source: str) -> None:
    """Refuse weights that are more than numbers, and so would run code as they are loaded."""
    import torch

    try:
        torch.load(weights, map_location="meta", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError) as error:
        raise Refusal(
            f"{source}: {weights.name} holds more than weights, or is damaged, and would run code "
            "when it is loaded: choose another model or revision."
        ) from error
