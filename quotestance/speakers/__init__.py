"""Source mentions to named speakers."""

from quotestance.speakers.resolution import resolve_speakers

__all__ = ["resolve_speakers"]
