"""What a prediction got wrong: errors found, told apart, and shown in their text."""

from quotestance.errors.finding import ErrorCase, find_errors
from quotestance.errors.kinds import Fault, Kind
from quotestance.errors.page import error_page, error_summary

__all__ = ["ErrorCase", "Fault", "Kind", "error_page", "error_summary", "find_errors"]
