#include "services/status/testing/service_fixture.h"

#include <utility>

#include "gtest/gtest.h"
#include "services/status/storage/keys.h"

namespace redress::status::testing {

TestService::TestService(std::string node) : node_(std::move(node)) {}

TestService::~TestService() { Stop(); }

void TestService::Start(bool rebuild) {
  directory_ = std::make_unique<Directory>();
  progress_ = std::make_unique<Progress>();
  parts_.reset(new AppParts{*model_, *directory_, *progress_, clock_, clock_, codes_, page_tokens_,
                            tracking_key_, executor_});
  const auto on_trouble = [this](Ingest::Task task, const absl::Status& status) {
    troubles_.emplace_back(task, status);
  };
  const auto on_set_aside = [this](const std::string& case_number) {
    set_aside_.push_back(case_number);
  };
  ingest_ = std::make_unique<Ingest>(Ingest::Parts{node_, kScreeningTime, *model_, *directory_,
                                                   *progress_, clock_, executor_, on_trouble,
                                                   nullptr, on_set_aside});
  const absl::Status opened = Run(ingest_->Open(rebuild));
  ASSERT_TRUE(opened.ok()) << opened;
  tasks_ = std::make_unique<async::TaskGroup>(executor_);
  const async::CancellationToken cancellation = tasks_->cancellation();
  tasks_->Start(ingest_->Write(cancellation));
  tasks_->Start(ingest_->Follow(intake_, cancellation));
  tasks_->Start(ingest_->Follow(referral_, cancellation));
  tasks_->Start(ingest_->RunDue(cancellation));
}

void TestService::Stop() {
  if (tasks_ == nullptr) return;
  tasks_->Cancel();
  RunToEnd(executor_, tasks_->Join());
  tasks_.reset();
}

void TestService::NameBodies() {
  for (const char* body : {kMinistry, kDesk, kUnion}) {
    ReferralEvent named;
    named.number = referral_.last() + 1;
    named.kind = ReferralKind::kBody;
    named.body.body_id = body;
    named.body.name = std::string("The body ") + body;
    referral_.Add(named);
  }
}

std::vector<std::pair<std::string, std::string>> TestService::Contents() {
  std::vector<std::pair<std::string, std::string>> all;
  for (uint8_t table = kCasesTable; table <= kLastTable; ++table) {
    if (table == kChangesTable) continue;
    std::string after;
    while (true) {
      kv::ScanRequest request{std::string(1, static_cast<char>(table)), after, 1000, false};
      const kv::ScanPage page = Run(memory_.Scan(std::move(request))).value();
      for (const kv::Entry& entry : page.entries) all.emplace_back(entry.key, entry.value);
      if (!page.more) break;
      after = page.entries.back().key;
    }
  }
  return all;
}

Caller TestService::CallerWith(auth::Role role, std::string body) {
  auto principal = std::make_shared<auth::Principal>();
  principal->node = "kh";
  principal->person_id = "somebody";
  principal->body_id = std::move(body);
  principal->roles.Insert(role);
  principal->expires = absl::InfiniteFuture();
  return principal;
}

}  // namespace redress::status::testing
