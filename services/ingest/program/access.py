"""`access`."""

import json
from typing import BinaryIO

import click

from schemas.codec import SchemaViolation, decode
from schemas.topics import JOURNEYS
from services.ingest.adapters.kafka_log import KafkaLog
from services.ingest.commands.access import accessed
from services.ingest.domain.erasure import ErasureRefused, Meant
from services.ingest.program.running import answer, start


@click.command("access")
@click.argument("person", type=click.File("rb"))
def access_command(person: BinaryIO) -> None:
    """Show the journeys of one PERSON (a file, or - for standard input), as JSON.

    PERSON is {"agency": "town", "people": [{"kind": "citizen", "issuer": "town", "id": "42"}]}, as
    for an erasure. THROUGHLINE_INGEST_READER_USER_FILE must be an auditor's: ingest itself may not
    read journeys. What comes out is about somebody: hand it to them and to nobody else.
    """
    settings, rules = start()
    log = KafkaLog(settings.kafka_as_reader, JOURNEYS)
    try:
        told = answer(accessed(decode(Meant, person.read()), rules, log))
    except (SchemaViolation, ErasureRefused) as refused:
        raise click.ClickException(str(refused)) from None
    click.echo(json.dumps(told, indent=2, ensure_ascii=False))
