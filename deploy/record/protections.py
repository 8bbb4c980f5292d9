"""What may go wrong for a person, and what stands against it: each measure with code and test.

A measure whose file or test is gone fails the build: then the assessment is no longer true. Long
because it is one list, which a data protection officer reads as a whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Measure:
    """One protection; `test` is a file and the name of a test in it."""

    what: str
    code: str
    test: str


@dataclass(frozen=True)
class Protection:
    """A risk to people, its measures, and what they do not take away. `is_security` where the
    first measure also belongs among the measures of Art. 32.
    """

    title: str
    risk: str
    measures: tuple[Measure, ...]
    left: str
    is_security: bool = True


_INGEST, _JOURNEY, _PUBLISH = "services/ingest", "services/journey", "services/publish"
_ADMISSION = "tests/unit/ingest/test_admission.py"
_ERASING = "tests/unit/journey/test_erasing.py"
_RULES = "tests/unit/deploy/contracts/test_rules.py"

PROTECTIONS: tuple[Protection, ...] = (
    Protection(
        "Pseudonyms",
        "Somebody who reads a topic finds out who a person is.",
        (
            Measure(
                "Identifiers become keyed hashes in ingest, before Kafka; address, cookies and "
                "user agent are dropped there.",
                f"{_INGEST}/domain/pseudonym.py",
                "tests/system/test_nobody_is_named.py::"
                "test_no_identifier_that_a_sender_used_is_anywhere",
            ),
            Measure(
                "Each agency has a key of its own, and kind and issuer go into the hash: numbers "
                "of two registers or two agencies never meet.",
                f"{_INGEST}/domain/identity.py",
                "tests/unit/ingest/test_pseudonym.py::test_kinds_issuers_and_keys_never_meet",
            ),
            Measure(
                "A refusal names the field and never its value.",
                f"{_INGEST}/domain/refusal.py",
                f"{_ADMISSION}::test_a_detail_never_holds_a_value",
            ),
        ),
        "Who holds the key can compute the pseudonym of somebody they know. Pseudonyms are "
        "personal data, with or without the key.",
    ),
    Protection(
        "Unlinked answers",
        "An answer given in confidence is traced to who gave it.",
        (
            Measure(
                "Answers of a survey that is not `linkable` lose pseudonym, case and offer in "
                "ingest.",
                f"{_INGEST}/domain/identity.py",
                f"{_ADMISSION}::"
                "test_an_answer_that_may_not_be_linked_keeps_nothing_that_could_link_it",
            ),
            Measure(
                "A comment that is joined to nobody has the hour and not the time.",
                f"{_INGEST}/domain/comments.py",
                "tests/unit/ingest/test_comments.py::"
                "test_where_the_event_is_joined_to_nobody_there_is_no_pseudonym_and_only_the_hour",
            ),
            Measure(
                "On social media nobody is followed, and no handle and no text is kept.",
                f"{_INGEST}/domain/identity.py",
                "tests/unit/ingest/test_tally.py::"
                "test_on_social_media_nobody_is_followed_by_a_handle_and_no_text_is_kept",
            ),
        ),
        "An unlinked answer has its exact time; where one person a day visits a touchpoint, that "
        "may say who it was.",
        is_security=False,
    ),
    Protection(
        "Free text",
        "What people write names them, or somebody else.",
        (
            Measure(
                "Text is redacted in ingest, lies on a topic of its own for 27 days and enters "
                "neither state nor journeys nor numbers.",
                f"{_INGEST}/domain/redaction/__init__.py",
                "tests/unit/ingest/redaction/test_found.py::"
                "test_what_has_a_form_of_its_own_is_found",
            ),
            Measure(
                "Lists have no column that could hold a text, a name or a handle.",
                f"{_INGEST}/domain/protocols/csv_rows.py",
                "tests/unit/ingest/protocols/test_csv_rows.py::"
                "test_no_column_can_hold_a_text_a_name_or_a_handle",
            ),
        ),
        "Names and addresses survive every redaction; [comments](comments.md) shows how many. Only "
        "named stewards read it.",
    ),
    Protection(
        "Access",
        "Somebody reads who has no business to.",
        (
            Measure(
                "The contracts make the broker's access control list, one role each, and whoever "
                "is not in it may do nothing.",
                "deploy/provision/acls.py",
                "tests/integration/test_access.py::"
                "test_every_role_can_do_what_its_contracts_grant_and_nothing_else",
            ),
            Measure(
                "A reader needs two approvers who are in the team; an owner who left fails the "
                "build.",
                "deploy/contracts/rules.py",
                f"{_RULES}::test_both_levels_of_approval_have_a_name_and_not_the_same",
            ),
            Measure(
                "Nobody reads a topic, or reads it no more, before who may has decided it and that "
                "is on record.",
                "deploy/provision/admission.py",
                "tests/unit/deploy/provision/test_admission.py::"
                "test_without_a_decision_of_each_nothing_is_done",
            ),
            Measure(
                "Who collects cannot look at what was collected.",
                "schemas/access.py",
                f"{_RULES}::test_nobody_both_collects_and_reads_touchpoints",
            ),
            Measure(
                "The exact scorecard listens on loopback alone.",
                f"{_PUBLISH}/settings.py",
                "tests/unit/publish/test_settings.py::"
                "test_an_address_that_is_not_this_machines_is_refused",
            ),
        ),
        "Who administers the broker can read everything, and names on a command line are believed: "
        "one person can type both who proposes and who decides. Records are not encrypted "
        "one by one: encrypt the disks.",
    ),
    Protection(
        "No decision about a person",
        "A caseworker looks up how somebody behaved, or a program decides by it.",
        (
            Measure(
                "Nobody who faces the public or another service can be admitted to what is "
                "personal; they get numbers.",
                "schemas/access.py",
                f"{_RULES}::test_what_faces_the_public_reads_nothing_of_persons",
            ),
        ),
        "A role for casework would be a change of a contract with two approvers. That it must not "
        "be made is a rule for people.",
        is_security=False,
    ),
    Protection(
        "Small groups",
        "A published number tells something of one person.",
        (
            Measure(
                "Numbers of few people are hidden, others are hidden with them and the rest is "
                "rounded, until a solver that knows all that is public finds out nothing.",
                f"{_PUBLISH}/domain/release/suppression.py",
                "tests/unit/publish/release/test_attack.py::"
                "test_nothing_is_found_out_in_a_real_town",
            ),
            Measure(
                "What was hidden once stays hidden in every later revision.",
                f"{_PUBLISH}/domain/release/draft.py",
                "tests/unit/publish/release/test_protections.py::"
                "test_what_was_hidden_once_stays_hidden_and_would_not_otherwise",
            ),
            Measure(
                "A release needs one who may propose it and another who may decide it, and is on "
                "record before it takes effect.",
                f"{_PUBLISH}/commands/release.py",
                "tests/unit/schemas/test_approval.py::test_each_refusal_says_why_and_whom_to_ask",
            ),
        ),
        "Names on a command line are believed: one person who runs it can type two. The scorecard "
        "inside and `metrics.internal.v1` are exact. Who joins them with what they know of a "
        "person may recognise them.",
    ),
    Protection(
        "Storage that ends",
        "Data are there longer than they are needed.",
        (
            Measure(
                "Every topic promises a retention, and the broker is told the same.",
                "deploy/contracts/rules.py",
                f"{_RULES}::test_a_retention_that_is_not_what_the_broker_is_told_is_refused",
            ),
            Measure(
                "A daily `python -m deploy.provision check` says where a broker differs.",
                "deploy/provision/plan.py",
                "tests/integration/test_access.py::test_what_drifts_is_told_and_mended_once_it_is_decided",
            ),
            Measure(
                "Raw events, refusals and comments are gone within thirty days.",
                f"{_INGEST}/domain/erasure.py",
                "tests/unit/ingest/test_erase.py::test_a_raw_copy_is_gone_within_thirty_days",
            ),
        ),
        "Backups are outside of this. Keep them no longer than the topic.",
    ),
    Protection(
        "Erasure",
        "A person cannot get out.",
        (
            Measure(
                "An erasure empties state, overwrites the person's journeys and gives a receipt; "
                "after compaction the logs hold nothing of them.",
                f"{_JOURNEY}/domain/erasing.py",
                "tests/integration/test_erasure.py::"
                "test_an_erased_person_leaves_nothing_and_does_not_come_back",
            ),
            Measure(
                "Older events that come again, by a retry or a replay, are dropped.",
                f"{_JOURNEY}/domain/marks.py",
                f"{_ERASING}::test_events_from_before_do_not_come_back_and_are_counted",
            ),
            Measure(
                "It goes under every key of the agency that is kept, former ones too.",
                f"{_INGEST}/domain/erasure.py",
                "tests/unit/ingest/test_links.py::"
                "test_an_erasure_goes_under_every_key_that_is_there",
            ),
            Measure(
                "A change of the key does not bring them back, nor does a lost Redis: the mark of "
                "an erasure goes along to the new pseudonym.",
                f"{_JOURNEY}/domain/handing.py",
                "tests/integration/test_erasure_survives.py::"
                "test_nothing_is_left_of_an_erased_person_whatever_happens_after",
            ),
            Measure(
                "A former key is kept as long as something made with it may be there.",
                "schemas/key_life.py",
                "tests/unit/schemas/test_key_life.py::"
                "test_one_destroyed_too_early_is_told_with_the_day_from_which_it_may_be",
            ),
            Measure(
                "Only an operator with that power may ask, and who asked is on record.",
                "schemas/token.py",
                "tests/integration/test_erasure_http.py::"
                "test_nobody_else_asks_or_learns_what_was_asked",
            ),
        ),
        "A journey older than journey's memory keeps its last snapshot until the topic lets it go. "
        "Whoever asks must be recognised by the agency first.",
        is_security=False,
    ),
    Protection(
        "Objection",
        "A person who objects (Art. 21) is recognised again, or remembered by the very mark of it.",
        (
            Measure(
                "What is held is erased, and what they do from then on counts as of somebody "
                "unknown.",
                f"{_JOURNEY}/domain/marks.py",
                f"{_ERASING}::test_whoever_objects_is_counted_from_then_on_and_joined_to_nobody",
            ),
        ),
        "The mark that stands for it keeps a pseudonym and two times for good, and events still "
        "lie on `touchpoints.v1` under it for 27 days. When its key is destroyed before they came "
        "under the next one, the objection is forgotten.",
        is_security=False,
    ),
    Protection(
        "Access to one's own data",
        "A person cannot learn what is held of them, or somebody else learns it.",
        (
            Measure(
                "A command shows the journeys of one person and of nobody else, by the names the "
                "agency knows them under.",
                f"{_INGEST}/commands/access.py",
                "tests/unit/ingest/commands/test_access.py::"
                "test_a_person_is_told_their_journeys_oldest_first_and_nobody_elses",
            ),
        ),
        "It needs the keyring and an auditor's user together. That whoever asks is the person, the "
        "agency has to see.",
        is_security=False,
    ),
    Protection(
        "Sealed refusals",
        "What was refused lies about as it was sent.",
        (
            Measure(
                "The original is sealed with AES-256-GCM; only the holder of the key opens it.",
                f"{_INGEST}/domain/sealing.py",
                "tests/unit/ingest/test_sealing.py::test_another_key_reads_nothing",
            ),
        ),
        "Who has the keyring and reads the topic sees raw identifiers, for 27 days.",
    ),
    Protection(
        "Right numbers",
        "Wrong data lead to wrong conclusions about a group.",
        (
            Measure(
                "Every number of months of citizens is compared with what truly happened.",
                "deploy/demo/compare.py",
                "tests/system/test_every_number.py::test_every_number_equals_the_ground_truth",
            ),
            Measure(
                "Crawlers and tests are counted and never joined.",
                f"{_INGEST}/domain/identity.py",
                f"{_ADMISSION}::test_tests_and_crawlers_are_counted_and_never_joined",
            ),
        ),
        "Who answers a survey is not everybody; the scorecard says how many did.",
        is_security=False,
    ),
)


def gone(root: Path, protections: tuple[Protection, ...] = PROTECTIONS) -> Iterator[str]:
    """A sentence for each file or test that is named and not there."""
    for measure in (measure for one in protections for measure in one.measures):
        file, name = measure.test.split("::")
        if not (root / measure.code).is_file():
            yield f"{measure.code} is gone: say what does it now. {measure.what}"
        if not _has_test(root / file, name):
            yield f"{measure.test} is gone: name the test that shows it. {measure.what}"


def _has_test(file: Path, name: str) -> bool:
    return file.is_file() and f"def {name}(" in file.read_text(encoding="utf-8")
