"""The rows of the life cycle that the story leaves out, over two nodes that have to agree on each."""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from scenario import NodesTest, main, story_filing  # noqa: E402


class LifeCycleTest(NodesTest):
    def accepted(self, filing="fishing_crew"):
        referral = self.refer(self.open_case(story_filing(filing)))
        self.delivered(referral)
        self.act("accept", referral, "--focal-point", self.focal_point())
        return referral

    def in_progress(self, filing="fishing_crew"):
        referral = self.accepted(filing)
        self.act("start", referral)
        self.agree(referral, "IN_PROGRESS")
        return referral

    def act(self, verb, referral, *options, profile="my-mtuc"):
        return self.cli.call(profile, "referral", verb, referral, *options)

    def agree(self, referral, state):
        """Waits until both nodes show `state`."""
        self.cli.referral_state("my-mtuc", referral, state)
        return self.cli.referral_state("kh-ministry", referral, state)

    def members(self, referral):
        shown = self.cli.call("my-mtuc", "referral", "show", referral)
        return shown, [member["memberId"] for member in self.cli.call(
            "kh-desk", "complaint", "members", referral.split("/")[0])["members"]]

    def propose(self, referral, amount="1000.00"):
        return self.act("propose", referral, "--remedy", "WAGES_PAID", "--each", amount,
                        "--currency", "MYR", "--payer", "EMPLOYER")["proposalNumber"]

    def answer(self, referral, proposal, *answers):
        self.act("answer-proposal", referral, "--proposal", proposal, *answers, "--instructed",
                 "PHONE", profile="kh-desk")

    def test_a_pause_stops_the_work_and_resuming_goes_on(self):
        referral = self.in_progress()
        self.act("hold", referral, "--reason", "WAITING_FOR_COURT")
        self.agree(referral, "ON_HOLD")
        self.assert_refused("TRANSITION_NOT_ALLOWED", "my-mtuc", "referral", "propose", referral,
                            "--remedy", "WAGES_PAID", "--each", "1.00", "--currency", "MYR",
                            "--payer", "EMPLOYER")
        self.act("resume", referral)
        self.agree(referral, "IN_PROGRESS")

    def test_a_proposal_is_withdrawn_and_made_again(self):
        referral = self.in_progress()
        first = self.propose(referral)
        self.agree(referral, "SOLUTION_PROPOSED")
        self.act("withdraw-proposal", referral, "--reason", "CIRCUMSTANCES_CHANGED")
        self.agree(referral, "IN_PROGRESS")
        self.assertEqual(self.propose(referral), first + 1)
        self.agree(referral, "SOLUTION_PROPOSED")

    def test_one_worker_who_refuses_sends_it_back_and_the_others_keep_what_they_agreed(self):
        referral = self.in_progress()
        _, members = self.members(referral)
        proposal = self.propose(referral)
        self.agree(referral, "SOLUTION_PROPOSED")
        self.answer(referral, proposal, "--accept", members[0], "--accept", members[1], "--refuse",
                    members[2])
        self.agree(referral, "IN_PROGRESS")
        agreed = [member.get("agreed", False) for member in self.cli.call(
            "kh-ministry", "referral", "show", referral)["referral"]["members"]]
        self.assertEqual(sorted(agreed), [False, True, True])

        # The next proposal is for the one who refused; the others keep their own terms.
        proposal = self.propose(referral, "1500.00")
        self.agree(referral, "SOLUTION_PROPOSED")
        self.answer(referral, proposal, "--accept", members[2])
        self.agree(referral, "RESOLVED")
        self.await_total(referral.split("/")[0], agreed="3500.00", balance="3500.00")

    def test_a_referral_is_forwarded_through_home_and_the_first_one_ends(self):
        referral = self.accepted("domestic_worker")
        self.act("forward", referral, "--to", "my:tenaganita", "--reason", "OUT_OF_MANDATE")
        child = referral.replace("/R1", "/R2")
        self.delivered(child, "my-tenaganita")
        self.agree(referral, "TRANSFERRED")
        shown = self.cli.call("kh-ministry", "referral", "show", child)["referral"]
        self.assertEqual(shown["parentReferralId"], referral)
        # No node passes on another's data, and no body sees where a case went.
        self.assert_refused("NOT_FOUND", "my-mtuc", "referral", "show", child)

    def test_without_consent_for_the_other_body_a_forward_is_refused_by_home(self):
        referral = self.accepted("fishing_crew")
        self.act("forward", referral, "--to", "my:tenaganita", "--reason", "OUT_OF_MANDATE")
        self.agree(referral, "ACCEPTED")
        kinds = [entry["fact"]["kind"] for entry in self.cli.call(
            "my-mtuc", "referral", "show", referral)["referral"]["history"]]
        self.assertIn("FACT_KIND_FORWARD_REFUSED", kinds)

    def test_an_unresolved_end_needs_its_reason(self):
        referral = self.in_progress()
        self.assert_refused("INVALID_ARGUMENT", "my-mtuc", "referral", "conclude", referral,
                            "--outcome", "{}")
        self.act("conclude", referral, "--reason", "RESPONDENT_NOT_FOUND", "--outcome", "{}")
        shown = self.agree(referral, "UNRESOLVED")
        self.assertIn("RESPONDENT_NOT_FOUND", json.dumps(shown))

    def test_money_recorded_abroad_is_posted_at_home_once_and_can_be_reversed(self):
        referral = self.in_progress()
        case = referral.split("/")[0]
        _, members = self.members(referral)
        self.cli.call("my-mtuc", "money", "record", referral, "--kind", "AWARDED", "--amount",
                      "900.00", "--currency", "MYR", "--on", "2026-11-02", "--member", members[0])
        self.await_total(case, awarded="900.00", balance="900.00")
        self.cli.call("my-mtuc", "money", "record", referral, "--kind", "PAID", "--amount",
                      "400.00", "--currency", "MYR", "--on", "2026-11-03", "--member", members[0])
        paid = [entry["entryId"] for entry in self.await_total(case, paid="400.00")["entries"]
                if entry["kind"] == "PAID"]
        self.assertEqual(len(paid), 1)
        self.cli.call("my-mtuc", "money", "record", referral, "--kind", "REVERSAL", "--amount",
                      "400.00", "--currency", "MYR", "--on", "2026-11-04", "--member", members[0],
                      "--reverses", paid[0])
        self.await_total(case, awarded="900.00", balance="900.00", paid=None)

    def await_total(self, case, **wanted):
        def good(answer):
            total = (answer.get("totals") or [{}])[0]
            seen = {name: total.get(name, {}).get("amount") for name in wanted}
            return all(seen[name] == text or (text is None and seen[name] in (None, "0.00"))
                       for name, text in wanted.items())

        return self.cli.wait(good, "kh-ministry", "money", "show", case)


class QuestionClockTest(NodesTest):
    def test_a_question_without_an_answer_runs_out_and_says_so(self):
        referral = self.refer(self.open_case(story_filing("fishing_crew")))
        self.delivered(referral)
        self.cli.call("my-mtuc", "referral", "accept", referral, "--focal-point",
                      self.focal_point())
        self.cli.call("my-mtuc", "referral", "ask", referral, "--question", "Which ship?",
                      "--about", "EMPLOYMENT")
        self.cli.referral_state("kh-ministry", referral, "INFO_REQUESTED")
        self.move_clock(7.5 * 24)
        self.cli.referral_state("my-mtuc", referral, "ACCEPTED")
        kinds = [entry["fact"]["kind"] for entry in self.cli.call(
            "kh-ministry", "referral", "show", referral)["referral"]["history"]]
        self.assertIn("FACT_KIND_INFORMATION_OVERDUE", kinds)


if __name__ == "__main__":
    main()
