"""Told to stop while people work, a service finishes what it took on, loses nothing, and ends well."""

import os
import signal
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from scenario import NodesTest, Refused, main, random_request_id, story_filing  # noqa: E402
from local_nodes import SERVICES  # noqa: E402

CLIENTS = 4
UNAVAILABLE = 3  # The command's exit status for a service that cannot be reached or that stops.


class Desk(threading.Thread):
    """Files one complaint after the other until it is refused."""

    def __init__(self, test, name, filed):
        super().__init__(name=name)
        self.test, self.filed = test, filed
        self.acknowledged, self.refused, self.references = [], None, []

    def run(self):
        while self.refused is None:
            filing = story_filing("fishing_crew")
            reference = f"STOP-{self.name}-{len(self.references)}"
            filing["complaint"]["ownReference"] = reference
            self.references.append(reference)
            try:
                case = self.test.file_case(filing, random_request_id())
                self.acknowledged.append((reference, case))
                self.filed.release()
            except Refused as refused:
                self.refused = refused


class StopTest(NodesTest):
    def cases_with(self, reference):
        answer = self.cli.call("kh-ministry", "complaint", "list", "--own-reference", reference)
        return [row["caseNumber"] for row in answer.get("cases", [])]

    def test_what_was_acknowledged_before_the_end_is_there_afterwards(self):
        intake = self.nodes.service("kh", "intake")
        for turn in range(3):
            filed = threading.Semaphore(0)
            desks = [Desk(self, f"{turn}-{i}", filed) for i in range(CLIENTS)]
            for desk in desks:
                desk.start()
            for _ in range(2 * CLIENTS):
                filed.acquire()
            process = intake.process
            os.kill(process.pid, signal.SIGTERM)
            self.assertEqual(process.wait(timeout=30), 0)
            for desk in desks:
                desk.join()
                self.assertEqual(desk.refused.status, UNAVAILABLE, desk.refused.error)
            intake.process = None
            intake.start()
            for desk in desks:
                for reference, case in desk.acknowledged:
                    self.assertEqual(self.cases_with(reference), [case])
                # The last was not acknowledged: it is there once or not at all.
                self.assertLessEqual(len(self.cases_with(desk.references[-1])), 1)

    def test_a_second_process_on_the_same_store_is_refused_and_the_first_goes_on(self):
        case = self.file_case(story_filing("fishing_crew"))
        for name in SERVICES:
            with self.subTest(service=name):
                second = subprocess.run(
                    [*self.nodes.service("kh", name).command(), "--listen=127.0.0.1:0",
                     "--metrics_listen=", "--address_file="],
                    capture_output=True, text=True, timeout=60, check=False)
                self.assertEqual(second.returncode, 1)
                self.assertRegex(second.stderr, "in use by another process.*The store is in use")
        self.assertEqual(self.cli.call("kh-ministry", "complaint", "show", case)["caseNumber"],
                         case)
        self.open_case(story_filing("domestic_worker"))

    def test_every_service_ends_well_when_all_are_told_at_once(self):
        self.refer(self.open_case(story_filing("fishing_crew")))
        running = [self.nodes.service(node, name)
                   for node in ("kh", "my") for name in ("intake", "referral", "status")]
        for service in running:
            os.kill(service.process.pid, signal.SIGTERM)
        for service in running:
            self.assertEqual(service.process.wait(timeout=30), 0, (service.node, service.name))
            service.process = None
        for service in running:
            service.start()


if __name__ == "__main__":
    main()
