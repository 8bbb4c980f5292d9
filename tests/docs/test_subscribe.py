"""What docs/subscribe.md shows is what is run, and what it says of messages is what they are.

That the programs read a real topic is shown in tests/integration/test_subscribers.py.
"""

import re
from pathlib import Path

from schemas.generate import DIALECT, rendered
from schemas.topics import METRICS_INTERNAL, topic
from schemas.vocabulary import PublishState

PAGE = Path("docs/subscribe.md").read_text(encoding="utf-8")
SCRIPT = Path("docs/examples/newest_numbers.py").read_text(encoding="utf-8")


def test_the_page_shows_the_program_that_is_tested_and_it_is_short() -> None:
    [shown] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert shown == SCRIPT
    assert len(SCRIPT.splitlines()) <= 30


def test_every_file_the_page_names_is_there() -> None:
    named = re.findall(r"(?:docs|schemas)/[\w./-]+\.\w+", PAGE)
    assert len(named) >= 5
    assert [name for name in named if not Path(name).exists()] == []


def test_what_the_page_says_of_the_topic_is_in_its_contract() -> None:
    assert topic(METRICS_INTERNAL).configuration["cleanup.policy"] == "compact"
    assert all(f"`{state}`" in PAGE for state in PublishState)
    assert DIALECT in rendered()["metric.v1.json"]
