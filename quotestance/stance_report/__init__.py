"""How far stance labels can be trusted, in one page, a summary or plain data."""

from quotestance.stance_report.analysis import StanceAnalysis, analyze_stances
from quotestance.stance_report.page import stance_page

__all__ = ["StanceAnalysis", "analyze_stances", "stance_page"]
