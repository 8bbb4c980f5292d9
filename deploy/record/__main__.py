"""Write the record of processing and the impact assessment: `python -m deploy.record [--check]`."""

from pathlib import Path

import click

from deploy.record import assessment, record
from deploy.record.facts import ROOT, read
from deploy.record.protections import gone

FOLDER = ROOT / "docs"


def rendered() -> dict[str, str]:
    """Both documents, by file name."""
    facts = read()
    return {"record-of-processing.md": record.page(facts), "dpia.md": assessment.page(facts)}


def differences(folder: Path) -> list[str]:
    """What is wrong, as sentences: a measure that is gone, a document that is not current."""
    told = list(gone(ROOT))
    for name, text in rendered().items():
        file = folder / name
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            told.append(f"{name} is not what the files say; run: python -m deploy.record")
    return told


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; fail when a document is not current.")
@click.option("--folder", default=FOLDER, type=click.Path(path_type=Path), help="Where to.")
def main(*, check: bool, folder: Path) -> None:
    """Write, or check, the record of processing and the impact assessment."""
    if not check:
        for name, text in rendered().items():
            (folder / name).write_text(text, encoding="utf-8")
    elif told := differences(folder):
        raise click.ClickException("\n".join(told))


if __name__ == "__main__":
    main()
