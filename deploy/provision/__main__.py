"""`python -m deploy.provision plan | apply`."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace

import click

from deploy.provision.apply import Broker, ProvisionFailed, apply, look
from deploy.provision.plan import Plan
from schemas.topics import TOPICS, Topic

_bootstrap = click.option(
    "--bootstrap",
    default=lambda: os.environ.get("THROUGHLINE_KAFKA_BOOTSTRAP", "127.0.0.1:9092"),
    help="The broker; by default THROUGHLINE_KAFKA_BOOTSTRAP.",
)
_production = click.option(
    "--production",
    is_flag=True,
    help="Partitions, replication and configuration of production, for three brokers or more.",
)


@click.group()
def main() -> None:
    """Make the topics of a broker what the contracts in schemas/contracts say.

    Missing topics are created. A topic that exists and differs is never changed: each difference is
    named and the exit code is 1. Changes and access control lists come later.
    """


@main.command("plan")
@_bootstrap
@_production
def plan_command(bootstrap: str, *, production: bool) -> None:
    """Say what apply would create, and what differs."""
    _run(look, bootstrap, _layout(production=production), "would be created")


@main.command("apply")
@_bootstrap
@_production
def apply_command(bootstrap: str, *, production: bool) -> None:
    """Create the missing topics, unless one that exists differs."""
    _run(apply, bootstrap, _layout(production=production), "created")


def _layout(*, production: bool) -> tuple[Topic, ...]:
    return tuple(replace(one, local=one.production) for one in TOPICS) if production else TOPICS


def _run(
    act: Callable[[Broker, tuple[Topic, ...]], Plan],
    bootstrap: str,
    topics: tuple[Topic, ...],
    done: str,
) -> None:
    try:
        found = act(Broker(bootstrap), topics)
    except ProvisionFailed as failure:
        sys.exit(str(failure))
    if found.differences:
        sys.exit("\n".join([*found.differences, "Nothing was created or changed."]))
    for topic in found.missing:
        click.echo(f"{topic.name}: {done}")
    click.echo(f"{len(topics)} topics are as their contracts say")


if __name__ == "__main__":
    main()
