"""A watch that was cut off goes on where it ended, and a rebuilt status says the same as before."""

import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from scenario import BIN, NodesTest, main, story_filing  # noqa: E402


class WatchTest(NodesTest):
    def watch(self, token, count):
        """Reads `count` changes after `token`; returns (cases in order, next token)."""
        run = subprocess.run(
            [os.path.join(BIN, "redress"), "--profiles", self.nodes.profiles_dir(), "--profile",
             "kh-ministry", "--output", "json", "status", "watch", "--token", token, "--for", "30",
             "--count", str(count)], capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(run.returncode, 0, run.stderr)
        messages = [json.loads(line) for line in run.stdout.splitlines()]
        return ([m["changed"]["summary"]["caseNumber"] for m in messages if "changed" in m],
                messages[-1]["watchToken"])

    def test_a_watch_is_resumed_without_a_gap(self):
        token = self.cli.call("kh-ministry", "status", "list")["watchToken"]
        filed = [self.file_case(story_filing("fishing_crew")) for _ in range(6)]
        first, token = self.watch(token, 2)
        self.nodes.service("kh", "status").kill()
        self.nodes.service("kh", "status").start()
        second, token = self.watch(token, 4)
        self.assertEqual(first + second, filed)

    def test_a_watch_is_resumed_after_a_rebuild_without_a_gap(self):
        token = self.cli.call("kh-ministry", "status", "list")["watchToken"]
        filed = [self.file_case(story_filing("fishing_crew")) for _ in range(4)]
        first, token = self.watch(token, 2)
        self.rebuild()
        second, token = self.watch(token, 2)
        filed.append(self.file_case(story_filing("fishing_crew")))
        third, _ = self.watch(token, 1)
        self.assertEqual(first + second + third, filed)

    def rebuild(self):
        status = self.nodes.service("kh", "status")
        status.stop()
        self.nodes.extra_flags["status"] = ["--rebuild"]
        self.addCleanup(self.nodes.extra_flags.pop, "status", None)
        status.start()

    @staticmethod
    def without_as_of(answer):
        """The answer less how fresh it is, and the tokens that are sealed anew each time."""
        return {name: value for name, value in answer.items()
                if name not in ("asOf", "watchToken", "nextPageToken")}

    def everything(self, cases):
        reads = [("status", "list", "--page-size", "200"),
                 ("status", "list", "--page-size", "200", "--referral-state", "UNRESOLVED"),
                 ("status", "count", "--row", "CATEGORY"), ("status", "count", "--row", "SEX")]
        for case in cases:
            reads += [("status", "show", case), ("status", "timeline", case)]
        return {read: self.without_as_of(self.cli.call("kh-ministry", *read)) for read in reads}

    def mixed_history(self):
        """Cases that were referred, declined, concluded, paid, amended and withdrawn."""
        concluded = self.open_case(story_filing("domestic_worker"))
        first = self.refer(concluded)
        self.delivered(first)
        self.cli.call("my-mtuc", "referral", "decline", first, "--reason", "NO_CAPACITY")
        self.cli.referral_state("kh-ministry", first, "DECLINED")
        second = self.refer(concluded, "my:tenaganita", "--after", first)
        self.delivered(second, "my-tenaganita")
        self.cli.call("my-tenaganita", "referral", "accept", second, "--focal-point",
                      self.focal_point("my-tenaganita", "my:tenaganita"))
        member = self.cli.call("kh-desk", "complaint", "members", concluded)["members"][0]
        self.cli.call("my-tenaganita", "money", "record", second, "--kind", "PAID", "--amount",
                      "10.00", "--currency", "MYR", "--on", "2026-11-16", "--member",
                      member["memberId"])
        self.cli.call("my-tenaganita", "referral", "conclude", second, "--reason",
                      "RESPONDENT_NOT_FOUND", "--outcome", "{}")
        amended = self.file_case(story_filing("fishing_crew"))
        self.cli.call("kh-desk", "complaint", "amend", amended, "--path", "sector", "--set",
                      '{"sector": "CARE"}', "--reason", "asked again")
        withdrawn = self.open_case(story_filing("fishing_crew"))
        self.cli.call("kh-desk", "complaint", "withdraw", withdrawn, "--reason", "VOLUNTARY",
                      "--instructed", "PHONE", "--instructed-on", "2026-11-20")
        self.cli.wait(lambda a: a["status"]["summary"].get("referralState") ==
                      "REFERRAL_STATE_UNRESOLVED" and
                      a["status"].get("money", [{}])[0].get("paid"), "kh-ministry", "status",
                      "show", concluded)
        self.cli.wait(lambda a: a["status"]["summary"]["caseState"] == "CASE_STATE_WITHDRAWN",
                      "kh-ministry", "status", "show", withdrawn)
        return concluded, amended, withdrawn

    def test_a_rebuilt_status_says_the_same_of_a_mixed_history(self):
        cases = self.mixed_history()
        before = self.everything(cases)
        self.rebuild()
        after = self.everything(cases)
        for read, answer in before.items():
            self.assertEqual(after[read], answer, read)


if __name__ == "__main__":
    main()
