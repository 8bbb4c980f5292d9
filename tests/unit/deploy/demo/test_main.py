from deploy.demo.__main__ import holds


def test_what_was_said_on_the_command_line_wins() -> None:
    assert holds({"HOLD": "0"}, hold=True, is_terminal=False)
    assert not holds({}, hold=False, is_terminal=True)


def test_on_a_terminal_the_demo_goes_on_unless_told_otherwise() -> None:
    assert holds({}, hold=None, is_terminal=True)
    assert not holds({"HOLD": "0"}, hold=None, is_terminal=True)


def test_without_a_terminal_the_demo_ends() -> None:
    assert not holds({}, hold=None, is_terminal=False)
