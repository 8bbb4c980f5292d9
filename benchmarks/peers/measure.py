"""Measure one peer: a calm run, and one with a kill -9 in its middle, beside the truth."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.machine import machine
from benchmarks.meter import load_average
from benchmarks.peers.figures import Figures
from benchmarks.peers.ground import Ground
from benchmarks.peers.life import DidNotFinish, Life, begin
from benchmarks.peers.peer import CannotRun, Peer
from benchmarks.peers.truth import Sessions, judge, sessions
from benchmarks.peers.visits import Visits

Say = Callable[[str], None]


def measure(peer: Peer, ground: Ground, visits: Visits, built: Path, say: Say) -> Figures:
    """Run it twice; what went wrong is in the figures. `built` keeps what peers are built into."""
    visits = visits.share(peer.share)
    start = Figures(
        peer.name, peer.version, peer.state, datetime.now(UTC).date(), machine(), load_average()
    )
    try:
        say("making ready")
        command = peer.prepare(built)
    except CannotRun as why:
        return replace(start, trouble=str(why))
    truth = sessions(visits.times()) if peer.read else {}
    ground.topic(visits)
    say("at work")
    start = replace(start, load_average=load_average())
    calm = _calm(begin(peer, command, ground, visits, "calm"), truth, start)
    if calm.trouble or not peer.read:
        return calm
    say("to be killed")
    return _killed(begin(peer, command, ground, visits, "killed"), truth, calm)


def _calm(life: Life, truth: Sessions, figures: Figures) -> Figures:
    work = life.start()
    trouble, starting = "", 0.0
    try:
        work.until(lambda: bool(work.markers()))
        starting = work.meter.cpu_seconds
        seconds = work.until(work.all)
    except DidNotFinish as why:
        seconds, trouble = work.seconds(), str(why)
    events = work.worked()
    work.end()
    finished = life.peer.read is not None and not trouble
    return replace(
        figures,
        events=events,
        seconds=round(seconds, 1),
        cpu_seconds=round(work.meter.cpu_seconds, 2),
        start_cpu_seconds=round(starting, 2),
        peak_megabytes=round(work.meter.peak_megabytes),
        verdict=judge(truth, life.sessions()).told() if finished else "",
        trouble=trouble,
    )


def _killed(life: Life, truth: Sessions, figures: Figures) -> Figures:
    first = life.start()
    try:
        first.until(first.half)
        known = first.kill()
        second = life.start()
        recovery = second.until(lambda: bool(second.markers() - known))
        second.until(second.all)
        second.end()
    except DidNotFinish as why:
        return replace(figures, verdict_after_kill=str(why))
    finally:
        life.ground.processes.stop()
    return replace(
        figures,
        recovery_seconds=round(recovery, 2),
        verdict_after_kill=judge(truth, life.sessions()).told(),
    )
