"""A story told to be awkward: markup, formulas, characters that XML forbids, and every sort of time."""

from __future__ import annotations

from typing import Any

from tests.api.stories import assessment, claim, denial, quoting, report, set_the_stage, statement
from tests.api.talking import Api

MARKUP = "<script>alert('x')</script> & ]]> \"quoted\""
CONTROLS = "vertical\x0btab, bell\x07, and \uffff"
FORMULA = '=HYPERLINK("http://example.org","a, b")\r\nsecond line'
HOLDS_ALL = "it holds all of Hill"


def tell_awkwardly(api: Api) -> int:
    """Records the story; the log position after it."""
    set_the_stage(api)
    return report(
        api,
        claim(
            sources=quoting(HOLDS_ALL, via=["red-army", "wire"], mode="paraphrase"),
            occurred="2025-03-03~",
            when_text="on Monday",
            manner="+took",
        ),
        denial(occurred="2025-03-03", summary=MARKUP),
        assessment(summary=FORMULA, occurred="2025-03-09T14:30:00Z", control={"red": "part", "blue": "part"}),
        statement("unnamed", summary=CONTROLS, occurred="2025-03-01/..", reported="2025-03-06"),
        statement(
            "mapped", by="mappers", occurred="2025-02", sources=quoting("The blue army", mode="inferred")
        ),
        claim("elsewhere", at=["hill", "mill"], reported="2025-03-11", share=0.4, by="red"),
    )


def timeline_ids(api: Api, **query: Any) -> list[str]:
    """What the JSON answer has, in its order."""
    return [item["id"] for item in api.read("/v1/locations/hill/timeline", **query)["items"]]
