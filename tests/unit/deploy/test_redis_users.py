"""Metrics' user of Redis may do what metrics does: no command more, and none less."""

import re
from hashlib import sha256
from pathlib import Path

from deploy.redis_users import COMMANDS, users
from services.metrics import adapters

_FOLDER = Path(str(adapters.__file__)).parent
_AS_METHODS = {"delete": "del", "scan_iter": "scan", "incr": "incrby"}
_NO_COMMANDS = {"call", "execute", "pipeline", "register_script", "ping"}


def test_it_may_do_what_the_code_does_and_no_more() -> None:
    code = "".join(file.read_text(encoding="utf-8") for file in _FOLDER.glob("redis_*.py"))
    methods = set(re.findall(r"\b(?:pipe|_?redis)\.(\w+)\(", code)) - _NO_COMMANDS
    scripts = re.findall(r"(?:redis\.call|at_once)\('(\w+)'", code)
    used = {_AS_METHODS.get(one, one) for one in methods} | {one.lower() for one in scripts}
    assert used == set(COMMANDS), "write into deploy/redis_users.py what the code uses"


def test_its_keys_begin_with_the_prefix_and_its_password_is_a_hash() -> None:
    default, ours = users("metrics", "a secret", "town[1]:").splitlines()
    assert default.startswith("user default off ")
    assert f"user metrics on #{sha256(b'a secret').hexdigest()} " in ours
    assert r" ~town\[1\]:{throughline:* " in ours
    assert "secret" not in ours
    assert "+@" not in ours
