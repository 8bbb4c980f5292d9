"""A setting nobody knows is told at the start, not searched for at night."""

from schemas.settings_names import NAMES, PREFIX, unknown


def test_a_setting_no_service_knows_is_told_with_the_nearest() -> None:
    assert unknown(["THROUGHLINE_REDIS_ULR", "PATH"]) == [
        "THROUGHLINE_REDIS_ULR is not a setting; did you mean 'THROUGHLINE_REDIS_URL'?"
    ]


def test_every_known_setting_and_every_other_variable_is_let_pass() -> None:
    assert unknown([PREFIX + name for name in NAMES] + ["HOME", "throughline_log_level"]) == []
