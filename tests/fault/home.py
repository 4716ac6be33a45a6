"""What a desk and a ministry do at home."""

import copy
import hashlib
from datetime import date, timedelta

from google.protobuf import json_format

from cases import Case, File, Referral
from deeds import ACKNOWLEDGED, PENDING

CURRENCY = "MYR"
PIECE = 256 << 10
OTHER_BYTES = "FILE_DIGEST_MISMATCH"
STALE = "ETAG_STALE"


def days_ago(days):
    return (date.today() - timedelta(days=days)).isoformat()


class Home:
    """The verbs at a case's home. Each does one thing and notes in the case what came of it."""

    def __init__(self, doer, messages, filing):
        self.doer, self.messages, self.filing = doer, messages, filing
        self.dice = doer.dice

    # --- filing ---

    def file(self, corridor, reference):
        """A new case; None when it was refused or came to nothing that is known."""
        case, request = self._filing(corridor, reference)
        done = self.doer.do(corridor.desk, "FileComplaint", request)
        claimed = [member.claim_lines[0].claimed.amount for member in request.filing.members]
        if done.outcome == ACKNOWLEDGED:
            case.number = done.answer.case_number
            case.members = [receipt.member_id for receipt in done.answer.receipts]
            case.tracking_codes = [receipt.tracking_code for receipt in done.answer.receipts]
            for amount, member in zip(claimed, case.members):
                case.money["CLAIMED", amount, member] += 1
        elif done.outcome == PENDING:
            case.pending = ("FileComplaint", lambda done_case: None)
        return case if done.outcome != "refused" else None

    def file_about_nowhere(self, corridor, reference):
        """Of a scope that there is not: refused, so no such case may ever be listed."""
        _, request = self._filing(corridor, reference)
        request.filing.complaint.scope = "NOWHERE"
        done = self.doer.do(corridor.desk, "FileComplaint", request)
        self.doer.has_to_be_refused(done, "INVALID_ARGUMENT filing.complaint.scope", reference)

    def _filing(self, corridor, reference):
        case = Case(corridor, reference, f"{reference}: {self._words(200)}")
        filing = copy.deepcopy(self.filing)
        filing["complaint"].update(ownReference=reference, narrative=case.narrative)
        filing["members"] = filing["members"][:self.dice.randint(2, 3)]
        for number, member in enumerate(filing["members"]):
            member["ownReference"] = f"{reference}-{number}"
        filing["consents"] = self._consents(filing, corridor)
        request = self.messages.request("FileComplaint", request_id=self.doer.new_request_id())
        json_format.ParseDict(filing, request.filing)
        return case, request

    @staticmethod
    def _consents(filing, corridor):
        return [{**one, "receiverBodyId": corridor.body} if one["purpose"] == "REFERRAL" else one
                for one in filing["consents"]]

    def _words(self, most):
        return " ".join(self.dice.choice(("wage", "hours", "papers", "boat", "debt", "night"))
                        for _ in range(self.dice.randint(5, most)))

    def see(self, case):
        answer = self.doer.read(case.corridor.ministry, "GetComplaint", self.messages.request(
            "GetComplaint", case_number=case.number))
        return answer.complaint_case if answer is not None else None

    def _on_case(self, case, verb, person, effect, refusal=None, told=None, **fields):
        """One verb with the etag as it is now; what it does to the case is `effect`.

        refusal   why it has to be refused, so that it has no effect
        told      takes what an answer tells that the effect needs
        """
        seen = self.see(case)
        if seen is None:
            self.doer.journal.problem(f"{case.number} cannot be read")
            return None
        etag = seen.etag if refusal != STALE else ("1" if seen.etag != "1" else "2")
        request = self.messages.request(verb, request_id=self.doer.new_request_id(),
                                        case_number=case.number, etag=etag, **fields)
        done = self.doer.do(person, verb, request)
        if refusal:
            self.doer.has_to_be_refused(done, refusal, case.number)
        if told is not None and done.outcome == ACKNOWLEDGED:
            told(done.answer)
        note(case, verb, done, None if refusal else effect)
        return done

    def amend(self, case, refusal=None):
        narrative = f"{case.reference}: {self._words(300)}"

        def amended(of):
            of.narrative = narrative
            of.amendments += 1
            of.happened.append("CASE_AMENDED")
        self._on_case(case, "AmendComplaint", case.corridor.desk, amended, refusal,
                      paths=["narrative"], reason="told again",
                      complaint=self.messages.intake("Complaint", narrative=narrative))

    def amend_stale(self, case):
        """With an etag that is not the case's: refused, so nothing of it may ever be seen."""
        self.amend(case, STALE)

    def screen(self, case):
        self._screen(case, "OPEN", admit=True, urgency="NORMAL",
                     primary_category=self.messages.intake("Category", code="UNLAWFUL_DEDUCTION"))

    def find_inadmissible(self, case):
        self._screen(case, "INADMISSIBLE", admit=False, reason="NOT_A_LABOUR_MATTER")

    def _screen(self, case, state, **decision):
        def screened(of):
            of.state = state
            of.happened.append("CASE_SCREENED")
        self._on_case(case, "ScreenComplaint", case.corridor.ministry, screened, **decision)

    def add_member(self, case):
        """One who agrees to what the others agreed to, and claims nothing yet."""
        filing = copy.deepcopy(self.filing)
        member = {**filing["members"][0], "ownReference": f"{case.reference}-late-{case.deeds}",
                  "claimLines": []}
        said = self._consents(filing, case.corridor)
        ids, codes = [], []

        def added(of):
            of.members += ids or [None]
            of.tracking_codes += codes or [None]
            of.happened.append("MEMBERS_ADDED")

        def told(answer):
            ids.extend(receipt.member_id for receipt in answer.receipts)
            codes.extend(receipt.tracking_code for receipt in answer.receipts)
        self._on_case(case, "AddGroupMembers", case.corridor.desk, added, told=told,
                      members=[json_format.ParseDict(member, self.messages.intake("GroupMember"))],
                      consents=[json_format.ParseDict(one, self.messages.intake("Consent"))
                                for one in said])

    def add_file(self, case):
        content = self.dice.randbytes(self.dice.choice((1, 900, 70_000, 300_000, 700_000)))
        file = File(hashlib.sha256(content).digest(), len(content), self.dice.random() < 0.8)

        def added(of):
            of.files.append(file)
            of.happened.append("EVIDENCE_ADDED")
        done = self._upload(case, file, content)
        if done.outcome == ACKNOWLEDGED:
            file.evidence_id = done.answer.evidence_id
        note(case, "UploadEvidence", done, added)

    def add_file_that_changed(self, case):
        """Other bytes than were announced: refused, so the case may not have such a file."""
        content = self.dice.randbytes(70_000)
        file = File(hashlib.sha256(content).digest(), len(content))
        done = self._upload(case, file, content[1:] + b"?", OTHER_BYTES)
        self.doer.has_to_be_refused(done, OTHER_BYTES, case.number)
        case.touched = True
        case.deeds += 1

    def _upload(self, case, file, content, refusal=None):
        header = self.messages.intake(
            "EvidenceHeader", request_id=self.doer.new_request_id(), case_number=case.number,
            file=evidence_file(self.messages, file))
        return self.doer.do(case.corridor.desk, "UploadEvidence",
                            stream_of(self.messages, "UploadEvidence", header, content), refusal=refusal)

    def record_money(self, case):
        """The desk notes what a member got, or what was offered."""
        kind = self.dice.choice(("OFFERED", "DUE", "PAID", "RECEIVED"))
        self._post(case, kind, self.dice.choice(case.members))

    def record_money_of_nobody(self, case):
        """For a member that there is not: refused, so it may not be in the ledger."""
        self._post(case, "PAID", "0" * 26, refusal="NOT_FOUND member")

    def _post(self, case, kind, member, refusal=None):
        amount = f"{self.dice.randint(1, 99_999)}.{self.dice.randint(0, 99):02d}"
        entry = self.messages.intake("MoneyEntry", member_id=member, kind=kind,
                                     happened_on=days_ago(2))
        entry.amount.currency_code, entry.amount.amount = CURRENCY, amount
        if kind == "RECEIVED":
            entry.instruction.how, entry.instruction.given_on = "IN_PERSON", days_ago(1)
        ids = []

        def posted(of):
            of.money[kind, amount, member] += 1
            of.money_ids.update(ids)
            of.happened.append("MONEY_RECORDED")
        request = self.messages.request("RecordMoney", request_id=self.doer.new_request_id(),
                                        case_number=case.number, entries=[entry])
        done = self.doer.do(case.corridor.desk, "RecordMoney", request)
        if done.outcome == ACKNOWLEDGED:
            ids += done.answer.entry_ids
        if refusal:
            self.doer.has_to_be_refused(done, refusal, case.number)
        note(case, "RecordMoney", done, None if refusal else posted)

    # --- referring, and taking back ---

    def refer(self, case):
        sent = [file for file in case.files if file.shareable]

        def referred(of, referral_id=None):
            of.referral = Referral(referral_id or of.number + "/R1", files_sent=sent,
                                   members=list(of.members))
        seen = self.see(case)
        if seen is None:
            return
        done = self.doer.do(case.corridor.ministry, "ReferComplaint", self.messages.request(
            "ReferComplaint", request_id=self.doer.new_request_id(), case_number=case.number,
            case_etag=seen.etag, receiver_body_id=case.corridor.body, ad_hoc=True))
        if not case.consented:
            self.doer.has_to_be_refused(done, "CONSENT_MISSING", case.number)
            return note(case, "ReferComplaint", done, None)
        if done.outcome == ACKNOWLEDGED:
            referred(case, done.answer.change.referral_id)
        note(case, "ReferComplaint", done, referred if done.outcome == PENDING else None)

    def revoke_consent(self, case):
        def revoked(of):
            of.consented = False
            of.happened.append("CONSENT_CHANGED")
            if of.referral:
                of.referral.has_to_be_recalled = True
        self._on_case(case, "RevokeConsent", case.corridor.desk, revoked, purpose="REFERRAL",
                      receiver_body_id=case.corridor.body, instruction=self._by_phone())

    def grant_consent(self, case):
        """All members agree that the body is told, whether they did before or not."""
        def granted(of):
            of.consented = True
            of.happened.append("CONSENT_CHANGED")
        said = [one for one in self._consents(self.filing, case.corridor)
                if one["purpose"] == "REFERRAL"]
        self._on_case(case, "RecordConsent", case.corridor.desk, granted,
                      consents=[json_format.ParseDict(one, self.messages.intake("Consent"))
                                for one in said])

    def _by_phone(self):
        return self.messages.of("redress.common.v1.WorkerInstruction")(
            how="PHONE", given_on=days_ago(1))

    def withdraw(self, case):
        def withdrawn(of):
            of.state, of.state_before = "WITHDRAWN", of.state
            of.happened.append("CASE_WITHDRAWN")
            if of.referral:
                of.referral.has_to_be_recalled = True
        self._on_case(case, "WithdrawComplaint", case.corridor.desk, withdrawn,
                      reason="VOLUNTARY", instruction=self._by_phone())

    def close(self, case):
        def closed(of):
            of.state = "CLOSED_UNRESOLVED"
            of.happened.append("CASE_CLOSED")
        self._on_case(case, "CloseComplaint", case.corridor.ministry, closed,
                      outcome="CASE_STATE_CLOSED_UNRESOLVED", reason="EVIDENCE_LACKING")

    # --- coming back ---

    def reopen(self, case):
        self._come_back(case, "REOPEN", case.corridor.ministry,
                        case.state_before if case.state == "WITHDRAWN" else "OPEN")

    def undo_withdrawal(self, case):
        self._come_back(case, "UNDO_WITHDRAWAL", case.corridor.desk, case.state_before)

    def contest(self, case):
        self._come_back(case, "CONTEST", case.corridor.desk, "FILED")

    def _come_back(self, case, kind, person, state):
        def came_back(of):
            of.state = state
            of.happened.append("CASE_REOPENED")
        self._on_case(case, "ReopenComplaint", person, came_back, kind="REOPEN_KIND_" + kind,
                      reason="the worker asked", instruction=self._by_phone())

    def leave(self, case):
        case.left = True


def note(case, verb, done, effect):
    """Keeps in the case what an answer, or the want of one, says of it.

    effect   None: it can have none, whether it was answered or not
    """
    case.touched = True
    case.deeds += 1
    if done.outcome == PENDING and effect is not None:
        case.pending = (verb, effect)
    elif done.outcome == ACKNOWLEDGED and effect is not None:
        effect(case)


def evidence_file(messages, file):
    return messages.intake("EvidenceFile", kind="PHOTO", file_name="photo.jpg",
                           media_type="image/jpeg", size_bytes=file.size, sha256=file.sha256,
                           shareable=file.shareable)


def stream_of(messages, verb, header, content):
    """The messages of an upload."""
    pieces = [messages.request(verb, chunk=content[at:at + PIECE])
              for at in range(0, len(content), PIECE)]
    return [messages.request(verb, header=header), *pieces]
