"""What must run before the application starts and until it has stopped."""

import faust

from services.journey.adapters.delivery import Delivery
from services.journey.adapters.producer import Producer
from services.journey.adapters.watchdog import Watchdog


class Engine(faust.Service):
    """Starts before the application and stops after it."""

    def __init__(
        self, app: faust.App, producer: Producer, watchdog: Watchdog, delivery: Delivery
    ) -> None:
        super().__init__()
        self._app = app
        self._producer = producer
        self._watchdog = watchdog
        self._delivery = delivery

    async def on_start(self) -> None:
        """Nothing is sent and nobody watches before this."""
        await self._producer.start()
        self._watchdog.start()

    @faust.Service.task
    async def _breathe(self) -> None:
        # Not from the application's timer, which waits for the first assignment.
        while not self.should_stop:
            self._watchdog.heard()
            if self._app.should_stop:
                self._watchdog.leaving()
            await self.sleep(1.0)

    async def on_stop(self) -> None:
        """The application has stopped: no step is left to be sent."""
        await self._delivery.stop()
        self._watchdog.stop()
        await self._producer.stop()
