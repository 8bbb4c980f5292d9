"""The broker's jars: fetched once per user, compared with the committed sums on every start."""

import contextlib
import hashlib
import os
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree.ElementTree import parse

from filelock import FileLock
from jgo.maven import Artifact, MavenContext

from deploy.local.process import ROOT, StartFailed

POM = ROOT / "deploy" / "kafka" / "pom.xml"
SUMS = ROOT / "deploy" / "kafka" / "jars.sha256"
_BUNDLE = "REQUESTS_CA_BUNDLE"
_NAMESPACE = "{http://maven.apache.org/POM/4.0.0}"

Say = Callable[[str], None]
Fetch = Callable[[Path], str]
"""Bring jars into a folder; returns what went wrong, or nothing. The sums decide, not this."""

HELP = """Apache Kafka's jars are missing or damaged and could not be fetched. Any of these helps:
  - let this machine reach a Maven repository (behind a proxy with a certificate of its own, set
    REQUESTS_CA_BUNDLE to it),
  - install Java 17 or later and Maven, configured as your organisation does, or
  - copy {folder} from a machine where this worked,
or set THROUGHLINE_KAFKA_BOOTSTRAP to a broker that runs already."""


def cache_folder() -> Path:
    """Where fetched things are kept between checkouts."""
    return Path.home() / ".cache" / "throughline"


def read_sums(text: str) -> dict[str, str]:
    """Read the lines of sha256sum as jar -> sum."""
    return {name: digest for digest, name in (line.split() for line in text.splitlines())}


def wrong_jars(folder: Path, sums: dict[str, str]) -> list[str]:
    """Name the jars that are missing or are not the ones we committed to."""
    return [name for name, digest in sums.items() if _digest(folder / name) != digest]


def ensure_jars(cache: Path, say: Say) -> Path:
    """Return the folder of verified jars, fetching what is missing or wrong; may take a minute."""
    text = SUMS.read_text(encoding="utf-8")
    sums = read_sums(text)
    folder = cache / f"kafka-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(cache / "jars.lock"):  # another checkout may be fetching
        complete(folder, sums, _attempts(cache), say)
    return folder


def complete(
    folder: Path, sums: dict[str, str], attempts: Iterable[tuple[str, Fetch]], say: Say
) -> None:
    """Try one way after the other until every jar is right; raises StartFailed when none helps."""
    for way, fetch in attempts:
        wrong = wrong_jars(folder, sums)
        if not wrong:
            return
        say(f"fetching {len(wrong)} of {len(sums)} jars of Apache Kafka ({way})")
        trouble = _adopt(fetch, folder, sums)
        if trouble:
            say(f"  {trouble}")
    if wrong_jars(folder, sums):
        raise StartFailed(HELP.format(folder=folder))


def _attempts(cache: Path) -> Iterator[tuple[str, Fetch]]:
    if shutil.which("mvn"):
        yield "Maven, from what it already has", _maven("--offline")
        yield "Maven", _maven()
    yield "without Maven", _jgo(cache / "maven")
    paths = ssl.get_default_verify_paths()
    with trusting(os.environ, paths.cafile or paths.capath):
        yield "without Maven, once more, as this machine trusts", _jgo(cache / "maven")


@contextlib.contextmanager
def trusting(environment: MutableMapping[str, str], authorities: str | None) -> Iterator[None]:
    """Let the library that fetches believe these certificates, unless it was told which.

    It brings a list of its own, in which the authority of an organisation's proxy is not.
    """
    if not authorities or _BUNDLE in environment:
        yield
        return
    environment[_BUNDLE] = authorities
    try:
        yield
    finally:
        del environment[_BUNDLE]


def _adopt(fetch: Fetch, folder: Path, sums: dict[str, str]) -> str:
    """Fetch beside the folder and move over only what has the right sum."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as draft:
        trouble = fetch(Path(draft))
        for name in wrong_jars(folder, sums):
            if _digest(Path(draft) / name) == sums[name]:
                (Path(draft) / name).replace(folder / name)
    return trouble


def _digest(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as jar:
        return hashlib.file_digest(jar, "sha256").hexdigest()


def _maven(*options: str) -> Fetch:
    def fetch(target: Path) -> str:
        goal = ["dependency:copy-dependencies", "-DincludeScope=runtime"]
        command = ["mvn", "-q", "-B", *options, "-f", str(POM), *goal]
        try:
            done = subprocess.run(
                [*command, f"-DoutputDirectory={target}"],
                check=False,
                capture_output=True,
                text=True,
                timeout=120,
            )
        except (OSError, subprocess.TimeoutExpired) as failure:
            return str(failure)
        return done.stdout.partition("\n")[0] if done.returncode else ""

    return fetch


def _jgo(repository: Path) -> Fetch:
    """Resolve in Python, into a repository that is thrown away when anything in it was wrong."""

    def fetch(target: Path) -> str:
        trouble = ""
        try:
            for artifact in _artifacts(MavenContext(repo_cache=repository, timeout=60)):
                shutil.copy(artifact, target)
        except Exception as failure:  # noqa: BLE001  whatever it was, the sums decide
            trouble = f"{type(failure).__name__}: {failure}"[:300]
        if wrong_jars(target, read_sums(SUMS.read_text(encoding="utf-8"))):
            shutil.rmtree(repository, ignore_errors=True)
        return trouble

    return fetch


def _artifacts(maven: MavenContext) -> list[Path]:
    # The "!" keeps a coordinate from being read as a bill of materials: other versions would come.
    wanted = [maven.create_dependency(f"{coordinate}!") for coordinate in coordinates()]
    inputs, others = maven.resolver.resolve(wanted)
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(_download, [one.artifact for one in (*inputs, *others)]))


def _download(artifact: Artifact) -> Path:
    return Path(artifact.resolve())


def coordinates() -> list[str]:
    """What the pom asks for, as group:artifact:version."""
    tags = ("groupId", "artifactId", "version")
    return [
        ":".join(dependency.findtext(f"{_NAMESPACE}{tag}", "") for tag in tags)
        for dependency in parse(POM).iter(f"{_NAMESPACE}dependency")  # noqa: S314  our own file
    ]
