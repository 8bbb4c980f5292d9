"""`keys`: what each pseudonym key is good for, and how long it is needed."""

from rich.table import Table

from schemas.key_life import needed_until
from services.ingest.domain.rules import Rules


def listed_keys(rules: Rules) -> Table:
    """A line for each key that is there, without its secret."""
    table = Table("agency", "key", "from", "until", "may be destroyed from")
    for agency, keys in sorted(rules.all_keys.items()):
        for key in keys:
            until = f"{key.until:%Y-%m-%d %H:%M}" if key.until else "it writes"
            needed = needed_until(key, rules.catalogue)
            last = f"{needed:%Y-%m-%d}" if needed else "not while it writes"
            table.add_row(agency, key.id, f"{key.valid_from:%Y-%m-%d %H:%M}", until, last)
    return table
