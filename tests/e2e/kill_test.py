"""Killed at any named point, a node loses nothing it acknowledged and does nothing twice."""

import json
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
                referral = self.again(case, mark, etag)
                self.delivered(referral)
                seen = [r["referralId"] for r in self.incoming() if r["caseNumber"] == case]
                self.assertEqual(seen, [referral])

    def again(self, case, mark, etag):
        """Repeats the same request under the same mark. A disclosure that was open when the service
        died is settled at its start, which moves the case's etag: then it is read again."""
        try:
            return self.refer_once(case, mark, etag)
        except Refused as refused:
            self.assertIn("ETAG_STALE", refused.error)
            etag = self.cli.call("kh-ministry", "complaint", "show", case)["etag"]
            return self.refer_once(case, mark, etag)

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
        shown = self.cli.call("my-mtuc", "referral", "show", referral)["referral"]
        kinds = [entry["fact"]["kind"] for entry in shown["history"]]
        self.assertEqual(kinds, ["FACT_KIND_SENT", "FACT_KIND_DELIVERED"], json.dumps(shown)[:800])


if __name__ == "__main__":
    main()
