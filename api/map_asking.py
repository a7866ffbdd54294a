"""The map as it is asked for, for every format it is answered in."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query

from api.clocks import Box, Voices, read_box, read_list
from domain.status import STATUSES
from projections.reading.maps import MapQuestion

LANGUAGE = "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}$"


async def map_of_query(
    *,
    bbox: Box = None,
    part_of: Annotated[
        str | None, Query(description="Only this place and everything below it, however deep.")
    ] = None,
    status: Annotated[
        list[str] | None, Query(description=f"Any of {', '.join(STATUSES)}, separated by commas.")
    ] = None,
    holder: Annotated[str | None, Query(description="Held by this party.")] = None,
    voices: Voices = None,
    lang: Annotated[
        str | None,
        Query(
            description="Calls places by their name in this language, where they have one (a tag of BCP 47).",
            pattern=LANGUAGE,
            examples=["uk"],
        ),
    ] = None,
) -> MapQuestion:
    """A dependency: what of the map a request asks for. Raises InvalidInput."""
    return MapQuestion(
        part_of=part_of,
        bbox=read_box(bbox),
        status=read_list("status", status, of="status", known=STATUSES),
        holder=holder,
        voices=read_list("voices", voices),
        lang=lang,
    )


MapDep = Annotated[MapQuestion, Depends(map_of_query)]
