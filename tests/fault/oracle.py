"""Compares what the nodes hold with what was acknowledged: cases, files, timelines, money.

Three states: what was acknowledged is there once, what was never answered may be, what was refused
is not. Each check returns what is wrong, as sentences; an empty list is a case that is right.
"""

from collections import Counter
from decimal import Decimal

import grpc

from api import name_of
from oracle_referral import ReferralOracle, digest_of

# Kinds that the services post themselves, from what referrals came to.
POSTED_BY_SERVICES = ("AGREED", "AWARDED")


class Oracle:
    """Reads with the connections of one client, whose cases it compares. Not thread-safe."""

    def __init__(self, api, messages):
        self.api, self.messages = api, messages
        self.referrals = ReferralOracle(api, messages)

    def wrong_with(self, case):
        """What does not fit, by the state that the case comes nearest to."""
        found = []
        for one in case.may_be():
            try:
                wrong = self._compare(one)
            except grpc.RpcError as error:
                wrong = [f"{error.code().name} {error.details()}"]
            if not wrong:
                return []
            found.append([f"{case.number}: {text}" for text in wrong])
        return min(found, key=len)

    def _compare(self, case):
        seen = self.read(case.corridor.ministry, "GetComplaint", case).complaint_case
        wrong = self._head(case, seen)
        wrong += self._members(case)
        wrong += self._files(case, seen)
        wrong += self._money(case)
        wrong += self._timeline(case, seen)
        wrong += self.referrals.compare(case)
        return wrong

    def read(self, person, verb, case):
        return self.api.call(person, verb, self.messages.request(verb, case_number=case.number))

    def _head(self, case, seen):
        wrong, state = [], name_of(seen, "state")
        if state != case.state:
            wrong.append(f"it is {state} and not {case.state}")
        if seen.complaint.narrative != case.narrative:
            wrong.append(f"it tells \"{seen.complaint.narrative[:40]}…\" "
                         f"and not \"{case.narrative[:40]}…\"")
        if seen.complaint.own_reference != case.reference:
            wrong.append("its own reference is another")
        if len(seen.amendments) != case.amendments:
            wrong.append(f"it has {len(seen.amendments)} amendments and not {case.amendments}")
        return wrong

    def _members(self, case):
        rows = self.api.pages(case.corridor.ministry, "ListGroupMembers", "members",
                              case_number=case.number)
        ids = [row.member_id for row in rows]
        if not are(ids, case.members):
            return [f"its members are {ids} and not {case.members}"]
        wrong = [f"what {row.member_id} said of consent is not as it was told" for row in rows
                 if self._consents(row, case.corridor.body) != case.consented]
        for member, code in zip(ids, case.tracking_codes):
            if code is not None:
                wrong += self._tracked(case, member, code)
        return wrong

    @staticmethod
    def _consents(row, body):
        """What holds of what a member said: the last."""
        said = [one.status for one in row.consents
                if one.purpose == "REFERRAL" and one.receiver_body_id == body]
        return said[-1:] == ["GRANTED"]

    def _tracked(self, case, member, code):
        shown = self.api.call(case.corridor.kiosk, "TrackByReceipt", self.messages.request(
            "TrackByReceipt", tracking_code=code))
        if (shown.case_number, name_of(shown, "case_state")) == (case.number, case.state):
            return []
        return [f"the receipt of {member} shows {shown.case_number} as {name_of(shown, 'case_state')}"]

    def _files(self, case, seen):
        rows = self.api.pages(case.corridor.ministry, "ListEvidence", "files",
                              case_number=case.number)
        there = [(row.sha256, row.size_bytes) for row in rows]
        expected = [(file.sha256, file.size) for file in case.files]
        if there != expected or seen.evidence_count != len(expected):
            return [f"it has {len(there)} files, counts {seen.evidence_count}, and not those "
                    f"{len(expected)} that were acknowledged"]
        wrong = []
        for row in rows:
            parts = self.api.call(case.corridor.ministry, "DownloadEvidence", self.messages.request(
                "DownloadEvidence", case_number=case.number, evidence_id=row.evidence_id))
            if digest_of(parts) != row.sha256:
                wrong.append(f"the bytes of file {row.evidence_id} are others")
        return wrong

    def _money(self, case):
        entries = self.api.pages(case.corridor.ministry, "ListMoney", "entries",
                                 case_number=case.number)
        wrong = []
        ids = Counter(entry.entry_id for entry in entries)
        for entry_id in case.money_ids:
            if ids[entry_id] != 1:
                wrong.append(f"the ledger has entry {entry_id} {ids[entry_id]} times")
        posted = Counter((entry.kind, entry.amount.amount, entry.member_id) for entry in entries
                         if entry.kind not in POSTED_BY_SERVICES)
        if posted != case.money:
            wrong.append(f"the ledger has {difference(posted, case.money)}")
        return wrong + self._owed(case, entries) + self._totals(case, entries)

    def _owed(self, case, entries):
        """What a referral came to is owed to each member, once."""
        posted = Counter((entry.kind, entry.amount.amount, entry.member_id) for entry in entries
                         if entry.kind in POSTED_BY_SERVICES)
        expected = Counter()
        if case.referral is not None:
            home = self.referrals.see(case, case.corridor.ministry)
            if home is None:
                return []  # The comparison of referrals says so.
            expected = case.referral.owed(name_of(home, "state"))
            if case.state == "WITHDRAWN":  # Whoever has withdrawn is owed nothing more.
                expected &= posted
        return [] if posted == expected else [f"of what is owed there are {difference(posted, expected)}"]

    def _totals(self, case, entries):
        """Totals at intake and in status are what the entries add up to."""
        sums = {kind: sum((Decimal(entry.amount.amount) for entry in entries if entry.kind == kind),
                          Decimal(0)) for kind in ("CLAIMED", "AGREED", "AWARDED", "RECEIVED")}
        intake = self.read(case.corridor.ministry, "ListMoney", case).totals
        status = self.read(case.corridor.ministry, "GetCaseStatus", case).status
        wrong = []
        for name, totals in (("intake", intake), ("status", status.money)):
            for kind, amount in sums.items():
                shown = Decimal(getattr(totals[0], kind.lower()).amount or 0) if totals else 0
                if shown != amount:
                    wrong.append(f"{name} shows {shown} {kind} and the entries add up to {amount}")
        if len(intake) > 1 or len(status.money) > 1:
            wrong.append("sums of another currency are shown")
        return wrong

    def _timeline(self, case, seen):
        entries = self.api.pages(case.corridor.ministry, "GetTimeline", "entries",
                                 case_number=case.number)
        own = [entry.what for entry in entries if not entry.referral_id and
               entry.what != "MONEY_RECORDED"]
        expected = [what for what in case.happened if what != "MONEY_RECORDED"]
        told = sums_by_kind((entry.detail, entry.amount) for entry in entries
                            if entry.what == "MONEY_RECORDED")
        ledger = sums_by_kind((entry.kind, entry.amount) for entry in self.api.pages(
            case.corridor.ministry, "ListMoney", "entries", case_number=case.number)
            if entry.kind != "CLAIMED")  # Part of the filing, and no event of its own.
        wrong = []
        if told != ledger:
            wrong.append(f"its timeline tells of {dict(told)} and the ledger of {dict(ledger)}")
        if own != expected:
            wrong.append(f"its timeline has {own} and not {expected}")
        shown = self.read(case.corridor.ministry, "GetCaseStatus", case).status
        if shown.summary.case_state != seen.state:
            wrong.append(f"status shows {name_of(shown.summary, 'case_state')} and not "
                         f"{name_of(seen, 'state')}")
        return wrong + self.referrals.compare_timeline(case, entries)


def are(ids, expected):
    """None is one whose id nobody was told."""
    return len(ids) == len(expected) and all(
        wanted in (None, one) for one, wanted in zip(ids, expected))


def difference(there, expected):
    more, less = there - expected, expected - there
    return f"too many: {dict(more)}; too few: {dict(less)}"


def sums_by_kind(entries):
    """(kind, money) → the sum of each kind."""
    sums = Counter()
    for kind, money in entries:
        sums[kind] += Decimal(money.amount)
    return sums
