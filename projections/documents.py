"""Documents: the archived sources, without their texts."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from domain.registry import DocumentArchived
from ledger.reading import Recorded
from projections.engine.projection import Projection, Writer

COLUMNS = ("document_id", "from_position", "recorded_at", "publisher", "body")


class Documents(Projection):
    """Rows of `documents`: one for each archived source."""

    name: ClassVar[str] = "documents"
    tables: ClassVar[tuple[str, ...]] = ("documents",)
    topics: ClassVar[frozenset[str]] = frozenset({"document-archived"})

    def apply(self, writer: Writer, recorded: Recorded) -> None:
        """Adds the document."""
        document = recorded.event
        if isinstance(document, DocumentArchived):
            body = msgspec.json.encode(document)
            row = (document.id, recorded.log_position, recorded.recorded_at, document.publisher, body)
            writer.add("documents", COLUMNS, row)
