"""What a runner tells the other commands of its checkout: who it is, and where things are."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

from deploy.local.process import same_process


@dataclass(frozen=True)
class State:
    """One running stack; `processes` are name and process id."""

    runner: int
    started: float
    is_ready: bool = False
    addresses: dict[str, str] = field(default_factory=dict)
    processes: dict[str, int] = field(default_factory=dict)


def state_of_this_process() -> State:
    """A stack that is starting, run by us."""
    return State(os.getpid(), psutil.Process().create_time())


def write_state(folder: Path, state: State) -> None:
    """Replace what is told, at one stroke."""
    draft = folder / "stack.draft"
    draft.write_text(json.dumps(asdict(state), indent=2), encoding="utf-8")
    draft.replace(folder / "stack.json")


def remove_state(folder: Path) -> None:
    """Tell nothing any more."""
    (folder / "stack.json").unlink(missing_ok=True)


def read_state(folder: Path) -> State | None:
    """Read what a living runner tells; None when there is none."""
    path = folder / "stack.json"
    if not path.exists():
        return None
    state = State(**json.loads(path.read_text(encoding="utf-8")))
    return state if same_process(state.runner, state.started) else None
