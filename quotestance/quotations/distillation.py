"""Teachers of a quotation model: what larger ones say of the same windows, as soft targets.

The student learns the mean of its teachers' probabilities beside the annotation (Hinton et al.
2015). Teacher and student may have different encoders, but must cut texts into the same word
pieces, as MiniLM and MPNet do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional

from quotestance.hub import ModelError
from quotestance.quotations.extractor import QuotationExtractor
from quotestance.quotations.model import FORWARD, LINK_QUERY, QuotationModel

_SPECIAL = ("pad_token", "cls_token", "sep_token", "unk_token")


class Teachers:
    """One or more trained quotation models that read with a student's word pieces.

    Raises ModelError where a teacher's word pieces are not the student's.
    """

    def __init__(self, names: Sequence[str | Path], tokenizer: Any, device: str = "auto") -> None:
        self.extractors = [
            QuotationExtractor.from_pretrained(name, device, engine="torch") for name in names
        ]
        self.lookups = [
            _lookup(tokenizer, extractor.tokenizer, str(name)).to(extractor.model.device)
            for name, extractor in zip(names, self.extractors, strict=True)
        ]

    def label(self, records: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """The records, those without quotations with what the first teacher finds in them."""
        bare = [number for number, record in enumerate(records) if "quotations" not in record]
        found = self.extractors[0].extract([records[number]["text"] for number in bare])
        labelled = list(records)
        for number, extraction in zip(bare, found, strict=True):
            quotations = [quotation.to_dict() for quotation in extraction.quotations]
            labelled[number] = {**records[number], "quotations": quotations}
        return labelled

    def loss(
        self,
        student: QuotationModel,
        outputs: Mapping[str, torch.Tensor],
        inputs: Mapping[str, Any],
    ) -> torch.Tensor:
        """Cross-entropy of a student's outputs for a batch with the teachers' mean."""
        query = [inputs[name] for name in LINK_QUERY]
        told = [self._told(number, inputs, query) for number in range(len(self.extractors))]
        read = inputs["attention_mask"].bool()
        total = outputs["tags"].sum() * 0
        for name in ("tags", "names"):
            target = torch.stack([answer[name] for answer in told]).mean(0)
            losses = -(target * functional.log_softmax(outputs[name].float(), -1)).sum(-1)
            total = total + losses[read].mean()
        if len(inputs["link_kinds"]):
            target = torch.stack([answer["links"] for answer in told]).mean(0)
            scores = student.link_scores(outputs["links"], *query)
            scores = scores.masked_fill(~inputs["link_allowed"], -1e4)
            total = total - (target * functional.log_softmax(scores, -1)).sum(-1).mean()
        return total

    @torch.no_grad()
    def _told(
        self, number: int, inputs: Mapping[str, Any], query: Sequence[torch.Tensor]
    ) -> dict[str, torch.Tensor]:
        """A teacher's probabilities of tags, names and links for a batch."""
        model = self.extractors[number].model
        fed = {name: inputs[name] for name in FORWARD}
        fed["input_ids"] = self.lookups[number][inputs["input_ids"]]
        outputs = model(**fed)
        told = {name: outputs[name].float().softmax(-1) for name in ("tags", "names")}
        if len(inputs["link_kinds"]):
            scores = model.link_scores(outputs["links"], *query)
            told["links"] = scores.masked_fill(~inputs["link_allowed"], -1e4).softmax(-1)
        return told


def _lookup(student: Any, teacher: Any, name: str) -> torch.Tensor:
    """The teacher's id of each of the student's word pieces."""
    known = teacher.get_vocab()
    special = {
        getattr(student, role): getattr(teacher, role)
        for role in _SPECIAL
        if getattr(student, role) and getattr(teacher, role)
    }
    unknown = known[teacher.unk_token]
    lookup = torch.full((len(student),), unknown, dtype=torch.int64)
    missing = 0
    for piece, number in student.get_vocab().items():
        piece = special.get(piece, piece)
        missing += piece not in known
        lookup[number] = known.get(piece, unknown)
    # Unused places of a vocabulary may differ, its words may not.
    if missing > len(lookup) // 20:
        raise ModelError(
            f"the teacher {name} reads other word pieces than the student: {missing} of "
            f"{len(lookup)} are unknown to it. Take encoders with the same vocabulary."
        )
    return lookup
