"""A node is backed up while it serves, and what was backed up can be restored and is noticed."""

import os
import shutil
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from backups import BackupsTest  # noqa: E402
from scenario import main, story_filing  # noqa: E402


class BackupTest(BackupsTest):
    def file_until(self, stop, receipts):
        while not stop.is_set():
            answer = self.file_receipt(story_filing("fishing_crew"))
            receipts.append((answer["caseNumber"], int(answer["commitNumber"])))

    def upload(self, case):
        path = os.path.join(self.directory, "photo.jpg")
        with open(path, "wb") as file:
            file.write(os.urandom(3 << 20))
        self.cli.call("kh-desk", "evidence", "add", case, path, "--kind", "PAYSLIP")

    @staticmethod
    def copied(point):
        return sum(int(service["newBytes"]) for service in point["services"])

    def test_a_backup_is_made_while_a_desk_files_and_holds_all_that_was_acknowledged(self):
        stop, receipts = threading.Event(), []
        desk = threading.Thread(target=self.file_until, args=(stop, receipts))
        desk.start()
        try:
            while len(receipts) < 3:
                stop.wait(0.01)
            self.upload(receipts[0][0])
            first = self.back_up("kh")
            before_second = len(receipts)
            while len(receipts) < before_second + 3:
                stop.wait(0.01)
            second = self.back_up("kh")
        finally:
            stop.set()
            desk.join()
        intake = self.service_of(second, "intake")
        for service in second["services"]:
            self.assertLess(service["heldMs"], 1000)
        self.assertEqual(self.whole("kh"), True)
        # What the second one copied is what came since, not all there is.
        self.assertLess(self.copied(second) * 10, self.copied(first))
        self.restore("kh")
        last_commit = int(intake["lastCommit"])
        held = [case for case, commit in receipts if commit <= last_commit]
        self.assertGreater(len(held), 3)
        for case in held:
            self.cli.call("kh-desk", "complaint", "show", case)
        lost = [case for case, commit in receipts if commit > last_commit]
        for case in lost:
            self.assert_refused("NOT_FOUND", "kh-desk", "complaint", "show", case)
        # No number that somebody may have in hand is given to another case.
        after = self.file_receipt(story_filing("fishing_crew"))
        self.assertNotIn(after["caseNumber"], [case for case, _ in receipts])
        self.assertGreater(int(after["commitNumber"]), max(commit for _, commit in receipts))

    def refer_until(self, stop, referred):
        while not stop.is_set():
            case = self.open_case(story_filing("domestic_worker"))
            referred.append(self.refer(case))

    def test_what_the_services_hold_of_referrals_is_of_one_moment(self):
        """Points that are made while cases are referred are put back, and looked at before any start."""
        stop, referred, points = threading.Event(), [], []
        ministry = threading.Thread(target=self.refer_until, args=(stop, referred))
        ministry.start()
        try:
            for _ in range(3):
                before = len(referred)
                while len(referred) < before + 2 and ministry.is_alive():
                    stop.wait(0.01)
                points.append(self.back_up("kh")["number"])
        finally:
            stop.set()
            ministry.join()
        for point in points:
            self.restore("kh", "--point", point, start=False)
            self.check_stores("kh")
        self.nodes.start("kh")

    def test_a_flipped_byte_is_found_and_what_is_half_made_is_not_listed(self):
        point = self.back_up("kh")
        largest = max((os.path.join(folder, name)
                       for folder, _, names in os.walk(os.path.join(self.backup("kh"), "intake"))
                       for name in names), key=os.path.getsize)
        with open(largest, "r+b") as file:
            file.seek(100)
            byte = file.read(1)
            file.seek(100)
            file.write(bytes([byte[0] ^ 1]))
        try:
            answer, error = self.verify("kh")
            self.assertEqual(answer["whole"], False)
            self.assertEqual([s["service"] for s in answer["services"] if not s["whole"]],
                             ["intake"])
            self.assertIn(os.path.basename(largest), error)
            refused = self.run_cli("node", "restore", self.backup("kh"), "--data-dir",
                                   os.path.join(self.directory, "nowhere"))
            self.assertEqual(refused.returncode, 1)
            self.assertIn("stop the node first", refused.stderr)
        finally:
            shutil.rmtree(self.backup("kh"))
        self.assertEqual(self.back_up("kh")["number"], 1)
        self.assertTrue(point["number"] >= 1)

    def test_only_an_administrator_makes_backups_and_only_into_a_folder_for_them(self):
        self.assert_refused("ROLE_NOT_ALLOWED", "kh-desk", "node", "backup",
                            self.backup("kh") + "-desk")
        refused = self.assert_refused("INVALID_ARGUMENT", "kh-admin", "node", "backup",
                                      self.nodes.service("kh", "intake").directory)
        self.assertIn("directory", refused.error)

    def test_old_points_go_and_newer_ones_stay_whole(self):
        for _ in range(3):
            self.file_case(story_filing("fishing_crew"))
            last = self.back_up("kh", "--keep", "2")
        points = self.points("kh")
        self.assertEqual([point["number"] for point in points],
                         [last["number"] - 1, last["number"]])
        for point in points:
            self.assertEqual(self.whole("kh", "--point", point["number"]), True)

    def size_of(self, node):
        return sum(os.path.getsize(os.path.join(folder, name))
                   for folder, _, names in os.walk(self.backup(node)) for name in names)

    def test_older_points_are_removed_without_a_new_backup_and_give_their_room_back(self):
        for _ in range(3):
            self.upload(self.file_case(story_filing("fishing_crew")))
            last = self.back_up("kh")["number"]
        before, size = [point["number"] for point in self.points("kh")], self.size_of("kh")
        prune = ("node", "backup", "prune", self.backup("kh"), "--keep")
        # Refused, and everything stays.
        self.assert_refused("--keep", "kh-admin", *prune, 0)
        self.assert_refused("ROLE_NOT_ALLOWED", "kh-desk", *prune, 1)
        nowhere = self.backup("kh") + "-nowhere"
        self.assert_refused("NOT_FOUND", "kh-admin", "node", "backup", "prune", nowhere, "--keep", 1)
        self.assertFalse(os.path.exists(nowhere))
        self.assertEqual([point["number"] for point in self.points("kh")], before)

        told = self.cli.call("kh-admin", *prune, 1)
        self.assertEqual(told["removed"], before[:-1])
        self.assertEqual(told["kept"], [last])
        # Each point had a copy of each service's store.
        self.assertEqual(told["copies"], 3 * (len(before) - 1))
        self.assertEqual([point["number"] for point in self.points("kh")], [last])
        self.assertLess(self.size_of("kh"), size)
        self.assertTrue(self.whole("kh"))
        again = self.cli.call("kh-admin", *prune, 1)
        self.assertEqual((again["removed"], again["copies"]), ([], 0))


if __name__ == "__main__":
    main()
