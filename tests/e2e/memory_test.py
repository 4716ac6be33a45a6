"""Services give back the memory that they have freed, by a thread that does nothing else (ADR 32)."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from scenario import NodesTest, main  # noqa: E402
from local_nodes import SERVICES  # noqa: E402


def lines_of(*path):
    with open(os.path.join("/proc", *path), encoding="utf-8") as file:
        return file.read().splitlines()


def threads_of(pid):
    names = []
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            names += lines_of(pid, "task", task, "comm")
        except FileNotFoundError:  # It has just ended.
            continue
    return names


class MemoryTest(NodesTest):
    NODES = ("kh",)

    def test_each_service_has_a_thread_that_gives_memory_back(self):
        for name in SERVICES:
            pid = str(self.nodes.service("kh", name).running_pid())
            if not any("libjemalloc" in line for line in lines_of(pid, "maps")):
                self.skipTest("this build has the allocator of a sanitizer")
            self.assertIn("jemalloc_bg_thd", threads_of(pid), name)


if __name__ == "__main__":
    main()
