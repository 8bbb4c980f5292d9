"""Our programs as data."""

from pathlib import Path

from deploy.local.ports import LOOPBACK
from deploy.local.process import ROOT
from deploy.local.services import (
    PUBLIC,
    SERVICES,
    USUAL_ADDRESSES,
    addresses_needed,
    files,
    program,
)
from deploy.local.state import State, read_state, state_of_this_process, write_state
from deploy.reference.settings import SERVICES as MODELS
from schemas.settings_names import PREFIX, unknown


def test_every_setting_we_hand_out_is_one_the_services_know() -> None:
    names = [*addresses_needed([*SERVICES, PUBLIC]), *files(ROOT), "KAFKA_BOOTSTRAP", "REDIS_URL"]
    assert unknown(PREFIX + name for name in [*names, "REDIS_PREFIX"]) == []


def test_the_files_we_hand_out_exist() -> None:
    assert [path for path in files(ROOT).values() if not Path(path).exists()] == []


def test_settings_reach_a_program_under_their_full_name() -> None:
    made = program(SERVICES[0], ROOT, {"KAFKA_BOOTSTRAP": "127.0.0.1:1"}, "publish")
    assert made.environment["THROUGHLINE_KAFKA_BOOTSTRAP"] == "127.0.0.1:1"


def test_the_sender_starts_last_and_so_is_stopped_first() -> None:
    assert [service.name for service in SERVICES] == ["publish", "metrics", "journey", "ingest"]


def test_what_is_kept_running_listens_where_the_settings_say_when_nothing_is_set() -> None:
    fields = [one for model in MODELS.values() for one in model.model_fields.items()]
    defaults = {name.upper(): info.default for name, info in fields}
    needed = addresses_needed([*SERVICES, PUBLIC])
    assert [f"{LOOPBACK}:{USUAL_ADDRESSES[one]}" for one in needed] == [
        defaults[one] for one in needed
    ]


def test_a_living_runner_is_read_back(tmp_path: Path) -> None:
    state = state_of_this_process()
    write_state(tmp_path, state)
    assert read_state(tmp_path) == state


def test_a_runner_that_is_no_more_tells_nothing(tmp_path: Path) -> None:
    ours = state_of_this_process()
    write_state(tmp_path, State(ours.runner, ours.started - 100))
    assert read_state(tmp_path) is None
