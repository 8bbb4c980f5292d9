"""The broker goes away under a working worker."""

from pathlib import Path

from deploy.local.process import Processes
from tests.journey_worker.crew import Crew, ended, said, until
from tests.real import MakeKafka


async def test_a_worker_whose_writes_are_not_acknowledged_ends_and_its_successor_loses_nothing(
    private_kafka: MakeKafka, processes: Processes, tmp_path: Path
) -> None:
    kafka = private_kafka()
    crew = Crew(kafka.bootstrap, processes, tmp_path)
    await crew.load(3_000)
    worker = crew.start("worker", "--slow", "0.3")
    await until(said(worker, "chunk.taken", 2), worker)
    kafka.kill()
    await until(ended(worker), worker)
    assert (worker.exit_code, "no acknowledgement" in worker.output()) == (70, True)
    kafka.resume()
    crew.start("worker")
    found = await crew.findings()
    crew.end_all()
    assert (found.events, found.first_difference) == (3_000, "none")
