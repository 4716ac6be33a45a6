"""What a node has written agrees with itself, and a single row that is not there any more shows."""

import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from backups import BackupsTest  # noqa: E402
from scenario import BIN, ROOT, main, story_filing  # noqa: E402

INTAKE_LISTS = "0x1d"
STATUS_LISTS = "0x15"
STATUS_TIMELINES = "0x16"


class CheckTest(BackupsTest):
    CHECKED = False  # One of its tests leaves a store that is damaged.

    def check(self, directory, *options):
        run = self.run_cli("node", "check", directory, "--node-keys",
                           os.path.join(directory, "keys"), "--scratch", self.directory, *options)
        self.assertIn(run.returncode, (0, 1), run.stderr)
        answer = json.loads(run.stdout)
        self.assertEqual(run.returncode, 0 if answer["agrees"] else 1, run.stderr)
        self.assertFalse([name for name in os.listdir(self.directory) if "check" in name])
        return answer

    def assert_agrees(self, directory):
        answer = self.check(directory)
        self.assertTrue(answer["agrees"], json.dumps(answer, indent=1)[:6000])
        self.assertEqual([one["service"] for one in answer["services"]],
                         ["intake", "referral", "status"])
        self.assertGreater(sum(one["rows"] for one in answer["services"]), 50)
        self.assertEqual([one["leftOut"] for one in answer["services"]], [[], [], []])

    def node_dir(self, node):
        return os.path.join(self.directory, node)

    def take_row(self, node, service, table):
        subprocess.run([os.path.join(BIN, "redress-damage-store"),
                        os.path.join(self.node_dir(node), service, "store"), table],
                       check=True, capture_output=True)

    def test_after_the_story_both_nodes_agree_with_themselves(self):
        place = tempfile.mkdtemp(prefix="redress-check-story-")
        self.addCleanup(shutil.rmtree, place, True)
        told = subprocess.run(
            [sys.executable, os.path.join(ROOT, "tools/lib/demo.py"), "--bin-dir", BIN,
             "--data-dir", place, "--once"],
            capture_output=True, text=True, check=False, timeout=400)
        self.assertEqual(told.returncode, 0, told.stdout[-4000:] + told.stderr)
        for node in ("kh", "my"):
            self.assert_agrees(os.path.join(place, node))

    def test_a_row_that_is_missing_is_found_by_the_check_and_by_verifying_a_backup(self):
        case = self.open_case(story_filing("fishing_crew"))
        self.delivered(self.refer(case))
        refused = self.run_cli("node", "check", self.node_dir("kh"))
        self.assertEqual(refused.returncode, 1)
        self.assertIn("stop the node first", refused.stderr)

        self.nodes.stop("kh")
        self.assert_agrees(self.node_dir("kh"))
        self.take_row("kh", "intake", INTAKE_LISTS)
        self.take_row("kh", "status", STATUS_LISTS)
        answer = self.check(self.node_dir("kh"))
        found = {service["service"]: service["differences"] for service in answer["services"]}
        self.assertEqual([one["table"] for one in found["intake"]], ["list"])
        self.assertEqual([one["table"] for one in found["status"]], ["list"])
        self.assertEqual(found["referral"], [])
        self.assertEqual(found["intake"][0]["subject"], case)

        self.nodes.start("kh")
        self.back_up("kh")
        verified, error = self.verify("kh", "--node-keys", os.path.join(self.node_dir("kh"), "keys"))
        self.assertEqual([s["service"] for s in verified["services"] if not s["whole"]],
                         ["intake", "status"])
        self.assertIn(case, error)

    def test_a_backup_whose_status_says_less_than_the_events_in_it_does_not_verify(self):
        case = self.open_case(story_filing("domestic_worker"))
        referral = self.refer(case)
        self.delivered(referral)
        self.cli.wait(lambda answer: answer["entries"], "my-mtuc", "status", "timeline", case)
        self.back_up("my")
        self.assertTrue(self.whole("my"))
        self.nodes.stop("my")
        self.take_row("my", "status", STATUS_TIMELINES)
        self.nodes.start("my")
        self.back_up("my")
        verified, error = self.verify("my")
        self.assertEqual([s["service"] for s in verified["services"] if not s["whole"]], ["status"])
        self.assertIn("timeline", error)


if __name__ == "__main__":
    main()
