"""What annotators made of a task, as a file holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from quotestance.labelling.tasks import Task


@dataclass(frozen=True, slots=True)
class Reading:
    """A task with the labels each annotator gave it, primary first, ``[]`` for none.

    ``place`` is where it stands, for messages. Annotators who skipped it are left out.
    """

    place: str
    task: Task
    passes: Mapping[str, list[str]] = field(default_factory=dict)
