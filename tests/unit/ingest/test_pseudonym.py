"""What an identifier becomes."""

import base64
import hashlib
import hmac

from hypothesis import assume, given
from hypothesis import strategies as st

from services.ingest.domain.pseudonym import normalised, once, pseudonym

KEY = b"a key"
words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


def test_a_pseudonym_is_the_first_18_bytes_of_a_keyed_hash_over_length_prefixed_parts() -> None:
    framed = b"\0\0\0\7citizen\0\0\0\4town\0\0\0\x0242"
    digest = hmac.new(KEY, framed, hashlib.sha256).digest()
    assert pseudonym(KEY, "citizen", "town", "42") == base64.urlsafe_b64encode(digest[:18]).decode()


def test_the_published_value_never_changes() -> None:
    assert pseudonym(KEY, "citizen", "town", "42") == "BAJo_8rBULRTopD8_-iyVPbJ"
    assert once(KEY, "/web/shop", "e-1") == "NhZIMjkNpBbFQD1r3CSgZMN7"


@given(words, words, words, words)
def test_moving_a_character_between_issuer_and_identifier_changes_the_pseudonym(
    kind: str, issuer: str, middle: str, identifier: str
) -> None:
    left = pseudonym(KEY, kind, issuer + middle, identifier)
    right = pseudonym(KEY, kind, issuer, middle + identifier)
    assert left != right


@given(words)
def test_spelling_that_means_the_same_gives_the_same_pseudonym(identifier: str) -> None:
    plain = pseudonym(KEY, "citizen", "town", identifier)
    assert pseudonym(KEY, "citizen", "town", f" \t{identifier}\n ") == plain
    assert pseudonym(KEY, "citizen", "town", normalised(identifier)) == plain


def test_full_width_digits_are_digits() -> None:
    assert normalised(" \uff14\uff12 ") == "42"


@given(words, words)
def test_kinds_issuers_and_keys_never_meet(identifier: str, other: str) -> None:
    assume(normalised(identifier) != normalised(other))
    found = {
        pseudonym(KEY, "citizen", "town", identifier),
        pseudonym(KEY, "visitor", "town", identifier),
        pseudonym(KEY, "citizen", "city", identifier),
        pseudonym(b"another key", "citizen", "town", identifier),
        pseudonym(KEY, "citizen", "town", other),
        once(KEY, "town", identifier),
    }
    assert len(found) == 6


@given(words)
def test_a_pseudonym_is_24_characters_of_base64url(identifier: str) -> None:
    raw = base64.urlsafe_b64decode(pseudonym(KEY, "citizen", "town", identifier))
    assert len(raw) == 18
