"""Services give back the memory that they have freed, by a thread that does nothing else (ADR 32)."""

import os
import re
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
            self.skip_unless_built_with_jemalloc(pid)
            self.assertIn("jemalloc_bg_thd", threads_of(pid), name)

    def test_each_service_tells_what_it_has_in_memory(self):
        for name in SERVICES:
            self.skip_unless_built_with_jemalloc(str(self.nodes.service("kh", name).running_pid()))
            told = self.memory_figures(name)
            self.assertIn("heap_in_use_bytes", told, name)
            self.assertLess(1 << 20, told["heap_in_use_bytes"], name)
            self.assertLess(told["heap_in_use_bytes"], told["heap_page_bytes"], name)
            self.assertLess(told["heap_page_bytes"], told["resident_bytes"], name)

    def skip_unless_built_with_jemalloc(self, pid):
        if not any("libjemalloc" in line for line in lines_of(pid, "maps")):
            self.skipTest("this build has the allocator of a sanitizer")

    def memory_figures(self, name):
        text = self.nodes.service("kh", name).metrics()
        return {figure: float(size) for figure, size in
                re.findall(r'^redress_memory\{[^}]*figure="(\w+)"[^}]*\} (\S+)$', text, re.MULTILINE)}


if __name__ == "__main__":
    main()
