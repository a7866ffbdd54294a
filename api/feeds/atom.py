"""Atom (RFC 4287), paged by RFC 5005, with the place as GeoRSS and the time as it was written."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from api.cursors import written
from api.feeds.base import Format, TimelinePage, stable_id
from api.feeds.characters import fit
from api.feeds.headlines import UNNAMED
from api.feeds.telling import Told, tell, to_html
from api.words import say_clocks, say_kind
from projections.reading.developments import DevelopmentRevision

NAMESPACES = {
    "": "http://www.w3.org/2005/Atom",
    "georss": "http://www.georss.org/georss",
    "dcterms": "http://purl.org/dc/terms/",
}
MEDIA_TYPE = "application/atom+xml"

for _prefix, _namespace in NAMESPACES.items():
    register_namespace(_prefix, _namespace)


def write_atom(page: TimelinePage) -> bytes:
    """A feed. Its dates are those of recording: an Atom date is an instant, and the time of a report is a
    window, so that is told in words and, as it was written, in `dcterms:temporal`.
    """
    addresses = page.addresses
    feed = _element(None, "feed")
    _element(feed, "id", page.identity.urn)
    _element(feed, "title", page.place.name)
    _element(feed, "subtitle", say_clocks(page.clocks, page.zone))
    updated = max((found.recorded_at for found in page.items), default=page.clocks.recorded_at)
    _element(feed, "updated", written(updated))
    _element(feed, "generator", "Palimpsest")
    _element(feed, "link", rel="self", type=MEDIA_TYPE, href=addresses.asked)
    for relation, address in addresses.links.items():
        _element(feed, "link", rel=relation, type=MEDIA_TYPE, href=address)
    # Readers pass over an alternate whose type is not HTML, and the type is but a hint: it is left out.
    _element(feed, "link", rel="alternate", href=addresses.to("locations", page.place.id))
    for found in page.items:
        _add_entry(feed, page, found)
    xml: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return xml


def _add_entry(feed: Element, page: TimelinePage, found: DevelopmentRevision) -> None:
    body, told = found.body, tell(found, page.cast, page.valid_before)
    address = page.addresses.of_development(found)
    entry = _element(feed, "entry")
    _element(entry, "id", stable_id("development", body.id).urn)
    _element(entry, "title", title_of(told))
    _element(entry, "updated", written(found.recorded_at))
    _add_author(entry, page, body.by)
    _add_categories(entry, page, found)
    _element(entry, "link", rel="alternate", href=address)
    for source in body.sources:
        document = page.cast.documents.get(source.document)
        if document is not None and document.url is not None:
            _element(entry, "link", rel="via", href=document.url, title=document.title)
    _element(entry, "content", to_html(told, address), type="html")
    _element(entry, "dcterms:temporal", body.occurred.edtf)
    if page.place.point is not None:
        longitude, latitude = page.place.point
        _element(entry, "georss:point", f"{latitude} {longitude}")


def _add_author(entry: Element, page: TimelinePage, by: str | None) -> None:
    author = _element(entry, "author")
    _element(author, "name", page.cast.actor(by) if by is not None else UNNAMED)
    if by is not None:
        _element(author, "uri", page.addresses.to("actors", by))


def _add_categories(entry: Element, page: TimelinePage, found: DevelopmentRevision) -> None:
    kinds, voices = (f"{page.addresses.base}/v1/{name}" for name in ("kinds", "actors"))
    kind, voice = found.body.kind, found.voice
    _element(entry, "category", scheme=kinds, term=kind, label=say_kind(kind))
    if voice is not None:
        _element(entry, "category", scheme=voices, term=voice, label=page.cast.actor(voice))


def title_of(told: Told) -> str:
    """The headline with its time: what a list of entries shows."""
    return f"{told.headline} ({told.when})"


def _element(parent: Element | None, name: str, text: str | None = None, **attributes: str) -> Element:
    """An element, prefixed `prefix:name` where it is not of Atom."""
    prefix, _, local = name.rpartition(":")
    tag = f"{{{NAMESPACES[prefix]}}}{local}"
    fitting = {key: fit(value) for key, value in attributes.items()}
    made = Element(tag, fitting) if parent is None else SubElement(parent, tag, fitting)
    if text is not None:
        made.text = fit(text)
    return made


ATOM: Format[TimelinePage] = Format(
    suffix="atom", name="Atom (RFC 4287)", media_type=MEDIA_TYPE, write=write_atom, newest_first=True
)
