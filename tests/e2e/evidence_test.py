"""Files cross between nodes whole and within consent, and lie encrypted at both."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from scenario import NodesTest, main, story_filing  # noqa: E402

MEBIBYTE = 1 << 20
# Stands many times in every file, so that one plain piece of it on disk would be found.
MARK = b"a payslip of nobody in particular; "


class EvidenceTest(NodesTest):
    def make_file(self, name, size):
        path = os.path.join(self.directory, name)
        with open(path, "wb") as file:
            file.write((MARK * (size // len(MARK) + 1))[:size])
        return path

    def add(self, where, path, *options, profile="kh-desk"):
        return self.cli.call(profile, "evidence", "add", where, path, "--kind", "PAYSLIP",
                             *options)["evidenceId"]

    def listed(self, where, profile):
        answer = self.cli.call(profile, "evidence", "list", where)
        return [entry.get("file", entry)["evidenceId"] for entry in answer.get("files", [])]

    def await_whole(self, referral, evidence, profile="my-mtuc"):
        def is_whole(answer):
            return any(entry["file"]["evidenceId"] == evidence and
                       entry["state"] == "FILE_STATE_WHOLE" for entry in answer.get("files", []))

        self.cli.wait(is_whole, profile, "evidence", "list", referral)

    def assert_same(self, profile, where, evidence, path):
        fetched = path + "." + profile
        self.cli.call(profile, "evidence", "get", where, evidence, fetched)
        with open(path, "rb") as sent, open(fetched, "rb") as got:
            self.assertEqual(sent.read(), got.read())

    def referred(self, filing="domestic_worker"):
        case = self.open_case(story_filing(filing))
        referral = self.refer(case)
        self.delivered(referral)
        return case, referral

    def test_a_file_of_the_case_arrives_with_the_referral_and_a_later_one_by_an_update(self):
        case = self.open_case(story_filing("domestic_worker"))
        early_path = self.make_file("early.bin", 3 * MEBIBYTE + 17)
        early = self.add(case, early_path)
        referral = self.refer(case)
        self.delivered(referral)
        self.await_whole(referral, early)
        self.assert_same("my-mtuc", referral, early, early_path)

        late_path = self.make_file("late.bin", MEBIBYTE)
        late = self.add(case, late_path)
        self.cli.call("kh-ministry", "referral", "update", referral, "--evidence", late)
        self.await_whole(referral, late)
        self.assert_same("my-mtuc", referral, late, late_path)
        self.assert_same("kh-desk", case, late, late_path)

    def test_a_file_that_may_not_be_shared_never_leaves(self):
        case = self.open_case(story_filing("domestic_worker"))
        kept = self.add(case, self.make_file("kept.bin", 1000), "--not-shareable")
        shared = self.add(case, self.make_file("shared.bin", 1000))
        referral = self.refer(case)
        self.await_whole(referral, shared)
        self.assertEqual(self.listed(referral, "my-mtuc"), [shared])
        self.assert_refused("EVIDENCE_NOT_SHAREABLE", "kh-ministry", "referral", "update", referral,
                            "--evidence", kept)
        self.assert_refused("NOT_FOUND", "my-mtuc", "evidence", "get", referral, kept,
                            os.path.join(self.directory, "never"))

    def test_without_consent_to_files_none_leaves(self):
        filing = story_filing("domestic_worker")
        for consent in filing["consents"]:
            if "groups" in consent:
                consent["groups"].remove("FIELD_GROUP_EVIDENCE_FILES")
        case = self.open_case(filing)
        self.add(case, self.make_file("unconsented.bin", 1000))
        referral = self.refer(case)
        self.delivered(referral)
        # A later referral's file has arrived: one of this referral would have come before it.
        other = self.open_case(story_filing("domestic_worker"))
        last = self.add(other, self.make_file("last.bin", 1000))
        self.await_whole(self.refer(other), last)
        self.assertEqual(self.listed(referral, "my-mtuc"), [])

    def test_a_file_of_the_receiver_comes_home(self):
        _, referral = self.referred()
        path = self.make_file("abroad.bin", 2 * MEBIBYTE)
        added = self.add(referral, path, profile="my-mtuc")
        self.await_whole(referral, added, "kh-ministry")
        self.assert_same("kh-ministry", referral, added, path)

    def test_a_file_over_50_mib_is_refused_and_nothing_of_it_is_seen(self):
        case = self.open_case(story_filing("domestic_worker"))
        path = os.path.join(self.directory, "large.bin")
        with open(path, "wb") as file:
            file.truncate(50 * MEBIBYTE + 1)
        self.assert_refused("FILE_TOO_LARGE", "kh-desk", "evidence", "add", case, path, "--kind", "PAYSLIP")
        self.assertEqual(self.listed(case, "kh-desk"), [])

    def test_a_transfer_cut_off_by_a_kill_goes_on_and_ends_whole(self):
        receiver = self.nodes.service("my", "referral")
        receiver.stop()
        receiver.start(fault="file.after_piece:40")
        case = self.open_case(story_filing("domestic_worker"))
        path = self.make_file("thirty.bin", 30 * MEBIBYTE)
        evidence = self.add(case, path)
        referral = self.refer(case)
        self.assertEqual(receiver.wait_for_exit(), -9)
        receiver.start()
        self.await_whole(referral, evidence)
        self.assert_same("my-mtuc", referral, evidence, path)

    def test_zz_nothing_of_any_file_lies_plain_on_disk(self):
        self.nodes.stop()
        searched = 0
        for folder, _, names in os.walk(self.nodes.data_dir):
            for name in names:
                if folder == self.nodes.data_dir:
                    continue  # What this test itself wrote and fetched.
                with open(os.path.join(folder, name), "rb") as file:
                    content = file.read()
                searched += len(content)
                self.assertNotIn(MARK, content, os.path.join(folder, name))
        self.assertGreater(searched, 60 * MEBIBYTE)


if __name__ == "__main__":
    main()
