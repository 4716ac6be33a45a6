"""The less travelled rows of the life cycle, walked over two nodes; both show the same in the end."""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from scenario import NodesTest, main, story_filing  # noqa: E402

OFFER = ("--remedy", "WAGES_PAID", "--each", "1850.00", "--currency", "MYR", "--payer", "EMPLOYER")
INSTRUCTED = ("--instructed", "IN_PERSON", "--instructed-on", "2026-11-10")


class ReferralTest(NodesTest):
    def receiver(self, verb, referral, *options):
        return self.cli.call("my-mtuc", "referral", verb, referral, *options)

    def delivered_referral(self, filing="fishing_crew", body="my:mtuc", *options):
        referral = self.refer(self.open_case(story_filing(filing)), body, *options)
        self.delivered(referral)
        return referral

    def accepted_referral(self, filing="fishing_crew"):
        referral = self.delivered_referral(filing)
        self.receiver("accept", referral, "--focal-point", self.focal_point())
        self.cli.referral_state("kh-ministry", referral, "ACCEPTED")
        return referral

    def members(self, referral):
        shown = self.cli.call("kh-ministry", "referral", "show", referral)["referral"]
        return [row["member"]["member"]["memberId"] for row in shown["members"]]


class LifeCycleTest(ReferralTest):
    def test_a_forward_becomes_a_child_and_ends_its_parent_as_transferred(self):
        parent = self.delivered_referral("domestic_worker")
        self.receiver("forward", parent, "--to", "my:tenaganita", "--reason", "OUT_OF_MANDATE")
        home = self.assert_both_show(parent, "TRANSFERRED")
        child = home["childReferralId"]
        shown = self.delivered(child, "my-tenaganita")
        self.assertEqual(shown["parentReferralId"], parent)
        self.assertEqual(shown["receiverBodyId"], "my:tenaganita")
        self.assert_both_show(child, "DELIVERED", "my-tenaganita")
        self.assert_refused("NOT_FOUND", "my-mtuc", "referral", "show", child)
        self.assert_refused("TRANSITION_NOT_ALLOWED", "my-mtuc", "referral", "accept", parent,
                            "--focal-point", self.focal_point())

    def test_a_forward_without_consent_for_the_other_body_gives_the_parent_back(self):
        parent = self.delivered_referral("fishing_crew")
        self.receiver("forward", parent, "--to", "my:tenaganita", "--reason", "OUT_OF_MANDATE")
        self.assert_both_show(parent, "DELIVERED")
        shown = self.cli.call("kh-ministry", "referral", "show", parent)["referral"]
        self.assertIn("CONSENT_MISSING", json.dumps(shown["history"]))
        self.assertNotIn("childReferralId", shown)

    def test_a_pause_has_a_reason_and_work_goes_on_after_it(self):
        referral = self.accepted_referral()
        self.receiver("start", referral)
        self.receiver("hold", referral, "--reason", "WAITING_FOR_COURT")
        self.assertEqual(self.assert_both_show(referral, "ON_HOLD")["reason"], "WAITING_FOR_COURT")
        self.assert_refused("TRANSITION_NOT_ALLOWED", "my-mtuc", "referral", "propose", referral,
                            *OFFER)
        self.receiver("resume", referral)
        self.assertNotIn("reason", self.assert_both_show(referral, "IN_PROGRESS"))

    def test_a_proposal_taken_back_cannot_be_answered_any_more(self):
        referral = self.accepted_referral()
        number = self.receiver("propose", referral, *OFFER)["proposalNumber"]
        self.assert_both_show(referral, "SOLUTION_PROPOSED")
        self.receiver("withdraw-proposal", referral, "--reason", "RESPONDENT_WITHDREW")
        home = self.assert_both_show(referral, "IN_PROGRESS")
        self.assertNotIn("openProposal", home)
        self.assert_refused("PROPOSAL_NOT_CURRENT", "kh-desk", "referral", "answer-proposal",
                            referral, "--proposal", number, "--all-accept", *INSTRUCTED)

    def test_one_refusing_member_returns_the_referral_and_the_others_stay_agreed(self):
        referral = self.accepted_referral()
        number = self.receiver("propose", referral, *OFFER)["proposalNumber"]
        self.assert_both_show(referral, "SOLUTION_PROPOSED")
        first, second, third = self.members(referral)
        answer = ("kh-desk", "referral", "answer-proposal", referral, "--proposal", number)
        self.cli.call(*answer, "--accept", first, "--accept", second, *INSTRUCTED)
        self.assert_both_show(referral, "SOLUTION_PROPOSED")
        self.cli.call(*answer, "--refuse", third, *INSTRUCTED)
        home = self.assert_both_show(referral, "IN_PROGRESS")
        agreed = {row["member"]["member"]["memberId"] for row in home["members"]
                  if row.get("agreed")}
        self.assertEqual(agreed, {first, second})

        # The next proposal is for the one who refused; the others keep their own terms.
        number = self.receiver("propose", referral, "--remedy", "WAGES_PAID", "--each", "1500.00",
                               "--currency", "MYR", "--payer", "EMPLOYER")["proposalNumber"]
        self.assert_both_show(referral, "SOLUTION_PROPOSED")
        self.cli.call(*answer[:-1], number, "--accept", third, *INSTRUCTED)
        self.assert_both_show(referral, "RESOLVED")
        self.ledger(referral.rsplit("/", 1)[0], agreed="5200.00", balance="5200.00")

    def test_unresolved_needs_a_reason_and_the_case_can_be_closed_after_it(self):
        referral = self.accepted_referral()
        self.receiver("start", referral)
        error = self.assert_refused("INVALID_ARGUMENT", "my-mtuc", "referral", "conclude", referral,
                                    "--outcome", "{}").error
        self.assertIn("RESPONDENT_REFUSED", error)
        self.receiver("conclude", referral, "--reason", "INSUFFICIENT_EVIDENCE", "--outcome", "{}")
        home = self.assert_both_show(referral, "UNRESOLVED")
        self.assertEqual(home["reason"], "INSUFFICIENT_EVIDENCE")
        self.closed_once_settled(referral.rsplit("/", 1)[0], "EVIDENCE_LACKING")

    def closed_once_settled(self, case, reason):
        """Closes the case when the end of its referral has reached intake."""
        self.cli.wait(lambda a: a["state"] == "CASE_STATE_CLOSED_UNRESOLVED", "kh-ministry",
                      "complaint", "close", case, "--unresolved", "--reason", reason)

    def ledger(self, case, **wanted):
        def good(answer):
            total = (answer.get("totals") or [{}])[0]
            return all(total.get(name, {}).get("amount") == amount
                       for name, amount in wanted.items())

        return self.cli.wait(good, "kh-ministry", "money", "show", case)

    def test_money_of_both_sides_is_posted_once_and_a_reversal_takes_it_back(self):
        referral = self.accepted_referral("domestic_worker")
        case = referral.rsplit("/", 1)[0]
        (member,) = self.members(referral)
        entry = ("--member", member, "--currency", "MYR", "--on", "2026-11-16")
        self.cli.call("my-mtuc", "money", "record", referral, "--kind", "AWARDED", "--amount",
                      "7000.00", *entry)
        paid = self.cli.call("my-mtuc", "money", "record", referral, "--kind", "PAID", "--amount",
                             "4000.00", *entry)["entryIds"][0]
        self.ledger(case, owed="7000.00", paid="4000.00", balance="7000.00")
        self.cli.call("kh-desk", "money", "record", case, "--kind", "RECEIVED", "--amount",
                      "1500.00", *entry, *INSTRUCTED)
        self.ledger(case, received="1500.00", balance="5500.00")

        reversal = ("money", "record", referral, "--kind", "REVERSAL", "--reverses", paid,
                    "--amount", "4000.00", *entry)
        self.cli.call("my-mtuc", *reversal)
        shown = self.ledger(case, owed="7000.00", received="1500.00", balance="5500.00")
        self.cli.wait(lambda a: a["totals"][0].get("paid", {}).get("amount", "0.00") == "0.00",
                      "kh-ministry", "money", "show", case)
        kinds = sorted(row["kind"] for row in
                       self.cli.call("kh-ministry", "money", "show", case)["entries"])
        self.assertEqual(kinds, ["AWARDED", "CLAIMED", "PAID", "RECEIVED", "REVERSAL"], shown)
        self.assert_refused("ENTRY_ALREADY_REVERSED", "my-mtuc", *reversal)

    def test_an_award_not_paid_keeps_the_case_open(self):
        referral = self.accepted_referral("domestic_worker")
        case = referral.rsplit("/", 1)[0]
        (member,) = self.members(referral)
        self.cli.call("my-mtuc", "money", "record", referral, "--kind", "AWARDED", "--amount",
                      "7000.00", "--currency", "MYR", "--on", "2026-11-16", "--member", member)
        self.ledger(case, owed="7000.00")
        self.receiver("conclude", referral, "--reason", "RESPONDENT_REFUSED", "--outcome", "{}")
        self.assert_both_show(referral, "UNRESOLVED")
        self.assert_refused("AWARD_UNPAID", "kh-ministry", "complaint", "close", case,
                            "--unresolved", "--reason", "CLAIM_REJECTED")


class MovedClockTest(ReferralTest):
    def test_a_question_without_an_answer_goes_back_and_the_silence_is_said(self):
        referral = self.accepted_referral()
        self.receiver("ask", referral, "--question", "Since when?", "--about", "MONEY")
        self.assert_both_show(referral, "INFO_REQUESTED")
        self.move_clock(7.5 * 24)
        home = self.assert_both_show(referral, "ACCEPTED")
        self.assertIn("INFORMATION_OVERDUE", json.dumps(home["history"]))

    def test_an_undelivered_referral_is_sent_again_and_another_follows_a_refused_one(self):
        peer = self.nodes.service("my", "referral")
        peer.stop()
        first = self.refer(self.open_case(story_filing("domestic_worker")))
        self.move_clock(8 * 24)
        self.cli.referral_state("kh-ministry", first, "UNDELIVERED")
        self.cli.call("kh-ministry", "referral", "requeue", first)
        self.cli.referral_state("kh-ministry", first, "SENT")
        peer.start()
        self.assert_both_show(first, "DELIVERED")
        self.receiver("decline", first, "--reason", "OUT_OF_MANDATE")
        self.assert_both_show(first, "DECLINED")
        second = self.refer(first.rsplit("/", 1)[0], "my:tenaganita", "--after", first)
        self.delivered(second, "my-tenaganita")
        self.assertEqual(self.assert_both_show(second, "DELIVERED", "my-tenaganita")
                         ["previousReferralId"], first)


if __name__ == "__main__":
    main()
