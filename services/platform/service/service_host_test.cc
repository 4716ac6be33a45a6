#include "services/platform/service/service_host.h"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "fmt/format.h"
#include "gmock/gmock.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "services/platform/async/signal.h"
#include "services/platform/async/thread_executor.h"
#include "services/platform/auth/token.h"
#include "services/platform/kv/testing/failing_tables.h"

namespace redress::service {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ServiceHostTest : public ::testing::Test {
 protected:
  ServiceHostTest() {
    std::filesystem::create_directories(directory_);
    EXPECT_TRUE(crypto::EnsureNodeKeys(directory_ + "/keys", random_).ok());
    std::ofstream(directory_ + "/issuers.json") << auth::IssuerRegistry().ToJson();
    ::chmod((directory_ + "/issuers.json").c_str(), 0600);
    options_.node = NodeId::FromTrusted("kh");
    options_.data_dir = directory_ + "/data";
    options_.listen = {"127.0.0.1:0"};
    options_.address_file = directory_ + "/address.json";
    options_.node_keys = directory_ + "/keys";
    options_.issuers = directory_ + "/issuers.json";
    options_.metrics_listen = "127.0.0.1:0";
  }
  ~ServiceHostTest() override { std::filesystem::remove_all(directory_); }

  const std::string directory_ =
      fmt::format("{}service-host-{}-{}", ::testing::TempDir(), getpid(),
                  ::testing::UnitTest::GetInstance()->current_test_info()->name());
  crypto::SystemRandom random_;
  CommonOptions options_;
};

TEST_F(ServiceHostTest, ServesTellsItsAddressesAndStops) {
  auto host = ServiceHost::Make(options_, "test");
  ASSERT_TRUE(host.ok()) << host.status();
  auto store = (*host)->OpenStore({.version = 1});
  ASSERT_TRUE(store.ok()) << store.status();
  (*host)->MakeServer({{.address = "127.0.0.1:0"}});
  ASSERT_TRUE((*host)->Serve({"exchange"}).ok());

  std::ifstream file(options_.address_file);
  const nlohmann::json addresses = nlohmann::json::parse(file, nullptr, false);
  ASSERT_FALSE(addresses.is_discarded());
  EXPECT_EQ(addresses["service"], "test");
  EXPECT_EQ(addresses["addresses"]["grpc"].size(), 1u);
  EXPECT_EQ(addresses["addresses"]["exchange"].size(), 1u);
  EXPECT_EQ(addresses["addresses"]["metrics"].size(), 1u);
  (*host)->Stop();
  (*host)->Stop();
}

async::Task<void> CommitOne(kv::Store* store, absl::Notification* done) {
  kv::Change change;
  change.mutations.push_back(kv::Mutation::Put("key", "value"));
  EXPECT_EQ((co_await store->Commit(std::move(change))).outcome, kv::CommitOutcome::kCommitted);
  done->Notify();
}

TEST_F(ServiceHostTest, ACommitMovesTheFiguresOfBatches) {
  auto host = ServiceHost::Make(options_, "test");
  ASSERT_TRUE(host.ok()) << host.status();
  auto store = (*host)->OpenStore({.version = 1});
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_THAT((*host)->metrics().Text(), HasSubstr("redress_commit_seconds_count{node=\"kh\","
                                                   "service=\"test\"} 0"));
  absl::Notification done;
  (*host)->background().Start(CommitOne(store->get(), &done));
  done.WaitForNotification();
  const std::string text = (*host)->metrics().Text();
  EXPECT_THAT(text, HasSubstr("redress_commit_seconds_count{node=\"kh\",service=\"test\"} 1"));
  EXPECT_THAT(text, HasSubstr("redress_commit_batch_size_sum{node=\"kh\",service=\"test\"} 1"));
  (*host)->Stop();
}

// Commits until the store has begun to write a table.
async::Task<void> FillLog(kv::Store* store, const std::string* path, absl::Notification* done) {
  while (kv::CountLogs(*path) == 1) {
    kv::Change change = kv::LargeChange();
    const kv::CommitResult result = co_await store->Commit(std::move(change));
    EXPECT_EQ(result.outcome, kv::CommitOutcome::kCommitted);
  }
  done->Notify();
}

async::Task<void> ReadOne(kv::Store* store, absl::Notification* done) {
  std::string key = "a";
  const auto entry = co_await store->Get(std::move(key));
  EXPECT_TRUE(entry.ok() && entry->has_value());
  done->Notify();
}

TEST_F(ServiceHostTest, AStoreThatFailedTakesTheProcessOutOfServiceAndIsStillRead) {
  auto host = ServiceHost::Make(options_, "test");
  ASSERT_TRUE(host.ok()) << host.status();
  auto store = (*host)->OpenStore({.version = 1});
  ASSERT_TRUE(store.ok()) << store.status();
  rpc::Server& server = (*host)->MakeServer({});
  ASSERT_TRUE((*host)->Serve().ok());
  const auto stub = grpc::health::v1::Health::NewStub(
      grpc::CreateChannel(server.addresses().front(), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  grpc::health::v1::HealthCheckRequest one;
  one.set_service("redress.node.v1.NodeService");
  const auto health = stub->Watch(&context, one);
  grpc::health::v1::HealthCheckResponse response;
  ASSERT_TRUE(health->Read(&response));
  EXPECT_EQ(response.status(), grpc::health::v1::HealthCheckResponse::SERVING);

  const std::string path = options_.store_directory();
  kv::FailTables(path);
  absl::Notification filled;
  (*host)->background().Start(FillLog(store->get(), &path, &filled));
  filled.WaitForNotification();

  ASSERT_TRUE(health->Read(&response));
  EXPECT_EQ(response.status(), grpc::health::v1::HealthCheckResponse::NOT_SERVING);
  // Whatever is ready later, as a read model that was still being built.
  server.SetServing("", true);
  grpc::ClientContext asking;
  ASSERT_TRUE(stub->Check(&asking, {}, &response).ok());
  EXPECT_EQ(response.status(), grpc::health::v1::HealthCheckResponse::NOT_SERVING);
  EXPECT_THAT((*host)->metrics().Text(), HasSubstr("figure=\"background_error\"} 1"));
  absl::Notification read;
  (*host)->background().Start(ReadOne(store->get(), &read));
  read.WaitForNotification();
  context.TryCancel();
  health->Finish();
  (*host)->Stop();
}

grpc::Status CallNodeService(const rpc::Server& server, std::string_view method,
                             const std::string& request, const std::string& token) {
  grpc::GenericStub stub(
      grpc::CreateChannel(server.addresses().front(), grpc::InsecureChannelCredentials()));
  const grpc::Slice slice(request);
  const grpc::ByteBuffer bytes(&slice, 1);
  grpc::ByteBuffer response;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  if (!token.empty()) context.AddMetadata("authorization", "Bearer " + token);
  grpc::Status status;
  absl::Notification done;
  stub.UnaryCall(&context, fmt::format("/redress.node.v1.NodeService/{}", method), {}, &bytes,
                 &response, [&](grpc::Status answered) {
                   status = std::move(answered);
                   done.Notify();
                 });
  done.WaitForNotification();
  return status;
}

// Whoever has shown no token is refused before anybody looks at what was sent.
TEST_F(ServiceHostTest, AnAdministratorsRequestIsReadOnlyOnceItsCallerIsKnownAndWhenItIsSmall) {
  const crypto::SigningKey key(crypto::SecretKey::Generate(random_));
  auth::IssuerRegistry issuers;
  auth::Issuer admins{.public_key = key.public_key(), .label = "admins"};
  admins.roles.Insert(auth::Role::kAdmin);
  issuers.Put(admins);
  std::ofstream(options_.issuers) << issuers.ToJson();
  auth::TokenClaims claims{.issuer_node = "kh", .audience_node = "kh", .person_id = "admin"};
  claims.roles.Insert(auth::Role::kAdmin);
  claims.issued_at = absl::FromUnixSeconds(absl::ToUnixSeconds(SystemClock().Now()));
  claims.expires = claims.issued_at + absl::Minutes(9);
  const std::string token = auth::MintToken(key, claims);
  auto host = ServiceHost::Make(options_, "test");
  ASSERT_TRUE(host.ok()) << host.status();
  rpc::Server& server = (*host)->MakeServer({});
  ASSERT_TRUE((*host)->Serve().ok());
  const std::string no_message = "\xff\xff\xff";
  // A field that no request has, and so is kept as it is.
  const std::string small = std::string("\x7a\x05", 2) + std::string(5, 'a');
  const std::string large = std::string("\x7a\x80\x80\x04", 4) + std::string(64 << 10, 'a');
  for (const char* method :
       {"GetStore", "RecordRestorePoint", "RemoveOldRestorePoints", "RemoveOldCopies"}) {
    for (const std::string& request : {no_message, large}) {
      EXPECT_EQ(CallNodeService(server, method, request, "").error_code(),
                grpc::StatusCode::UNAUTHENTICATED)
          << method;
      EXPECT_EQ(CallNodeService(server, method, request, token).error_code(),
                grpc::StatusCode::INVALID_ARGUMENT)
          << method;
    }
  }
  EXPECT_TRUE(CallNodeService(server, "GetStore", small, token).ok());
  (*host)->Stop();
}

TEST(CallMetricsTest, ACallIsInFlightFromItsStartToItsEnd) {
  telemetry::Metrics metrics("kh", "test");
  const SystemClock clock;
  telemetry::Logger log({.node = "kh", .service = "test"}, clock);
  CallMetrics calls(metrics, log);
  const std::string in_flight = "redress_rpc_in_flight{node=\"kh\",service=\"test\"} ";
  calls.OnCallStarted();
  calls.OnCallStarted();
  EXPECT_THAT(metrics.Text(), HasSubstr(in_flight + "2"));
  calls.OnCallFinished("/redress.Test/Do", absl::StatusCode::kOk, absl::Milliseconds(1));
  EXPECT_THAT(metrics.Text(), HasSubstr(in_flight + "1"));
  EXPECT_THAT(metrics.Text(), HasSubstr("code=\"OK\",method=\"redress.Test/Do\"} 1"));
}

async::Task<void> WaitForTheEnd(async::Executor* executor, async::CancellationToken cancellation,
                                bool* ended) {
  co_await async::SleepUnlessCancelled(*executor, absl::Hours(1), std::move(cancellation));
  *ended = true;
}

TEST_F(ServiceHostTest, BackgroundWorkEndsBeforeStopReturns) {
  auto host = ServiceHost::Make(options_, "test");
  ASSERT_TRUE(host.ok()) << host.status();
  bool ended = false;
  BackgroundTasks& background = (*host)->background();
  background.Start(WaitForTheEnd(&(*host)->loop(), background.cancellation(), &ended));
  (*host)->Stop();
  EXPECT_TRUE(ended);
}

// What a service's wiring has beside its host, in the same order.
struct Rooms {
  Rooms(std::unique_ptr<ServiceHost> made, std::atomic<bool>* is_there)
      : host(std::move(made)), pool(2, 8), app(is_there) {
    *app = true;
  }
  ~Rooms() {
    host->End({&pool});
    *app = false;
  }

  const std::unique_ptr<ServiceHost> host;
  async::BlockingPool pool;
  std::atomic<bool>* const app;
};

// As a handler that was let go: nobody waits for it. Says whether it went on, and upon what.
async::Task<void> WriteAFile(async::BlockingPool* pool, async::Executor* loop,
                             absl::Notification* begun, absl::Notification* written,
                             const std::atomic<bool>* app, std::vector<bool>* found) {
  auto write = [begun, written]() -> absl::Status {
    begun->Notify();
    written->WaitForNotification();
    return absl::OkStatus();
  };
  (void)co_await pool->Run(*loop, std::move(write));
  found->push_back(*app);
}

// Has the disk answer as late as it can: when the pool takes nothing any more.
async::Task<void> AnswerLate(async::BlockingPool* pool, async::Executor* executor,
                             absl::Notification* written) {
  absl::Status taken;
  while (taken.ok()) {
    auto nothing = [] { return absl::OkStatus(); };
    taken = co_await pool->Run(*executor, nothing);
  }
  written->Notify();
}

TEST_F(ServiceHostTest, WhatWaitsForTheDiskWhenItStopsGoesOnBeforeTheRoomsAreGone) {
  for (const bool own_pool : {true, false}) {
    std::atomic<bool> app = false;
    absl::Notification begun, written;
    std::vector<bool> found;
    async::ThreadExecutor beside;
    {
      auto host = ServiceHost::Make(options_, "test");
      ASSERT_TRUE(host.ok()) << host.status();
      Rooms rooms(*std::move(host), &app);
      async::BlockingPool* pool = own_pool ? &rooms.pool : &rooms.host->blocking();
      async::Spawn(rooms.host->loop(),
                   WriteAFile(pool, &rooms.host->loop(), &begun, &written, &app, &found));
      begun.WaitForNotification();
      async::Spawn(beside, AnswerLate(pool, &beside, &written));
    }
    EXPECT_THAT(found, ElementsAre(true)) << own_pool;
    beside.Stop();
  }
}

using ServiceHostDeathTest = ServiceHostTest;

TEST_F(ServiceHostDeathTest, BackgroundWorkThatDoesNotEndIsLeftBehindWhenPatienceIsOver) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  options_.stop_grace = absl::ZeroDuration();
  options_.stop_patience = absl::Milliseconds(1);
  const auto get_stuck = [this] {
    auto host = ServiceHost::Make(options_, "test");
    bool ended = false;
    (*host)->background().Start(
        WaitForTheEnd(&(*host)->loop(), async::CancellationToken(), &ended));
    (*host)->Stop();
  };
  EXPECT_EXIT(get_stuck(), ::testing::ExitedWithCode(kStopStuckExitCode), "has not stopped within");
}

TEST_F(ServiceHostTest, TheDataDirectoryIsForItsOwnerOnly) {
  ASSERT_TRUE(ServiceHost::Make(options_, "test").ok());
  struct stat found;
  ASSERT_EQ(::stat(options_.data_dir.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0700u);
}

TEST_F(ServiceHostTest, WithoutKeysItDoesNotStart) {
  options_.node_keys = directory_ + "/nowhere";
  EXPECT_EQ(ServiceHost::Make(options_, "test").status().code(), absl::StatusCode::kNotFound);
}

TEST_F(ServiceHostTest, AStoreThatWasBegunAndIsGoneIsNotBegunAgainUnlessItCanBeReadAgain) {
  {
    auto host = ServiceHost::Make(options_, "test");
    ASSERT_TRUE(host.ok() && (*host)->OpenStore({}).ok());
  }
  const std::string elsewhere = directory_ + "/elsewhere";
  std::filesystem::rename(options_.data_dir, elsewhere);
  const absl::Status refused = ServiceHost::Make(options_, "test").status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("docs/runbook.md"));
  EXPECT_FALSE(std::filesystem::exists(options_.data_dir));
  std::filesystem::rename(elsewhere, options_.data_dir);
  auto host = ServiceHost::Make(options_, "test");
  ASSERT_TRUE(host.ok() && (*host)->OpenStore({}).ok());

  options_.data_dir = directory_ + "/copies";
  for (int i = 0; i < 2; ++i) {
    auto copies = ServiceHost::Make(options_, "copies", StoreHolds::kWhatCanBeReadAgain);
    ASSERT_TRUE(copies.ok()) << copies.status();
    ASSERT_TRUE((*copies)->OpenStore({}).ok());
    copies->reset();
    std::filesystem::remove_all(options_.data_dir);
  }
}

TEST_F(ServiceHostTest, AStoreThatIsThereIsServedThoughItsBeginningCannotBeNoted) {
  const std::string note = options_.node_keys + "/test.begun";
  {
    auto host = ServiceHost::Make(options_, "test");
    ASSERT_TRUE(host.ok() && (*host)->OpenStore({}).ok());
  }
  ASSERT_TRUE(std::filesystem::remove(note));
  std::filesystem::create_directory(note + ".new");
  auto host = ServiceHost::Make(options_, "test");
  ASSERT_TRUE(host.ok() && (*host)->OpenStore({}).ok());
  EXPECT_FALSE(std::filesystem::exists(note));
}

TEST_F(ServiceHostTest, AStoreThatIsInUseIsRefused) {
  auto first = ServiceHost::Make(options_, "test");
  auto second = ServiceHost::Make(options_, "test");
  ASSERT_TRUE(first.ok() && second.ok());
  auto store = (*first)->OpenStore({});
  ASSERT_TRUE(store.ok());
  EXPECT_EQ((*second)->OpenStore({}).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(ServiceHostTest, WhatABrokenBackupLeftIsRemovedButNotFromBeneathAnotherProcess) {
  auto first = ServiceHost::Make(options_, "test");
  auto second = ServiceHost::Make(options_, "test");
  ASSERT_TRUE(first.ok() && second.ok());
  const std::string point = options_.data_dir + "/backup-point";
  std::filesystem::create_directory(point);
  auto store = (*first)->OpenStore({});
  ASSERT_TRUE(store.ok());
  EXPECT_FALSE(std::filesystem::exists(point));
  std::filesystem::create_directory(point);
  EXPECT_FALSE((*second)->OpenStore({}).ok());
  EXPECT_TRUE(std::filesystem::exists(point));
}

}  // namespace
}  // namespace redress::service
