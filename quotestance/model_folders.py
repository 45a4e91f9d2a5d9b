"""Model folders on disk: written whole or not at all, and known again when they are read.

``manifest.json`` holds the size and SHA-256 of every file that a model is loaded from. A folder
without one (an encoder of others) is taken as it is.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
_LAYOUT = 1
_CARD = "README.md"


class ModelError(Exception):
    """A model that cannot be found, loaded or saved; the message says how to mend it."""


def save(model: Any, tokenizer: Any, folder: str | Path, largest: str = "5GB") -> None:
    """Writes a model, its tokenizer and their manifest to a folder.

    Weights of more than ``largest`` are written in several files.

    They are written beside it first, so that a full disk leaves an older model as it was. Raises
    ModelError where that place cannot be written.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".saving-", dir=folder) as scratch:
            model.save_pretrained(scratch, max_shard_size=largest)
            tokenizer.save_pretrained(scratch)
            write_manifest(scratch)
            # The manifest last: until then what is there does not pass for a whole model.
            names = sorted(os.listdir(scratch), key=lambda name: (name == MANIFEST, name))
            # Of the weights that stood here, in one file or in several.
            stood = {*folder.glob("openvino_model.*"), *folder.glob("model*.safetensors*")}
            for stale in stood - {folder / name for name in names}:
                stale.unlink()
            for name in names:
                # safetensors makes its file private; a model folder is there to be shared.
                Path(scratch, name).chmod(0o644)
                os.replace(Path(scratch, name), folder / name)
    except Exception as error:
        # safetensors tells a full disk by an exception of its own.
        if isinstance(error, OSError) or type(error).__name__ == "SafetensorError":
            reason = getattr(error, "strerror", None) or str(error)
            raise ModelError(f"the model cannot be saved to {folder}: {reason}") from None
        raise


def write_manifest(folder: str | Path) -> None:
    """Notes the files of a model as they are now."""
    files = {
        path.name: {"size": path.stat().st_size, "sha256": _digest(path)}
        for path in sorted(Path(folder).iterdir())
        if path.is_file() and path.name not in (MANIFEST, _CARD)
    }
    manifest = {"layout": _LAYOUT, "files": files}
    Path(folder, MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")


def check(folder: Path) -> None:
    """Compares a model's files with its manifest, if it has one; raises ModelError."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except FileNotFoundError:
        return
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{folder / MANIFEST} cannot be read ({error}): {_MEND}") from None
    files = manifest.get("files") if isinstance(manifest, Mapping) else None
    if not isinstance(files, Mapping) or not all(isinstance(f, Mapping) for f in files.values()):
        raise ModelError(f"{folder / MANIFEST} is no manifest of a model: {_MEND}")
    if manifest.get("layout") != _LAYOUT:
        raise ModelError(
            f"{folder} has the layout {manifest.get('layout')!r}, this version reads {_LAYOUT}: "
            "upgrade quotestance"
        )
    for name, noted in files.items():
        path = folder / Path(name).name
        if not path.is_file():
            raise ModelError(f"{path} is missing: {_MEND}")
        size = path.stat().st_size
        if size != noted.get("size"):
            raise ModelError(f"{path} has {size} bytes, not {noted.get('size')}: {_MEND}")
        if _digest(path) != noted.get("sha256"):
            raise ModelError(
                f"{path} is not the file that was saved (its SHA-256 differs): {_MEND}; if you "
                f"changed it yourself, delete {MANIFEST}"
            )


_MEND = "copy or train the model again"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
