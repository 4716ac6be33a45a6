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
    kiosk: str
    ministry: str
    contact: str
    body: str
    focal_point: str


CORRIDORS = (
    Corridor("kh", "my", "kh-desk", "kh-kiosk", "kh-ministry", "my-mtuc", "my:mtuc", "my:mtuc/puchong"),
    Corridor("my", "kh", "my-desk", "my-kiosk", "my-ministry", "kh-cuf", "kh:cuf", "kh:cuf/migration"),
    # To a body of the own node: the same path over a link without a wire.
    Corridor("kh", "kh", "kh-desk", "kh-kiosk", "kh-ministry", "kh-cuf", "kh:cuf", "kh:cuf/migration"),
)


@dataclass
class File:
    """An evidence file that was uploaded."""
    sha256: bytes
    size: int
    shareable: bool = True
    evidence_id: str = ""


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
    # The node itself has to recall it, since consent was taken back or the case withdrawn.
    has_to_be_recalled: bool = False
    # Who was disclosed: nobody else is owed what it comes to.
    members: list = field(default_factory=list)

    def late(self, files):
        """Of `files` of the case those that may be shown and were not yet."""
        return [file for file in files if file.shareable and
                file.sha256 not in {sent.sha256 for sent in self.files_sent}]

    def owed(self, state):
        """(kind, amount, member) that the services post for a referral in this state."""
        if state == "RESOLVED" and self.outcome:
            kind, amount = self.outcome
        elif state in ("RESOLVED", "UNRESOLVED") and self.agreed:
            kind, amount = "AGREED", self.agreed
        else:
            return Counter()
        return Counter((kind, amount, member) for member in self.members)


@dataclass
class Case:
    """A complaint, as whoever filed it and worked on it was told."""
    corridor: Corridor
    reference: str
    narrative: str
    number: str = ""
    # Ids; None stands for one who was asked to be added and of whom nothing was heard.
    members: list = field(default_factory=list)
    # Of the receipts, in the same order.
    tracking_codes: list = field(default_factory=list)
    # Whether all members agree that the corridor's body is told.
    consented: bool = True
    state: str = "FILED"
    state_before: str = ""  # A withdrawal.
    left: bool = False      # Nobody comes back to it.
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
        return self.pending is not None or self.left

    def may_be(self):
        """The states that the nodes may hold: with and without what was never answered."""
        if self.pending is None:
            return [self]
        done = copy.deepcopy(self)
        done.pending[1](done)
        return [self, done]
