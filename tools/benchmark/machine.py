"""What the machine was doing: whether figures taken on it mean anything."""

import os
import time

TICKS = os.sysconf("SC_CLK_TCK")

# Beyond these shares of the whole machine a run is not clean.
MOST_STEAL = 0.02
MOST_OTHERS = 0.05


def cpu_times():
    """(busy, stolen, all) of /proc/stat in seconds; busy is without what was stolen."""
    with open("/proc/stat", encoding="ascii") as file:
        user, nice, system, idle, wait, irq, softirq, steal = map(int, file.readline().split()[1:9])
    busy = user + nice + system + irq + softirq
    return busy / TICKS, steal / TICKS, (busy + idle + wait + steal) / TICKS


def process_time(pid, with_ended_children=False):
    """Processor time of a process in seconds; 0 when it is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            words = file.read().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, words[11:15 if with_ended_children else 13])) / TICKS


def process_name(pid):
    try:
        with open(f"/proc/{pid}/comm", encoding="utf-8", errors="replace") as file:
            return file.read().strip()
    except OSError:
        return "?"


def resident_bytes(pid):
    """Resident memory of a process; 0 when it is gone."""
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def processes():
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def descendants(pid):
    """Processes below `pid`, as far as they are there now."""
    parents = {}
    for other in processes():
        try:
            with open(f"/proc/{other}/stat", encoding="utf-8", errors="replace") as file:
                parents.setdefault(int(file.read().rpartition(")")[2].split()[1]), []).append(other)
        except OSError:
            continue
    found, left = [], [pid]
    while left:
        children = parents.get(left.pop(), [])
        found += children
        left += children
    return found


def description():
    """The machine in a few words, for whoever reads the figures elsewhere."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        models = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    with open("/proc/meminfo", encoding="ascii") as file:
        kilobytes = int(file.readline().split()[1])
    with open("/etc/os-release", encoding="utf-8") as file:
        system = dict(line.rstrip().split("=", 1) for line in file if "=" in line)
    return {"processor": (models or ["unknown"])[0], "cores": os.cpu_count(),
            "memory_gib": round(kilobytes / 2**20), "kernel": os.uname().release,
            "system": system.get("PRETTY_NAME", "").strip('"')}


class Watch:
    """Shares of the machine that went to others than `own()` while it ran.

        watch = Watch(own)      # own(): pids that are part of the run
        …
        shares = watch.stop()   # {"steal": 0.0, "others": 0.01, "who": [["cc1plus", 0.7], …]}
    """

    def __init__(self, own):
        self.own = own
        self.before = cpu_times()
        self.times = {pid: (process_time(pid), process_time(pid, True)) for pid in processes()}

    def stop(self):
        busy, stolen, total = (now - then for now, then in zip(cpu_times(), self.before))
        own, who = set(self.own()) | {os.getpid()}, []
        mine = 0.0
        for pid in processes():
            # What began meanwhile counts from its beginning. The run's own children may have ended.
            alone, with_children = self.times.get(pid, (0.0, 0.0))
            spent = process_time(pid) - alone
            if pid in own:
                mine += process_time(pid, True) - with_children
            elif spent > 0.01 * total:
                who.append([process_name(pid), round(spent / total, 3)])
        total = total or 1.0
        who.sort(key=lambda entry: -entry[1])
        return {"steal": round(stolen / total, 4), "others": round(max(busy - mine, 0) / total, 4),
                "who": who[:5]}


def look(own, seconds=1.0):
    """What the machine does before anything is measured."""
    watch = Watch(own)
    time.sleep(seconds)
    return {**watch.stop(), "load_average": os.getloadavg()[0]}


def complaints(before, rounds):
    """Sentences that say why the run is not clean; none when it is."""
    said = []
    if before["load_average"] > 0.5 * os.cpu_count():
        said.append(f"the load average was {before['load_average']:.1f} before it began")
    for what, shares in [("before it began", before)] + [
            (f"in round {number}", shares) for number, shares in enumerate(rounds, 1)]:
        if shares["steal"] > MOST_STEAL:
            said.append(f"{shares['steal']:.0%} of the machine were stolen {what}")
        if shares["others"] > MOST_OTHERS:
            names = ", ".join(f"{name} {share:.0%}" for name, share in shares["who"])
            said.append(f"{shares['others']:.0%} of the machine went to others {what}"
                        + (f" ({names})" if names else ""))
    return said
