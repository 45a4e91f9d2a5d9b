"""Sound inputs to start from, and words that random bytes would not come upon."""

from __future__ import annotations

import json
from pathlib import Path

from targets import FILES

TESTS = Path(__file__).resolve().parent.parent
_SAMPLES = {
    "csv": ("tables/quotations.csv",),
    "citron": ("citron/lindau.json",),
    "directquote": ("directquote/sample.txt",),
    "polnear": ("polnear/attributions/kestria_border_a1b2.ann", "polnear/text/kestria_border.txt"),
    "litbank": (
        "litbank/9001_the_glass_harbour_brat.ann",
        "litbank/9001_the_glass_harbour_brat.txt",
    ),
    "pdnc": (
        "pdnc/TheLateFerry/quotation_info.csv",
        "pdnc/TheLateFerry/novel_text.txt",
        "pdnc/TheLateFerry/character_info.csv",
    ),
}
_RECORD = {
    "id": 1,
    "text": "“No,” she said.",
    "title": "T",
    "quotations": [
        {
            "kind": "direct",
            "content": [[0, 5]],
            "source": [[6, 9]],
            "cue": [[10, 14]],
            "quoted": [[0, 5]],
            "speaker": "Ilse Varga",
            "speaker_type": "person",
            "speaker_alternatives": ["Varga"],
            "speaker_details": {"role": "minister", "affiliation": None, "mentions": [[6, 9]]},
            "confidence": 0.5,
            "unknown_reason": None,
            "stance": {
                "label": "pressure",
                "labels": ["pressure"],
                "probabilities": {"pressure": 0.7, "none": 0.3},
                "certain": True,
            },
        }
    ],
}
_ITEM = {"text": "No.", "context": "She said", "after": "then", "labels": ["pressure"], "id": "a"}


def seeds(target: str) -> list[bytes]:
    """Inputs of a target that are as they should be."""
    if target == "marks":
        layouts = sorted((TESTS / "layouts").glob("*.txt"))
        return [
            part.encode("utf-8")
            for path in layouts
            for part in path.read_text("utf-8").split("=== ")
        ]
    lines = [json.dumps(record).encode("utf-8") for record in (_RECORD, _ITEM)]
    if target == "jsonl":
        return lines
    found = {
        name: [(TESTS / "samples" / path).read_bytes() for path in paths]
        for name, paths in _SAMPLES.items()
    }
    found["jsonl"], found["text"] = [lines[0]], ["“No,” she said.".encode()]
    found.update(_labelled())
    return [bytes([list(FILES).index(name)]) + b"\0\0".join(found[name]) for name in found]


def _labelled() -> dict[str, list[bytes]]:
    from quotestance.document import Document
    from quotestance.labelling import tasks_of
    from quotestance.labelling.label_studio import to_label_studio
    from quotestance.labelling.spreadsheet import to_csv

    tasks = tasks_of([Document.from_dict(_RECORD)])
    records = to_label_studio(tasks)
    for record in records:
        result = {
            "from_name": "stance", "to_name": "passage", "type": "choices",
            "value": {"choices": ["pressure"]},
        }  # fmt: skip
        record["annotations"] = [{"completed_by": 1, "result": [result]}]
    return {
        "labelled csv": [to_csv(tasks, ["Ana"]).encode("utf-8")],
        "labelled json": [json.dumps(records).encode("utf-8")],
    }


def dictionary(target: str) -> str:
    """Words for libFuzzer to insert, in its own layout."""
    words = [
        "“",
        "”",
        "‘",
        "’",
        '"',
        "'",
        "«",
        "»",
        "``",
        "''",
        "\n\n",
        "\u202e",
        "\u0301",
        "\u200b",
    ]
    words += [" said ", "Q: ", "A: ", "> ", "— Ilse Varga", "ILSE VARGA: ", "   ", ":\n"]
    if target != "marks":
        words += [*_RECORD, *_RECORD["quotations"][0], *_ITEM, "null", "true", "[[0,5]]", "1e999"]
        words += ["NaN", "\\ud800", "9" * 40, "{", "[", "QUOTE\t", "ATTRIB\t", "T1\t", "E1\t", ";"]
    return "\n".join(
        '"' + "".join(f"\\x{byte:02x}" for byte in word.encode("utf-8")) + '"' for word in words
    )
