"""What must be there: cases and referrals as the acknowledged requests made them."""

import copy
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Corridor:
    """Who files where, and to whom it is referred."""
    home: str
    abroad: str
    desk: str
    ministry: str
    contact: str
    body: str
    focal_point: str


CORRIDORS = (
    Corridor("kh", "my", "kh-desk", "kh-ministry", "my-mtuc", "my:mtuc", "my:mtuc/puchong"),
    Corridor("my", "kh", "my-desk", "my-ministry", "kh-cuf", "kh:cuf", "kh:cuf/migration"),
    # To a body of the own node: the same path over a link without a wire.
    Corridor("kh", "kh", "kh-desk", "kh-ministry", "kh-cuf", "kh:cuf", "kh:cuf/migration"),
)


@dataclass
class File:
    """An evidence file that was uploaded."""
    sha256: bytes
    size: int
    shareable: bool = True


@dataclass
class Referral:
    """A referral that was acknowledged to home's ministry."""
    referral_id: str
    # Kinds of facts in their order, as the verbs of each side wrote them.
    home_facts: list = field(default_factory=lambda: ["SENT"])
    abroad_facts: list = field(default_factory=lambda: ["DELIVERED"])
    files_sent: list = field(default_factory=list)    # Disclosed by home.
    files_added: list = field(default_factory=list)   # Uploaded abroad.
    # What each member is offered, what all have accepted, and what it was concluded with: (kind, amount).
    offered: str = ""
    agreed: str = ""
    outcome: tuple = ()
    # The node itself may have recalled it, since a member withdrew.
    may_be_recalled: bool = False

    def owed(self, members, state):
        """(kind, amount, member) that the services post for a referral in this state."""
        if state == "RESOLVED" and self.outcome:
            kind, amount = self.outcome
        elif state in ("RESOLVED", "UNRESOLVED") and self.agreed:
            kind, amount = "AGREED", self.agreed
        else:
            return Counter()
        return Counter((kind, amount, member) for member in members)


@dataclass
class Case:
    """A complaint, as whoever filed it and worked on it was told."""
    corridor: Corridor
    reference: str
    narrative: str
    number: str = ""
    members: list = field(default_factory=list)
    state: str = "FILED"
    files: list = field(default_factory=list)
    # (kind, amount, member) as posted, and the ids that were acknowledged.
    money: Counter = field(default_factory=Counter)
    money_ids: set = field(default_factory=set)
    amendments: int = 0
    happened: list = field(default_factory=lambda: ["CASE_FILED"])
    referral: Referral = None
    deeds: int = 0
    # What was asked for and never answered: what it was, and its effect on this case.
    pending: tuple = None
    touched: bool = True  # Since it was last compared.

    @property
    def ended(self):
        """Nobody does anything more to it."""
        return self.pending is not None or self.state in ("WITHDRAWN", "CLOSED_UNRESOLVED")

    def may_be(self):
        """The states that the nodes may hold: with and without what was never answered."""
        if self.pending is None:
            return [self]
        done = copy.deepcopy(self)
        done.pending[1](done)
        return [self, done]
