"""What a contact does abroad, and home's answers to it."""

import hashlib
import time

from cases import File
from deeds import ACKNOWLEDGED
from home import CURRENCY, STALE, days_ago, evidence_file, note, stream_of


class Abroad:
    """The verbs on a referral. Each reads it first, does one thing, and notes what came of it."""

    def __init__(self, doer, messages):
        self.doer, self.messages, self.dice = doer, messages, doer.dice

    def see(self, case, person):
        """The referral as `person` sees it now; None when there is none to be seen."""
        answer = self.doer.read(person, "GetReferral", self.messages.request(
            "GetReferral", referral_id=case.referral.referral_id))
        return answer.referral if answer is not None else None

    def _on_referral(self, case, person, seen, verb, fact, effect=None, refusal=None, **fields):
        """`fact`: the kind that the verb writes, if any; `effect`: what else it does to the referral.

        refusal   why it has to be refused, so that it writes none
        """
        request = self.messages.request(verb, request_id=self.doer.new_request_id(),
                                        referral_id=case.referral.referral_id, etag=seen.etag,
                                        **fields)

        def written(of):
            facts = of.referral.home_facts if person == of.corridor.ministry or \
                person == of.corridor.desk else of.referral.abroad_facts
            if fact:
                facts.append(fact)
            if effect is not None:
                effect(of.referral)
        done = self.doer.do(person, verb, request)
        if refusal:
            self.doer.has_to_be_refused(done, refusal, case.referral.referral_id)
        note(case, verb, done, None if refusal else written)
        return done

    # --- the contact ---

    def acknowledge(self, case, seen):
        self._on_referral(case, case.corridor.contact, seen, "AcknowledgeReferral", "ACKNOWLEDGED")

    def accept(self, case, seen, refusal=None):
        acceptance = self.messages.referral("AcceptedDetails",
                                            focal_point_id=case.corridor.focal_point)
        self._on_referral(case, case.corridor.contact, seen, "AcceptReferral", "ACCEPTED",
                          refusal=refusal, acceptance=acceptance)

    def decline(self, case, seen):
        self._on_referral(case, case.corridor.contact, seen, "DeclineReferral", "DECLINED",
                          reason="NO_CAPACITY")

    def start(self, case, seen):
        self._on_referral(case, case.corridor.contact, seen, "StartReferral", "STARTED")

    def step(self, case, seen):
        step = self.messages.referral("StepDetails", kind="NEGOTIATION", summary="they met")
        step.held_at.seconds = int(time.time()) - 86_400
        self._on_referral(case, case.corridor.contact, seen, "RecordStep", "STEP_RECORDED",
                          step=step)

    def hold(self, case, seen):
        self._on_referral(case, case.corridor.contact, seen, "HoldReferral", "HELD",
                          reason="WAITING_FOR_COURT")

    def resume(self, case, seen):
        self._on_referral(case, case.corridor.contact, seen, "ResumeReferral", "RESUMED")

    def ask(self, case, seen):
        item = self.messages.referral("InformationItem", field_group="FIELD_GROUP_EMPLOYMENT",
                                      question="Since when?")
        self._on_referral(case, case.corridor.contact, seen, "RequestInformation",
                          "INFORMATION_REQUESTED", items=[item])

    def propose(self, case, seen):
        terms = self._terms()

        def offered(of):
            of.offered = terms.amounts[0].amount
        self._on_referral(case, case.corridor.contact, seen, "ProposeSolution",
                          "SOLUTION_PROPOSED", offered, proposal=self.messages.referral(
                              "ProposalDetails", for_each_other=terms, payer="EMPLOYER"))

    def withdraw_proposal(self, case, seen):
        def withdrawn(of):
            of.offered = ""
        self._on_referral(case, case.corridor.contact, seen, "WithdrawProposal",
                          "PROPOSAL_WITHDRAWN", withdrawn, reason="CORRECTION")

    def _terms(self):
        money = self.messages.of("redress.common.v1.Money")(
            currency_code=CURRENCY, amount=f"{self.dice.randint(100, 9_999)}.00")
        return self.messages.referral("MemberTerms", remedies=["WAGES_PAID"], amounts=[money])

    def conclude(self, case, seen):
        resolved = self.dice.random() < 0.5
        outcome = self.messages.referral("OutcomeDetails", awarded=self.dice.random() < 0.5)
        if resolved:
            outcome.for_each_other.CopyFrom(self._terms())

        def concluded(of):
            if resolved:
                of.outcome = ("AWARDED" if outcome.awarded else "AGREED",
                              outcome.for_each_other.amounts[0].amount)
        self._on_referral(case, case.corridor.contact, seen, "ConcludeReferral",
                          "RESOLVED" if resolved else "UNRESOLVED", concluded, resolved=resolved,
                          reason="" if resolved else "RESPONDENT_NOT_FOUND", outcome=outcome)

    def add_file(self, case, _seen):
        content = self.dice.randbytes(self.dice.choice((1, 900, 70_000, 600_000)))
        file = File(hashlib.sha256(content).digest(), len(content))

        def added(of):
            of.referral.files_added.append(file)
        header = self.messages.referral(
            "ReferralEvidenceHeader", request_id=self.doer.new_request_id(),
            referral_id=case.referral.referral_id, file=evidence_file(self.messages, file))
        done = self.doer.do(case.corridor.contact, "UploadReferralEvidence",
                            stream_of(self.messages, "UploadReferralEvidence", header, content))
        note(case, "UploadReferralEvidence", done, added)

    def record_money(self, case, seen):
        kind = self.dice.choice(("OFFERED", "DUE", "PAID", "DEPOSIT_USED"))
        amount = f"{self.dice.randint(1, 99_999)}.{self.dice.randint(0, 99):02d}"
        member = self.dice.choice(case.referral.members)
        entry = self.messages.intake("MoneyEntry", member_id=member, kind=kind,
                                     happened_on=days_ago(2))
        entry.amount.currency_code, entry.amount.amount = CURRENCY, amount
        ids = []

        def posted(of):
            of.money[kind, amount, member] += 1
            of.money_ids.update(ids)
        done = self.doer.do(case.corridor.contact, "RecordReferralMoney", self.messages.request(
            "RecordReferralMoney", request_id=self.doer.new_request_id(),
            referral_id=case.referral.referral_id, etag=seen.etag, entries=[entry]))
        if done.outcome == ACKNOWLEDGED:
            ids += done.answer.entry_ids
        note(case, "RecordReferralMoney", done, posted)

    def accept_stale(self, case, seen):
        """With an etag that is not the referral's: refused, so no such fact may be there."""
        stale = self.messages.referral("Referral", etag="1.0")
        if seen.etag != stale.etag:
            self.accept(case, stale, STALE)

    # --- home's side ---

    def answer_question(self, case, seen):
        self._on_referral(case, case.corridor.ministry, seen, "ProvideInformation",
                          "INFORMATION_PROVIDED", answer="Since May.",
                          question_number=seen.open_question.question_number)

    def answer_proposal(self, case, seen):
        accepted = self.dice.random() < 0.7
        answers = [self.messages.referral("MemberAnswer", member_id=one.member.member.member_id,
                                          accepted=accepted) for one in seen.members]
        instruction = self.messages.of("redress.common.v1.WorkerInstruction")(
            how="PHONE", given_on=days_ago(1))

        def answered(of):
            if accepted:
                of.agreed = of.offered
        self._on_referral(case, case.corridor.ministry, seen, "AnswerProposal",
                          "PROPOSAL_ANSWERED", answered, answers=answers, instruction=instruction,
                          proposal_number=seen.open_proposal.proposal_number)

    def disclose_late_files(self, case, seen):
        late = case.referral.late(case.files)

        def disclosed(of):
            of.files_sent += late
        self._on_referral(case, case.corridor.ministry, seen, "UpdateDisclosure", "", disclosed,
                          evidence_ids=[file.evidence_id for file in late])

    def recall(self, case, seen):
        self._on_referral(case, case.corridor.ministry, seen, "RecallReferral",
                          "RECALL_REQUESTED", reason="WRONG_RECEIVER")
