"""`python -m deploy.provision plan | apply | check`."""

import sys
from dataclasses import replace
from datetime import UTC, datetime

import click
from pydantic import ValidationError
from pydantic_settings import SettingsConfigDict
from rich.console import Console
from rich.table import Table

from deploy.provision.admission import By, NotDecided, decided
from deploy.provision.apply import Broker, ProvisionFailed, look, mend
from deploy.provision.plan import Plan, rows
from schemas.audit import DecisionRecord
from schemas.authority import AUTHORITY_FILE, read
from schemas.codec import explain
from schemas.kafka_access import KafkaSettings
from schemas.settings_names import PREFIX
from schemas.topics import TOPICS, Topic
from schemas.yaml_file import FileRefused

_bootstrap = click.option("--bootstrap", help="The broker; by default THROUGHLINE_KAFKA_BOOTSTRAP.")
_production = click.option(
    "--production",
    is_flag=True,
    help="Partitions, replication and configuration of production, for three brokers or more.",
)


class Settings(KafkaSettings):
    """The broker, and the administrator's own user where it asks for one."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")


@click.group()
def main() -> None:
    """Make the topics and the access control list of a broker what schemas/contracts say.

    Configuration that differs is set; entries of the list on our topics that no contract grants are
    taken away. Partitions and copies are never changed, nor is an entry that reaches further than
    our topics: each is named and the exit code is 1.
    """


@main.command("plan")
@_bootstrap
@_production
def plan_command(bootstrap: str | None, *, production: bool) -> None:
    """Say what apply would do, and what it would not."""
    _show(_found(bootstrap, production=production)[1])


@main.command("check")
@_bootstrap
@_production
def check_command(bootstrap: str | None, *, production: bool) -> None:
    """End with 1 when the broker is not as the contracts say."""
    _, found = _found(bootstrap, production=production)
    _show(found)
    if not found.is_empty:
        sys.exit("The broker is not as the contracts say; apply mends what is in the table.")


@main.command("apply")
@_bootstrap
@_production
@click.option("--proposed-by", metavar="WHO", help="Who proposes that readers change.")
@click.option("--decided-by", metavar="WHO", help="Who decides it, where no routine did.")
def apply_command(
    bootstrap: str | None, proposed_by: str | None, decided_by: str | None, *, production: bool
) -> None:
    """Say what differs, then mend it, unless something does that nobody may mend silently.

    Where somebody would read a topic who does not, or would not any more, who may propose and
    decide it stands in governance/authority.yaml (admit_reader); that goes on record first.
    """
    broker, found = _found(bootstrap, production=production)
    _show(found)
    try:
        mend(broker, found, _decided(found, By(proposed_by, decided_by)))
    except (ProvisionFailed, NotDecided, FileRefused) as failure:
        sys.exit(str(failure))
    click.echo(f"{len(TOPICS)} topics are as their contracts say")


def _decided(found: Plan, by: By) -> tuple[DecisionRecord, ...]:
    text = AUTHORITY_FILE.read_text(encoding="utf-8")
    records = decided(
        found.access, by, datetime.now(UTC), read(text, f"governance/{AUTHORITY_FILE.name}")
    )
    for who in records[:1]:
        click.echo(f"Decided by {who.decider}. To be told: {', '.join(who.informed) or 'nobody'}.")
    return records


def _found(bootstrap: str | None, *, production: bool) -> tuple[Broker, Plan]:
    try:
        kafka = replace(access := Settings().kafka, bootstrap=bootstrap or access.bootstrap)
        broker = Broker(kafka)
        return broker, look(broker, _layout(production=production))
    except ValidationError as error:
        sys.exit(explain(error))
    except ProvisionFailed as failure:
        sys.exit(str(failure))


def _show(found: Plan) -> None:
    """The table; ends the process where nobody may mend silently."""
    told = list(rows(found))
    if told:
        table = Table("do", "where", "is", "contract", box=None)
        for row in told:
            table.add_row(*row)
        Console(highlight=False).print(table)
    if not found.has_authorizer:
        click.echo("This broker asks nobody who they are: no access control list is kept.")
    if found.differences:
        sys.exit("\n".join([*found.differences, "Nothing was created or changed."]))
    if not told:
        click.echo("nothing differs")


def _layout(*, production: bool) -> tuple[Topic, ...]:
    return tuple(replace(one, local=one.production) for one in TOPICS) if production else TOPICS


if __name__ == "__main__":
    main(prog_name="python -m deploy.provision")
