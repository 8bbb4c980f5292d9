"""The dashboards are what Grafana's own types say a dashboard is."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deploy.grafana import build
from deploy.grafana.boards import BOARDS
from tests.integration.npm import installed

pytestmark = [pytest.mark.node, pytest.mark.timeout(300)]
PACKAGES = {"@grafana/schema": "13.2.3", "typescript": "5.9.3"}
# What the library writes into every variable, though it is of one kind of them only.
OF_INTERVALS = ("auto", "auto_count", "auto_min")
# In JSON a word of one of their lists is a text: the same words, then.
HEAD = """
import type { Dashboard } from '@grafana/schema';
type Json<T> = T extends string ? `${T}` : T extends object ? { [K in keyof T]: Json<T[K]> } : T;
export const board: Json<Dashboard> = """
Compile = Callable[[dict[str, Any]], str]


def dashboard(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(build.built()[f"dashboards/{name}.json"])
    for variable in read["templating"]["list"]:
        for field in OF_INTERVALS:
            variable.pop(field, None)
    return read


@pytest.fixture(scope="module")
def compiled(node_program: str, tmp_path_factory: pytest.TempPathFactory) -> Compile:
    """What the compiler says of a dashboard; nothing when it is one."""
    folder = tmp_path_factory.mktemp("types")
    compiler = installed(folder, PACKAGES) / "typescript" / "bin" / "tsc"
    options = ["--noEmit", "--strict", "--skipLibCheck", "--moduleResolution", "node"]

    def compile_(content: dict[str, Any]) -> str:
        file: Path = folder / "board.ts"
        file.write_text(HEAD + json.dumps(content, indent=1) + ";\n", encoding="utf-8")
        command = [node_program, str(compiler), *options, file.name]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        return done.stdout

    return compile_


@pytest.mark.parametrize("name", [board.name for board in BOARDS])
def test_grafana_takes_the_dashboard(compiled: Compile, name: str) -> None:
    assert compiled(dashboard(name)) == ""


def test_grafana_would_not_take_a_word_that_is_on_none_of_its_lists(compiled: Compile) -> None:
    board = dashboard("service")
    board["panels"][0]["fieldConfig"]["defaults"]["color"]["mode"] = "rainbow"
    assert "error TS" in compiled(board)


@pytest.mark.parametrize(
    "wrong", [{"uid": 7}, {"panels": [{"title": "x"}]}, {"colour": "red"}], ids=str
)
def test_grafana_would_not_take_a_wrong_one(compiled: Compile, wrong: dict[str, Any]) -> None:
    assert "error TS" in compiled(dashboard("service") | wrong)
