"""What more cases cost: latency of reads, memory, and the time from a SIGKILL until all serve again."""

import os
import shutil
import time

import figures
from machine import resident_bytes
from parts import BenchError, KNOWN_CASES
from rounds import median_and_spread

SMALL, LARGE = 10_000, 2_000_000
# Where the reads are measured on the way up.
STEPS = (10_000, 30_000, 100_000, 300_000, 1_000_000, 2_000_000)
# What a case takes on the disk in all stores together, compaction's room included; grow measures it.
BYTES_PER_CASE = 16 << 10
CHUNK = 25_000
# Which cases the reads ask for: some of all that were filed, so that they are spread over the store and do not fit into
# what it keeps in memory. Of those that are imported every so many; a receipt to track by comes from filing alone.
NOTE_EACH, FILED_A_CHUNK = 50, 100
COMPARED_ROUNDS = 5
READS = (("status", "kh-ministry"), ("list", "kh-ministry"), ("track", "kh-kiosk"))
TITLES = {"status": "GetCaseStatus", "list": "ListCases of 20", "track": "TrackByReceipt"}
MOST_RESIDENT_MIB = 512
MOST_RESTART_SECONDS = 3
MOST_SLOWER = 1.3


def refuse_without_room(directory, cases, tell):
    """Says what disk it takes before anything is written."""
    os.makedirs(directory, exist_ok=True)
    free, needed = shutil.disk_usage(directory).free, cases * BYTES_PER_CASE
    needs = (f"{cases:,} cases need about {needed / 2**30:.1f} GiB of disk, and {directory} has "
             f"{free / 2**30:.1f} GiB free.")
    if free < needed:
        raise BenchError(
            f"{needs} Give room with --work-dir, or fewer cases: "
            f"tools/bench --grow {int(free / BYTES_PER_CASE) // 10000 * 10000}")
    tell(needs)


class Growth:
    """A whole node that is filled through the bulk path, and looked at on its way."""

    def __init__(self, parts, seconds, tell):
        self.parts, self.seconds, self.tell = parts, seconds, tell
        self.nodes, self.cases, self.points = parts.reading_nodes(), KNOWN_CASES, []

    def run(self, largest):
        """(the points, what reads cost the largest and a small node in turn)"""
        for step in sorted({min(step, largest) for step in STEPS} | {largest}):
            rate = self.fill(self.nodes, self.cases, step)
            self.cases = step
            self.points.append({**self.look(), "cases": step, **rate})
            self.tell(self.points[-1])
        return self.points, self.compare()

    def fill(self, nodes, have, wanted):
        """Imports what is missing and waits until status has taken it in."""
        intake, began, missing = nodes.service("kh", "intake"), time.monotonic(), wanted - have
        while have < wanted:
            chunk = min(CHUNK, wanted - have)
            filed = FILED_A_CHUNK if chunk > FILED_A_CHUNK else 0
            if filed:
                self.parts.file_cases(nodes, filed)
            answer = self.parts.run(
                "import", "--target", f"127.0.0.1:{nodes.ports['kh']['intake']}", "--server-pid",
                intake.running_pid(), "--profiles", nodes.profiles_dir(), "--count", chunk - filed,
                "--first", have, "--cases", self.parts.cases(nodes), "--note-each", NOTE_EACH)
            if answer["refused"]:
                raise BenchError(f"of an import were refused: {answer['refused']}")
            have += chunk
            print(f"   {have:,} cases, {answer['per_second']:,.0f}/s", flush=True)
        imported = time.monotonic() - began
        self.parts.await_known_cases(nodes)
        return {"imported_per_second": missing / imported if missing else 0.0,
                "behind_seconds": time.monotonic() - began - imported}

    def compare(self):
        """{read: its p50 here as a multiple of that at a node of SMALL cases, round by round}"""
        small = self.parts.other_reading_nodes()
        self.fill(small, KNOWN_CASES, SMALL)
        ratios = {side: [] for side, _ in READS}
        for _ in range(COMPARED_ROUNDS):
            for side, profile in READS:
                here, there = (figures.read_at(side, 1, profile, nodes)(self.parts, 0.3, self.seconds)
                               for nodes in (self.nodes, small))
                ratios[side].append(here["p50_us"] / there["p50_us"])
        return ratios

    def look(self):
        """p50 and p99 of each read with one caller; memory; the restart after a SIGKILL."""
        point = {}
        for side, profile in READS:
            runs = [figures.read_at(side, 1, profile)(self.parts, 0.3, self.seconds)
                    for _ in range(3)]
            for name in ("p50_us", "p99_us"):
                point[f"{side}_{name}"] = median_and_spread([run[name] for run in runs])[0]
        for name in ("intake", "referral", "status"):
            service = self.nodes.service("kh", name)
            point[f"{name}_resident"] = resident_bytes(service.running_pid())
        for name in ("intake", "referral", "status"):
            point[f"{name}_restart_seconds"] = self.restart(self.nodes.service("kh", name))
        point["disk_bytes"] = size_of(self.nodes.data_dir)
        return point

    def restart(self, service):
        service.kill()
        began = time.monotonic()
        self.parts.start_again(service)
        return time.monotonic() - began


def size_of(directory):
    total = 0
    for folder, _, files in os.walk(directory):
        for name in files:
            try:
                total += os.lstat(os.path.join(folder, name)).st_blocks * 512
            except OSError:  # A file that compaction has just removed.
                continue
    return total


def held(points, ratios):
    """Rows as rounds.held_rows gives them: of reads as compare() took them, of the rest at the largest."""
    large = points[-1]
    most = f"at {large['cases']:,} cases"
    rows = [row(f"{TITLES[side]}, p50 {most} against {SMALL:,}", MOST_SLOWER, "×",
                *median_and_spread(ratios[side])) for side, _ in READS]
    for name in ("intake", "referral", "status"):
        rows.append(row(f"resident memory of {name} {most}", MOST_RESIDENT_MIB, "MiB",
                        large[f"{name}_resident"] / 2**20))
    for name in ("intake", "referral", "status"):
        rows.append(row(f"{name} serves again after SIGKILL {most}", MOST_RESTART_SECONDS, "s",
                        large[f"{name}_restart_seconds"]))
    return rows


def row(title, goal, unit, value, lowest=None, highest=None):
    return {"name": title, "title": title, "goal": goal, "at_most": True, "unit": unit,
            "value": value, "lowest": value if lowest is None else lowest,
            "highest": value if highest is None else highest, "holds": value <= goal}


def table(points):
    header = ("Cases", *(f"{title}, p50" for title in TITLES.values()), "intake", "status",
              "on disk", "imported")
    lines = [(f"{point['cases']:,}",
              *(f"{point[f'{side}_p50_us'] / 1000:.2f} ms" for side, _ in READS),
              *(f"{point[f'{name}_resident'] / 2**20:.0f} MiB" for name in ("intake", "status")),
              f"{point['disk_bytes'] / 2**20:,.0f} MiB", f"{point['imported_per_second']:,.0f}/s")
             for point in points]
    return header, lines
