#include "services/referral/app/testing/two_nodes.h"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <utility>

#include "fmt/format.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/storage/keys.h"

namespace redress::referral {
namespace {

std::string NewDirectory() {
  static std::atomic<int> count = 0;
  const char* base = std::getenv("TEST_TMPDIR");
  std::string path =
      fmt::format("{}/referral-files-{}-{}", base == nullptr ? "/tmp" : base, getpid(), ++count);
  mkdir(path.c_str(), 0700);
  return path;
}

// A stream that the weather breaks.
class Exposed final : public DeliverStream {
 public:
  Exposed(Weather& weather, std::unique_ptr<DeliverStream> stream)
      : weather_(weather), stream_(std::move(stream)) {}
  const LinkState& state() const override { return stream_->state(); }
  async::Task<bool> Send(exchange::v1::Envelope envelope) override {
    if (weather_.down) co_return false;
    co_return co_await stream_->Send(std::move(envelope));
  }
  async::Task<absl::StatusOr<ReceiptFrame>> Receive() override {
    if (weather_.envelopes_left == 0) weather_.down = true;
    if (weather_.down) co_return absl::UnavailableError("the line is down");
    if (weather_.envelopes_left > 0) --weather_.envelopes_left;
    absl::StatusOr<ReceiptFrame> frame = co_await stream_->Receive();
    if (frame.ok() && weather_.lose_receipts > 0) {
      --weather_.lose_receipts;
      co_return absl::UnavailableError("the receipt was lost");
    }
    co_return frame;
  }
  void Cancel() override { stream_->Cancel(); }

 private:
  Weather& weather_;
  std::unique_ptr<DeliverStream> stream_;
};

// The peers of one node: the other one through the weather, itself directly.
class Peers final : public PeerPort {
 public:
  Peers(TestNode& self, TestNode& other, Weather& weather)
      : own_(self.parts.node.ToString(), self.inbound, self.files),
        other_(self.parts.node.ToString(), other.inbound, other.files),
        own_name_(self.parts.node.ToString()),
        weather_(weather) {}

  async::Task<absl::StatusOr<std::unique_ptr<DeliverStream>>> OpenDeliver(
      std::string peer, LinkOpening opening, async::CancellationToken cancellation) override {
    if (peer == own_name_) {
      co_return co_await own_.OpenDeliver(std::move(peer), std::move(opening), cancellation);
    }
    if (weather_.down) co_return absl::UnavailableError("the line is down");
    absl::StatusOr<std::unique_ptr<DeliverStream>> stream =
        co_await other_.OpenDeliver(std::move(peer), std::move(opening), cancellation);
    CO_RETURN_IF_ERROR(stream.status());
    std::unique_ptr<DeliverStream> exposed =
        std::make_unique<Exposed>(weather_, *std::move(stream));
    co_return exposed;
  }

  async::Task<absl::StatusOr<std::unique_ptr<FileStream>>> OpenTransfer(
      std::string peer, FileOpening opening, async::CancellationToken cancellation) override {
    if (peer == own_name_) {
      co_return co_await own_.OpenTransfer(std::move(peer), std::move(opening), cancellation);
    }
    if (weather_.down) co_return absl::UnavailableError("the line is down");
    co_return co_await other_.OpenTransfer(std::move(peer), std::move(opening), cancellation);
  }

 private:
  DirectPeer own_;
  DirectPeer other_;
  const std::string own_name_;
  Weather& weather_;
};

v1::Body BodyOf(const std::string& id, const std::string& kind, const std::string& country) {
  v1::Body body;
  body.set_body_id(id);
  body.set_kind(kind);
  v1::LocalName* name = body.add_names();
  name->set_language("en");
  name->set_name("Body " + id);
  body.set_country(country);
  body.add_languages("en");
  body.set_active(true);
  v1::FocalPoint* point = body.add_focal_points();
  point->set_focal_point_id(id + "/f1");
  point->set_name("Focal point");
  point->set_from("2020-01-01");
  point->add_languages("en");
  return body;
}

}  // namespace

TestNode::TestNode(std::string id, TwoNodes&, async::ManualExecutor& executor, ManualClock& clock,
                   const IsoCodes& codes, const KeySpace& keys, const std::string& files_directory)
    : random(id == "kh" ? 1 : 2),
      store(executor),
      counted(store),
      node_key(crypto::SecretKey::Generate(random)),
      repository(counted, keys, node_key.Clone(), "kek-test", random),
      refusals(store, clock),
      page_tokens(node_key, random),
      followers(executor),
      pool(1, 64),
      parts{.node = NodeId::FromTrusted(id),
            .peers = {"kh", "my"},
            .store = store,
            .repository = repository,
            .refusals = refusals,
            .executor = executor,
            .files_pool = pool,
            .clock = clock,
            .random = random,
            .codes = codes,
            .page_tokens = page_tokens,
            .followers = followers,
            .outbox_changed = outbox_changed,
            .work_changed = work_changed,
            .intake = intake,
            .clocks = {},
            .files_directory = files_directory,
            .files_floor = {files_directory, 0}},
      disclosures(parts),
      home(parts, disclosures),
      receiver(parts),
      directory(parts),
      queries(parts),
      files(parts),
      inbound(parts),
      executor_(executor) {}

TestNode::~TestNode() { EndLinks(); }

void TestNode::StartLinks(PeerPort& peers) {
  links_ = std::make_unique<async::TaskGroup>(executor_);
  for (const std::string& peer : parts.peers) {
    links_->Start(RunLink(parts, peers, peer, links_->cancellation()));
  }
}

void TestNode::EndLinks() {
  if (links_ == nullptr) return;
  links_->Cancel();
  async::RunToEnd(executor_, links_->Join());
  links_.reset();
}

TwoNodes::TwoNodes(int members) {
  keys = std::make_unique<ReferralKeySpace>();
  codes = std::make_unique<IsoCodes>(*IsoCodes::Load());
  kh = std::make_unique<TestNode>("kh", *this, executor, clock, *codes, *keys, NewDirectory());
  my = std::make_unique<TestNode>("my", *this, executor, clock, *codes, *keys, NewDirectory());
  kh_peers = std::make_unique<Peers>(*kh, *my, weather);
  my_peers = std::make_unique<Peers>(*my, *kh, weather);
  kh->StartLinks(*kh_peers);
  my->StartLinks(*my_peers);
  case_number = CaseNumber("KH", 26, 417).ToString();
  kh->intake.AddCase(case_number, members);
  FillDirectory();
}

TwoNodes::~TwoNodes() {
  kh->EndLinks();
  my->EndLinks();
  executor.RunUntilIdle();
}

void TwoNodes::FillDirectory() {
  auto put = [&](TestNode& node, const v1::Body& body) {
    v1::PutBodyRequest request;
    request.set_request_id(RequestId());
    *request.mutable_body() = body;
    const Caller admin = MakeCaller(node.parts.node.ToString(), "root", "", {auth::Role::kAdmin});
    auto answer = Run(node.directory.PutBody(admin, request));
    if (!answer.ok()) std::abort();
  };
  put(*kh, BodyOf("kh:mlvt", "LABOUR_MINISTRY", "KH"));
  put(*kh, BodyOf("kh:cuf", "TRADE_UNION", "KH"));
  put(*my, BodyOf("my:mtuc", "TRADE_UNION", "MY"));
  put(*my, BodyOf("my:tenaganita", "NGO", "MY"));
  for (TestNode* node : {kh.get(), my.get()}) {
    v1::PutAgreementRequest request;
    request.set_request_id(RequestId());
    request.set_agreement_id("kh-my:mlvt-mtuc");
    request.set_party_body_id(node == kh.get() ? "kh:mlvt" : "my:mtuc");
    request.set_version(1);
    request.mutable_terms()->add_party_body_ids("kh:mlvt");
    request.mutable_terms()->add_party_body_ids("my:mtuc");
    request.mutable_terms()->mutable_in_force()->set_from("2020-01-01");
    request.mutable_terms()->set_covers_non_members(true);
    for (int group = 1; group <= 9; ++group) {
      request.mutable_terms()->add_groups_allowed(static_cast<intake::v1::FieldGroup>(group));
    }
    request.mutable_terms()->set_title("An agreement");
    const Caller admin = MakeCaller(node->parts.node.ToString(), "root", "", {auth::Role::kAdmin});
    auto answer = Run(node->directory.PutAgreement(admin, request));
    if (!answer.ok()) std::abort();
  }
  Settle();
}

void TwoNodes::Settle() { executor.RunUntilIdle(); }

void TwoNodes::Advance(absl::Duration by) {
  executor.Advance(by);
  for (TestNode* node : {kh.get(), my.get()}) {
    auto acted = Run(RunDueClocks(node->parts));
    if (!acted.ok()) std::abort();
  }
  Settle();
}

std::string TwoNodes::RequestId() { return fmt::format("request-{:010}", ++requests_); }

v1::ReferComplaintRequest TwoNodes::ReferRequest() {
  v1::ReferComplaintRequest request;
  request.set_request_id(RequestId());
  request.set_case_number(case_number);
  request.set_case_etag(std::to_string(kh->intake.cases[case_number].version));
  request.set_receiver_body_id("my:mtuc");
  request.set_note("They come on Sundays.");
  return request;
}

std::string TwoNodes::Refer() {
  auto answer = Run(kh->home.ReferComplaint(ministry, ReferRequest()));
  if (!answer.ok()) {
    fmt::print("{}\n", answer.status().ToString());
    std::abort();
  }
  Settle();
  return answer->change().referral_id();
}

v1::Referral TwoNodes::At(TestNode& node, const Caller& caller, const std::string& id) {
  v1::GetReferralRequest request;
  request.set_referral_id(id);
  request.set_member_page_size(200);
  auto answer = Run(node.queries.GetReferral(caller, request));
  return answer.ok() ? answer->referral() : v1::Referral();
}

std::string TwoNodes::States(const std::string& id) {
  auto name = [](const v1::Referral& referral) {
    return std::string(ReferralStateName(static_cast<ReferralState>(referral.state())));
  };
  return name(Home(id)) + "/" + name(Destination(id));
}

Caller TwoNodes::MakeCaller(const std::string& node, const std::string& person,
                            const std::string& body, auth::RoleSet roles) {
  auth::Principal principal;
  principal.node = node;
  principal.person_id = person;
  principal.body_id = body;
  principal.roles = roles;
  return std::make_shared<const auth::Principal>(std::move(principal));
}

}  // namespace redress::referral
