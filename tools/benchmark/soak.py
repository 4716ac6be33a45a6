"""Load for an hour, and memory looked at all the while: is it flat?"""

import statistics
import threading
import time

from machine import resident_bytes
from parts import BenchError, KNOWN_CASES
from soak_work import Referring, WATCHERS, Watchers

EVERY_SECONDS = 5
# What comes in the hour: some 15 filings a second and 300 reads. Filters and indexes grow with what is
# stored, and are to stay a small part of what is measured.
CALLERS, FILE_PAUSE_MS, READ_PAUSE_MS = 8, 500, 20
# What a service keeps in memory on purpose is full in the first minutes; what grows then is a leak. With the
# defaults the rows of a quiet service take most of an hour to fill the memory they may have.
SMALL = ["--memtable_mib=8", "--block_cache_mib=16"]
# By how much the last third may be above the second; the first is warming up.
MOST_GROWTH = 0.05
SERVICES = [(node, name) for node in ("kh", "my") for name in ("intake", "referral", "status")]


class Memory(threading.Thread):
    """Notes the resident memory of each service every few seconds until it is stopped."""

    def __init__(self, pids):
        super().__init__(daemon=True)
        self.pids, self.began, self.over = pids, time.monotonic(), threading.Event()
        self.samples = {name: [] for name in pids}

    def run(self):
        while not self.over.wait(EVERY_SECONDS):
            for name, pid in self.pids.items():
                self.samples[name].append((time.monotonic() - self.began, resident_bytes(pid)))

    def stop(self):
        self.over.set()
        self.join()


def soak(parts, minutes, tell):
    """So long on two nodes: filing, reading, referring with files, watching.

    {"samples": {service: [[seconds, bytes]]}, "load": […], "referred": cases, "watchers": streams}
    """
    parts.service_flags = SMALL
    nodes = parts.two_nodes()
    parts.file_known_cases(nodes, KNOWN_CASES)
    pids = {f"{node} {name}": nodes.service(node, name).running_pid() for node, name in SERVICES}
    memory, referring, watchers = Memory(pids), Referring(nodes), Watchers(nodes)
    parts.add_own(watchers.pids)
    memory.start()
    referring.start()
    load, end = [], time.monotonic() + 60 * minutes
    try:
        while time.monotonic() < end:
            load.append(one_stretch(parts, nodes, min(60, max(end - time.monotonic(), 3))))
            referring.check()
            watchers.check()
            tell(load[-1], {name: kept[-1][1] for name, kept in memory.samples.items() if kept})
    finally:
        memory.stop()
        referring.stop()
        watchers.stop()
    referring.check()
    for name, pid in pids.items():
        if not resident_bytes(pid):
            raise BenchError(f"{name} is gone")
    return {"minutes": minutes, "samples": memory.samples, "load": load, "referred": referring.done,
            "watchers": sum(WATCHERS.values())}


def one_stretch(parts, nodes, seconds):
    """Filing and reading side by side for some seconds."""
    answers = {}

    def read():
        answers["status"] = parts.load(
            "status", nodes.service("kh", "status"), CALLERS, 0, seconds, pause_ms=READ_PAUSE_MS,
            profiles=nodes.profiles_dir(), profile="kh-ministry", cases=parts.cases(nodes))

    reader = threading.Thread(target=read)
    reader.start()
    answers["file"] = parts.load("file", nodes.service("kh", "intake"), CALLERS, 0, seconds,
                                 profiles=nodes.profiles_dir(), pause_ms=FILE_PAUSE_MS)
    reader.join()
    if "status" not in answers:
        raise BenchError("reading failed in the soak")
    return {name: {key: answer[key] for key in ("per_second", "p50_us", "p99_us")}
            for name, answer in answers.items()}


def flatness(samples):
    """By how much the last third of a service's samples is above the second, as a share; medians."""
    sizes = [size for _, size in samples]
    third = len(sizes) // 3
    if third == 0:
        raise BenchError("the soak was too short to say anything of memory")
    return statistics.median(sizes[2 * third:]) / statistics.median(sizes[third:2 * third]) - 1


def is_flat(result):
    return all(flatness(samples) <= MOST_GROWTH for samples in result["samples"].values())


def table(result):
    header = ("Service", "after a third", "after two", "at the end", "most", "grown at last", "")
    lines = []
    for name, samples in result["samples"].items():
        sizes, grown = [size for _, size in samples], flatness(samples)
        at = [sizes[len(sizes) // 3], sizes[2 * len(sizes) // 3], sizes[-1], max(sizes)]
        lines.append((name, *(f"{size / 2**20:.0f} MiB" for size in at), f"{grown:+.1%}",
                      "flat" if grown <= MOST_GROWTH else "NOT FLAT"))
    return header, lines


def came(result):
    """What came in that time, for the line above the table."""
    def middle(side):
        return statistics.median(stretch[side]["per_second"] for stretch in result["load"])
    return (f" {result['minutes']:g} minutes: {middle('file'):,.0f} filings and {middle('status'):,.0f} reads a "
            f"second, {result['referred']:,} cases referred with a file of 256 KiB, "
            f"{result['watchers']} who watch.")
