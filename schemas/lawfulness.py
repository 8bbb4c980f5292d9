"""Why the law lets a source send: the closed terms of the GDPR, each with where it stands."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated

from pydantic import Field, StringConstraints


class LawfulBasis(StrEnum):
    """One of the six grounds of GDPR Art. 6(1)."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal_obligation"
    VITAL_INTERESTS = "vital_interests"
    PUBLIC_TASK = "public_task"
    LEGITIMATE_INTERESTS = "legitimate_interests"


class SpecialCategory(StrEnum):
    """`none`, or what of GDPR Art. 9(2) lets data of a special category be processed."""

    NONE = "none"
    EXPLICIT_CONSENT = "explicit_consent"
    EMPLOYMENT_AND_SOCIAL_PROTECTION = "employment_and_social_protection"
    VITAL_INTERESTS = "vital_interests"
    NOT_FOR_PROFIT_BODY = "not_for_profit_body"
    MADE_PUBLIC = "made_public"
    LEGAL_CLAIMS = "legal_claims"
    SUBSTANTIAL_PUBLIC_INTEREST = "substantial_public_interest"
    HEALTH_OR_SOCIAL_CARE = "health_or_social_care"
    PUBLIC_HEALTH = "public_health"
    ARCHIVING_RESEARCH_STATISTICS = "archiving_research_statistics"


def _lettered(paragraph: str, terms: Sequence[str]) -> Mapping[str, str]:
    """The terms in the order of the law, each with its letter."""
    letters = zip(terms, "abcdefghij", strict=False)
    return MappingProxyType({term: f"{paragraph}({letter})" for term, letter in letters})


ARTICLE_OF_BASIS = _lettered("Art. 6(1)", list(LawfulBasis))
ARTICLE_OF_CATEGORY = _lettered("Art. 9(2)", list(SpecialCategory)[1:])

# The descriptions are also what a file is told in which the field is missing.
Basis = Annotated[
    LawfulBasis,
    Field(
        description="Which of GDPR Art. 6(1) lets it send. Write one of " + ", ".join(LawfulBasis)
    ),
]
Notice = Annotated[
    str,
    StringConstraints(pattern=r"^https?://[^\s]{1,500}$"),
    Field(description="Where citizens read what is done with it. Write its address, https://"),
]
Category = Annotated[
    SpecialCategory,
    Field(
        description="Whether it tells of health, belief, origin and the like (GDPR Art. 9). Write "
        "one of " + ", ".join(SpecialCategory)
    ),
]
