"""Whose last words decide what a voice says: several actors may speak with one voice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from projections.reading.brief_words import Said
from projections.reading.developments import load_voices
from projections.reading.last_words import listed
from projections.reading.moments import Moment

LastWord = tuple[str, int, Said | None]
"""By which actor, since when, and what; None for a word that does not decide alone."""


class Speakers:
    """Whose voice each actor speaks with, and which voices are asked for."""

    def __init__(self, moment: Moment, voices: Collection[str] | None) -> None:
        self._spoken = {actor: voice for actor, (voice, _) in load_voices(moment).items()}
        self._voices = voices
        self._apart: dict[str, bool] = {}

    @property
    def asked(self) -> str | None:
        """The actors who may speak with a voice that is asked for; None for all."""
        if self._voices is None:
            return None
        return listed({*self._voices, *(actor for actor in self._spoken if self._is_asked(actor))})

    def _is_asked(self, actor: str) -> bool:
        return self._voices is None or self._spoken.get(actor, actor) in self._voices

    def are_apart(self, actors: str) -> bool:
        """Whether each of the actors speaks with another voice, and all of these are asked for."""
        apart = self._apart.get(actors)
        if apart is None:
            names = actors.split(" ")
            voices = {self._spoken.get(actor, actor) for actor in names if self._is_asked(actor)}
            apart = self._apart[actors] = len(voices) == len(names)
        return apart

    def by_voice(self, words: Iterable[LastWord]) -> Iterator[tuple[list[str], Said | None]]:
        """The actors who speak with each voice, and its last word; None where no single one decides."""
        last: dict[str, tuple[list[str], int, Said | None]] = {}
        for actor, since, word in words:
            if not self._is_asked(actor):
                continue
            voice = self._spoken.get(actor, actor)
            if voice not in last:
                last[voice] = [actor], since, word
                continue
            told, until_now, _ = last[voice]
            if actor not in told:
                told.append(actor)
            if since >= until_now:
                last[voice] = told, since, word if since > until_now else None
        for actors, _, word in last.values():
            yield actors, word
