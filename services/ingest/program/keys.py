"""`keys` and `keys destroy`."""

from datetime import UTC, datetime

import click
from rich.console import Console

from services.ingest.commands.keys import Destruction, KeyRefused, destruction, listed_keys
from services.ingest.program.running import answer, publishing, start, untold_telemetry
from services.ingest.sending import on_audit
from services.ingest.settings import Settings


@click.group("keys", invoke_without_command=True)
@click.pass_context
def keys_commands(context: click.Context) -> None:
    """Show the pseudonym keys: which one writes, and from when on a former one may be destroyed."""
    if context.invoked_subcommand is None:
        _, rules = start()
        Console().print(listed_keys(rules))


@keys_commands.command("destroy")
@click.argument("key")
@click.option("--proposed-by", required=True, metavar="WHO", help="Who proposes it.")
@click.option("--decided-by", metavar="WHO", help="Who decides it, where no routine did.")
def destroy_command(key: str, proposed_by: str, decided_by: str | None) -> None:
    """Put on record that KEY is destroyed, and say what to change in the file of keys.

    Refused while records made with it may be there, and when governance/authority.yaml does not
    let these two decide it. The file is yours: nothing is changed in it.
    """
    settings, rules = start()
    try:
        made = destruction(rules, key, proposed_by, decided_by, datetime.now(UTC))
    except KeyRefused as refused:
        raise click.ClickException(str(refused)) from None
    answer(_keep(settings, made))
    click.echo(f"On record. Take {key} out of `keys`, and add under `destroyed`:\n  {made.entry}")
    click.echo(f"To be told: {', '.join(made.record.informed) or 'nobody'}.")


async def _keep(settings: Settings, made: Destruction) -> None:
    async with publishing(settings, untold_telemetry()) as publisher:
        await publisher.publish([on_audit(made.record)])
