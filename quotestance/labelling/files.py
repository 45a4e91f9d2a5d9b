"""Tasks to files, and what annotators made of them back from several."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from quotestance.corpora.reading import shortened
from quotestance.corpora.tables import ENDINGS
from quotestance.document import LayoutError
from quotestance.labelling import label_studio, spreadsheet
from quotestance.labelling.readings import Reading
from quotestance.labelling.tasks import Task
from quotestance.outputs import Output

FORMATS = ("label-studio", "csv")
_TOLD = 20  # problems told at once


def write_tasks(
    tasks: Sequence[Task],
    path: str | Path,
    format: str = "label-studio",
    annotators: Sequence[str] = (),
) -> list[Path]:
    """Writes tasks to a file; returns what was written.

    For Label Studio the labelling interface stands beside it, under the same name with the
    ending .xml. ``annotators`` name the columns of a CSV. Raises LayoutError where there is
    nothing to label.
    """
    if format not in FORMATS:
        raise ValueError(f"format {format!r} is not one of {', '.join(FORMATS)}")
    if not tasks:
        raise LayoutError("no quotation to label: run analyze first, and export what it writes")
    path = Path(path)
    if format == "csv":
        contents = {path: spreadsheet.to_csv(tasks, annotators)}
    elif annotators:
        raise LayoutError("annotators are named in Label Studio itself; only a CSV has columns")
    else:
        listed = json.dumps(label_studio.to_label_studio(tasks), ensure_ascii=False, indent=1)
        config = label_studio.labelling_config(tasks[0].choices)
        contents = {path: listed + "\n", path.with_suffix(".xml"): config}
        if len(contents) < 2:
            raise LayoutError(f"{path}: the labelling interface is the .xml: choose another ending")
    for name, content in contents.items():
        with Output(str(name)) as output:
            output.write(content)
    return list(contents)


def read_labelled(paths: Iterable[str | Path]) -> list[Reading]:
    """What the files of annotators hold: CSV or TSV, or Label Studio's JSON or JSON-MIN.

    A task that stands in several places has one reading of them all, at its first place.
    Raises one LayoutError with all problems, each with file, row or task, and field.
    """
    readings: dict[str, Reading] = {}
    places: dict[tuple[str, str], str] = {}
    problems: list[str] = []
    for path in dict.fromkeys(map(Path, paths)):
        module = spreadsheet if path.name.lower().endswith(ENDINGS) else label_studio
        for place, parse in module.read(path):
            try:
                _add(parse(), readings, places)
            except LayoutError as error:
                problems.append(f"{place}: {error}")
    if problems:
        rest = len(problems) - _TOLD
        more = [f"and {rest} more of the kind"] if rest > 0 else []
        raise LayoutError("\n".join([*problems[:_TOLD], *more]))
    return list(readings.values())


def _add(
    reading: Reading, readings: dict[str, Reading], places: dict[tuple[str, str], str]
) -> None:
    known = readings.get(reading.task.id)
    if known and known.task.check != reading.task.check:
        raise LayoutError(
            f"text: {shortened(reading.task.text)} has the quotation_id {reading.task.id!r} of "
            f"another text ({known.place}): import the two exports one by one"
        )
    for annotator in reading.passes:
        place = places.setdefault((reading.task.id, annotator), reading.place)
        if place != reading.place:
            raise LayoutError(
                f"{annotator} has labelled {reading.task.id!r} already ({place}): keep one of the "
                "two, or give two annotators two names"
            )
    first = known or reading
    readings[first.task.id] = Reading(
        first.place, first.task, {**(known.passes if known else {}), **reading.passes}
    )
