"""Run a program that dies with the process that started it.

Called as `guard.py PARENT COMMAND...`, by path and without site-packages, so it imports nothing of
ours. On Linux the kernel does the work and the program keeps our process id; elsewhere we stay
beside it and look at our parent. The kernel watches the *thread* that started us: start programs
from a thread that outlives them.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time

PR_SET_PDEATHSIG = 1


def run(parent: int, command: list[str]) -> int:
    """Become the command on Linux, or wait for it elsewhere and return its exit code."""
    if sys.platform != "linux":
        return watch(parent, command)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() == parent:
        os.execvp(command[0], command)  # noqa: S606  the whole point
    return 1  # our parent died before we could ask to be told


def watch(parent: int, command: list[str]) -> int:
    """Wait for the command, and kill it when our parent is no longer there."""
    with subprocess.Popen(command) as child:
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        while child.poll() is None:
            if os.getppid() != parent:
                child.kill()
            time.sleep(0.2)
        return child.returncode


if __name__ == "__main__":
    sys.exit(run(int(sys.argv[1]), sys.argv[2:]))
