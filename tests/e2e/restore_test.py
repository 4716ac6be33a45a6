"""A node that was put back to an old backup is noticed by itself and by its peer, and each
is sent again what the other one wrote."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from backups import BackupsTest  # noqa: E402
from scenario import main, story_filing  # noqa: E402


class RestoreTest(BackupsTest):
    def accept(self, referral):
        self.cli.call("my-mtuc", "referral", "accept", referral, "--focal-point",
                      self.focal_point())

    def new_referral(self):
        referral = self.refer(self.open_case(story_filing("fishing_crew")))
        self.delivered(referral)
        self.cli.referral_state("kh-ministry", referral, "DELIVERED")
        return referral

    def history(self, profile, referral):
        shown = self.cli.call(profile, "referral", "show", referral)["referral"]
        return [entry["fact"]["kind"].removeprefix("FACT_KIND_") for entry in shown["history"]]

    def assert_agreed(self, referral, facts):
        self.cli.wait(lambda _: all(self.history(profile, referral) == facts
                                    for profile in ("kh-ministry", "my-mtuc")),
                      "kh-ministry", "referral", "show", referral)

    def test_home_put_back_hears_again_what_the_destination_did_since(self):
        told = len(self.peer_restored())
        referral = self.new_referral()
        self.back_up("kh")
        self.accept(referral)
        self.cli.referral_state("kh-ministry", referral, "ACCEPTED")
        lost = self.new_referral()
        self.restore("kh")
        # The node itself says so, in its log and to whoever asks for its health.
        self.assertEqual(len(self.log_of("kh", "referral", "store.restored")), 1)
        health = self.cli.call("kh-admin", "node", "health")
        self.assertTrue(all("restored" in service for service in health["services"]))
        # Its peer is told although neither has anything to send, and says again what it did.
        self.assert_agreed(referral, ["SENT", "DELIVERED", "ACCEPTED"])
        self.assertEqual(self.peer_restored()[told:], ["kh"])
        # What home has lost is gone there, and its number is given to nobody else.
        self.assert_refused("NOT_FOUND", "kh-ministry", "referral", "show", lost)
        after = self.new_referral()
        self.assertNotEqual(after.split("/")[0], lost.split("/")[0])
        self.accept(after)
        self.assert_agreed(after, ["SENT", "DELIVERED", "ACCEPTED"])
        seen = [row["referralId"] for row in self.incoming()]
        self.assertEqual(len(seen), len(set(seen)))

    def times_restored(self):
        health = self.cli.call("kh-admin", "node", "health")
        times = {one.get("restored", {}).get("times", 0) for one in health["services"]}
        self.assertEqual(len(times), 1)
        return times.pop()

    def peer_restored(self):
        return [line["peer"] for line in self.log_of("my", "referral", "link.peer_restored")]

    def test_a_point_that_is_restored_twice_gives_no_number_twice(self):
        """The backup is the same both times, and what came of it the first time is lost with the disk."""
        known = self.open_case(story_filing("fishing_crew"))
        point = self.back_up("kh")["number"]
        referrals, cases, commits = [], [known], []
        told, times = len(self.peer_restored()), self.times_restored()
        for life in (1, 2):
            self.restore("kh", "--point", point)
            self.assertEqual(self.times_restored(), times + life)
            # A case of the backup and a new one, each referred.
            receipt = self.file_receipt(story_filing("domestic_worker"))
            cases.append(receipt["caseNumber"])
            commits.append(int(receipt["commitNumber"]))
            for referral in (self.refer(known), self.new_referral()):
                self.delivered(referral)
                self.cli.referral_state("kh-ministry", referral, "DELIVERED")
                referrals.append(referral)
                cases.append(referral.split("/")[0])
            self.assertEqual(self.peer_restored()[told:], ["kh"] * life)
        self.assertEqual(len(referrals), len(set(referrals)))
        new = [case for case in cases if case != known]
        self.assertEqual(len(new), len(set(new)))
        self.assertEqual(commits, sorted(set(commits)))
        seen = [row["referralId"] for row in self.incoming()]
        self.assertEqual(len(seen), len(set(seen)))
        self.assertLessEqual(set(referrals), set(seen))

    def test_a_destination_put_back_is_sent_again_what_it_lost(self):
        known = self.new_referral()
        self.back_up("my")
        self.cli.call("kh-ministry", "referral", "recall", known, "--reason", "WRONG_RECEIVER")
        self.cli.referral_state("my-mtuc", known, "RECALLED")
        unknown = self.new_referral()
        self.restore("my")
        self.assert_both_show(known, "RECALLED")
        # It can be read and worked on abroad again. What the destination itself wrote of it since
        # the backup is not returned to it: docs/adr/0027 says what follows.
        self.delivered(unknown)
        self.assertIn("my", [line["peer"] for line in self.log_of("kh", "referral",
                                                                  "link.peer_restored")])
        seen = [row["referralId"] for row in self.incoming()]
        self.assertEqual(len(seen), len(set(seen)))


if __name__ == "__main__":
    main()
