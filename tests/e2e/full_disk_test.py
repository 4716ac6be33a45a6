"""A file system that really fills up, and one that turns read-only while its node is down.

It mounts a small file system of its own in a namespace of its own; where the machine does not allow
that, it says SKIPPED and why.
"""

import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from backups import BackupsTest  # noqa: E402
from mounts import enter_namespace  # noqa: E402
from scenario import NodesTest, Refused, main, story_filing  # noqa: E402
from local_nodes import NodeError, SERVICES  # noqa: E402

MOUNT = ["mount", "-t", "tmpfs"]
MEBIBYTE = 1 << 20
# RocksDB sets 70 MiB aside for each store's log, and the services their ballasts.
DISK_MIB = 400
FLOOR_MIB = 16
BALLAST_MIB = 8
BACKUP_MIB = 64
# So much above the floor is left for uploads to fill.
LEFT_MIB = 6


class SmallDiskTest(NodesTest):
    """With a small file system of its own at `disk`, filled by somebody else's file."""

    NODES = ("kh",)

    @classmethod
    def mount(cls, name, mebibytes):
        cls.disk = os.path.join(cls.directory, name)
        os.mkdir(cls.disk)
        subprocess.run([*MOUNT, "-o", f"size={mebibytes}m", "tmpfs", cls.disk], check=True)

    @classmethod
    def clear_up(cls):
        subprocess.run(["umount", "--lazy", cls.disk], check=True)
        super().clear_up()

    def free_bytes(self):
        found = os.statvfs(self.disk)
        return found.f_bavail * found.f_frsize

    def fill(self, leave):
        """Somebody else's file takes all room but `leave` bytes."""
        with open(os.path.join(self.disk, "somebody-else"), "ab") as file:
            while self.free_bytes() > leave:
                file.write(bytes(min(MEBIBYTE, self.free_bytes() - leave)))
                file.flush()

    def make_room(self):
        os.unlink(os.path.join(self.disk, "somebody-else"))


class FullDiskTest(SmallDiskTest):

    @classmethod
    def before_first_start(cls):
        cls.mount("disk", DISK_MIB)
        for name in SERVICES:
            cls.nodes.extra_flags[name] = [
                f"--data_dir={cls.disk}/{name}", f"--free_space_floor_mib={FLOOR_MIB}",
                f"--ballast_mib={BALLAST_MIB}"]

    @classmethod
    def stores_of(cls, node):
        return cls.disk

    def upload(self, case, number):
        """Gives the evidence's id; raises Refused."""
        path = os.path.join(self.directory, f"upload-{number}")
        with open(path, "wb") as file:
            file.write(bytes([number]) * MEBIBYTE)
        return self.cli.call("kh-desk", "evidence", "add", case, path, "--kind",
                             "PAYSLIP")["evidenceId"]

    def upload_until_refused(self, case):
        kept = []
        while True:
            self.assertLess(len(kept), 2 * LEFT_MIB, "the disk never got full")
            try:
                kept.append(self.upload(case, len(kept)))
            except Refused as refused:
                self.assertIn("STORE_FULL", refused.error)
                return kept

    def assert_readable(self, case, kept):
        self.assertEqual(self.cli.call("kh-ministry", "complaint", "show", case)["caseNumber"],
                         case)
        self.cli.wait(lambda a: a["status"], "kh-ministry", "status", "show",
                      case)
        for number, evidence in enumerate(kept):
            fetched = os.path.join(self.directory, "fetched")
            self.cli.call("kh-desk", "evidence", "get", case, evidence, fetched)
            with open(fetched, "rb") as file:
                self.assertEqual(file.read(), bytes([number]) * MEBIBYTE)
            os.unlink(fetched)

    def await_files(self, case, count):
        """What was refused takes no room, as soon as its upload is gone."""
        files = os.path.join(self.disk, "intake", "files")
        self.cli.wait(lambda _: len(os.listdir(files)) == count, "kh-ministry", "complaint", "show",
                      case)

    def assert_work_refused(self):
        with self.assertRaises(Refused) as refused:
            self.file_case(story_filing("fishing_crew"))
        self.assertIn("STORE_FULL", refused.exception.error)

    def ballasts(self):
        """Which file each service has set aside."""
        paths = {name: os.path.join(self.disk, name, "store.ballast") for name in SERVICES}
        return {name: os.stat(path).st_ino for name, path in paths.items() if os.path.exists(path)}

    def test_work_is_refused_reading_goes_on_and_a_killed_node_comes_back(self):
        case = self.open_case(story_filing("fishing_crew"))
        self.assertEqual(set(self.ballasts()), set(SERVICES))
        self.fill((FLOOR_MIB + LEFT_MIB) * MEBIBYTE)
        kept = self.upload_until_refused(case)
        self.assertGreater(len(kept), 0)
        self.await_files(case, len(kept))
        self.fill((FLOOR_MIB - 1) * MEBIBYTE)
        self.assert_work_refused()
        self.assert_readable(case, kept)

        self.fill(0)
        self.assert_work_refused()
        self.assertEqual(self.upload_until_refused(case), [])
        self.await_files(case, len(kept))
        self.assert_readable(case, kept)

        before = self.ballasts()
        self.nodes.kill()
        self.assertEqual(self.free_bytes(), 0)
        self.nodes.start()
        # The first could start for its ballast, and then gave back what its old log had set aside,
        # so that there was room for a ballast again, and for the others to start.
        self.assertNotEqual(self.ballasts()["intake"], before["intake"])
        self.fill(0)
        self.assert_work_refused()
        self.assert_readable(case, kept)

        self.make_room()
        after = self.open_case(story_filing("domestic_worker"))
        self.assert_readable(after, [])
        self.assert_readable(case, kept)
        self.nodes.stop()
        self.nodes.start()
        self.assertEqual(set(self.ballasts()), set(SERVICES))
        self.assert_readable(after, [])

    def test_without_a_ballast_a_full_disk_is_refused_and_nothing_is_lost(self):
        case = self.open_case(story_filing("fishing_crew"))
        self.nodes.kill()
        for name in self.ballasts():
            os.unlink(os.path.join(self.disk, name, "store.ballast"))
        self.fill(0)
        self.addCleanup(self.nodes.start)
        self.addCleanup(self.make_room)
        for name in SERVICES:
            with self.subTest(service=name), self.assertRaises(NodeError) as refused:
                self.nodes.service("kh", name).start()
            # RocksDB may say so and may give the process up; both say where to look.
            self.assertRegex(str(refused.exception), "docs/runbook.md, .(A store cannot be opened|"
                             "The process gave itself up)")
        self.doCleanups()
        self.assert_readable(case, [])
        self.assert_readable(self.open_case(story_filing("domestic_worker")), [])

    def test_a_read_only_disk_is_refused_and_nothing_is_lost(self):
        case = self.open_case(story_filing("fishing_crew"))
        self.nodes.stop()
        self.addCleanup(self.nodes.start)
        self.addCleanup(subprocess.run, ["mount", "-o", "remount,rw", self.disk], check=True)
        subprocess.run(["mount", "-o", "remount,ro", self.disk], check=True)
        for name in SERVICES:
            with self.subTest(service=name), self.assertRaises(NodeError) as refused:
                self.nodes.service("kh", name).start()
            self.assertRegex(str(refused.exception), "ended with 1 .*Read-only file system.*"
                             "docs/runbook.md, .A store cannot be opened")
        subprocess.run(["mount", "-o", "remount,rw", self.disk], check=True)
        self.nodes.start()
        self.assert_readable(case, [])
        self.assert_readable(self.open_case(story_filing("domestic_worker")), [])


class FullBackupDiskTest(SmallDiskTest, BackupsTest):
    @classmethod
    def before_first_start(cls):
        cls.mount("backups", BACKUP_MIB)

    def test_a_full_disk_refuses_a_backup_and_older_points_are_removed_on_it(self):
        for _ in range(3):
            self.file_case(story_filing("fishing_crew"))
            last = self.back_up("kh")["number"]
        self.fill(0)
        case = self.file_case(story_filing("domestic_worker"))
        self.assert_refused("RESOURCE_EXHAUSTED", "kh-admin", "node", "backup", self.backup("kh"),
                            "--keep", 1)
        self.assertEqual(len(self.points("kh")), 3)
        told = self.cli.call("kh-admin", "node", "backup", "prune", self.backup("kh"), "--keep", 1)
        self.assertEqual(told["kept"], [last])
        self.assertGreater(self.free_bytes(), 0)
        self.assertTrue(self.whole("kh"))
        self.make_room()
        self.back_up("kh")
        self.assertTrue(self.whole("kh"))
        self.cli.call("kh-desk", "complaint", "show", case)


if __name__ == "__main__":
    enter_namespace([*MOUNT, "tmpfs", "/mnt"])
    main()
