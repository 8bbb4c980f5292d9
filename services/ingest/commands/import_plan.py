"""What an import is about to do, checked before a row is sent."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from schemas.catalogue import Service
from schemas.control import LIVE
from schemas.sources import Source
from schemas.yaml_file import FileRefused, nearest, parse
from services.ingest.commands.import_progress import Progress
from services.ingest.commands.log_file import ImportRefused, LogFile
from services.ingest.domain.csv_log import PROTOCOL, LogReader, Mapping
from services.ingest.domain.rules import Rules


@dataclass(frozen=True)
class Plan:
    """Everything that is known before the first row is sent."""

    log: LogFile
    reader: LogReader
    source: Source
    progress_file: Path
    fresh: Progress


def prepare(log: Path, mapping_file: Path, rules: Rules) -> Plan:
    """Read the mapping and hash both files. Raises ImportRefused, with what to write instead."""
    try:
        mapping = parse(Mapping, mapping_file.read_text(encoding="utf-8"), str(mapping_file))
    except FileRefused as refused:
        raise ImportRefused(str(refused)) from None
    except UnicodeDecodeError:
        raise ImportRefused(f"{mapping_file}: not UTF-8") from None
    source = _checked(mapping, rules)
    file_hash, mapping_hash = _sha256(log), _sha256(mapping_file)
    clock = mapping.clock or f"import-{file_hash[:8]}"
    if clock == LIVE:
        raise ImportRefused("clock: an import has a clock of its own; leave it out for one")
    zone = mapping.time_zone or rules.catalogue.services[mapping.service].time_zone
    reader = LogReader(mapping, clock, file_hash[:16], ZoneInfo(zone))
    fresh = Progress(file_sha256=file_hash, mapping_sha256=mapping_hash, clock=clock)
    progress_file = log.with_name(f"{log.name}.progress")
    return Plan(LogFile(log, reader), reader, source, progress_file, fresh)


def _checked(mapping: Mapping, rules: Rules) -> Source:
    source, service = (
        rules.sources.get(mapping.source),
        rules.catalogue.services.get(mapping.service),
    )
    if source is None:
        raise ImportRefused(f"source: unknown; {nearest(mapping.source, list(rules.sources))}")
    if service is None or service.id not in source.services:
        hint = nearest(mapping.service, source.services)
        raise ImportRefused(f"service: source {source.id} may not send for it; {hint}")
    if PROTOCOL not in source.protocols:
        raise ImportRefused(f"source {source.id}: add {PROTOCOL} to its protocols")
    _check_words(mapping, source, service)
    return source


def _check_words(mapping: Mapping, source: Source, service: Service) -> None:
    """A word that no row could pass with is better told once than by every row."""
    for activity, meaning in mapping.activities.items():
        if meaning.touchpoint not in service.by_touchpoint:
            hint = nearest(meaning.touchpoint, list(service.by_touchpoint))
            raise ImportRefused(f"activities.{activity}: touchpoint: unknown; {hint}")
    for value, channel in mapping.channels.items():
        if channel not in source.channels:
            allowed = ", ".join(source.channels)
            raise ImportRefused(f"channels.{value}: source {source.id} may send: {allowed}")


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
