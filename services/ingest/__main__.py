"""`python -m services.ingest serve | import | explain | access | keys | rejected`.

`serving.py` puts the server together, `program` has a file for each other command, and `running.py`
with what all of them share.
"""

import asyncio

import click
import structlog

from services.ingest.program.access import access_command
from services.ingest.program.explain import explain_command
from services.ingest.program.import_log import import_command
from services.ingest.program.keys import keys_commands
from services.ingest.program.rejected import rejected_commands
from services.ingest.program.running import EDGE, end, start
from services.ingest.serving import serving
from services.ingest.settings import StartRefused

_log = structlog.get_logger()


@click.group(invoke_without_command=True)
@click.pass_context
def main(context: click.Context) -> None:
    """Admit what channels report: check it, hide who it was, and put it on Kafka.

    Without a command it serves. Settings are THROUGHLINE_ variables; see docs/reference.md.
    """
    if context.invoked_subcommand is None:
        context.invoke(serve)


@main.command()
def serve() -> None:
    """Serve the public listener (events) and the inside one (health, metrics, clocks).

    SIGTERM: not ready, wait, stop accepting, finish what was begun, exit 0.
    """
    settings, rules = start()
    _log.info("ingest.starting", **settings.model_dump(mode="json"))
    try:
        asyncio.run(serving(settings, rules, EDGE))
    except StartRefused as refused:
        end(refused)


for command in (
    import_command,
    explain_command,
    access_command,
    keys_commands,
    rejected_commands,
):
    main.add_command(command)

if __name__ == "__main__":
    main(prog_name="python -m services.ingest")
