"""`python -m benchmarks.peers`: all peers, or `--only` some, and the document's table."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from benchmarks.document import update
from benchmarks.peers import figures, ours
from benchmarks.peers.catalogue import PEERS
from benchmarks.peers.figures import Figures
from benchmarks.peers.ground import grounds
from benchmarks.peers.measure import measure
from benchmarks.peers.visits import Visits
from deploy.local.process import ROOT, end_in_order

FIGURES = Path(__file__).with_name("figures.json")
BUILT = ROOT / ".local" / "peers"
NAMES = (ours.NAME, *(peer.name for peer in PEERS))


@click.command()
@click.option("--events", default=1_000_000, show_default=True)
@click.option("--citizens", default=20_000, show_default=True)
@click.option("--only", multiple=True, help="Those whose name begins so; may be repeated.")
@click.option("--keep/--no-keep", default=True, help="Write the figures and the document.")
def main(events: int, citizens: int, only: Sequence[str], *, keep: bool) -> None:
    """Measure the engines one after another, each alone, on one broker."""
    chosen = [name for name in NAMES if _is_chosen(name, only)]
    if not chosen:
        raise click.UsageError(f"none of {', '.join(NAMES)} begins so")
    visits = Visits(events, citizens, datetime.now(UTC))
    end_in_order()
    console = Console()
    found = []
    for name in chosen:
        command = f"python -m benchmarks.peers --events {events} --citizens {citizens}"
        found.append(replace(_measured(name, visits, console), command=command))
        if keep:
            _keep(found[-1])
    console.print(_table(found))


def _keep(found: Figures) -> None:
    known = {**figures.read(FIGURES), found.name: found}
    rows = [known[name] for name in NAMES if name in known]
    figures.write(FIGURES, rows)
    update("peers", figures.markdown(rows))


def _is_chosen(name: str, only: Sequence[str]) -> bool:
    return not only or any(name.lower().startswith(one.lower()) for one in only)


def _measured(name: str, visits: Visits, console: Console) -> Figures:
    with console.status(name) as status:

        def say(what: str) -> None:
            status.update(f"{name}: {what}")

        if name == ours.NAME:
            with grounds(console.print) as ground:
                calm = ours.measure(ground, visits, say)
            with grounds(console.print) as ground:
                return ours.measure_killed(ground, visits, calm, say)
        BUILT.mkdir(parents=True, exist_ok=True)
        (peer,) = (one for one in PEERS if one.name == name)
        with grounds(console.print) as ground:
            return measure(peer, ground, visits, BUILT, say)


def _table(found: Sequence[Figures]) -> Table:
    table = Table(title="The same sessions by each engine", title_justify="left")
    for heading in figures.HEADINGS:
        table.add_column(heading)
    for one in found:
        table.add_row(*one.cells())
    return table


if __name__ == "__main__":
    main()
