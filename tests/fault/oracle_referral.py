"""Compares referrals: the same facts on both sides, each once and in order, and the same files."""

import hashlib
from collections import Counter

import grpc

from api import name_of

OUTGOING = 2
SHARED = ("state", "etag", "reason", "receiver_body_id", "urgency")


class ReferralOracle:
    """Part of an Oracle. Not thread-safe."""

    def __init__(self, api, messages):
        self.api, self.messages = api, messages

    def see(self, case, person):
        try:
            return self.api.call(person, "GetReferral", self.messages.request(
                "GetReferral", referral_id=case.referral.referral_id)).referral
        except grpc.RpcError as error:
            if error.code() == grpc.StatusCode.NOT_FOUND:
                return None
            raise

    def compare(self, case):
        listed = self.api.pages(case.corridor.ministry, "ListReferrals", "referrals",
                                case_number=case.number, direction=OUTGOING)
        ids = [row.referral_id for row in listed]
        expected = [case.referral.referral_id] if case.referral else []
        if ids != expected:
            return [f"its referrals at home are {ids} and not {expected}"]
        if case.referral is None:
            return []
        home, abroad = self.see(case, case.corridor.ministry), self.see(case, case.corridor.contact)
        if abroad is None:
            return self._never_shown(case, home)
        wrong = [f"{name} is {getattr(home, name)!r} at home and {getattr(abroad, name)!r} abroad"
                 for name in SHARED if getattr(home, name) != getattr(abroad, name)]
        wrong += self._facts(case, home, abroad)
        wrong += self._state(case, home)
        for side, view in (("home", home), ("abroad", abroad)):
            if not view.peer.in_step:
                wrong.append(f"{side} waits for receipts")
        return wrong + self._files(case, home)

    def _never_shown(self, case, home):
        """Recalled before it was delivered: nobody abroad ever sees it."""
        state = name_of(home, "state")
        if state == "RECALLED" and case.referral.abroad_facts == ["DELIVERED"]:
            return []
        return [f"its referral is {state} at home and not to be seen abroad"]

    def _facts(self, case, home, abroad):
        def lines(view):
            return [(entry.fact.side, entry.fact.number, entry.fact.kind, entry.state_after,
                     entry.lost) for entry in view.history]
        wrong = []
        if lines(home) != lines(abroad):
            wrong.append(f"the nodes show other histories: {lines(home)} and {lines(abroad)}")
        for side, expected in ((1, case.referral.home_facts), (2, case.referral.abroad_facts)):
            if not self._are(kinds_of(home, side), expected, case):
                wrong.append(f"side {side} has the facts {kinds_of(home, side)} and not {expected}")
        return wrong

    def _are(self, facts, expected, case):
        """A recall that the node itself wrote, and its confirmation, may stand anywhere."""
        recalled = case.referral.has_to_be_recalled or "RECALL_REQUESTED" in case.referral.home_facts
        if not recalled:
            return facts == expected
        rest = [fact for fact in facts if fact not in ("RECALL_REQUESTED", "RECALLED")]
        once = Counter(facts)
        return (rest == [fact for fact in expected if fact != "RECALL_REQUESTED"] and
                once["RECALL_REQUESTED"] <= 1 and once["RECALLED"] <= 1 and
                once["RECALL_REQUESTED"] >= expected.count("RECALL_REQUESTED"))

    def _state(self, case, home):
        state = name_of(home, "state")
        over = state in ("RECALLED", "DECLINED", "RESOLVED", "UNRESOLVED")
        if case.referral.has_to_be_recalled and not over:
            return [f"a member took consent back and its referral is {state}"]
        if state == "SENT":
            return ["its referral was not delivered"]
        return []

    def _files(self, case, home):
        # What had not arrived by then need not, and what has need not stay.
        ended_early = name_of(home, "state") in ("RECALLED", "DECLINED")
        wrong = []
        for person in (case.corridor.ministry, case.corridor.contact):
            rows = self.api.pages(person, "ListReferralEvidence", "files",
                                  referral_id=case.referral.referral_id)
            there = Counter((row.file.sha256, row.file.size_bytes) for row in rows)
            expected = Counter((file.sha256, file.size) for file in
                               [*case.referral.files_sent, *case.referral.files_added])
            if ended_early:
                if there - expected:
                    wrong.append(f"{person} sees files of its referral that nobody was told of")
                continue
            if there != expected:
                wrong.append(f"{person} sees {sum(there.values())} files of its referral and not "
                             f"those {sum(expected.values())} that were acknowledged")
            wrong += self._bytes(case, person, rows)
        return wrong

    def _bytes(self, case, person, rows):
        wrong = []
        for row in rows:
            sent = row.disclosure_number > 0
            if sent and person == case.corridor.ministry:
                continue  # Home has it in intake, where it was compared.
            try:
                parts = self.api.call(person, "DownloadReferralEvidence", self.messages.request(
                    "DownloadReferralEvidence", referral_id=case.referral.referral_id,
                    evidence_id=row.file.evidence_id))
            except grpc.RpcError as error:
                wrong.append(f"file {row.file.evidence_id} is not whole for {person}: "
                             f"{error.code().name} {error.details()}")
                continue
            if digest_of(parts) != row.file.sha256:
                wrong.append(f"{person} gets other bytes of file {row.file.evidence_id}")
        return wrong

    def compare_timeline(self, case, entries):
        """Home's timeline has each fact of home's history once and in that order."""
        if case.referral is None:
            return []
        home = self.see(case, case.corridor.ministry)
        if home is None:
            return []  # The comparison of referrals says so.
        wrong = []
        for side in (1, 2):
            facts = ["REFERRAL_" + kind for kind in kinds_of(home, side)]
            own = set(facts)
            shown = [entry.what for entry in entries if entry.referral_id and entry.what in own]
            if shown != facts:
                wrong.append(f"its timeline has {shown} of side {side} and not {facts}")
        return wrong


def kinds_of(view, side):
    return [name_of(entry.fact, "kind") for entry in view.history if entry.fact.side == side]


def digest_of(parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.chunk)
    return digest.digest()
