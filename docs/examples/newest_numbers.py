"""Print the numbers of a service as they change: newest_numbers.py BOOTSTRAP TOPIC SERVICE."""

import asyncio
import json
import sys

from aiokafka import AIOKafkaConsumer


async def main(bootstrap: str, topic: str, service: str) -> None:
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False
    )
    await consumer.start()
    try:
        async for record in consumer:
            key, told = record.key.decode(), json.loads(record.value or b"null")
            if told is None:
                print("no longer told:", key, flush=True)
            elif key.startswith("progress/"):
                print("as of", told.get("watermark"), "on clock", told["clock"], flush=True)
            elif told["dimensions"].get("service") == service and told["state"] != "suppressed":
                value, low, high = (told.get(name) for name in ("value", "ci_low", "ci_high"))
                print(key, value, f"({low} to {high}, n={told['n']}, {told['state']})", flush=True)
    finally:
        await consumer.stop()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
