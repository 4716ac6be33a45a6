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

    def test_a_rebuilt_status_says_the_same(self):
        case = self.open_case(story_filing("domestic_worker"))
        referral = self.refer(case)
        self.delivered(referral)
        self.cli.wait(lambda a: a["status"]["summary"].get("referralState") ==
                      "REFERRAL_STATE_DELIVERED", "kh-ministry", "status", "show", case)
        before = self.cli.call("kh-ministry", "status", "show", case)["status"]
        listed = self.cli.call("kh-ministry", "status", "list")["cases"]
        status = self.nodes.service("kh", "status")
        status.stop()
        self.nodes.extra_flags["status"] = ["--rebuild"]
        self.addCleanup(self.nodes.extra_flags.pop, "status")
        status.start()
        self.assertEqual(self.cli.call("kh-ministry", "status", "show", case)["status"], before)
        self.assertEqual(self.cli.call("kh-ministry", "status", "list")["cases"], listed)


if __name__ == "__main__":
    main()
