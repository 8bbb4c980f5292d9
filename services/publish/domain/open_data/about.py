"""Who publishes the open data, under which terms, and how to say something about them."""

import re
from dataclasses import dataclass

from schemas.catalogue import Catalogue
from services.publish.domain.open_data.data_set import ROOT, DataSet, Owner
from services.publish.domain.words import sentence

_MAIL = re.compile(r"[^@\s:]+@[^@\s:]+")
_ADDRESS = re.compile(r"(https?://|mailto:|tel:)\S+")


@dataclass(frozen=True)
class About:
    """`url` is where the public finds them; `comments` where to write, else it is the contact."""

    url: str
    licence: str
    comments: str
    catalogue: Catalogue

    def address(self, path: str) -> str:
        """A path as everybody may call it."""
        return f"{self.url}{path}"

    @property
    def home(self) -> str:
        """The page for people."""
        return self.address(f"{ROOT}/")

    def name_of(self, owner: Owner) -> str:
        """The name of a service or an agency; of one that is gone, made of its id."""
        service = self.catalogue.services.get(owner.service or "")
        return service.name if service else titled(owner.service or owner.agency)

    def title_of(self, one: DataSet) -> str:
        """`Passport renewal, September 2026`."""
        return f"{self.name_of(one.owner)}, {one.period.title}"

    def says(self, one: DataSet) -> str:
        """What is in it, in two sentences."""
        return (
            f"How citizens' journeys through {self.name_of(one.owner)} went in {one.period.title}: "
            "completion, opinion, time and channels. Every count is rounded; small groups, and "
            "what would give them away, are suppressed."
        )

    def contact(self, agency: str) -> str:
        """Where the agency answers, as an address; the home page where it gives none."""
        found = [one.contact for one in self.catalogue.agencies if one.agency == agency]
        return next(filter(None, map(as_address, found)), self.home)

    def comments_on(self, agency: str) -> str:
        """Where comments on the data go."""
        return self.comments or self.contact(agency)

    @property
    def publisher(self) -> str:
        """The agencies together."""
        return ", ".join(titled(one.agency) for one in self.catalogue.agencies)


def titled(id_: str) -> str:
    """An id for a reader: `Passport office`."""
    return sentence(id_.replace("-", " "))


def as_address(contact: str) -> str | None:
    """What a program can follow: an e-mail address gets its scheme. None for an office or a desk,
    which only people find.
    """
    if _MAIL.fullmatch(contact):
        return f"mailto:{contact}"
    return contact if _ADDRESS.fullmatch(contact) else None
