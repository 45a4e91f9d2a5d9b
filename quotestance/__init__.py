"""Who said what in the news, and what the speaker does with the words.

The names below are loaded when they are first used: importing quotestance costs no torch.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quotestance.corpora import read_corpus as read_corpus
    from quotestance.corpus_report import report_page as report_page
    from quotestance.document import Document as Document
    from quotestance.document import LayoutError as LayoutError
    from quotestance.document import Quotation as Quotation
    from quotestance.document import Span as Span
    from quotestance.document import Speaker as Speaker
    from quotestance.document import Stance as Stance
    from quotestance.document import StanceItem as StanceItem
    from quotestance.errors import find_errors as find_errors
    from quotestance.evaluation import Comparison as Comparison
    from quotestance.evaluation import CoveragePoint as CoveragePoint
    from quotestance.evaluation import Difference as Difference
    from quotestance.evaluation import Reliability as Reliability
    from quotestance.evaluation import Report as Report
    from quotestance.evaluation import Score as Score
    from quotestance.evaluation import Share as Share
    from quotestance.evaluation import compare_documents as compare_documents
    from quotestance.evaluation import compare_stances as compare_stances
    from quotestance.evaluation import confusions as confusions
    from quotestance.evaluation import coverage_curve as coverage_curve
    from quotestance.evaluation import reliability as reliability
    from quotestance.hub import ModelError as ModelError
    from quotestance.integrations.displacy import to_displacy as to_displacy
    from quotestance.integrations.huggingface import from_dataset as from_dataset
    from quotestance.pipeline import Pipeline as Pipeline
    from quotestance.pipeline import evaluate as evaluate
    from quotestance.pipeline import load as load
    from quotestance.quotations.extractor import QuotationExtractor as QuotationExtractor
    from quotestance.quotations.training import fine_tune_quotations as fine_tune_quotations
    from quotestance.stance.baselines import KeywordBaseline as KeywordBaseline
    from quotestance.stance.baselines import TfidfBaseline as TfidfBaseline
    from quotestance.stance.classifier import StanceClassifier as StanceClassifier
    from quotestance.stance.explanation import Explanation as Explanation
    from quotestance.stance.explanation import explain as explain
    from quotestance.stance.stability import Stability as Stability
    from quotestance.stance.stability import stability as stability
    from quotestance.stance.training import fine_tune_stance as fine_tune_stance
    from quotestance.stance_report import analyze_stances as analyze_stances
    from quotestance.stance_report import stance_page as stance_page
    from quotestance.tables import to_dataset as to_dataset
    from quotestance.tables import to_frame as to_frame
    from quotestance.tables import to_jsonl as to_jsonl

__version__ = "0.1.0"

_HOMES = {
    "Comparison": "evaluation",
    "CoveragePoint": "evaluation",
    "Difference": "evaluation",
    "Document": "document",
    "Explanation": "stance.explanation",
    "KeywordBaseline": "stance.baselines",
    "LayoutError": "document",
    "ModelError": "hub",
    "Pipeline": "pipeline",
    "Quotation": "document",
    "QuotationExtractor": "quotations.extractor",
    "Reliability": "evaluation",
    "Report": "evaluation",
    "Score": "evaluation",
    "Share": "evaluation",
    "Span": "document",
    "Speaker": "document",
    "Stability": "stance.stability",
    "Stance": "document",
    "StanceClassifier": "stance.classifier",
    "StanceItem": "document",
    "TfidfBaseline": "stance.baselines",
    "analyze_stances": "stance_report",
    "compare_documents": "evaluation",
    "compare_stances": "evaluation",
    "confusions": "evaluation",
    "coverage_curve": "evaluation",
    "evaluate": "pipeline",
    "explain": "stance.explanation",
    "find_errors": "errors",
    "fine_tune_quotations": "quotations.training",
    "fine_tune_stance": "stance.training",
    "from_dataset": "integrations.huggingface",
    "load": "pipeline",
    "read_corpus": "corpora",
    "reliability": "evaluation",
    "report_page": "corpus_report",
    "stability": "stance.stability",
    "stance_page": "stance_report",
    "to_dataset": "tables",
    "to_displacy": "integrations.displacy",
    "to_frame": "tables",
    "to_jsonl": "tables",
}

__all__ = ["__version__", *sorted(_HOMES)]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'quotestance' has no attribute {name!r}")
    return getattr(importlib.import_module(f"quotestance.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
