#ifndef REDRESS_SERVICES_INTAKE_APP_TESTING_INTAKE_FIXTURE_H_
#define REDRESS_SERVICES_INTAKE_APP_TESTING_INTAKE_FIXTURE_H_

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "redress/intake/v1/events.pb.h"
#include "services/intake/app/intake_app.h"
#include "services/intake/domain/testing/sample_filing.h"
#include "services/intake/storage/kv_case_store.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/audit/audit_log.h"
#include "services/platform/crypto/system_random.h"
#include "services/platform/kv/memory_store.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"

namespace redress::intake {

// Intake's verbs over a store in memory, in virtual time, for tests that read as a story. The node
// is "kh"; it is 22 November 2026.
class IntakeTest : public ::testing::Test {
 protected:
  IntakeTest() { std::filesystem::create_directories(files_); }
  ~IntakeTest() override {
    pool_.Stop();
    executor_.RunUntilIdle();
    std::filesystem::remove_all(files_);
  }

  template <class T>
  T Run(async::Task<T> task) {
    return async::RunToEnd(executor_, std::move(task));
  }

  // --- Callers. ---
  static auth::Principal Person(std::string person, std::string body, auth::Role role) {
    auth::Principal principal;
    principal.node = "kh";
    principal.person_id = std::move(person);
    principal.body_id = std::move(body);
    principal.roles = {role};
    return principal;
  }
  static Caller Of(auth::Principal principal) {
    return std::make_shared<const auth::Principal>(std::move(principal));
  }
  static Caller Desk() { return Of(Person("sok.dara", "kh:battambang-mrc", auth::Role::kDesk)); }
  static Caller OtherDesk() { return Of(Person("chan", "kh:lscw", auth::Role::kDesk)); }
  static Caller Ministry(std::string person = "meas") {
    auth::Principal principal = Person(std::move(person), "kh:mlvt", auth::Role::kMinistry);
    principal.rights = {auth::Right::kApprove, auth::Right::kRefer};
    return Of(std::move(principal));
  }
  static Caller Attache() {
    auth::Principal principal = Person("attache", "kh:embassy-kl", auth::Role::kAttache);
    principal.posting = "MY";
    return Of(std::move(principal));
  }
  static Caller Referral() { return Of(Person("referral", "", auth::Role::kService)); }
  static Caller Worker(const VerbAnswer& filed, size_t member = 0) {
    auth::Principal principal = Person("worker", "", auth::Role::kWorker);
    principal.case_number = filed.case_number.ToString();
    principal.member_id = filed.member_ids[member].ToString();
    return Of(std::move(principal));
  }

  // --- Requests. ---
  RequestMark Mark() {
    return {RequestId::FromTrusted("request-000000-" + std::to_string(++marks_)),
            journal::DigestContent("content")};
  }
  static RequestMark MarkOf(const std::string& id, const std::string& content) {
    return {RequestId::FromTrusted(id), journal::DigestContent(content)};
  }
  static CaseTarget At(const VerbAnswer& answer) { return {answer.case_number, answer.version}; }
  static CaseTarget Anytime(const VerbAnswer& answer) { return {answer.case_number, std::nullopt}; }

  // --- Verbs that most stories begin with. They fail the test when refused. ---
  VerbAnswer File(ComplaintFiling filing) {
    return Must(Run(app_.filing().FileComplaint(Desk(), Mark(), std::move(filing))));
  }
  VerbAnswer FileGroup(int members) { return File(SampleFiling(members)); }
  VerbAnswer Admit(const VerbAnswer& filed) {
    ScreenCommand command{At(filed), {}};
    command.decision.admit = true;
    command.decision.primary_category = {"WAGE_UNDERPAYMENT", "", ""};
    command.decision.urgency = "NORMAL";
    return Must(Run(app_.cases().ScreenComplaint(Ministry(), Mark(), std::move(command))));
  }
  VerbAnswer Record(Caller caller, const VerbAnswer& filed, std::vector<MoneyEntry> entries) {
    return Must(TryRecord(std::move(caller), filed, std::move(entries)));
  }
  absl::StatusOr<VerbAnswer> TryRecord(Caller caller, const VerbAnswer& filed,
                                       std::vector<MoneyEntry> entries) {
    RecordMoneyCommand command{Anytime(filed), {}};
    for (MoneyEntry& entry : entries) command.entries.push_back({std::move(entry), {}, {}, {}, {}});
    return Run(app_.money().RecordMoney(std::move(caller), Mark(), std::move(command)));
  }
  static MoneyEntry Entry(const MemberId& member, std::string kind, std::string amount) {
    MoneyEntry entry;
    entry.member_id = member.ToString();
    entry.kind = std::move(kind);
    entry.amount = WrittenMoney{"MYR", std::move(amount)};
    entry.happened_on = "2026-11-21";
    if (entry.kind == "RECEIVED") entry.instruction = ByPhone();
    return entry;
  }
  static WorkerInstruction ByPhone() { return {"PHONE", "2026-11-21", "call noted"}; }

  VerbAnswer Must(absl::StatusOr<VerbAnswer> answer) {
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.value_or(VerbAnswer());
  }
  CaseView View(Caller caller, const VerbAnswer& of) {
    absl::StatusOr<CaseView> view =
        Run(app_.queries().GetComplaint(std::move(caller), of.case_number));
    EXPECT_TRUE(view.ok()) << view.status();
    return view.ok() ? *std::move(view) : CaseView();
  }

  // --- What was left behind. ---
  std::vector<v1::Event> Events() {
    absl::StatusOr<EventPage> page = Run(app_.events().Read(0, 1000));
    EXPECT_TRUE(page.ok()) << page.status();
    std::vector<v1::Event> events;
    for (const journal::LoggedEvent& logged : page->events) {
      EXPECT_TRUE(events.emplace_back().ParseFromString(logged.bytes));
    }
    return events;
  }
  v1::Event LastEvent() {
    const std::vector<v1::Event> events = Events();
    return events.empty() ? v1::Event() : events.back();
  }
  std::vector<audit::LoggedLeaf> AuditLines() {
    return Run(audit::ReadAuditLog(store_, 0, 1000)).value();
  }

  static std::string ReasonOf(const absl::Status& status) {
    const std::optional<Refusal> refusal = GetRefusal(status);
    return refusal.has_value() ? refusal->reason : std::string(status.message());
  }
  template <class T>
  static std::string ReasonOf(const absl::StatusOr<T>& result) {
    return ReasonOf(result.status());
  }

  ManualClock clock_{absl::FromUnixSeconds(1795334400)};  // 2026-11-22T08:00:00Z
  SeededRandom random_{1};
  async::ManualExecutor executor_{clock_};
  kv::MemoryStore store_{executor_};
  crypto::SecretKey wrapping_key_ = crypto::SecretKey::Generate(random_);
  crypto::SecretKey tracking_key_ = crypto::SecretKey::Generate(random_);
  crypto::PageTokens page_tokens_{tracking_key_, random_};
  KvCaseStore cases_{store_, wrapping_key_, random_};
  audit::RefusalLog refusals_{store_, clock_};
  journal::EventFollowers followers_{executor_};
  async::BlockingPool pool_{1, 64};
  std::string files_ =
      ::testing::TempDir() + "intake-files-" + std::to_string(crypto::SystemRandom().Next());
  uint64_t free_bytes_ = UINT64_MAX;  // What the disk says to files.
  files::FreeSpaceFloor floor_{files_, 1'000, [this](const std::string&) { return free_bytes_; }};
  IntakeApp app_{AppContext{NodeId::FromTrusted("kh"), clock_, random_, executor_, pool_, store_,
                            cases_, refusals_, followers_, SampleCodes(), tracking_key_,
                            page_tokens_, files_, floor_, LifeCycleRules()}};
  int marks_ = 0;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_APP_TESTING_INTAKE_FIXTURE_H_
