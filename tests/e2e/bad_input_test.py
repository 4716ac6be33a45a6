"""What is wrong is refused whole, every wrong field is named, and nothing is stored."""

import copy
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from scenario import (BIN, DATA, NodesTest, Person, case_that_was_never_filed,  # noqa: E402
                      main, random_request_id, story_filing)


class BadInputTest(NodesTest):
    def test_the_template_is_a_complaint_as_it_stands(self):
        template = subprocess.run([os.path.join(BIN, "redress"), "complaint", "file", "--template"],
                                  capture_output=True, text=True, check=True).stdout
        filed = self.cli.call("kh-desk", "complaint", "file", "-", text=template)
        self.assertEqual(len(filed["receipts"]), 1)

    def stored(self):
        answer = self.cli.call("kh-ministry", "complaint", "list", "--page-size", "200")
        return len(answer.get("cases", []))

    def refused_filing(self, change):
        filing = copy.deepcopy(story_filing("domestic_worker"))
        change(filing)
        before = self.stored()
        error = self.assert_refused("INVALID_ARGUMENT", "kh-desk", "complaint", "file", "-",
                                    text=json.dumps(filing)).error
        self.assertEqual(self.stored(), before)
        return error

    def test_every_wrong_field_is_named_at_once(self):
        def spoil(filing):
            filing["complaint"]["corridor"]["destination"] = "ZZ"
            filing["complaint"]["sector"] = "SPACE"
            claim = filing["members"][0]["claimLines"][0]
            claim["claimed"] = {"currencyCode": "MYR", "amount": "1.001"}
            claim["promised"]["amount"] = "-5.00"

        error = self.refused_filing(spoil)
        for field in ("corridor.destination", "sector", "claim_lines[0].claimed",
                      "claim_lines[0].promised"):
            self.assertIn(field, error)

    def test_unknown_languages_ill_formed_dates_and_overflowing_amounts_are_named(self):
        def spoil(filing):
            filing["complaint"]["receivedOn"] = "2026-02-30"
            filing["members"][0]["complainant"]["languages"] = ["xx"]
            filing["members"][0]["claimLines"][0]["claimed"] = {
                "currencyCode": "MYR", "amount": "92233720368547758.08"}

        error = self.refused_filing(spoil)
        for field in ("received_on", "languages[0]", "claim_lines[0].claimed"):
            self.assertIn(field, error)

    def test_a_currency_without_decimals_takes_none(self):
        def spoil(filing):
            filing["members"][0]["claimLines"][0]["claimed"] = {"currencyCode": "VND",
                                                                "amount": "1000.5"}

        self.assertIn("claimed", self.refused_filing(spoil))

    def test_dates_in_the_future_or_reversed_are_refused(self):
        def spoil(filing):
            filing["complaint"]["incident"] = {"from": "2026-08", "to": "2026-02"}
            filing["complaint"]["receivedOn"] = "2099-01-01"

        error = self.refused_filing(spoil)
        self.assertIn("incident", error)
        self.assertIn("received_on", error)

    def test_a_group_without_members_is_refused(self):
        def spoil(filing):
            filing["complaint"]["scope"] = "GROUP"
            filing["members"] = []

        self.assertIn("members", self.refused_filing(spoil))

    def test_a_narrative_over_64_kib_is_refused(self):
        def spoil(filing):
            filing["complaint"]["narrative"] = "x" * 65537

        self.assertIn("narrative", self.refused_filing(spoil))

    def test_a_wrong_check_character_is_refused_in_its_own_words(self):
        case = self.file_case(story_filing("domestic_worker"))
        wrong = case[:-1] + ("A" if case[-1] != "A" else "B")
        error = self.assert_refused("INVALID_ARGUMENT", "kh-ministry", "complaint", "show", wrong)
        self.assertIn("check character", error.error)

    def test_absent_and_foreign_look_the_same(self):
        case = self.file_case(story_filing("domestic_worker"))
        never = case_that_was_never_filed()
        self.nodes.add_profile(Person("kh-other-desk", "kh", "other", "kh:lscw", ["desk"]))
        self.nodes.service("kh", "intake").stop()
        self.nodes.service("kh", "intake").start()
        absent = self.assert_refused("NOT_FOUND", "kh-other-desk", "complaint", "show", never)
        foreign = self.assert_refused("NOT_FOUND", "kh-other-desk", "complaint", "show", case)
        self.assertEqual(absent.error, foreign.error)

    def test_a_stale_etag_is_refused_with_the_current_one(self):
        case = self.file_case(story_filing("domestic_worker"))
        etag = self.cli.call("kh-ministry", "complaint", "show", case)["etag"]
        screen = ("complaint", "screen", case, "--category", "WAGE_NONPAYMENT", "--urgency",
                  "NORMAL", "--etag", etag)
        current = self.cli.call("kh-ministry", *screen)["etag"]
        error = self.assert_refused("ETAG_STALE", "kh-desk", "complaint", "amend", case, "--set",
                                    '{"sector": "CARE"}', "--path", "sector", "--reason",
                                    "asked again", "--etag", etag)
        self.assertIn(current, error.error)

    def test_a_repeated_request_has_one_effect_and_other_content_is_refused(self):
        mark = random_request_id()
        filing = story_filing("fishing_crew")
        first = self.file_case(filing, mark)
        self.assertEqual(self.file_case(filing, mark), first)
        filing["complaint"]["sector"] = "CARE"
        self.assert_refused("REQUEST_ID_REUSED", "kh-desk", "--request-id", mark, "complaint",
                            "file", "-", text=json.dumps(filing))

    def test_a_repeat_that_read_the_etag_again_is_still_the_same_request(self):
        case = self.file_case(story_filing("domestic_worker"))
        screen = ("--request-id", random_request_id(), "complaint", "screen", case, "--category",
                  "WAGE_NONPAYMENT", "--urgency", "NORMAL")
        first = self.cli.call("kh-ministry", *screen)
        self.assertEqual(self.cli.call("kh-ministry", *screen), first)

    def test_every_complaint_of_the_test_data_can_be_imported(self):
        folder = os.path.join(DATA, "complaints")
        path = os.path.join(self.directory, "complaints.jsonl")
        names = sorted(os.listdir(folder))
        with open(path, "w", encoding="utf-8") as lines:
            for name in names:
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    lines.write(json.dumps(json.load(file)) + "\n")
        answers = self.cli.call("kh-desk", "complaint", "import", path)
        self.assertGreaterEqual(len(names), 40)
        self.assertEqual(sum("imported" in answer for answer in answers), len(names))

    def test_an_import_of_1000_lines_with_13_bad_ones_stores_987(self):
        path = os.path.join(self.directory, "import.jsonl")
        subprocess.run([os.path.join(BIN, "redress-sample"), "--count", "987", "--seed", "3",
                        "--node", "kh", "--max-members", "3", "--output", path], check=True,
                       capture_output=True)
        with open(path, "rb") as file:
            lines = file.read().splitlines()
        with open(os.path.join(DATA, "bad", "import_bad_lines.jsonl"), "rb") as file:
            bad = file.read().splitlines()
        self.assertEqual((len(lines), len(bad)), (987, 13))
        wrong_lines = []
        for number, line in enumerate(bad):
            at = number * 70 + 5
            lines.insert(at, line)
            wrong_lines.append(at + 1)
        with open(path, "wb") as file:
            file.write(b"\n".join(lines) + b"\n")
        run = subprocess.run([os.path.join(BIN, "redress"), "--profiles",
                              self.nodes.profiles_dir(), "--profile", "kh-desk", "complaint",
                              "import", path], capture_output=True, check=False)
        text = run.stdout.decode("utf-8", "replace")
        self.assertEqual(run.returncode, 1, text[-2000:] + run.stderr.decode())
        self.assertIn("987 complaints stored, 13 lines refused", text)
        for number in wrong_lines:
            self.assertIn(f"line {number}:", text)


if __name__ == "__main__":
    main()
