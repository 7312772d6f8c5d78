"""The commands for guardians' rights: withdrawing, and seeing what is held."""

import click


@click.group()
def consent() -> None:
    """What a guardian may ask for: withdraw, see all that is held."""
