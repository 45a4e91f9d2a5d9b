"""Documents as input of spaCy's displaCy."""

from __future__ import annotations

import html
from typing import Any

from quotestance.document import Document


def to_displacy(document: Document) -> dict[str, Any]:
    """A document as what ``spacy.displacy.render(..., style="ent", manual=True)`` draws.

    An entity a part of a quotation, its label the stance, its ``kb_id`` the speaker. displaCy
    cannot show entities inside each other: of such the outer one is kept. It puts labels and
    ``kb_id`` into its HTML as they are, so they are escaped here.
    """
    parts = sorted(
        ((span.start, -span.end, number) for number, q in enumerate(document.quotations)
         for span in q.content)
    )  # fmt: skip
    entities: list[dict[str, Any]] = []
    for start, end, number in parts:
        if entities and start < entities[-1]["end"]:
            continue
        quotation = document.quotations[number]
        entity = {
            "start": start,
            "end": -end,
            "label": html.escape(quotation.stance.label if quotation.stance else "quotation"),
        }
        if quotation.speaker and quotation.speaker.name:
            entity["kb_id"] = html.escape(quotation.speaker.name)
        entities.append(entity)
    return {"text": document.text, "ents": entities, "title": None}
