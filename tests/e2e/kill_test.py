"""Killed at any named point, a node loses nothing it acknowledged and does nothing twice."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from scenario import NodesTest, Refused, main, random_request_id, story_filing  # noqa: E402

INTAKE_POINTS = ("intake.before_commit", "commit.before", "commit.after_write",
                 "commit.before_reply", "intake.before_reply")
REFER_POINTS = ("referral.before_commit", "referral.before_reply")
SEND_POINTS = ("outbox.after_send", "outbox.before_receipt_kept")
RECEIVE_POINTS = ("inbox.before_commit", "inbox.before_receipt")


class KillTest(NodesTest):
    def die_at(self, node, service, point):
        """Restarts a service so that it dies as by kill -9 when it next passes `point`."""
        process = self.nodes.service(node, service)
        process.stop()
        process.start(fault=point)
        return process

    def complaints_like(self, reference):
        answer = self.cli.call("kh-ministry", "complaint", "list", "--own-reference", reference)
        return [row["caseNumber"] for row in answer.get("cases", [])]

    def test_a_filing_survives_each_point_and_is_filed_once(self):
        for point in INTAKE_POINTS:
            with self.subTest(point=point):
                filing = story_filing("fishing_crew")
                filing["complaint"]["ownReference"] = "KILL-" + point
                mark = random_request_id()
                process = self.die_at("kh", "intake", point)
                with self.assertRaises(Refused) as lost:
                    self.file_case(filing, mark)
                self.assertEqual(lost.exception.status, 3)
                self.assertEqual(process.wait_for_exit(), -9)
                process.start()
                case = self.file_case(filing, mark)
                self.assertEqual(self.complaints_like("KILL-" + point), [case])

    def refer_once(self, case, mark, etag):
        return self.cli.call("kh-ministry", "--request-id", mark, "referral", "refer", case, "--to",
                             "my:mtuc", "--ad-hoc", "--etag", etag)["change"]["referralId"]

    def test_a_referral_survives_each_point_and_is_sent_once(self):
        for point in REFER_POINTS:
            with self.subTest(point=point):
                case = self.open_case(story_filing("fishing_crew"))
                etag = self.cli.call("kh-ministry", "complaint", "show", case)["etag"]
                mark = random_request_id()
                process = self.die_at("kh", "referral", point)
                with self.assertRaises(Refused) as lost:
                    self.refer_once(case, mark, etag)
                self.assertEqual(lost.exception.status, 3)
                self.assertEqual(process.wait_for_exit(), -9)
                process.start()
                referral = self.refer_once(case, mark, etag)
                self.delivered(referral)
                seen = [r["referralId"] for r in self.incoming() if r["caseNumber"] == case]
                self.assertEqual(seen, [referral])

    def test_the_sender_dies_and_the_receiver_shows_it_once(self):
        for point in SEND_POINTS:
            with self.subTest(point=point):
                case = self.open_case(story_filing("fishing_crew"))
                process = self.die_at("kh", "referral", point)
                referral = self.referred_in_spite(case)
                self.assertEqual(process.wait_for_exit(), -9)
                process.start()
                self.delivered_once(case, referral)

    def test_the_receiver_dies_and_shows_it_once(self):
        for point in RECEIVE_POINTS:
            with self.subTest(point=point):
                case = self.open_case(story_filing("fishing_crew"))
                process = self.die_at("my", "referral", point)
                referral = self.refer(case)
                self.assertEqual(process.wait_for_exit(), -9)
                process.start()
                self.delivered_once(case, referral)

    def test_the_receiver_dies_while_its_answer_leaves_and_home_hears_it_once(self):
        focal_point = self.focal_point()
        for point in SEND_POINTS + REFER_POINTS:
            with self.subTest(point=point):
                referral = self.refer(self.open_case(story_filing("fishing_crew")))
                self.delivered(referral)
                self.cli.referral_state("kh-ministry", referral, "DELIVERED")
                process = self.die_at("my", "referral", point)
                mark = random_request_id()
                accept = ("my-mtuc", "--request-id", mark, "referral", "accept", referral,
                          "--focal-point", focal_point)
                try:
                    self.cli.call(*accept)
                except Refused as refused:
                    self.assertEqual(refused.status, 3)
                self.assertEqual(process.wait_for_exit(), -9)
                process.start()
                self.cli.call(*accept)
                self.cli.referral_state("kh-ministry", referral, "ACCEPTED")
                for profile in ("kh-ministry", "my-mtuc"):
                    self.assertEqual(self.history(profile, referral),
                                     ["SENT", "DELIVERED", "ACCEPTED"])

    def history(self, profile, referral):
        shown = self.cli.call(profile, "referral", "show", referral)["referral"]
        return [entry["fact"]["kind"].removeprefix("FACT_KIND_") for entry in shown["history"]]

    def referred_in_spite(self, case):
        """The process may die of the sending before it has answered the caller."""
        try:
            return self.refer(case)
        except Refused as refused:
            self.assertEqual(refused.status, 3)
            return case + "/R1"

    def delivered_once(self, case, referral):
        self.delivered(referral)
        self.cli.referral_state("kh-ministry", referral, "DELIVERED")
        seen = [r["referralId"] for r in self.incoming() if r["caseNumber"] == case]
        self.assertEqual(seen, [referral])
        self.assertEqual(self.history("my-mtuc", referral), ["SENT", "DELIVERED"])


if __name__ == "__main__":
    main()
