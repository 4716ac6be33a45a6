"""A service whose data is not there, as when its disk is not mounted, begins no store in its place."""

import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from scenario import NodesTest, main, story_filing  # noqa: E402


class MissingDiskTest(NodesTest):
    NODES = ("kh",)

    def taken_away(self, name):
        """Stops the service and takes its data away; gives it back after the test."""
        service = self.nodes.service("kh", name)
        service.stop()
        away = service.directory + ".away"
        os.rename(service.directory, away)
        return service, away

    def refused(self, service):
        run = subprocess.run([*service.command(), "--listen=127.0.0.1:0", "--metrics_listen=",
                              "--address_file="],
                             capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(run.returncode, 1, run.stderr)
        self.assertRegex(run.stderr, f"{service.name}.begun.*docs/runbook.md, "
                         ".A store is not there")

    def test_nothing_is_begun_where_a_store_is_missing_and_it_goes_on_when_it_is_back(self):
        case = self.file_case(story_filing("fishing_crew"))
        for name in ("intake", "referral"):
            with self.subTest(service=name):
                service, away = self.taken_away(name)
                self.refused(service)
                self.assertFalse(os.path.exists(service.directory))
                # A mount point is there, and empty.
                os.mkdir(service.directory)
                self.refused(service)
                self.assertEqual(os.listdir(service.directory), [])
                os.rmdir(service.directory)
                os.rename(away, service.directory)
                service.start()
        shown = self.cli.call("kh-ministry", "complaint", "show", case)
        self.assertEqual(shown["caseNumber"], case)
        self.open_case(story_filing("domestic_worker"))

    def test_status_reads_everything_again(self):
        case = self.open_case(story_filing("fishing_crew"))
        service, _ = self.taken_away("status")
        service.start()
        self.cli.wait(lambda answer: answer["status"], "kh-ministry", "status", "show", case)


if __name__ == "__main__":
    main()
