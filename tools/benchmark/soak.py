"""Load for an hour, and memory looked at all the while: is it flat?"""

import re
import statistics
import threading
import time

from machine import resident_bytes
from parts import BenchError, KNOWN_CASES
from soak_work import Referring, WATCHERS, Watchers

EVERY_SECONDS = 5
# What comes in the hour: some 15 filings a second and 300 reads.
CALLERS, FILE_PAUSE_MS, READ_PAUSE_MS = 8, 500, 20
# What a store keeps in memory on purpose: small, so that it is full in the first minutes and what grows then is
# seen. With the defaults the rows of a quiet service take most of an hour to fill what they may have.
MEMTABLE_MIB, BLOCK_CACHE_MIB = 4, 4
# Of the metrics: what lies in the store's two bounded places, and what grows with all that is stored. RocksDB keeps
# two memtables, goes a little beyond the size of each before it begins the next, and beyond that of the cache while
# what is in it is in use.
BOUNDS = {"memtable_bytes": (2 * MEMTABLE_MIB << 20) * 5 // 4,
          "block_cache_bytes": (BLOCK_CACHE_MIB << 20) * 5 // 4}
FIGURES = (*BOUNDS, "table_reader_bytes")
# And what the allocator has given out: the rest of what is resident are the program itself, stacks, and memory that
# was freed and is kept for the next who asks.
IN_USE = "heap_in_use_bytes"
# By how much the last third may be above the second; the first is warming up.
MOST_GROWTH = 0.05
SERVICES = [(node, name) for node in ("kh", "my") for name in ("intake", "referral", "status")]


def told_figures(text):
    """FIGURES and IN_USE, of what a service tells at /metrics."""
    found = dict(re.findall(r'^redress_(?:store|memory)\{[^}]*figure="(\w+)"[^}]*\} (\S+)$', text, re.MULTILINE))
    missing = [name for name in (*FIGURES, IN_USE) if name not in found]
    if missing:
        raise BenchError(f"a service does not tell what it has in memory: {', '.join(missing)}")
    return {name: int(float(found[name])) for name in (*FIGURES, IN_USE)}


class Memory(threading.Thread):
    """Notes what each service has in memory every few seconds until it is stopped.

    samples   {service: [{"seconds": …, "resident": bytes, and each of FIGURES, and IN_USE}]}
    """

    def __init__(self, nodes):
        super().__init__(daemon=True)
        self.began, self.over, self.trouble = time.monotonic(), threading.Event(), None
        services = {f"{node} {name}": nodes.service(node, name) for node, name in SERVICES}
        self.places = {name: (service, service.running_pid()) for name, service in services.items()}
        self.samples = {name: [] for name in self.places}

    def run(self):
        while not self.over.wait(EVERY_SECONDS):
            try:
                for name, place in self.places.items():
                    self.samples[name].append({"seconds": time.monotonic() - self.began, **self.look(*place)})
            except Exception as problem:  # pylint: disable=broad-except
                self.trouble = problem  # Whatever it is, check() tells it.
                return

    @staticmethod
    def look(service, pid):
        figures = told_figures(service.metrics())
        resident_now = resident_bytes(pid)
        if not resident_now:
            raise BenchError(f"process {pid} is gone")
        return {"resident": resident_now, **figures}

    def check(self):
        if self.trouble is not None:
            raise BenchError(f"what a service has in memory: {self.trouble}")

    def stop(self):
        self.over.set()
        self.join()


def soak(parts, minutes, tell):
    """So long on two nodes: filing, reading, referring with files, watching.

    {"samples": as Memory's, "load": […], "referred": cases, "watchers": streams}
    """
    parts.service_flags = [f"--memtable_mib={MEMTABLE_MIB}", f"--block_cache_mib={BLOCK_CACHE_MIB}"]
    nodes = parts.two_nodes()
    parts.file_known_cases(nodes, KNOWN_CASES)
    memory, referring, watchers = Memory(nodes), Referring(nodes), Watchers(nodes)
    parts.add_own(watchers.pids)
    memory.start()
    referring.start()
    load, end = [], time.monotonic() + 60 * minutes
    try:
        while time.monotonic() < end:
            load.append(one_stretch(parts, nodes, min(60, max(end - time.monotonic(), 3))))
            referring.check()
            watchers.check()
            memory.check()
            tell(load[-1], {name: kept[-1]["resident"] for name, kept in memory.samples.items() if kept})
    finally:
        memory.stop()
        referring.stop()
        watchers.stop()
    referring.check()
    memory.check()
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


def growth(sizes):
    """By how much the last third is above the second, as a share; medians."""
    third = len(sizes) // 3
    if third == 0:
        raise BenchError("the soak was too short to say anything of memory")
    return statistics.median(sizes[2 * third:]) / statistics.median(sizes[third:2 * third]) - 1


def resident(samples):
    return [sample["resident"] for sample in samples]


def of_its_own(samples, what="resident"):
    """What a service has beside what its store has on purpose: here a leak would show."""
    return [sample[what] - sum(sample[name] for name in FIGURES) for sample in samples]


def is_flat(samples):
    """Nothing grows but filters and indexes of the tables, which `--grow` measures."""
    return growth(of_its_own(samples)) <= MOST_GROWTH and all(
        sample[name] <= most for sample in samples for name, most in BOUNDS.items())


def all_flat(result):
    return all(map(is_flat, result["samples"].values()))


def table(result):
    header = ("Service", "resident after a third", "after two", "at the end", "most", "grown at last",
              "of that in its store, at most", "the rest grown at last", "of the rest in use, at the end",
              "grown at last", "")
    lines = []
    for name, samples in result["samples"].items():
        sizes = resident(samples)
        at = [sizes[len(sizes) // 3], sizes[2 * len(sizes) // 3], sizes[-1], max(sizes),
              max(size - own for size, own in zip(sizes, of_its_own(samples)))]
        after_third, after_two, end, most, store = (f"{size / 2**20:.0f} MiB" for size in at)
        in_use = of_its_own(samples, IN_USE)
        lines.append((name, after_third, after_two, end, most, f"{growth(sizes):+.1%}", store,
                      f"{growth(of_its_own(samples)):+.1%}", f"{in_use[-1] / 2**20:.1f} MiB", f"{growth(in_use):+.1%}",
                      "flat" if is_flat(samples) else "NOT FLAT"))
    return header, lines


def came(result):
    """What came in that time, for the line above the table."""
    def middle(side):
        return statistics.median(stretch[side]["per_second"] for stretch in result["load"])
    return (f" {result['minutes']:g} minutes: {middle('file'):,.0f} filings and {middle('status'):,.0f} reads a "
            f"second, {result['referred']:,} cases referred with a file of 256 KiB, "
            f"{result['watchers']} who watch.")
