"""The catalogue is whole, and a topic never changes."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import types
import typing

import pytest

import domain.editorial
import domain.kinds
import domain.registry
from domain.catalogue import (
    DEVELOPMENT_KINDS,
    EDITORIAL_TOPICS,
    KINDS,
    REGISTRY_TOPICS,
    TOPIC_OF,
    TOPICS,
    Event,
    kind_of,
)
from domain.kinds.envelope import Development, Family, Terms

# What is stored for ever. A line may be added here, never changed or taken away.
TOPICS_FOR_EVER = {
    "occupation-claimed": "OccupationClaimed",
    "recapture-claimed": "RecaptureClaimed",
    "advance-claimed": "AdvanceClaimed",
    "withdrawal-announced": "WithdrawalAnnounced",
    "claim-denied": "ClaimDenied",
    "claim-confirmed": "ClaimConfirmed",
    "claim-repeated": "ClaimRepeated",
    "claim-renounced": "ClaimRenounced",
    "control-assessed": "ControlAssessed",
    "control-reported": "ControlReported",
    "encirclement-reported": "EncirclementReported",
    "encirclement-lifted": "EncirclementLifted",
    "supply-cut": "SupplyCut",
    "fighting-reported": "FightingReported",
    "strike-reported": "StrikeReported",
    "presence-reported": "PresenceReported",
    "visit-reported": "VisitReported",
    "evidence-published": "EvidencePublished",
    "statement-made": "StatementMade",
    "population-reported": "PopulationReported",
    "corrected": "Corrected",
    "retracted": "Retracted",
    "linked": "Linked",
    "location-registered": "LocationRegistered",
    "location-described": "LocationDescribed",
    "actor-registered": "ActorRegistered",
    "actor-described": "ActorDescribed",
    "document-archived": "DocumentArchived",
}

FAMILY_OF_MODULE: dict[str, Family] = {
    "claims": "claim",
    "answers": "answer",
    "assessments": "assessment",
    "happenings": "happening",
}


def modules_of_kinds() -> list[types.ModuleType]:
    found = pkgutil.iter_modules(domain.kinds.__path__)
    return [importlib.import_module(f"domain.kinds.{module.name}") for module in found]


def classes_defined_in(module: types.ModuleType) -> list[type]:
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__ == module.__name__
    ]


def kinds_defined_in(module: types.ModuleType) -> list[type[Development]]:
    """The kinds of a module: the developments that nothing is derived from."""
    found = [cls for cls in classes_defined_in(module) if issubclass(cls, Development)]
    return [cls for cls in found if "kind" in cls.__annotations__ and cls is not Development]


def test_topics_are_what_they_always_were() -> None:
    assert {topic: cls.__name__ for topic, cls in TOPICS.items()} == TOPICS_FOR_EVER


def test_every_topic_has_a_class_of_its_own() -> None:
    assert {cls: topic for topic, cls in TOPICS.items()} == TOPIC_OF
    assert len(TOPIC_OF) == len(TOPICS) == len(KINDS) + len(EDITORIAL_TOPICS) + len(REGISTRY_TOPICS)


def test_every_kind_in_the_folder_is_in_the_catalogue() -> None:
    defined = {kind for module in modules_of_kinds() for kind in kinds_defined_in(module)}
    assert defined == set(DEVELOPMENT_KINDS)


def test_every_family_has_a_module_and_every_module_a_family() -> None:
    modules = {module.__name__.rpartition(".")[2] for module in modules_of_kinds()}
    assert modules - {"envelope"} == set(FAMILY_OF_MODULE)
    assert set(FAMILY_OF_MODULE.values()) == set(typing.get_args(Family))


def test_every_editorial_event_is_in_the_catalogue() -> None:
    assert set(classes_defined_in(domain.editorial)) == set(EDITORIAL_TOPICS.values())


def test_every_event_of_the_registry_is_in_the_catalogue() -> None:
    assert set(classes_defined_in(domain.registry)) == set(REGISTRY_TOPICS.values())


@pytest.mark.parametrize("event", TOPICS.values(), ids=list(TOPICS))
def test_events_are_frozen_slotted_and_given_by_keyword(event: type[Event]) -> None:
    assert "__slots__" in vars(event)
    assert vars(event)["__dataclass_params__"].frozen
    assert all(field.kw_only for field in dataclasses.fields(event))


@pytest.mark.parametrize("event", TOPICS.values(), ids=list(TOPICS))
def test_every_event_says_what_it_is_and_finds_its_faults(event: type[Event]) -> None:
    assert event.__doc__
    assert not event.__doc__.startswith(f"{event.__name__}(")
    assert callable(event.find_faults)


@pytest.mark.parametrize("kind", DEVELOPMENT_KINDS, ids=list(KINDS))
def test_every_kind_is_of_the_family_of_its_module(kind: type[Development]) -> None:
    assert kind.family == FAMILY_OF_MODULE[kind.__module__.rpartition(".")[2]]


@pytest.mark.parametrize("kind", DEVELOPMENT_KINDS, ids=list(KINDS))
def test_every_kind_is_mapped_to_other_vocabularies(kind: type[Development]) -> None:
    """By a term, or by a note that there is none, of its own and not inherited."""
    assert "terms" in vars(kind)
    assert any(getattr(kind.terms, field.name) for field in dataclasses.fields(Terms))


@pytest.mark.parametrize(("topic", "kind"), KINDS.items(), ids=list(KINDS))
def test_a_kind_is_called_by_its_topic(topic: str, kind: type[Development]) -> None:
    assert kind_of(kind) == topic
    assert typing.get_args(typing.get_type_hints(kind)["kind"]) == (topic,)


@pytest.mark.parametrize("kind", DEVELOPMENT_KINDS, ids=list(KINDS))
def test_claims_answers_and_assessments_need_a_speaker(kind: type[Development]) -> None:
    (by,) = (field for field in dataclasses.fields(kind) if field.name == "by")
    assert (by.default is dataclasses.MISSING) == (kind.family != "happening")


@pytest.mark.parametrize("kind", DEVELOPMENT_KINDS, ids=lambda kind: kind.__name__)
def test_the_family_tells_what_may_move_a_position(kind: type[Development]) -> None:
    bears_on_control = kind.effect is not Development.effect
    assert bears_on_control is (kind.family != "happening")
