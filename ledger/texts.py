"""The texts of documents, kept outside the log under a salted hash, so that one can be taken away later."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ledger.database import Connection

SALT_BYTES = 16
MakeSalt = Callable[[], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentText:
    """A text with its random salt (16 bytes), and the hash (hexadecimal) under which the log names it."""

    sha256: str
    salt: bytes
    text: str


def random_salt() -> bytes:
    """A fresh salt."""
    return os.urandom(SALT_BYTES)


def hash_text(salt: bytes, text: str) -> str:
    """SHA-256 of salt and UTF-8 text, in hexadecimal. Raises UnicodeEncodeError for lone surrogates."""
    return hashlib.sha256(salt + text.encode()).hexdigest()


def salted(text: str, make_salt: MakeSalt = random_salt) -> DocumentText:
    """A text made ready to be stored."""
    salt = make_salt()
    return DocumentText(sha256=hash_text(salt, text), salt=salt, text=text)


def store_texts(connection: Connection, texts: Sequence[DocumentText]) -> None:
    """Writes texts in the caller's transaction. What is there under a hash already is the same text."""
    connection.execute(
        "insert into ledger.document_texts (sha256, salt, text)"
        " select * from unnest(%s::text[], %s::bytea[], %s::text[]) on conflict (sha256) do nothing",
        ([text.sha256 for text in texts], [text.salt for text in texts], [text.text for text in texts]),
    )


def load_texts(connection: Connection, hashes: Sequence[str]) -> dict[str, DocumentText]:
    """The texts under these hashes. One that was taken away is missing from the answer."""
    rows = connection.execute(
        "select sha256, salt, text from ledger.document_texts where sha256 = any(%s)", (list(hashes),)
    )
    return {sha256: DocumentText(sha256=sha256, salt=salt, text=text) for sha256, salt, text in rows}
