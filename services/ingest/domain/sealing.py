"""The original of a refused event, so that only the holder of the sealing key can read it."""

import base64

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from schemas.keyring import SealingKey
from schemas.rejection import Sealed

NONCE_BYTES = 12


def seal(key: SealingKey, original: bytes, nonce: bytes) -> Sealed:
    """AES-256-GCM under the sealing key; a nonce must never be used twice with one key."""
    cipher = AESGCM(bytes.fromhex(key.secret.get_secret_value()))
    return Sealed(
        key_id=key.id,
        nonce=_text(nonce),
        ciphertext=_text(cipher.encrypt(nonce, original, None)),
    )


def unseal(key: SealingKey, sealed: Sealed) -> bytes:
    """The original again. Raises cryptography's InvalidTag when key or bytes are not the right."""
    cipher = AESGCM(bytes.fromhex(key.secret.get_secret_value()))
    return cipher.decrypt(_raw(sealed.nonce), _raw(sealed.ciphertext), None)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
