"""Whom a quotation is given to and what that rests on."""

from __future__ import annotations

from dataclasses import dataclass

from quotestance.document import Quotation
from quotestance.speakers import evidence
from quotestance.speakers.names import Entity


@dataclass(frozen=True)
class Attribution:
    """A quotation with whom it is given to and what that rests on, before confidence.

    ``link`` is how sure the source is, ``weight`` how sure it stands for the entity (1 for a
    name), ``margin`` by how much that leads, ``distance`` the characters from source to content.
    """

    quotation: Quotation
    entity: Entity | None
    source: str
    name: str
    link: float = 0.0
    weight: float = 1.0
    margin: float = 1.0
    distance: int = 0
    reason: str | None = None

    @property
    def evidence(self) -> str:
        return evidence.evidence(self.source, self.name)
