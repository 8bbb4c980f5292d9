"""Names of people: after a title, after "my name is", and where a first name is one of a list.

A family name alone is found by none of these, nor a first name that no list has.
"""

import re
from collections.abc import Iterator, Sequence

from schemas.vocabulary import Redaction
from services.ingest.domain.redaction import names
from services.ingest.domain.redaction.found import Found

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")  # noqa: RUF001
_TITLES = frozenset(
    {"mr", "mrs", "ms", "miss", "mx", "sir", "madam", "dr", "prof", "herr", "herrn", "frau"}
    | {"monsieur", "madame", "mademoiselle", "mme", "mlle", "maître", "docteur", "professeur"}
)
# Written with a full stop, which is then not the end of a sentence.
_ABBREVIATED = frozenset({"mr", "mrs", "ms", "dr", "prof", "mme", "mlle", "m", "hr", "fr"})
_INTRODUCED = re.compile(
    r"\b(?:my name is|name's|signed|mein name ist|ich heiße|ich heisse|gez\.|je m['’]appelle|"  # noqa: RUF001
    r"mon nom est|signé)[\s:,]+",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    {"van", "von", "der", "den", "de", "du", "la", "le", "zu", "zur", "ter", "ten", "el", "al"}
    | {"bin", "ibn", "di", "da", "del"}
)
# First names that are places, months or words, beside those that the list of words has.
_ALSO_WORDS = frozenset(
    {"april", "august", "chad", "christian", "constant", "don", "ernst", "faith", "florence"}
    | {"georgia", "grace", "israel", "jordan", "joy", "june", "kai", "mai", "marine", "mark"}
    | {"mars", "paris", "rob", "sue", "van", "victoire", "victoria", "wolf"}
)
_MOST_WORDS = 4


def found(text: str) -> Iterator[Found]:
    """Those of a text."""
    words = list(_WORD.finditer(text))
    introduced = {match.end() for match in _INTRODUCED.finditer(text)}
    at = 0
    while at < len(words):
        begin, end = _name(text, words, at, introduced)
        if end > begin:
            yield Found(words[begin].start(), words[end - 1].end(), Redaction.NAME)
        at = max(end, at + 1)


def _name(
    text: str, words: Sequence[re.Match[str]], at: int, introduced: set[int]
) -> tuple[int, int]:
    """The words of the name that begins here, or after the title here; none where there is none."""
    if _is_title(text, words[at]):
        begin = at + 1
        while begin < len(words) and _is_title(text, words[begin]):
            begin += 1
        is_beside = begin < len(words) and _is_beside(text, words[begin - 1], words[begin])
        return (begin, _titled(text, words, begin)) if is_beside else (begin, begin)
    word = words[at].group()
    if words[at].start() in introduced and _is_name_like(word):
        return at, _last(text, words, at) if _is_capital(word) else _last_small(text, words, at)
    if _is_initial(text, words[at]):
        end = _last(text, words, at)
        known = any(_spelt(one.group()) in names.last() for one in words[at + 1 : end])
        return (at, end) if known else (at, at)
    if not _is_capital(word) or _spelt(word) not in names.first():
        return at, at
    end = _last(text, words, at)
    if not _is_word(word):
        return at, end
    # What may be a word is a name only with a family name after it.
    return (
        (at, end) if end > at + 1 and _spelt(words[end - 1].group()) in names.last() else (at, at)
    )


def _titled(text: str, words: Sequence[re.Match[str]], at: int) -> int:
    """Behind the name after a title, whatever its first capital is; `at` itself where none is."""
    first = at
    while first < len(words) - 1 and words[first].group().casefold() in _PARTICLES:
        first += 1
    return _last(text, words, first) if _is_capital(words[first].group()) else at


def _last(text: str, words: Sequence[re.Match[str]], at: int) -> int:
    """Behind the last word of the name: capitals that stand beside, and particles between them."""
    end, after = at + 1, at + 1
    while after < min(len(words), at + 1 + _MOST_WORDS) and _is_beside(
        text, words[after - 1], words[after]
    ):
        word = words[after].group()
        after += 1
        if _is_capital(word) and (word.casefold() not in names.words() or word in names.last()):
            end = after
        elif word.casefold() not in _PARTICLES:
            break
    return end


def _last_small(text: str, words: Sequence[re.Match[str]], at: int) -> int:
    """Behind the name of who writes no capitals: the word beside is the family name, if it is no
    common one.
    """
    if at + 1 == len(words) or not _is_beside(text, words[at], words[at + 1]):
        return at + 1
    return at + 1 if words[at + 1].group().casefold() in names.words() else at + 2


def _is_beside(text: str, first: re.Match[str], second: re.Match[str]) -> bool:
    between = text[first.end() : second.start()]
    is_dotted = first.group().casefold() in _ABBREVIATED or len(first.group()) == 1
    return between in ({" ", ". ", "."} if is_dotted else {" "})


def _is_title(text: str, word: re.Match[str]) -> bool:
    told = word.group().casefold()
    if told == "m":
        return word.group() == "M" and text[word.end() : word.end() + 2] == ". "
    return told in _TITLES and (_is_capital(word.group()) or told in _ABBREVIATED)


def _is_initial(text: str, word: re.Match[str]) -> bool:
    return len(word.group()) == 1 and word.group().isupper() and text[word.end() :][:1] == "."


def _is_capital(word: str) -> bool:
    return word[0].isupper()


def _is_name_like(word: str) -> bool:
    return _is_capital(word) or word.capitalize() in names.first()


def _is_word(word: str) -> bool:
    told = word.casefold()
    return len(word) < 3 or told in names.words() or told in _ALSO_WORDS


def _spelt(word: str) -> str:
    """As lists have it: a text may shout."""
    return word.title() if word.isupper() else word
