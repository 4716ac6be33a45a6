"""A group of 3,000 is filed in batches, referred in pages, and the same people and sums at both ends."""

import copy
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from scenario import NodesTest, main, story_filing  # noqa: E402

MEMBERS = 3000
BATCH = 200


def claim_of(number):
    """Sen that member `number` claims; no two neighbours claim the same."""
    return 100000 + number


def shown(sen):
    return f"{sen // 100}.{sen % 100:02d}"


class LargeGroupTest(NodesTest):
    def batch(self, pattern, numbers):
        members = []
        for number in numbers:
            member = copy.deepcopy(pattern)
            member["ownReference"] = str(number)
            member["complainant"]["name"] = f"Member {number}"
            member["claimLines"][0]["claimed"]["amount"] = shown(claim_of(number))
            members.append(member)
        return members

    def file_group(self):
        filing = story_filing("fishing_crew")
        pattern = filing["members"][0]
        filing["members"] = self.batch(pattern, range(BATCH))
        case = self.file_case(filing)
        for begin in range(BATCH, MEMBERS, BATCH):
            more = {"members": self.batch(pattern, range(begin, begin + BATCH)),
                    "consents": filing["consents"]}
            path = os.path.join(self.directory, "more.json")
            with open(path, "w", encoding="utf-8") as file:
                json.dump(more, file)
            self.cli.call("kh-desk", "complaint", "add-members", case, "--members", "@" + path)
        self.cli.call("kh-ministry", "complaint", "screen", case, "--category",
                      filing["complaint"]["primaryCategory"]["code"], "--urgency", "NORMAL")
        return case, filing, pattern

    def pages(self, rows, *call, token_option, token_field):
        found, token = [], ""
        while True:
            options = [token_option, token] if token else []
            answer = self.cli.call(*call, *options)
            found += rows(answer)
            token = answer.get(token_field, "")
            if not token:
                return found

    def members_at(self, profile, referral):
        """{member id: what the member claims} as one node shows the referral."""
        rows = self.pages(lambda a: a["referral"].get("members", []), profile, "referral", "show",
                          referral, "--member-page-size", "200",
                          token_option="--member-page-token",
                          token_field="nextMemberPageToken")
        return {row["member"]["member"]["memberId"]:
                row["member"]["member"]["claimLines"][0]["claimed"]["amount"] for row in rows}

    def test_all_of_3000_arrive_with_their_own_sums(self):
        case, filing, pattern = self.file_group()
        more = {"members": self.batch(pattern, range(BATCH + 1)), "consents": filing["consents"]}
        path = os.path.join(self.directory, "too-many.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(more, file)
        self.assert_refused("INVALID_ARGUMENT", "kh-desk", "complaint", "add-members", case,
                            "--members", "@" + path)
        total = shown(sum(map(claim_of, range(MEMBERS))))
        ledger = self.cli.call("kh-ministry", "money", "show", case)
        self.assertEqual(ledger["totals"][0]["claimed"]["amount"], total)

        referral = self.refer(case)
        abroad = self.delivered(referral)
        self.assertEqual(abroad["memberCount"], MEMBERS)
        there = self.members_at("my-mtuc", referral)
        self.assertEqual(sorted(there.values()),
                         sorted(shown(claim_of(number)) for number in range(MEMBERS)))
        self.assertEqual(self.members_at("kh-ministry", referral), there)

        number = self.award_everybody(referral)
        self.cli.wait(lambda a: a["referral"]["state"] == "REFERRAL_STATE_SOLUTION_PROPOSED",
                      "kh-ministry", "referral", "show", referral)
        self.all_accept(referral, number, sorted(there))
        owed = shown(MEMBERS * 50000)
        for profile, command, sums in (
                ("kh-ministry", ("money", "show", case), lambda a: a.get("totals", [])),
                ("kh-ministry", ("referral", "show", referral), lambda a: a["referral"]["balances"]),
                ("my-mtuc", ("referral", "show", referral), lambda a: a["referral"]["balances"])):
            self.cli.wait(lambda a, sums=sums: [row["balance"]["amount"] for row in sums(a)] ==
                          [owed], profile, *command)
        self.cli.referral_state("my-mtuc", referral, "RESOLVED")

    def award_everybody(self, referral):
        self.cli.call("my-mtuc", "referral", "accept", referral, "--focal-point",
                      self.focal_point())
        return self.cli.call("my-mtuc", "referral", "propose", referral, "--remedy", "WAGES_PAID",
                             "--each", "500.00", "--currency", "MYR", "--payer",
                             "EMPLOYER")["proposalNumber"]

    def all_accept(self, referral, number, members):
        for begin in range(0, MEMBERS, BATCH):
            accepting = [option for member in members[begin:begin + BATCH]
                         for option in ("--accept", member)]
            self.cli.call("kh-desk", "referral", "answer-proposal", referral, "--proposal", number,
                          *accepting, "--instructed", "IN_PERSON", "--instructed-on", "2026-11-10")


if __name__ == "__main__":
    main()
