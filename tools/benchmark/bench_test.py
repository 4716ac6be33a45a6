"""The benchmark itself: its arithmetic, and a run of all that it starts, too short to mean anything."""

import argparse
import collections
import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading
import unittest
from xml.etree import ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import bench  # noqa: E402
import figures  # noqa: E402
import grow  # noqa: E402
import kinds  # noqa: E402
import machine  # noqa: E402
import overload  # noqa: E402
import peers  # noqa: E402
import plot  # noqa: E402
import report  # noqa: E402
import request_tracker  # noqa: E402
import soak  # noqa: E402
from http_loop import HttpLoop  # noqa: E402
from parts import FOLDER, BenchError, Parts, RECORD_BYTES  # noqa: E402
from rounds import STRETCHES, held_rows, joined, summary, take  # noqa: E402
from tables import as_markdown, as_text, held_table, limits_table, number  # noqa: E402

BIN = os.environ.get("REDRESS_BIN_DIR", os.path.join(HERE, "..", "..", "build", "dev", "bin"))


def side(per_second, p50_us=1000):
    return {"per_second": per_second, "p50_us": p50_us, "p99_us": 2 * p50_us}


class ArithmeticTest(unittest.TestCase):
    def test_a_ratio_is_taken_within_each_round_and_their_median_counts(self):
        held = [kinds.at_least("a", "a against b", 0.8, "a", "b")]
        rounds = [{"a": side(80), "b": side(100)}, {"a": side(10), "b": side(100)},
                  {"a": side(900), "b": side(1000)}]
        row, = held_rows(held, rounds)
        self.assertEqual((row["value"], row["lowest"], row["highest"]), (0.8, 0.1, 0.9))
        self.assertTrue(row["holds"])

    def test_at_its_best_each_side_counts_with_what_does_most_in_that_round(self):
        held = [kinds.at_least_at_best("a", "a against b", 100, ("a_1", "a_8"), ("b_1", "b_8"))]
        rounds = [{"a_1": side(100), "a_8": side(900), "b_1": side(3), "b_8": side(2)}]
        row, = held_rows(held, rounds)
        self.assertEqual(row["value"], 300)
        self.assertTrue(row["holds"])

    def test_a_figure_without_its_sides_is_left_out(self):
        held = [kinds.at_least("a", "a against b", 0.8, "a", "b")]
        self.assertEqual(held_rows(held, [{"a": side(80)}]), [])

    def test_a_limit_neither_holds_nor_fails(self):
        row, = held_rows([kinds.limit("a of b", "a", "b")], [{"a": side(80), "b": side(100)}])
        self.assertEqual((row["value"], row["holds"]), (0.8, None))
        self.assertIn("0.8 ×", as_text(limits_table([row])))

    def test_what_is_held_to_at_most_fails_above_it(self):
        alone, = [figure for figure in figures.HELD if figure.name == "file alone"]
        rounds = [{"file_1": side(1, 400), "rocksdb_1": side(1, 150), "echo_1": side(1, 50)}]
        row, = held_rows([alone], rounds)
        self.assertEqual(row["value"], 2)
        self.assertFalse(row["holds"])
        self.assertIn("DOES NOT HOLD", as_text(held_table([row])))

    def test_with_all_peers_all_of_their_measurements_are_taken(self):
        self.assertEqual({one.needs for one in peers.MEASUREMENTS}, set(peers.KINDS["all"]))

    def test_every_figure_names_sides_that_are_measured(self):
        kinds = [kind for kinds in peers.KINDS.values() for kind in kinds]
        measured = {one.name for one in figures.all_measurements(kinds)}
        for figure in figures.all_held() + figures.all_limits():
            self.assertLessEqual(set(figure.needs), measured, figure.name)

    def test_whoever_is_turned_away_without_a_delay_was_not_told_when(self):
        told = {"turned_away": 30, "refused": {}}
        self.assertEqual(overload.told_when(told), 1)
        self.assertEqual(overload.told_when({**told, "refused": {"RESOURCE_EXHAUSTED": 10}}), 0.75)

    def test_a_summary_has_the_median_and_how_far_the_rounds_lie_apart(self):
        one = kinds.Measurement("a", "A", None, "file")
        row, = summary([one], [{"a": side(90)}, {"a": side(100)}, {"a": side(120)}])
        self.assertEqual((row["per_second"], round(row["spread"], 2)), (100, 0.3))

    def test_what_is_measured_in_turns_goes_a_stretch_at_a_time_and_counts_as_one(self):
        order = []

        def run(name, rates):
            def one(parts, warmup, seconds):
                order.append((name, seconds))
                return {"done": 5, "per_second": rates.pop(0), "p99_us": 10, "refused": {"ABORTED": 1}}
            return one
        neighbours = [kinds.Measurement(name, name, run(name, rates), "overload", in_turns="both")
                      for name, rates in (("a", [1, 2, 3, 4]), ("b", [5, 5, 5, 9]))]
        taken = take(None, neighbours, 0, 8)
        self.assertEqual(order, [("a", 2), ("b", 2)] * STRETCHES)
        self.assertEqual(taken["a"], {"done": 20, "per_second": 2.5, "p99_us": 10,
                                      "refused": {"ABORTED": 4}})
        self.assertEqual(taken["b"]["per_second"], 6)

    def test_what_only_some_stretches_timed_is_the_mean_of_those(self):
        whole = joined([{"turned_away": 0, "max_us": 7},
                        {"turned_away": 3, "max_us": 5, "turned_away_p50_us": 100}])
        self.assertEqual(whole, {"turned_away": 3, "max_us": 7, "turned_away_p50_us": 100})

    def test_numbers_are_printed_with_the_digits_that_count(self):
        self.assertEqual([number(value) for value in (0.8123, 12.34, 234.5, 2345.6, 23456.7)],
                         ["0.812", "12.3", "234", "2,350", "23,500"])
        self.assertTrue(as_markdown((("a", "b"), [("1", "2")])).startswith("| a | b |\n| --- |"))

    def test_a_busy_machine_is_complained_of(self):
        quiet = {"steal": 0.0, "others": 0.01, "who": [], "load_average": 0.1}
        busy = {"steal": 0.0, "others": 0.4, "who": [["cc1plus", 0.39]]}
        self.assertEqual(machine.complaints(quiet, [quiet]), [])
        self.assertIn("cc1plus 39%", machine.complaints(quiet, [quiet, busy])[0])


class ReportTest(unittest.TestCase):
    def test_what_stands_between_the_marks_is_replaced_and_nothing_else(self):
        begin, end = report.mark("run", "begin"), report.mark("run", "end")
        text = report.replace(f"before\n{begin}\nold\n{end}\nafter\n", "run", "new")
        self.assertEqual(text, f"before\n{begin}\n\nnew\n\n{end}\nafter\n")
        self.assertEqual(report.replace(text, "run", "new"), text)

    def test_a_document_without_marks_is_not_written(self):
        with self.assertRaises(BenchError):
            report.replace("no marks", "run", "new")

    def test_the_document_has_the_marks_of_every_kind_of_result(self):
        with open(report.DOCUMENT, encoding="utf-8") as file:
            text = file.read()
        for kind in bench.KINDS:
            self.assertIn("new", report.replace(text, kind, "new"))

    def test_axes_end_at_a_round_value_that_is_not_below_the_highest(self):
        for highest in (0.3, 1, 7, 1234, 2_000_000):
            steps = plot.ticks(highest)
            self.assertGreaterEqual(steps[-1], highest)
            self.assertLessEqual(steps[-1], 2.5 * highest)

    def test_a_chart_is_well_formed(self):
        ElementTree.fromstring(plot.chart("a < b", "x", "y", {"one": [(0, 1), (5, 2)], "none": []}))


def samples(resident, **figures):
    """A soak's samples of 90 seconds: of its store a service has nothing unless `figures` say so."""
    nothing = dict.fromkeys((*soak.FIGURES, soak.IN_USE), 0)
    return [{**nothing, "seconds": second, "resident": resident(second),
             **{name: size(second) for name, size in figures.items()}} for second in range(90)]


class GrowthTest(unittest.TestCase):
    def test_without_room_it_says_what_it_needs_and_writes_nothing(self):
        with tempfile.TemporaryDirectory(prefix="redress-bench-") as directory:
            with self.assertRaisesRegex(BenchError, "need about .* GiB of disk"):
                grow.refuse_without_room(directory, 10**12, lambda text: None)
            self.assertEqual(os.listdir(directory), [])

    def test_with_room_it_says_what_it_needs_too(self):
        told = []
        with tempfile.TemporaryDirectory(prefix="redress-bench-") as directory:
            grow.refuse_without_room(directory, grow.SMALL, told.append)
        self.assertRegex(told[0], "^10,000 cases need about 0.2 GiB of disk, and .* GiB free")

    def test_memory_that_grows_to_the_end_is_not_flat(self):
        rising = samples(lambda second: 100 + second)
        level = samples(lambda second: min(100 + second, 130))
        self.assertGreater(soak.growth(soak.resident(rising)), soak.MOST_GROWTH)
        self.assertEqual(soak.growth(soak.resident(level)), 0)
        self.assertTrue(soak.all_flat({"samples": {"intake": level}}))
        self.assertFalse(soak.all_flat({"samples": {"intake": level, "status": rising}}))

    def test_filters_and_indexes_that_grow_with_what_is_stored_are_told_apart(self):
        stored = samples(lambda second: 100 + second, table_reader_bytes=lambda second: second)
        self.assertGreater(soak.growth(soak.resident(stored)), soak.MOST_GROWTH)
        self.assertTrue(soak.is_flat(stored))

    def test_a_cache_above_what_it_may_have_is_not_flat(self):
        beyond = soak.BOUNDS["block_cache_bytes"] + 1
        self.assertFalse(soak.is_flat(samples(lambda _: 2 * beyond, block_cache_bytes=lambda _: beyond)))

    def test_what_a_store_has_in_memory_is_read_from_the_metrics(self):
        told = "".join(f'redress_{metric}{{node="kh",service="intake",figure="{name}"}} {size}\n'
                       for metric, name, size in [("store", "free_bytes", "9e+10"), ("store", "memtable_bytes", "4.5e+06"),
                                                  ("store", "block_cache_bytes", "7"),
                                                  ("store", "table_reader_bytes", "0"),
                                                  ("memory", "heap_in_use_bytes", "1.2e+07")])
        self.assertEqual(soak.told_figures(told), {"memtable_bytes": 4_500_000, "block_cache_bytes": 7,
                                                   "table_reader_bytes": 0, "heap_in_use_bytes": 12_000_000})
        with self.assertRaisesRegex(BenchError, "does not tell.*heap_in_use_bytes"):
            soak.told_figures(told.replace("heap_in_use", "other"))

    def test_a_soak_too_short_says_so(self):
        with self.assertRaises(BenchError):
            soak.growth([1, 1])


class WorkDirTest(unittest.TestCase):
    def test_a_run_removes_what_an_earlier_one_left_and_nothing_else(self):
        with tempfile.TemporaryDirectory(prefix="redress-bench-") as directory:
            somebodys = os.path.join(directory, "thesis")
            left = os.path.join(directory, FOLDER, "store")
            os.makedirs(left)
            with open(somebodys, "w", encoding="ascii") as file:
                file.write("words")
            with Parts("", directory, 1) as parts:
                self.assertFalse(os.path.exists(left))
                self.assertEqual(os.path.dirname(parts.path("store")), os.path.join(directory, FOLDER))
            self.assertTrue(os.path.exists(somebodys))


class OptionsTest(unittest.TestCase):
    def test_what_cannot_be_held_under_load_is_refused_by_name(self):
        run = subprocess.run([sys.executable, os.path.join(HERE, "bench.py"), "--only", "import", "--hold",
                              "1"], capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, 2, run.stderr)
        self.assertIn("--hold: only file or read", run.stderr)

    def test_a_folder_without_programs_is_refused_by_name(self):
        with tempfile.TemporaryDirectory() as directory:
            run = subprocess.run([sys.executable, os.path.join(HERE, "bench.py"), "--bin-dir", directory],
                                 capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, 2, run.stderr)
        self.assertIn("--bin-dir: no " + os.path.join(directory, "redress-benchmark"), run.stderr)

    def test_the_command_of_a_result_is_what_was_typed_but_for_places(self):
        self.assertEqual(bench.command(["--soak", "60", "--bin-dir", "some where", "--json=x"]),
                         "tools/bench --soak 60")

    def test_the_help_names_every_option(self):
        with open(os.path.join(HERE, "..", "bench"), encoding="utf-8") as file:
            text = file.read()
        parser = argparse.ArgumentParser(add_help=False)
        bench.declare(parser)
        for action in parser._actions:  # pylint: disable=protected-access
            self.assertIn(action.option_strings[0], text)


class YardstickTest(unittest.TestCase):
    def test_the_minimal_handler_stays_minimal(self):
        lines = []
        for name in ("batching_server.cc", "bare_calls.cc", "bare_calls.h"):
            with open(os.path.join(HERE, name), encoding="utf-8") as file:
                lines += [line.strip() for line in file]
        code = [line for line in lines if line and not line.startswith("//")]
        self.assertLessEqual(len(code), 200)
        self.assertFalse([line for line in code if "services/" in line])


class Answers(http.server.BaseHTTPRequestHandler):
    """Refuses whoever has no cookie, and notes which connections were used."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # A whole answer in one packet.

    def do_POST(self):
        self.server.bodies[self.rfile.read(int(self.headers["Content-Length"]))] += 1
        self.server.connections.add(self.client_address)
        self.send_response(201 if self.headers["Cookie"] else 401)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class HttpLoopTest(unittest.TestCase):
    def setUp(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.server.bodies, self.server.connections = collections.Counter(), set()
        thread = threading.Thread(target=self.server.serve_forever)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.target = f"127.0.0.1:{self.server.server_address[1]}"

    def loop(self, callers):
        return HttpLoop(self.target, callers, lambda: ("POST", "/", b"ticket"))

    def test_answers_are_counted_and_each_caller_keeps_its_connection(self):
        answer = self.loop([{"Cookie": "a"}, {"Cookie": "b"}]).run(0, 0.2)
        self.assertEqual(answer["refused"], {})
        self.assertAlmostEqual(answer["per_second"], answer["done"] / answer["seconds"])
        self.assertGreaterEqual(answer["seconds"], 0.2)
        self.assertLessEqual(answer["done"], self.server.bodies[b"ticket"])
        self.assertLessEqual(len(self.server.connections), 2)

    def test_what_is_refused_is_not_done(self):
        answer = self.loop([{"Cookie": "a"}, {}]).run(0, 0.5)
        self.assertEqual(list(answer["refused"]), ["401"])
        self.assertLessEqual(answer["done"] + answer["refused"]["401"], self.server.bodies[b"ticket"])

    def test_what_is_answered_while_it_warms_up_does_not_count(self):
        answer = self.loop([{"Cookie": "a"}]).run(0.2, 0.1)
        self.assertLess(answer["done"], self.server.bodies[b"ticket"])

    def test_when_nothing_is_done_it_says_what_came_instead(self):
        with self.assertRaisesRegex(BenchError, "answered no request; what came last: 401"):
            self.loop([{}]).run(0, 0.05)

    def test_a_ticket_is_as_large_as_the_record_of_the_others(self):
        for number in (1, 123456):
            self.assertEqual(len(request_tracker.ticket(number)), RECORD_BYTES)


class RunTest(unittest.TestCase):
    def test_every_side_is_started_and_answers(self):
        with tempfile.TemporaryDirectory(prefix="redress-bench-") as directory:
            path = os.path.join(directory, "run.json")
            run = subprocess.run(
                [sys.executable, os.path.join(HERE, "bench.py"), "--bin-dir", BIN, "--json", path,
                 "--work-dir", os.path.join(directory, "work"), "--rounds", "1", "--seconds", "0.2",
                 "--warmup", "0", "--filings", "200", "--peers", "none"], capture_output=True, text=True, check=False)
            self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
            with open(path, encoding="utf-8") as file:
                result = json.load(file)
        measured = {row["name"]: row for row in result["measured"]}
        self.assertEqual(set(measured), {one.name for one in figures.all_measurements([])})
        for row in measured.values():
            self.assertGreater(row["per_second"], 0, row)
            self.assertEqual(row["refused"], 0, row)
        self.assertEqual(len(result["held"]), len(figures.HELD) + len(overload.HELD))
        self.assertEqual(len(result["limits"]), len(figures.LIMITS) + len(overload.LIMITS))


if __name__ == "__main__":
    unittest.main()
