"""A disk that turns read-only under a running node, and one that is pulled out.

The node's data is on a file system of its own, in a file. Where the machine does not allow that, it
says SKIPPED and why.
"""

import fcntl
import filecmp
import json
import os
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from mounts import enter_namespace  # noqa: E402
from scenario import NodesTest, Refused, main, random_request_id, story_filing  # noqa: E402
from local_nodes import SERVICES  # noqa: E402

# RocksDB sets 70 MiB aside for each store's log.
DISK_MIB = 600
WRITING_FAILED = 70  # docs/runbook.md, "Writing failed"
UNCERTAIN = 3        # What the command ends with when the call may have taken effect.
# From linux/ext4.h: the file system does nothing from there on, and writes nothing that waits.
EXT4_IOC_SHUTDOWN, NOTHING_IS_WRITTEN = 0x8004587D, 2
# Can a file be mounted at all?
PROBE = """
image=$(mktemp) && truncate --size=8M "$image" && mkfs.ext4 -q "$image" &&
  mount -o loop "$image" /mnt
said=$?
rm -f "$image"
exit $said
"""


class LostDiskTest(NodesTest):
    NODES = ("kh",)

    @classmethod
    def before_first_start(cls):
        cls.disk = os.path.join(cls.directory, "disk")
        cls.image = cls.disk + ".ext4"
        os.mkdir(cls.disk)
        with open(cls.image, "wb") as file:
            file.truncate(DISK_MIB << 20)
        subprocess.run(["mkfs.ext4", "-q", cls.image], check=True)
        cls.mount()
        for name in SERVICES:
            cls.nodes.extra_flags[name] = [f"--data_dir={cls.disk}/{name}", "--ballast_mib=8",
                                           "--free_space_floor_mib=16"]

    @classmethod
    def mount(cls):
        subprocess.run(["mount", "-o", "loop,errors=remount-ro", cls.image, cls.disk], check=True)

    @classmethod
    def clear_up(cls):
        subprocess.run(["umount", "--lazy", cls.disk], check=True)
        super().clear_up()

    @classmethod
    def stores_of(cls, node):
        return cls.disk

    def turn_read_only(self):
        """As the kernel does where it finds the file system damaged."""
        subprocess.run(["mount", "-o", "remount,abort", self.disk], check=True)

    def pull_out(self):
        disk = os.open(self.disk, os.O_RDONLY)
        try:
            fcntl.ioctl(disk, EXT4_IOC_SHUTDOWN, struct.pack("I", NOTHING_IS_WRITTEN))
        finally:
            os.close(disk)

    def mend(self):
        """As an administrator does: looks over the disk, puts it back and starts what has stopped."""
        self.nodes.kill()
        subprocess.run(["umount", self.disk], check=True)
        checked = subprocess.run(["e2fsck", "-p", self.image], capture_output=True, text=True,
                                 check=False)
        self.assertIn(checked.returncode, (0, 1), checked.stdout)  # 1: damage was mended.
        self.mount()
        self.nodes.start()

    def assert_ends_for_it(self, name, *call, text=None):
        """The caller is not told that it worked, and who could not write does not go on."""
        process = self.nodes.service("kh", name)
        with self.assertRaises(Refused) as lost:
            self.cli.call(*call, text=text)
        self.assertEqual(lost.exception.status, UNCERTAIN, lost.exception.error)
        self.assertEqual(process.wait_for_exit(), WRITING_FAILED)
        self.assertRegex(process.last_log_line(), "docs/runbook.md, .Writing failed")

    def goes_on_after(self, lose, reference):
        case = self.open_case(story_filing("fishing_crew"))
        evidence = self.cli.call(*self.upload(case, "payslip"))["evidenceId"]
        self.cli.wait(lambda answer: answer["status"], "kh-ministry", "status", "show", case)
        filing = story_filing("domestic_worker")
        filing["complaint"]["ownReference"] = reference
        file_it = ("kh-desk", "--request-id", random_request_id(), "complaint", "file", "-")
        shown = self.cli.call("kh-admin", "directory", "body", "show", "kh:mlvt")
        put_it = ("kh-admin", "--request-id", random_request_id(), "directory", "body", "put",
                  json.dumps({**shown["body"], "mandate": reference}), "--etag", shown["etag"])

        self.addCleanup(self.mend)
        lose()
        self.assert_refused("INTERNAL", *self.upload(case, "contract"))
        self.assertRegex(self.nodes.service("kh", "intake").last_log_line(), "rpc.failed.*encrypted "
                         "file: .*docs/runbook.md, ..A file cannot be read or written")
        self.assert_ends_for_it("intake", *file_it, text=json.dumps(filing))
        self.assert_ends_for_it("referral", *put_it)
        shown = self.cli.call("kh-ministry", "status", "show", case)
        self.assertEqual(shown["status"]["summary"]["caseNumber"], case)

        self.doCleanups()
        self.assert_kept(case, evidence)
        filed = self.cli.call(*file_it, text=json.dumps(filing))["caseNumber"]
        listed = self.cli.call("kh-ministry", "complaint", "list", "--own-reference", reference)
        self.assertEqual([row["caseNumber"] for row in listed["cases"]], [filed])
        self.cli.wait(lambda answer: answer["status"], "kh-ministry", "status", "show", filed)
        self.cli.call(*put_it)
        shown = self.cli.call("kh-admin", "directory", "body", "show", "kh:mlvt")
        self.assertEqual(shown["body"]["mandate"], reference)

    def upload(self, case, name):
        with open(os.path.join(self.directory, name), "wb") as file:
            file.write(os.urandom(1 << 20))
        return ("kh-desk", "evidence", "add", case, file.name, "--kind", "PAYSLIP")

    def assert_kept(self, case, evidence):
        """The case is there, and of its files the one that was acknowledged."""
        self.assertEqual(self.cli.call("kh-ministry", "complaint", "show", case)["caseNumber"], case)
        listed = self.cli.call("kh-desk", "evidence", "list", case)["files"]
        self.assertEqual([file["evidenceId"] for file in listed], [evidence])
        fetched = os.path.join(self.directory, "fetched-" + evidence)
        self.cli.call("kh-desk", "evidence", "get", case, evidence, fetched)
        self.assertTrue(filecmp.cmp(fetched, os.path.join(self.directory, "payslip"), shallow=False))

    def test_a_disk_that_turns_read_only_ends_who_writes_and_nothing_is_lost(self):
        self.goes_on_after(self.turn_read_only, "READ-ONLY")

    def test_a_disk_that_is_pulled_out_ends_who_writes_and_nothing_is_lost(self):
        self.goes_on_after(self.pull_out, "PULLED-OUT")


if __name__ == "__main__":
    enter_namespace(["sh", "-c", PROBE])
    main()
