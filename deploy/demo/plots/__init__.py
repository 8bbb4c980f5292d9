"""The plots: each tells one way a journey goes, event by event, and states how it ended.

A plot takes a Telling and the instant at which the need arises. Its silences are measured from what
the plot itself said last, with the catalogue's windows.
"""

from collections.abc import Callable
from datetime import datetime

from deploy.demo.plots.falling_short import (
    belongs_elsewhere,
    forgets_the_draft,
    gives_up,
    is_kept_waiting,
    leaves_the_letter,
    looks_around,
    meets_an_error,
    takes_it_back,
)
from deploy.demo.plots.reaching import (
    calls_again_and_again,
    comes_back_to_the_draft,
    does_it_on_the_spot,
    gets_it,
    gives_up_the_screen,
    goes_in_circles,
    is_decided_too_late,
    is_helped_on_a_screen,
    is_refused,
    is_sent_back,
    is_told_no_need,
    returns_from_the_dead,
    wins_the_appeal,
    writes_on_paper,
)
from deploy.demo.story import Telling

Plot = Callable[[Telling, datetime], None]
# How many of a hundred or so go which way.
PLOTS: tuple[tuple[Plot, int], ...] = (
    (looks_around, 16),
    (gets_it, 26),
    (is_refused, 6),
    (is_sent_back, 7),
    (does_it_on_the_spot, 8),
    (is_helped_on_a_screen, 4),
    (gives_up_the_screen, 4),
    (goes_in_circles, 4),
    (calls_again_and_again, 2),
    (is_told_no_need, 3),
    (gives_up, 9),
    (forgets_the_draft, 4),
    (leaves_the_letter, 2),
    (is_kept_waiting, 3),
    (is_decided_too_late, 1),
    (returns_from_the_dead, 1),
    (comes_back_to_the_draft, 6),
    (takes_it_back, 2),
    (belongs_elsewhere, 2),
    (meets_an_error, 2),
    (wins_the_appeal, 1),
    (writes_on_paper, 6),
)
# A visitor without an account, and a file that only has a number, can do these.
OF_VISITORS: tuple[tuple[Plot, int], ...] = (
    (looks_around, 5),
    (gives_up, 3),
    (does_it_on_the_spot, 2),
)
OF_CASES: tuple[tuple[Plot, int], ...] = ((writes_on_paper, 1),)
