"""What is sealed can be read with the key and not without."""

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from schemas.keyring import SealingKey
from services.ingest.domain.sealing import seal, unseal
from tests.unit.ingest.world import NONCE

KEY = SealingKey(id="seal-1", secret="ab" * 32)
OTHER = SealingKey(id="seal-1", secret="cd" * 32)


@given(st.binary())
def test_the_holder_of_the_key_reads_the_original(original: bytes) -> None:
    assert unseal(KEY, seal(KEY, original, NONCE)) == original


def test_another_key_reads_nothing() -> None:
    with pytest.raises(InvalidTag):
        unseal(OTHER, seal(KEY, b"original", NONCE))


def test_the_sealed_bytes_name_their_key_and_do_not_show_the_original() -> None:
    sealed = seal(KEY, b"original", NONCE)
    assert (sealed.algorithm, sealed.key_id) == ("AES-256-GCM", "seal-1")
    assert b"original" not in sealed.model_dump_json().encode()
