"""What is measured, and what each figure is held to: the design's table 'What is held' stands here."""

import os

import overload
import peers
from kinds import Held, Measurement, at_least, file_at, limit, time_limit
from parts import FILING_MORE, pid_of, target_of


def store_at(outstanding):
    return lambda parts, warmup, seconds: parts.load("store", parts.batching(), outstanding, warmup,
                                                     seconds)


def echo_at(outstanding):
    return lambda parts, warmup, seconds: parts.load("echo", parts.echo(), outstanding, warmup,
                                                     seconds)


def store_as_filing_at(outstanding):
    return lambda parts, warmup, seconds: parts.load("store", parts.batching_as_filing(), outstanding,
                                                     warmup, seconds)


def read_at(side, outstanding, profile="kh-ministry", of=None):
    """Reads of a node that is quiet; `of`: the nodes, else parts.reading_nodes()."""
    def run(parts, warmup, seconds):
        nodes = of or parts.reading_nodes()
        return parts.load(side, nodes.service("kh", "status"), outstanding, warmup, seconds,
                          profiles=nodes.profiles_dir(), profile=profile, cases=parts.cases(nodes))
    return run


def echo_like(side, outstanding):
    """An echo of the same sizes as `side`'s requests and answers, which are looked at first."""
    def run(parts, warmup, seconds):
        seen = parts.once(f"sizes of {side}", lambda: read_at(side, 1)(parts, 0, 0.2))
        # What is around the payload of the echo itself is a few bytes.
        return parts.load("echo", parts.echo(), outstanding, warmup, seconds,
                          request_bytes=max(round(seen["request_bytes"]) - 6, 1),
                          answer_bytes=max(round(seen["answer_bytes"]) - 3, 1))
    return run


def read_like(side, outstanding, rows):
    """A look into RocksDB for rows as large as those that `side` answers with; 0: for one, by its key."""
    def run(parts, warmup, seconds):
        seen = parts.once(f"sizes of {side}", lambda: read_at(side, 1)(parts, 0, 0.2))
        server = parts.reading(round(seen["answer_bytes"]) // max(rows, 1))
        return parts.load("read", server, outstanding, warmup, seconds, rows=rows)
    return run


def raw(command, *options):
    return lambda parts, warmup, seconds: parts.run(
        command, "--directory", parts.path("raw-" + "-".join(map(str, (command, *options[1:])))),
        "--warmup", warmup, "--seconds", seconds, *options)


def import_in_bulk(parts, warmup, seconds):
    """As many records as take about that long here; the rate of a short one is looked at first."""
    intake = parts.filing_intake()

    def run(count):
        answer = parts.run("import", "--target", target_of(intake), "--server-pid", pid_of(intake),
                           "--profiles", parts.filing_profiles(), "--count", round(count),
                           "--filings", parts.filings(), "--first-filing", parts.next_filing)
        parts.next_filing += round(count)
        return answer

    rate = parts.once("import rate", lambda: run(500)["per_second"])
    return run(max(rate * seconds, 200))


TRIPS = 10  # Referrals a round: each is several calls and takes milliseconds.


def referral_trips(parts, warmup, seconds):
    nodes = parts.two_nodes()
    path = os.path.join(nodes.data_dir, "open cases")
    with open(path, "w", encoding="ascii") as file:
        file.writelines(number + "\n" for number in parts.open_cases(TRIPS))
    return parts.run("referral", "--profiles", nodes.profiles_dir(), "--cases", path)


def all_measurements(kinds):
    """Everything that is measured with these peers, in the order of a round."""
    return OWN + overload.MEASUREMENTS + [one for one in peers.MEASUREMENTS if one.needs in kinds]


def all_held():
    return HELD + overload.HELD + peers.HELD


def all_limits():
    return LIMITS + overload.LIMITS + peers.LIMITS


OWN = [
    Measurement("fsync_1", "fdatasync of an appended 4 KiB", raw("fsync"), "file"),
    Measurement("rocksdb_1", "RocksDB, a synced commit of a record", raw("rocksdb", "--batch", 1),
                "file"),
    Measurement("rocksdb_64", "RocksDB, synced batches of 64", raw("rocksdb", "--batch", 64), "file"),
    Measurement("echo_1", "gRPC echo, 1 outstanding", echo_at(1), "file"),
    Measurement("echo_32", "gRPC echo, 32", echo_at(32), "file"),
    Measurement("store_32", "minimal batching handler, 32", store_at(32), "file"),
    Measurement("store_256", "minimal batching handler, 256", store_at(256), "file"),
    Measurement("store_as_filing_1", "minimal handler writing a filing's rows, 1 outstanding",
                store_as_filing_at(1), "file"),
    Measurement("store_as_filing_32", "minimal handler writing a filing's rows, 32",
                store_as_filing_at(32), "file"),
    Measurement("store_as_filing_256", "minimal handler writing a filing's rows, 256",
                store_as_filing_at(256), "file"),
    Measurement("file_1", "FileComplaint, 1 outstanding", file_at(1), "file"),
    Measurement("file_32", "FileComplaint, 32", file_at(32), "file"),
    Measurement("file_128", "FileComplaint, 128", file_at(128), "file"),
    Measurement("file_256", "FileComplaint, 256", file_at(256), "file"),
    Measurement("file_fresh_32", "FileComplaint, 32, each call with a new token",
                file_at(32, fresh=20000), "file"),
    Measurement("import", "bulk import, records over one stream", import_in_bulk, "import"),
    Measurement("import_rocksdb_64", "RocksDB, synced batches of 64, beside it",
                raw("rocksdb", "--batch", 64), "import"),
    Measurement("import_rocksdb_as_filing_64", "the same, writing a filing's rows",
                raw("rocksdb", "--batch", 64, *FILING_MORE), "import"),
    Measurement("trip", "a referral, from home to the contact abroad", referral_trips, "referral"),
    Measurement("trip_fsync", "fdatasync of an appended 4 KiB, beside it", raw("fsync"), "referral"),
    Measurement("trip_echo", "gRPC echo, 1 outstanding, beside it", echo_at(1), "referral"),
    Measurement("echo_status_32", "gRPC echo as large as GetCaseStatus, 32", echo_like("status", 32),
                "read"),
    Measurement("read_status_32", "minimal handler reading one row as large, 32",
                read_like("status", 32, 0), "read"),
    Measurement("status_1", "GetCaseStatus, 1 outstanding", read_at("status", 1), "read"),
    Measurement("status_32", "GetCaseStatus, 32", read_at("status", 32), "read"),
    Measurement("status_128", "GetCaseStatus, 128", read_at("status", 128), "read"),
    Measurement("echo_list_32", "gRPC echo as large as ListCases, 32", echo_like("list", 32), "read"),
    Measurement("read_list_32", "minimal handler reading 20 rows as large, 32",
                read_like("list", 32, 20), "read"),
    Measurement("list_32", "ListCases of 20, 32", read_at("list", 32), "read"),
    Measurement("track_32", "TrackByReceipt, 32", read_at("track", 32, "kh-kiosk"), "read"),
]

HELD = [
    at_least("minimal handler against echo", "the minimal handler itself against echo, at 32", 0.27,
             "store_32", "echo_32"),
    at_least("file against handler 32", "FileComplaint against the minimal handler, at 32", 0.80,
             "file_32", "store_32"),
    at_least("file against handler 256", "FileComplaint against the minimal handler, at 256", 0.80,
             "file_256", "store_256"),
    Held("file alone", "FileComplaint, one outstanding, p50 against a synced commit and an echo", 1.5,
         True, ("file_1", "rocksdb_1", "echo_1"),
         lambda sides: sides["file_1"]["p50_us"]
         / (sides["rocksdb_1"]["p50_us"] + sides["echo_1"]["p50_us"])),
    at_least("import against rocksdb", "bulk import against raw RocksDB batches of 64", 0.60, "import",
             "import_rocksdb_64"),
    Held("referral trip", "referred at home, visible abroad: p50 against three fsyncs and echoes", 2,
         True, ("trip", "trip_fsync", "trip_echo"),
         lambda sides: sides["trip"]["p50_us"]
         / (3 * (sides["trip_fsync"]["p50_us"] + sides["trip_echo"]["p50_us"]))),
    at_least("status against echo", "GetCaseStatus against echo of the same sizes, at 32", 0.65,
             "status_32", "echo_status_32"),
    at_least("list against echo", "ListCases of 20 against echo of the same sizes, at 32", 0.60,
             "list_32", "echo_list_32"),
]

# What a handler reaches that has the same rows to write or to read and does nothing else, of what the
# figure above is held against; and what Redress reaches of that handler.
LIMITS = [
    limit("the minimal handler writing a filing's rows, of the minimal handler, at 32",
          "store_as_filing_32", "store_32"),
    limit("FileComplaint, of that, at 32", "file_32", "store_as_filing_32"),
    limit("the minimal handler writing a filing's rows, of the minimal handler, at 256",
          "store_as_filing_256", "store_256"),
    limit("FileComplaint, of that, at 256", "file_256", "store_as_filing_256"),
    time_limit("the minimal handler writing a filing's rows, one outstanding, p50 against a synced commit "
                  "and an echo", ("store_as_filing_1", "rocksdb_1", "echo_1"),
                  lambda sides: sides["store_as_filing_1"]["p50_us"]
                  / (sides["rocksdb_1"]["p50_us"] + sides["echo_1"]["p50_us"])),
    time_limit("FileComplaint, one outstanding, p50 of the minimal handler's that writes its rows", ("file_1", "store_as_filing_1"),
                  lambda sides: sides["file_1"]["p50_us"] / sides["store_as_filing_1"]["p50_us"]),
    limit("RocksDB batches of 64 with a filing's rows, of those with five",
          "import_rocksdb_as_filing_64", "import_rocksdb_64"),
    limit("bulk import, of that", "import", "import_rocksdb_as_filing_64"),
    # A referral's way is five calls with a commit each, one after the other (docs/adr/0037).
    time_limit("five calls of the minimal handler writing a filing's rows, p50 against three fsyncs and "
               "echoes", ("store_as_filing_1", "trip_fsync", "trip_echo"),
               lambda sides: 5 * sides["store_as_filing_1"]["p50_us"]
               / (3 * (sides["trip_fsync"]["p50_us"] + sides["trip_echo"]["p50_us"]))),
    time_limit("a referral, p50 of those five calls", ("trip", "store_as_filing_1"),
               lambda sides: sides["trip"]["p50_us"] / (5 * sides["store_as_filing_1"]["p50_us"])),
    limit("a minimal handler reading a row as large as GetCaseStatus, of echo, at 32",
          "read_status_32", "echo_status_32"),
    limit("GetCaseStatus, of that, at 32", "status_32", "read_status_32"),
    limit("a minimal handler reading 20 rows as large as ListCases's, of echo, at 32",
          "read_list_32", "echo_list_32"),
    limit("ListCases of 20, of that, at 32", "list_32", "read_list_32"),
]
