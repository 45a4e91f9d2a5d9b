"""Many articles in one page: who takes which stance, when, and in which words."""

from quotestance.corpus_report.page import report_page

__all__ = ["report_page"]
