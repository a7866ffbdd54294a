"""JSON-LD, as PyLD reads it: claims and reviews in the words of schema.org."""

from __future__ import annotations

from typing import Any

import pytest
from pyld import jsonld

from tests.api.stories import assessment, claim, denial, quoting, report, set_the_stage
from tests.api.talking import Api

SCHEMA = "http://schema.org/"
# What the published context says of the words used here; it is not fetched.
IDS = ("archivedAt", "license", "mainEntityOfPage", "url")
DATES = ("dateModified", "datePublished", "sdDatePublished")
CONTEXT = {
    "@context": {
        "@vocab": SCHEMA,
        "id": "@id",
        "type": "@type",
        **{name: {"@id": f"{SCHEMA}{name}", "@type": "@id"} for name in IDS},
        **{name: {"@id": f"{SCHEMA}{name}", "@type": f"{SCHEMA}Date"} for name in DATES},
    }
}
# The words, and the types whose instances may have them, that or their super-types (schema.org 29).
THING = "about description identifier mainEntityOfPage name url alternateName"
WORK = (
    "archivedAt author comment correction creativeWorkStatus dateModified datePublished hasPart inLanguage "
    "keywords license publisher sdDatePublished sourceOrganization temporalCoverage text version"
)
DOMAINS = {
    "Claim": f"{THING} {WORK} appearance firstAppearance claimInterpreter",
    "ClaimReview": f"{THING} {WORK} claimReviewed itemReviewed reviewBody reviewRating",
    "Comment": f"{THING} {WORK}",
    "CorrectionComment": f"{THING} {WORK}",
    "CreativeWork": f"{THING} {WORK}",
    "Quotation": f"{THING} {WORK}",
    "Rating": f"{THING} ratingExplanation author",
    "Organization": THING,
    "Place": f"{THING} geo",
    "GeoCoordinates": f"{THING} latitude longitude",
    "PropertyValue": f"{THING} propertyID value",
}


def offline(url: str, options: Any) -> dict[str, Any]:
    assert url == "https://schema.org", f"nothing else is to be loaded: {url}"
    return {"contextUrl": None, "documentUrl": url, "document": CONTEXT}


def nodes(api: Api, claim_id: str, **query: Any) -> dict[str, dict[str, Any]]:
    """Every node of the flattened graph, by id, with its words shortened again."""
    document = api.read(f"/v1/claims/{claim_id}.jsonld", **query)
    flat = jsonld.flatten(document, options={"documentLoader": offline, "base": None})
    found = {}
    for node in flat:
        kinds = {kind.removeprefix(SCHEMA) for kind in node.get("@type", ())}
        words = {name.removeprefix(SCHEMA): value for name, value in node.items() if not name.startswith("@")}
        for kind in kinds:
            assert set(words) <= set(DOMAINS[kind].split()), (kind, set(words) - set(DOMAINS[kind].split()))
        found[node["@id"]] = {"type": kinds, **words}
    return found


def of_type(found: dict[str, dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [node for node in found.values() if kind in node["type"]]


def values(node: dict[str, Any], word: str) -> list[Any]:
    return [each.get("@value", each.get("@id")) for each in node.get(word, ())]


@pytest.fixture(scope="module")
def told(api: Api) -> Api:
    set_the_stage(api)
    quote = quoting("it holds all of Hill", via=["red-army", "wire"], mode="paraphrase")
    report(
        api,
        claim(sources=quote, occurred="2025-03-03~"),
        denial(reported="2025-03-03~"),
        assessment("late", by="mappers", control={"blue": "all"}, reported="2025-03-12"),
        claim("open", at="mill", sources=[{"document": "herald-1"}, *quoting("The red army said")]),
        claim("borne-out", at="shire"),
        assessment("bears-out", at="shire"),
        claim("gone", at="shire", reported="2025-03-02"),
    )
    correction = claim(sources=quote, occurred="2025-03-03~", summary="All of it.")
    api.write("/v1/developments/claim/corrections", {"reason": "A word.", "body": correction})
    api.write("/v1/developments/gone/retraction", {"reason": "Never said."})
    return api


def test_a_claim_has_its_claimant_its_voice_its_time_and_its_place(told: Api) -> None:
    found = nodes(told, "claim")
    [made] = of_type(found, "Claim")
    assert values(made, "text") == ["Red holds all of Hill"]
    [author], [voice] = values(made, "author"), values(made, "sourceOrganization")
    assert values(found[author], "identifier") == ["red-army"]
    assert values(found[voice], "identifier") == ["red"]
    assert values(made, "temporalCoverage") == ["2025-03-03~", "2025-03-01T00:00:00Z/2025-03-06T00:00:00Z"]
    assert values(made, "datePublished") == ["2025-03-03"]
    assert values(made, "version") == [2]
    [place] = values(made, "about")
    assert values(found[place], "name") == ["Hill"]
    [correction] = values(made, "correction")
    assert values(found[correction], "text") == ["A word."]


def test_it_appeared_in_documents_and_somebody_put_it_in_other_words(told: Api) -> None:
    found = nodes(told, "claim")
    [made] = of_type(found, "Claim")
    [appearance] = values(made, "appearance")
    document = found[appearance]
    assert values(document, "name") == ["Hill claimed"]
    assert values(document, "description") == ["in paraphrase, by way of Red army, Wire"]
    [part] = values(document, "hasPart")
    assert values(found[part], "text") == ["it holds all of Hill"]
    assert values(made, "firstAppearance") == [appearance]
    [interpreter] = values(made, "claimInterpreter")
    assert values(found[interpreter], "name") == ["Gazette"]


def test_the_first_appearance_is_the_earliest_document(told: Api) -> None:
    found = nodes(told, "open")
    [made] = of_type(found, "Claim")
    [first] = values(made, "firstAppearance")
    assert len(values(made, "appearance")) == 2
    assert values(found[first], "name") == ["Hill claimed"], "of 3 March; the other is of the 4th"
    assert values(made, "claimInterpreter") == [], "both have it in its own words"


@pytest.mark.parametrize("published", ["2025-03", "2025-03-03~", None])
def test_where_it_cannot_be_told_which_came_first_none_is_named(fresh: Api, published: str | None) -> None:
    set_the_stage(fresh)
    other = {"id": "other", "publisher": "herald", "title": "Other", "published": published}
    fresh.write("/v1/documents", other)
    report(fresh, claim(sources=[{"document": "gazette-1"}, {"document": "other"}]))
    [made] = of_type(nodes(fresh, "claim"), "Claim")
    assert len(values(made, "appearance")) == 2
    assert values(made, "firstAppearance") == []


def test_what_others_say_of_it_is_a_comment_of_theirs(told: Api) -> None:
    found = nodes(told, "claim")
    [said] = of_type(found, "Comment")
    assert values(said, "keywords") == ["denied"]
    [author] = values(said, "author")
    assert values(found[author], "identifier") == ["blue-army"]
    assert values(said, "datePublished") == [], "it was public at some time within days; no day is made up"


@pytest.mark.parametrize(("name", "verdict"), [("claim", "contradicts"), ("borne-out", "bears out")])
def test_a_verdict_is_a_review_by_its_assessor_without_a_number(told: Api, name: str, verdict: str) -> None:
    found = nodes(told, name)
    [review] = of_type(found, "ClaimReview")
    [author] = values(review, "author")
    assert values(found[author], "identifier") == ["mappers"]
    [claimed] = values(review, "itemReviewed")
    assert found[claimed]["type"] == {"Claim"}
    [rating] = values(review, "reviewRating")
    assert values(found[rating], "alternateName") == [verdict]
    assert not {"ratingValue", "bestRating", "worstRating"} & set(found[rating])
    assert "outcome/1" in values(found[rating], "ratingExplanation")[0]


def test_what_no_assessor_judged_has_no_review(told: Api) -> None:
    assert of_type(nodes(told, "open"), "ClaimReview") == []
    assert of_type(nodes(told, "claim", known_at="2025-03-11"), "ClaimReview") == []


def test_what_was_taken_back_says_so(told: Api) -> None:
    [gone] = of_type(nodes(told, "gone"), "Claim")
    assert values(gone, "creativeWorkStatus") == ["retracted"]
    [standing] = of_type(nodes(told, "claim"), "Claim")
    assert values(standing, "creativeWorkStatus") == []


def test_it_cites_itself_and_the_position_it_stands_at(told: Api) -> None:
    response = told.get("/v1/claims/claim.jsonld")
    found = nodes(told, "claim", log_position=told.head())
    [made] = of_type(found, "Claim")
    [page] = values(made, "mainEntityOfPage")
    assert page.startswith("http://testserver/v1/claims/claim.jsonld?")
    assert response.links["canonical"]["url"].partition("?")[0] == page.partition("?")[0]
    [position] = of_type(found, "PropertyValue")
    assert (values(position, "propertyID"), values(position, "value")) == (["log_position"], [told.head()])


def test_every_word_is_a_triple_and_nothing_is_dropped(told: Api) -> None:
    document = told.read("/v1/claims/claim.jsonld")
    options = {"documentLoader": offline}
    expanded = jsonld.expand(document, options=options)
    again = jsonld.compact(expanded, CONTEXT["@context"], options={**options, "graph": True})
    assert jsonld.to_rdf(document, options=options)["@default"]
    assert len(again["@graph"]) == len(document["@graph"]) == 2


def test_an_id_that_ends_like_the_suffix_is_asked_for_with_both(told: Api) -> None:
    report(told, claim("odd.jsonld", at="mill"))
    assert told.get("/v1/claims/odd.jsonld").status_code == 404
    assert told.read("/v1/claims/odd.jsonld.jsonld")["@graph"][0]["identifier"][0] == "odd.jsonld"
