"""The whole stack: servers, topics, services; started, watched, and stopped in reverse order.

One thing in 200 lines: whoever starts a process here must also be the one who stops it.
"""

import contextlib
import http.client
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.local.jars import Say
from deploy.local.ports import LOOPBACK, wished_or_free
from deploy.local.process import Child, Processes, StartFailed, one_per_checkout
from deploy.local.servers import Given, Servers, running_servers
from deploy.local.services import (
    PREFIX,
    SERVICES,
    USUAL_ADDRESSES,
    USUAL_BROKER,
    USUAL_REDIS,
    Service,
    addresses_needed,
    files,
    program,
)
from deploy.local.state import remove_state, state_of_this_process, write_state


class StackFailed(Exception):
    """A process of a running stack ended by itself; the message shows its last lines."""


@dataclass(frozen=True)
class Recipe:
    """What a stack is made of; `settings` (names without THROUGHLINE_) go to every service.

    `is_at_usual_addresses` takes the ports of the settings' defaults where they are free. Two
    stacks that start at once could both find one free: only what a person keeps running does this.
    """

    services: Sequence[Service] = SERVICES
    settings: Mapping[str, str] = field(default_factory=dict)
    given: Given = field(default_factory=Given)
    ready_within_seconds: float = 120
    is_at_usual_addresses: bool = False


@dataclass(frozen=True)
class Instance:
    """One running copy of a service."""

    service: Service
    child: Child
    addresses: Mapping[str, str]


class Stack:
    """`with Stack(folder, root) as stack`: everything is ready inside, and gone afterwards.

    `folder` holds data, logs and the lock: one stack at a time may use it. Entering raises
    StartFailed. Enter it in a thread that outlives it (see guard.py).
    """

    def __init__(
        self, folder: Path, root: Path, recipe: Recipe | None = None, say: Say = print
    ) -> None:
        self.folder = folder.resolve()
        self.root = root
        self.recipe = recipe or Recipe()
        self.instances: dict[str, Instance] = {}
        self.servers: Servers
        self._say = say
        self._processes: Processes
        self._undo = contextlib.ExitStack()

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as undo:
            undo.enter_context(one_per_checkout(self.folder))
            self._clean()
            undo.callback(remove_state, self.folder)
            state = state_of_this_process()
            write_state(self.folder, state)
            self._processes = undo.enter_context(Processes(self.folder))
            self.servers = undo.enter_context(
                running_servers(self.folder, self._processes, self._given(), self._say)
            )
            undo.callback(self._processes.stop)
            self._start_services()
            processes = {child.name: child.process.pid for child in self._processes.children}
            everything = {"KAFKA": self.bootstrap, "REDIS": self.redis_url, **self.addresses}
            write_state(
                self.folder,
                replace(state, is_ready=True, addresses=everything, processes=processes),
            )
            self._undo = undo.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._undo.__exit__(kind, error, trace)

    @property
    def bootstrap(self) -> str:
        """Where the broker answers."""
        return self.servers.bootstrap

    @property
    def redis_url(self) -> str:
        """Where Redis answers."""
        return self.servers.redis_url

    @property
    def redis_prefix(self) -> str:
        """What every key of this stack begins with: nothing in a Redis of its own."""
        return self.servers.redis_prefix

    @property
    def addresses(self) -> dict[str, str]:
        """host:port of each listener of the first instances: `addresses["INGEST_LISTEN"]`."""
        return {
            setting: address
            for instance in reversed(list(self.instances.values()))
            for setting, address in instance.addresses.items()
        }

    def url(self, setting: str) -> str:
        """The address of a listener as a URL: `url("INGEST_LISTEN")`."""
        return f"http://{self.addresses[setting]}"

    def environment(self) -> dict[str, str]:
        """The variables by which one of our programs finds this stack."""
        return {f"{PREFIX}{name}": value for name, value in self._common_settings().items()}

    def check(self) -> None:
        """Raise StackFailed when a process has ended that nobody stopped."""
        for child in self._processes.children:
            if child.exit_code is not None:
                raise StackFailed(child.account())

    def watch(self) -> None:
        """Block until a process ends by itself, then raise StackFailed."""
        while True:
            self.check()
            time.sleep(0.5)

    def start_service(
        self, service: str, instance: str = "", settings: Mapping[str, str] | None = None
    ) -> Instance:
        """Start a service, again on its old listeners, or (`instance`) one more; does not wait."""
        name = instance or service
        found = next(one for one in self.recipe.services if one.name == service)
        old = self.instances.get(name)
        addresses = old.addresses if old else self._new_addresses(found)
        values = {**self._common_settings(), **addresses, **(settings or {})}
        child = self._processes.start(program(found, self.root, values, name))
        self.instances[name] = Instance(found, child, addresses)
        return self.instances[name]

    def wait_ready(self, instance: str) -> None:
        """Wait until an instance says that it is ready; raises StartFailed."""
        running = self.instances[instance]
        deadline = time.monotonic() + self.recipe.ready_within_seconds
        service = running.service
        while not _is_ready(running.addresses[service.inside], service.ready):
            self.check_starting(running.child, deadline)
            time.sleep(0.1)

    def check_starting(self, child: Child, deadline: float) -> None:
        """Raise StartFailed when a process has ended, or the child is too late."""
        if child.exit_code is None and time.monotonic() > deadline:
            raise StartFailed(f"{child.name} did not become ready in time. {child.account()}")
        for other in self._processes.children:
            if other.exit_code is not None:
                raise StartFailed(other.account())

    def stop_service(self, instance: str) -> int:
        """Ask an instance to end, and wait; returns its exit code."""
        child = self.instances[instance].child
        code = child.stop()
        self._processes.forget(child)
        return code

    def kill_service(self, instance: str) -> int:
        """End an instance as a crash would; returns its exit code."""
        child = self.instances[instance].child
        code = child.kill()
        self._processes.forget(child)
        return code

    def _given(self) -> Given:
        if not self.recipe.is_at_usual_addresses:
            return self.recipe.given
        return replace(self.recipe.given, broker_port=USUAL_BROKER, redis_port=USUAL_REDIS)

    def _new_addresses(self, service: Service) -> dict[str, str]:
        usual = USUAL_ADDRESSES if self.recipe.is_at_usual_addresses else {}
        return {
            setting: f"{LOOPBACK}:{wished_or_free(usual.get(setting, 0))}"
            for setting in addresses_needed([service])
        }

    def _clean(self) -> None:
        leftovers = Processes(self.folder).remove_leftovers()
        if leftovers:
            self._say(f"ended what an earlier run left behind: {', '.join(leftovers)}")
        shutil.rmtree(self.folder / "logs", ignore_errors=True)

    def _start_services(self) -> None:
        started = time.monotonic()
        for service in self.recipe.services:
            self.start_service(service.name)
        for service in self.recipe.services:
            self.wait_ready(service.name)
        names = ", ".join(service.name for service in self.recipe.services)
        self._say(f"{names}: ready after {time.monotonic() - started:.1f} s")

    def _common_settings(self) -> dict[str, str]:
        return {
            "KAFKA_BOOTSTRAP": self.bootstrap,
            "REDIS_URL": self.redis_url,
            "REDIS_PREFIX": self.redis_prefix,
            **files(self.root),
            **self.recipe.settings,
        }


def _is_ready(address: str, path: str) -> bool:
    connection = http.client.HTTPConnection(address, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
