"""What the figures were measured on: a figure without its machine says nothing."""

import platform
from collections.abc import Iterator
from pathlib import Path

import psutil

from deploy.local.kafka import VERSION


def machine() -> str:
    """Processor, cores, memory, systems and versions, in a line."""
    model = next(_models(), platform.machine())
    memory = psutil.virtual_memory().total // 2**30
    return (
        f"{model}, {psutil.cpu_count()} cores, {memory} GiB, {platform.system()}, "
        f"Python {platform.python_version()}, Apache Kafka {VERSION} on the same machine"
    )


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and its children so far."""
    process = psutil.Process(pid)
    times = [one.cpu_times() for one in (process, *process.children(recursive=True))]
    return float(sum(one.user + one.system for one in times))


def _models() -> Iterator[str]:
    information = Path("/proc/cpuinfo")
    for line in information.read_text().splitlines() if information.exists() else ():
        if line.startswith("model name"):
            yield line.partition(":")[2].strip()
