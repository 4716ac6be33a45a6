"""Referrals that may not be made, and steps on referrals that are refused for what they say."""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from scenario import NodesTest, main, story_filing  # noqa: E402


class RefusedReferralsTest(NodesTest):
    def put_body(self, body_id, change):
        """Changes a body at its owner and waits until the other node has the change."""
        shown = self.cli.call("my-admin", "directory", "body", "show", body_id)
        body = shown["body"]
        change(body)
        put = self.cli.call("my-admin", "directory", "body", "put", json.dumps(body), "--etag",
                            shown["etag"])
        self.cli.wait(lambda copy: copy["etag"] == put["change"]["etag"], "kh-admin", "directory",
                      "body", "show", body_id)

    def test_a_body_that_takes_no_referrals_is_given_none(self):
        case = self.open_case(story_filing("domestic_worker"))
        self.put_body("my:tenaganita", lambda body: body.update(active=False))
        self.assert_refused("RECEIVER_INACTIVE", "kh-ministry", "referral", "refer", case, "--to",
                            "my:tenaganita", "--ad-hoc")
        self.put_body("my:tenaganita", lambda body: body.update(active=True))
        self.assertEqual(self.refer(case, "my:tenaganita"), case + "/R1")

    def test_a_complaint_never_goes_to_the_body_it_is_about(self):
        filing = story_filing("domestic_worker")
        filing["complaint"]["respondents"][0]["bodyId"] = "my:mtuc"
        case = self.open_case(filing)
        self.assert_refused("RECEIVER_IS_RESPONDENT", "kh-ministry", "referral", "refer", case,
                            "--to", "my:mtuc", "--ad-hoc")

    def test_nor_to_a_body_that_it_names_only_in_words(self):
        filing = story_filing("domestic_worker")
        filing["complaint"]["respondents"][0]["aliases"] = ["malaysian trades-union CONGRESS"]
        case = self.open_case(filing)
        suggested = self.cli.call("kh-ministry", "referral", "suggest", case)
        reasons = {one["bodyId"]: [why["code"] for why in one.get("reasonsAgainst", [])]
                   for one in suggested["suggestions"]}
        self.assertIn("IS_RESPONDENT", reasons["my:mtuc"])
        self.assert_refused("RECEIVER_IS_RESPONDENT", "kh-ministry", "referral", "refer", case,
                            "--to", "my:mtuc", "--ad-hoc")

    def test_an_agreement_that_has_ended_carries_no_referral(self):
        terms = {"partyBodyIds": ["kh:cuf", "my:tenaganita"],
                 "inForce": {"from": "2020-01-01", "to": "2023-12-31"}, "coversNonMembers": True,
                 "groupsAllowed": ["FIELD_GROUP_IDENTITY"], "title": "Ended"}
        for node, party in (("kh", "kh:cuf"), ("my", "my:tenaganita")):
            self.cli.call(f"{node}-admin", "directory", "agreement", "put", json.dumps(terms),
                          "--id", "kh-my:ended", "--party", party, "--version", "1")
        self.cli.wait(lambda a: a["agreement"].get("halvesMatch"), "kh-admin", "directory",
                      "agreement", "show", "kh-my:ended")
        case = self.open_case(story_filing("domestic_worker"))
        for options in ((), ("--agreement", "kh-my:ended")):
            self.assert_refused("AGREEMENT_EXPIRED", "kh-ministry", "referral", "refer", case,
                                "--to", "my:tenaganita", *options)

    def test_a_step_on_a_stale_etag_is_refused_with_the_current_one(self):
        referral = self.refer(self.open_case(story_filing("fishing_crew")))
        self.delivered(referral)
        stale = self.cli.call("my-mtuc", "referral", "show", referral)["referral"]["etag"]
        self.cli.call("my-mtuc", "referral", "acknowledge", referral)
        current = self.cli.call("my-mtuc", "referral", "show", referral)["referral"]["etag"]
        error = self.assert_refused("ETAG_STALE", "my-mtuc", "referral", "decline", referral,
                                    "--reason", "NO_CAPACITY", "--etag", stale)
        self.assertIn(current, error.error)

    def test_every_wrong_field_of_a_step_is_named_at_once(self):
        referral = self.refer(self.open_case(story_filing("fishing_crew")))
        self.delivered(referral)
        error = self.assert_refused("INVALID_ARGUMENT", "my-mtuc", "referral", "hold", referral,
                                    "--reason", "OTHER", "--until", "2020-01-01")
        self.assertIn("note", error.error)
        self.assertIn("until", error.error)

    def test_a_disclosure_that_tells_nothing_new_is_refused(self):
        referral = self.refer(self.open_case(story_filing("fishing_crew")))
        self.delivered(referral)
        self.assert_refused("NOTHING_NEW", "kh-ministry", "referral", "update", referral)


if __name__ == "__main__":
    main()
