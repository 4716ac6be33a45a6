"""Referrals between two nodes: late peers, races, clocks, and what both say when all is quiet."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from scenario import NodesTest, main, story_filing  # noqa: E402

# services/referral/clients/peer_client.cc waits 20 s for a peer's first answer, and longer for all others.
LESS_THAN_A_PEER_IS_GIVEN_SECONDS = 8


class BetweenNodesTest(NodesTest):
    def test_a_decline_is_referred_to_another_body_and_keeps_its_history(self):
        case = self.open_case(story_filing("domestic_worker"))
        first = self.refer(case)
        self.delivered(first)
        self.cli.call("my-mtuc", "referral", "decline", first, "--reason", "NO_CAPACITY")
        self.cli.referral_state("kh-ministry", first, "DECLINED")
        second = self.refer(case, "my:tenaganita", "--after", first)
        self.assertEqual(second, case + "/R2")
        self.delivered(second, "my-tenaganita")
        self.assert_both_show(first, "DECLINED")
        # The body that declined does not see where the case went.
        self.assert_refused("NOT_FOUND", "my-mtuc", "referral", "show", second)

    def test_irregular_status_is_never_a_reason_to_decline(self):
        referral = self.refer(self.open_case(story_filing("fishing_crew")))
        self.delivered(referral)
        self.assert_refused("IRREGULAR_STATUS_IS_NO_REASON", "my-mtuc", "referral", "decline",
                            referral, "--reason", "IRREGULAR_STATUS")

    def test_nothing_leaves_without_consent_for_that_receiver(self):
        case = self.open_case(story_filing("fishing_crew"))
        self.assert_refused("CONSENT_MISSING", "kh-ministry", "referral", "refer", case, "--to",
                            "my:tenaganita", "--ad-hoc")
        # The refusal leaves no hole in the numbers.
        self.assertEqual(self.refer(case), case + "/R1")

    def test_a_step_that_the_life_cycle_does_not_hold_is_refused(self):
        referral = self.refer(self.open_case(story_filing("fishing_crew")))
        self.delivered(referral)
        self.assert_refused("TRANSITION_NOT_ALLOWED", "my-mtuc", "referral", "resume", referral)

    def test_a_hundred_referrals_wait_for_a_peer_and_arrive_once_and_in_order(self):
        before = {row["referralId"] for row in self.incoming()}
        self.nodes.service("my", "referral").kill()
        sent = [self.refer(self.open_case(story_filing("fishing_crew"))) for _ in range(100)]
        self.nodes.service("my", "referral").start()
        # Home tries again in growing intervals, the longer the longer the peer was away.
        self.delivered(sent[-1], seconds=300)
        rows = [row for row in self.incoming() if row["referralId"] not in before]
        self.assertEqual(sorted(row["referralId"] for row in rows), sorted(sent))
        arrivals = []
        for referral in sent:
            shown = self.cli.call("my-mtuc", "referral", "show", referral)["referral"]
            self.assertEqual(shown["state"], "REFERRAL_STATE_DELIVERED")
            arrivals.append(shown["deliveredAt"])
        self.assertEqual(arrivals, sorted(arrivals))
        self.cli.referral_state("kh-ministry", sent[-1], "DELIVERED")

    def test_a_peer_that_hangs_holds_up_nothing_at_home(self):
        peer = self.nodes.service("my", "referral")
        peer.hang()
        # Less than any time that home gives a peer to answer: a call that waited for it would fail.
        patience, self.cli.patience = self.cli.patience, LESS_THAN_A_PEER_IS_GIVEN_SECONDS
        try:
            sent = [self.refer(self.open_case(story_filing("fishing_crew"))) for _ in range(10)]
            for referral in sent:
                shown = self.cli.call("kh-ministry", "referral", "show", referral)["referral"]
                self.assertEqual(shown["state"], "REFERRAL_STATE_SENT")
        finally:
            self.cli.patience = patience
            peer.wake()
        for referral in sent:
            self.delivered(referral)

    def test_a_recall_that_crosses_an_outcome_ends_the_same_on_both_nodes(self):
        referral = self.refer(self.open_case(story_filing("fishing_crew")))
        self.delivered(referral)
        self.cli.call("my-mtuc", "referral", "accept", referral, "--focal-point",
                      self.focal_point())
        self.cli.referral_state("kh-ministry", referral, "ACCEPTED")
        self.nodes.service("my", "referral").stop()
        self.cli.call("kh-ministry", "referral", "recall", referral, "--reason", "WRONG_RECEIVER")
        self.nodes.service("kh", "referral").stop()
        self.nodes.service("my", "referral").start()
        self.cli.call("my-mtuc", "referral", "conclude", referral, "--reason",
                      "RESPONDENT_NOT_FOUND", "--outcome", "{}")
        self.nodes.service("kh", "referral").start()
        self.assert_both_show(referral, "UNRESOLVED")

    def test_what_is_recalled_before_it_leaves_is_seen_by_nobody_abroad(self):
        self.nodes.service("my", "referral").stop()
        recalled = self.refer(self.open_case(story_filing("fishing_crew")))
        self.cli.call("kh-ministry", "referral", "recall", recalled, "--reason",
                      "WRONG_RECEIVER")
        later = self.refer(self.open_case(story_filing("fishing_crew")))
        self.nodes.service("my", "referral").start()
        # A link keeps its order: when the later one is there, the earlier one was taken in.
        self.delivered(later)
        self.assert_refused("NOT_FOUND", "my-mtuc", "referral", "show", recalled)
        self.assertNotIn(recalled, [row["referralId"] for row in self.incoming()])
        self.cli.referral_state("kh-ministry", recalled, "RECALLED")

    def test_a_withdrawn_case_recalls_its_referral(self):
        case = self.open_case(story_filing("domestic_worker"))
        referral = self.refer(case)
        self.delivered(referral)
        self.cli.call("kh-desk", "complaint", "withdraw", case, "--reason", "VOLUNTARY",
                      "--instructed", "PHONE", "--instructed-on", "2026-11-20")
        self.assert_both_show(referral, "RECALLED")


class ClocksTest(NodesTest):
    def test_seven_silent_days_become_no_response_and_an_answer_is_still_welcome(self):
        referral = self.refer(self.open_case(story_filing("fishing_crew")), "my:mtuc",
                              "--urgency", "NORMAL")
        self.delivered(referral)
        self.cli.referral_state("kh-ministry", referral, "DELIVERED")
        self.move_clock(6 * 24)
        self.assertEqual(self.cli.call("kh-ministry", "referral", "show", referral)["referral"]
                         ["state"], "REFERRAL_STATE_DELIVERED")
        self.move_clock(1.5 * 24)
        self.cli.referral_state("kh-ministry", referral, "NO_RESPONSE")
        self.cli.referral_state("my-mtuc", referral, "NO_RESPONSE")
        self.cli.call("my-mtuc", "referral", "accept", referral, "--focal-point",
                      self.focal_point())
        self.cli.referral_state("kh-ministry", referral, "ACCEPTED")

    def test_seven_undelivered_days_become_undelivered_and_it_can_be_sent_again(self):
        self.nodes.service("my", "referral").stop()
        referral = self.refer(self.open_case(story_filing("fishing_crew")))
        self.move_clock(8 * 24)
        self.cli.referral_state("kh-ministry", referral, "UNDELIVERED")
        self.cli.call("kh-ministry", "referral", "requeue", referral)
        self.nodes.service("my", "referral").start()
        self.delivered(referral)


if __name__ == "__main__":
    main()
