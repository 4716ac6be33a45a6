"""Who can take a case: by the consents of its members, and by the unions that they are of."""

import copy
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from scenario import NodesTest, main, story_filing  # noqa: E402
from story import days_ago  # noqa: E402

INSTRUCTED = ("--instructed", "IN_PERSON", "--instructed-on", days_ago(3))


class SuggestTest(NodesTest):
    AGREEMENT = "kh-my:cuf-tenaganita"  # For members of unions only.

    @classmethod
    def load(cls):
        super().load()
        for node, party in (("kh", "kh:cuf"), ("my", "my:tenaganita")):
            cls.cli.call(f"{node}-admin", "directory", "agreement", "put", json.dumps({
                "partyBodyIds": ["kh:cuf", "my:tenaganita"],
                "inForce": {"from": "2024-01-01"},
                "coversNonMembers": False,
                "groupsAllowed": ["FIELD_GROUP_IDENTITY", "FIELD_GROUP_EMPLOYMENT"],
                "title": "For members of unions"}),
                "--id", cls.AGREEMENT, "--party", party, "--version", "1")
        cls.cli.wait(lambda a: a["agreement"].get("inForce"), "kh-ministry", "directory",
                     "agreement", "show", cls.AGREEMENT)

    def suggested(self, case, body):
        answer = self.cli.call("kh-ministry", "referral", "suggest", case)
        return next(one for one in answer["suggestions"] if one["bodyId"] == body)

    @staticmethod
    def reasons(suggestion):
        return {reason["code"]: reason["text"] for reason in
                suggestion.get("reasonsFor", []) + suggestion.get("reasonsAgainst", [])}

    def consented(self, case, profile="kh-ministry"):
        shown = self.cli.call(profile, "complaint", "show", case)
        return {one["receiverBodyId"]: one["memberCount"]
                for one in shown["members"].get("consentedReceivers", [])}

    def members(self, case):
        shown = self.cli.call("kh-desk", "complaint", "members", case)
        return [member["memberId"] for member in shown["members"]]

    def record(self, case, body, member, *options):
        self.cli.call("kh-desk", "consent", "record", case, "--purpose", "REFERRAL", "--receiver",
                      body, "--member", member, "--group", "IDENTITY", "--how", "SIGNED",
                      "--language", "km", *options)

    # --- consent ---

    def test_of_two_bodies_only_the_one_consented_to_can_be_referred_to(self):
        case = self.open_case(story_filing("fishing_crew"))
        mtuc, other = self.suggested(case, "my:mtuc"), self.suggested(case, "my:tenaganita")
        self.assertEqual(self.reasons(mtuc)["CONSENT_GIVEN"],
                         "3 of 3 members consent to this receiver.")
        self.assertTrue(mtuc["canRefer"])
        self.assertIn("CONSENT_MISSING", self.reasons(other))
        self.assertNotIn("CONSENT_GIVEN", self.reasons(other))
        self.assertFalse(other.get("canRefer"))
        self.assert_refused("CONSENT_MISSING", "kh-ministry", "referral", "refer", case, "--to",
                            "my:tenaganita", "--ad-hoc")

        first = self.members(case)[0]
        self.record(case, "my:tenaganita", first)
        self.assertEqual(self.reasons(self.suggested(case, "my:tenaganita"))["CONSENT_GIVEN"],
                         "1 of 3 members consent to this receiver.")
        self.cli.call("kh-desk", "consent", "revoke", case, "--purpose", "REFERRAL", "--receiver",
                      "my:tenaganita", "--member", first, *INSTRUCTED)
        self.assertIn("CONSENT_MISSING", self.reasons(self.suggested(case, "my:tenaganita")))

    def test_a_case_shows_its_receivers_to_those_who_work_on_it(self):
        case = self.open_case(story_filing("domestic_worker"))
        wanted = {"my:mtuc": 1, "my:tenaganita": 1}
        self.assertEqual(self.consented(case), wanted)
        self.assertEqual(self.consented(case, "kh-desk"), wanted)
        self.assertEqual(self.consented(case, "kh-attache-my"), {})

    def test_a_consent_that_has_run_out_speaks_for_nobody(self):
        case = self.open_case(story_filing("fishing_crew"))
        self.record(case, "my:jtksm", self.members(case)[0], "--expires-on", days_ago(0))
        self.assertEqual(self.consented(case), {"my:mtuc": 3, "my:jtksm": 1})
        self.move_clock(48)
        self.cli.wait(lambda shown: len(shown["members"]["consentedReceivers"]) == 1,
                      "kh-ministry", "complaint", "show", case)
        self.assertIn("CONSENT_MISSING", self.reasons(self.suggested(case, "my:jtksm")))

    # --- unions ---

    def filing(self, unions):
        """The fishing crew, each of the union at their place; all consent to Tenaganita too."""
        filing = story_filing("fishing_crew")
        consent = copy.deepcopy(next(one for one in filing["consents"]
                                     if one["purpose"] == "REFERRAL"))
        filing["consents"].append({**consent, "receiverBodyId": "my:tenaganita"})
        for member, union in zip(filing["members"], unions):
            member["complainant"]["unionMembership"] = union
        return filing

    def test_an_agreement_for_members_covers_a_case_whose_members_are_all_of_a_union(self):
        case = self.open_case(self.filing(["CUF", "CUF", "a union of fishers"]))
        suggestion = self.suggested(case, "my:tenaganita")
        self.assertIn("AGREEMENT_IN_FORCE", self.reasons(suggestion))
        self.assertEqual(suggestion["agreementId"], self.AGREEMENT)
        self.assertTrue(suggestion["canRefer"])
        sent = self.cli.call("kh-ministry", "referral", "refer", case, "--to", "my:tenaganita")
        shown = self.delivered(sent["change"]["referralId"], "my-tenaganita")
        self.assertEqual(shown["agreement"]["agreementId"], self.AGREEMENT)

    def test_an_agreement_for_members_does_not_cover_a_case_with_one_who_is_of_none(self):
        case = self.open_case(self.filing(["CUF", "", "CUF"]))
        suggestion = self.suggested(case, "my:tenaganita")
        self.assertIn("NO_AGREEMENT", self.reasons(suggestion))
        self.assertFalse(suggestion.get("canRefer"))
        error = self.assert_refused("AGREEMENT_DOES_NOT_COVER", "kh-ministry", "referral", "refer",
                                    case, "--to", "my:tenaganita").error
        self.assertIn("members", error)


if __name__ == "__main__":
    main()
