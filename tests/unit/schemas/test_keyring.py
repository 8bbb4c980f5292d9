"""Keys, and what the file of keys is refused for."""

from typing import Any

import pytest
import yaml

from schemas.keyring import Keyring, Operator, WebhookSecret
from schemas.vocabulary import Power
from schemas.yaml_file import FileRefused, parse

KEY = {
    "id": "key-2",
    "agency": "municipality",
    "from": "2026-01-01T00:00:00Z",
    "secret": "a secret of some length",
}
ENDED = KEY | {
    "id": "key-1",
    "from": "2025-01-01T00:00:00Z",
    "until": "2026-01-01T00:00:00Z",
    "secret": "another secret of some length",
}
SEALING = {"id": "seal", "secret": "0f" * 32}


def keyring(*keys: dict[str, Any], **sealing: Any) -> Keyring:
    content = {"keys": list(keys), "sealing": SEALING | sealing}
    return parse(Keyring, yaml.safe_dump(content), "keys.yaml")


def test_the_current_key_is_the_one_without_an_end() -> None:
    current = keyring(ENDED, KEY).current("municipality")
    assert current is not None
    assert current.id == "key-2"


def test_the_key_before_is_there_or_was_destroyed() -> None:
    writes = KEY | {"after": "key-1"}
    assert keyring(writes, ENDED).former("municipality") != []
    gone = {name: ENDED[name] for name in ("id", "agency", "from", "until")}
    content = {"keys": [writes], "sealing": SEALING}
    content["destroyed"] = [gone | {"destroyed": "2031-01-01T00:00:00Z"}]
    assert parse(Keyring, yaml.safe_dump(content), "keys.yaml").destroyed != ()


def test_nobody_is_called_as_whoever_is_on_the_machine() -> None:
    with pytest.raises(ValueError, match="loopback is who is on the machine"):
        Operator(id="loopback", token_sha256=("f" * 64,), may=(Power.ERASURES,))


def test_agencies_may_have_the_same_secret_and_dates_of_their_own() -> None:
    other = ENDED | {"agency": "passport-office", "secret": KEY["secret"], "until": None}
    assert keyring(KEY, other).current("passport-office") is not None


def test_an_agency_without_a_key_has_no_current_one() -> None:
    assert keyring(KEY).current("passport-office") is None


@pytest.mark.parametrize(
    ("keys", "sealing", "sentence"),
    [
        ([KEY, KEY | {"id": "key-3"}], {}, "an agency has two keys without `until`"),
        ([ENDED | {"until": ENDED["from"]}], {}, "`until` must be later than `from`"),
        ([KEY], {"secret": "0f" * 31}, "at least 64"),
        ([KEY], {"secret": "zz" * 32}, "a sealing key is written in hexadecimal digits"),
        ([KEY | {"secret": "short"}], {}, "at least 16"),
        (
            [KEY, ENDED | {"from": KEY["from"], "until": "2027-01-01T00:00:00Z"}],
            {},
            "key key-2 writes, and key-1 has a `from` that is not before its",
        ),
        (
            [KEY, ENDED | {"secret": KEY["secret"]}],
            {},
            "keys key-2 and key-1 have the same secret: give the new one its own",
        ),
        (
            [KEY | {"after": "key-1"}],
            {},
            "key key-2 is `after` key-1, which is not there: put it back among `keys`, or name it",
        ),
        (
            [KEY | {"after": "key-1"}, ENDED | {"agency": "passport-office"}],
            {},
            "key key-2 is `after` key-1, which is not there",
        ),
    ],
)
def test_a_wrong_key_is_refused_with_a_sentence(
    keys: list[dict[str, Any]], sealing: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(FileRefused, match=sentence):
        keyring(*keys, **sealing)


def test_a_refused_file_does_not_tell_its_secrets() -> None:
    with pytest.raises(FileRefused) as refused:
        keyring(KEY, secret="not quite hexadecimal")
    assert "not quite" not in str(refused.value)
    assert "a secret" not in repr(keyring(KEY))


def test_a_published_key_makes_it_a_keyring_for_demonstration() -> None:
    assert keyring(KEY | {"id": "demo-key"}).is_for_demonstration
    assert keyring(KEY, id="demo-seal").is_for_demonstration
    assert not keyring(KEY).is_for_demonstration


def test_a_webhooks_secret_is_the_text_or_what_its_prefix_says_is_base64() -> None:
    plain, encoded = (
        WebhookSecret(id=f"s-{n}", source="survey", secret=secret)
        for n, secret in enumerate(("a shared key of theirs", "whsec_c2VjcmV0IG9mIGEgdG9vbA=="))
    )
    assert (plain.key, encoded.key) == (b"a shared key of theirs", b"secret of a tool")


def test_a_secret_that_is_no_base64_is_refused_and_not_told() -> None:
    bad = {"id": "s", "source": "survey", "secret": "whsec_*not*base64*"}
    keys = yaml.safe_dump({"keys": [KEY], "sealing": SEALING, "webhooks": [bad]})
    with pytest.raises(FileRefused, match="what follows whsec_ must be base64") as refused:
        parse(Keyring, keys, "keys.yaml")
    assert "not*" not in str(refused.value)


def test_a_published_secret_of_a_webhook_is_for_demonstration() -> None:
    one = {"id": "demo-survey", "source": "survey", "secret": "everybody knows this"}
    keys = {"keys": [KEY], "sealing": SEALING, "webhooks": [one]}
    assert parse(Keyring, yaml.safe_dump(keys), "keys.yaml").is_for_demonstration
