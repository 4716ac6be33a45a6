import os
import random
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from local_nodes import free_port  # noqa: E402


class Numbers:
    """Chooses these first, and then at random."""

    def __init__(self, *chosen):
        self.chosen = list(chosen)

    def randrange(self, first, end):
        return self.chosen.pop(0) if self.chosen else random.randrange(first, end)


class FreePortTest(unittest.TestCase):
    def test_the_same_port_is_not_given_twice_though_nobody_listens_on_it_yet(self):
        port = free_port()
        other = free_port()
        self.assertNotIn(free_port(Numbers(port, other, port)), (port, other))

    def test_a_port_is_not_given_to_a_process_beside_this_one(self):
        port = free_port()
        run = subprocess.run(
            [sys.executable, "-c", f"import sys; sys.path[:0] = [{HERE!r}]\n"
             "import local_nodes, local_nodes_test\n"
             f"print(local_nodes.free_port(local_nodes_test.Numbers({port})))"],
            capture_output=True, text=True, check=True)
        self.assertNotEqual(int(run.stdout), port)


if __name__ == "__main__":
    unittest.main()
