"""`python -m deploy.local.check`: every check that starts no server; exit 0 or 1."""

import subprocess
import sys
import time
from collections.abc import Sequence

from deploy.local.process import ROOT

# By module and not by script: a script knows the folder it was installed in, and folders move.
_LINT_IMPORTS = "from importlinter.cli import lint_imports_command as lint; lint()"
_PROSE = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "docs")
_CODE = ("schemas", "services", "deploy", "tests", "benchmarks")
CHECKS: dict[str, Sequence[str]] = {
    "format": ("-m", "ruff", "format", "--check"),
    "lint": ("-m", "ruff", "check"),
    "types": ("-m", "mypy"),
    "imports": ("-c", _LINT_IMPORTS),
    "spelling": ("-m", "codespell_lib", *_PROSE, *_CODE),
    "contracts": ("-m", "deploy.contracts"),
    "schemas": ("-m", "schemas.generate", "--check"),
    "compatible": ("-m", "schemas.compatibility"),
    "names": ("-m", "deploy.names.build", "--check"),
    "dashboard": ("-m", "deploy.grafana.build", "--check"),
    "asyncapi": ("-m", "deploy.asyncapi.build", "--check"),
    "scraping": ("-m", "deploy.prometheus.build", "--check"),
    "reference": ("-m", "deploy.reference", "--check"),
    "record": ("-m", "deploy.record", "--check"),
}


def run(name: str) -> bool:
    """Run one check, showing what it says only when it fails."""
    started = time.monotonic()
    command = [sys.executable, *CHECKS[name]]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    verdict = "FAILED" if done.returncode else "ok"
    print(f"{name:10} {verdict:7} {time.monotonic() - started:5.1f} s", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


def main() -> int:
    """Run them all: whoever mends one wants to know of the others."""
    verdicts = [run(name) for name in CHECKS]
    return 0 if all(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
