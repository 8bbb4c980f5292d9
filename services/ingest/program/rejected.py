"""`rejected list`, `rejected show` and `rejected replay`."""

import json
from collections import Counter

import click
from rich.console import Console

from services.ingest.adapters.kafka_log import KafkaRejections, KafkaTouchpoints
from services.ingest.commands import rejected
from services.ingest.commands.choosing import choosing
from services.ingest.domain.rules import Rules
from services.ingest.domain.selection import Selection
from services.ingest.program.running import answer, publishing, start, untold_telemetry
from services.ingest.settings import Settings


@click.group("rejected")
def rejected_commands() -> None:
    """What was refused: list it, show one, and send it again after a rule was mended."""


@rejected_commands.command("list")
@choosing
def list_command(selection: Selection) -> None:
    """Count refusals by source and reason, with one of each as an example."""
    settings, _ = start()
    log = KafkaRejections(settings.kafka_as_reader)
    Console().print(answer(rejected.listed(log, selection, Console(stderr=True))))


@rejected_commands.command("show")
@click.argument("place")
def show_command(place: str) -> None:
    """Show the refusal at PLACE (as `list` calls it: 2/15), and what would become of it now.

    Its original is opened with the sealing key and may say who it was: keep it to yourself.
    """
    settings, rules = start()
    log = KafkaRejections(settings.kafka_as_reader)
    told = answer(rejected.shown(log, place, rules, Console(stderr=True)))
    if told is None:
        raise click.ClickException(f"{place}: there is no such refusal, or not any more")
    click.echo(json.dumps(told, indent=2, ensure_ascii=False))


@rejected_commands.command("replay")
@choosing
@click.option("--dry-run", is_flag=True, help="Send nothing; say what would become of them.")
def replay_command(selection: Selection, *, dry_run: bool) -> None:
    """Admit refusals by the rules as they are now, and send what is accepted.

    They count as having come when they came. What was sent already is not sent again: the same
    command may be run twice, and goes on after whatever stopped it.
    """
    settings, rules = start()
    counts = answer(_replay(settings, rules, selection, is_dry=dry_run))
    Console().print(rejected.account(counts, is_dry=dry_run))


async def _replay(
    settings: Settings, rules: Rules, selection: Selection, *, is_dry: bool
) -> Counter[str]:
    logs = KafkaRejections(settings.kafka_as_reader), KafkaTouchpoints(settings.kafka_as_reader)
    async with publishing(settings, untold_telemetry()) as publisher:
        replayer = rejected.Replayer(*logs, publisher, rules, Console(stderr=True))
        return await replayer.run(selection, is_dry=is_dry)
