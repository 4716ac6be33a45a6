"""A closed loop over HTTP on kept connections, for servers so slow that Python is quick beside them."""

import collections
import http.client
import threading
import time

from parts import BenchError

# No answer within this is none.
ANSWER_SECONDS = 120


class HttpLoop:
    """Keeps one request of each caller outstanding, and counts as closed_loop.cc does.

    target    "127.0.0.1:8080"
    callers   the headers that each of them sends, such as the cookie of its session
    request   request() -> (method, path, body), called in the callers' threads
    cpu       cpu() -> processor time of the server so far, in seconds
    """

    def __init__(self, target, callers, request, cpu=lambda: 0.0):
        self.target, self.callers, self.request, self.cpu = target, callers, request, cpu
        self.lock = threading.Lock()
        self.latencies, self.refused, self.last = [], collections.Counter(), "nothing"
        self.warm_at = self.counted_from = self.end_at = self.ended_at = None
        self.cpu_before = self.cpu_after = 0.0

    def run(self, warmup, seconds):
        """The load generator's JSON."""
        now = time.monotonic()
        self.warm_at = now + warmup
        if warmup <= 0:
            self._begin_to_count(now, seconds)
        threads = [threading.Thread(target=self._call_until_the_end, args=(headers, seconds))
                   for headers in self.callers]
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                thread.join()
        finally:
            # Who is interrupted leaves no thread that still asks.
            self.ended_at = self.ended_at or time.monotonic()
        done = len(self.latencies)
        if done == 0:
            raise BenchError(f"{self.target} answered no request; what came last: {self.last}")
        elapsed, sorted_us = self.ended_at - self.counted_from, sorted(self.latencies)
        return {"done": done, "seconds": elapsed, "per_second": done / elapsed,
                "p50_us": sorted_us[done // 2], "p99_us": sorted_us[done * 99 // 100],
                "server_cpu_us": (self.cpu_after - self.cpu_before) * 1e6 / done,
                "turned_away": 0, "refused": dict(self.refused)}

    def _call_until_the_end(self, headers, seconds):
        connection = http.client.HTTPConnection(self.target, timeout=ANSWER_SECONDS)
        while self.ended_at is None:
            method, path, body = self.request()
            began = time.monotonic()
            try:
                connection.request(method, path, body, headers)
                answer = connection.getresponse()
                answer.read()
                refusal = None if answer.status in (200, 201) else str(answer.status)
            except (OSError, http.client.HTTPException) as problem:
                connection.close()
                refusal = type(problem).__name__
            self._count(refusal, began, time.monotonic(), seconds)
        connection.close()

    def _count(self, refusal, began, now, seconds):
        with self.lock:
            if self.ended_at is not None:
                return
            self.last = refusal or self.last
            if self.counted_from is None:
                if now >= self.warm_at:
                    self._begin_to_count(now, seconds)
                return
            if refusal:
                self.refused[refusal] += 1
            else:
                self.latencies.append((now - began) * 1e6)
            # The answer that ends the time still counts, and the time ends with it.
            if now >= self.end_at:
                self.ended_at, self.cpu_after = now, self.cpu()

    def _begin_to_count(self, now, seconds):
        self.counted_from, self.end_at, self.cpu_before = now, now + seconds, self.cpu()
