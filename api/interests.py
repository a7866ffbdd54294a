"""What a request, or a command, wants of the log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, Query

from api.clocks import Box, read_box, read_list
from domain.catalogue import TOPICS
from domain.interests import Interest


async def interest_of_query(
    location: Annotated[list[str] | None, Query(description="Only what is about these places.")] = None,
    part_of: Annotated[
        list[str] | None, Query(description="Only what is about these places, or one below them.")
    ] = None,
    bbox: Box = None,
    voices: Annotated[
        list[str] | None, Query(description="Only what these actors say, or is said with their voice.")
    ] = None,
    kinds: Annotated[
        list[str] | None,
        Query(description="Only events of these topics, or about developments of these kinds."),
    ] = None,
) -> Interest:
    """A dependency: what a request wants of the log."""
    return read_interest(location=location, part_of=part_of, bbox=bbox, voices=voices, kinds=kinds)


def read_interest(
    *,
    location: Sequence[str] | None = None,
    part_of: Sequence[str] | None = None,
    bbox: str | None = None,
    voices: Sequence[str] | None = None,
    kinds: Sequence[str] | None = None,
) -> Interest:
    """What is wanted of the log, as written. Raises InvalidInput."""
    return Interest(
        locations=tuple(read_list("location", location) or ()),
        part_of=tuple(read_list("part_of", part_of) or ()),
        bbox=read_box(bbox),
        voices=tuple(read_list("voices", voices) or ()),
        kinds=tuple(read_list("kinds", kinds, of="kind", known=TOPICS) or ()),
    )


InterestDep = Annotated[Interest, Depends(interest_of_query)]
