"""An event loop without a world: it runs what can run, and stops when everything waits."""

import asyncio
from asyncio import _set_running_loop
from collections import deque
from collections.abc import Callable
from contextvars import Context, copy_context
from typing import Any, TypeVarTuple, Unpack, cast

_Arguments = TypeVarTuple("_Arguments")
_NEVER_CANCELLED: Any = None


class QuietLoop(asyncio.AbstractEventLoop):
    """Runs callbacks in the order they were asked for. There are no timers and no sockets."""

    def __init__(self) -> None:
        self._ready: deque[tuple[Context, Callable[..., Any], tuple[Any, ...]]] = deque()
        self._tasks: list[asyncio.Task[Any]] = []

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return True

    def is_closed(self) -> bool:
        return False

    def call_soon(
        self,
        callback: Callable[[Unpack[_Arguments]], object],
        *args: *_Arguments,
        context: Context | None = None,
    ) -> asyncio.Handle:
        self._ready.append((context or copy_context(), callback, args))
        handle: asyncio.Handle = _NEVER_CANCELLED
        return handle

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=self)

    def create_task(self, coro: Any, **_: Any) -> asyncio.Task[Any]:
        task = asyncio.Task(coro, loop=self)
        self._tasks.append(task)  # whose worker is dead must not be collected, that would run it
        return task

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """A worker that ended leaves tasks behind that nobody asks for their result."""

    def settle(self) -> None:
        """Run until everything waits for something from outside."""
        _set_running_loop(self)
        try:
            while self._ready:
                context, callback, args = self._ready.popleft()
                context.run(callback, *args)
        finally:
            _set_running_loop(None)

    def end(self) -> None:
        """Free what still waits."""
        for task in self._tasks:
            task.cancel()
        self.settle()


# Most of what a loop can do is not there, and nobody asks for it.
new_loop = cast("Callable[[], QuietLoop]", QuietLoop)
