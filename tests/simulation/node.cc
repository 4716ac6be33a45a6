#include "tests/simulation/node.h"

#include <utility>
#include <variant>

#include "services/intake/domain/testing/sample_filing.h"
#include "services/intake/storage/keys.h"
#include "services/platform/kv/key_codec.h"

namespace redress::simulation {

Inspector::Inspector(const std::string& node, const Clock& clock, const crypto::SecretKey& key,
                     Disk& intake_disk, Disk& referral_disk)
    : page_tokens_(key, random_),
      followers_(executor_),
      repository_(referral_disk.rows, keys_, key.Clone(), "kek", random_),
      referral_refusals_(referral_disk.rows, clock),
      parts_{.node = NodeId::FromTrusted(node),
             .peers = {},
             .store = referral_disk.rows,
             .repository = repository_,
             .refusals = referral_refusals_,
             .executor = executor_,
             .files_pool = NoFiles(),
             .clock = clock,
             .random = random_,
             .codes = intake::SampleCodes(),
             .page_tokens = page_tokens_,
             .followers = followers_,
             .outbox_changed = outbox_changed_,
             .work_changed = work_changed_,
             .intake = no_intake_,
             .clocks = {},
             .files_directory = "/nonexistent",
             .files_floor = {"/nonexistent", 0}},
      cases_(intake_disk.rows, key, random_),
      intake_refusals_(intake_disk.rows, clock),
      intake_(intake::AppContext{
          NodeId::FromTrusted(node), clock, random_, executor_, NoFiles(), intake_disk.rows, cases_,
          intake_refusals_, followers_, intake::SampleCodes(), key, page_tokens_, "/nonexistent",
          files::FreeSpaceFloor("/nonexistent", 0), intake::LifeCycleRules()}) {}

namespace {

// Takes the rows by which a message is known again out of what is written.
void ForgetInbox(kv::Change& change) {
  static const referral::ReferralKeySpace keys;
  std::erase_if(change.mutations, [](const kv::Mutation& mutation) {
    const auto key = keys.Decode(mutation.key);
    return key.ok() && std::holds_alternative<referral::InboxKey>(*key);
  });
}

// The same with what is posted to ledgers.
void ForgetMoney(kv::Change& change) {
  std::erase_if(change.mutations, [](const kv::Mutation& mutation) {
    return kv::KeyReader(mutation.key).ExpectTable(intake::keys::kMoneyTable).ok();
  });
}

absl::Duration SkewOf(const std::string& name, const Node::Surroundings& around) {
  Dice dice(Dice::Fork(around.seed, "skew/" + name));
  return dice.Between(-around.options.skew, around.options.skew);
}

}  // namespace

Node::Node(std::string name, const Surroundings& around)
    : clock(around.scheduler, around.leapt),
      weather{Dice(Dice::Fork(around.seed, "calls/" + name)), absl::Milliseconds(20),
              around.options.lost_answers},
      name_(std::move(name)),
      around_(around),
      random_(Dice::Fork(around.seed, "key/" + name_)),
      key_(crypto::SecretKey::Generate(random_)),
      inspector(name_, clock, key_, intake_disk, referral_disk) {
  clock.skew = SkewOf(name_, around);
  if (around.options.forgetful_inbox) referral_disk.forget = ForgetInbox;
  if (around.options.forgetful_ledger) intake_disk.forget = ForgetMoney;
  around_.network.AddNode(name_, referral);
}

Node::~Node() {
  referral.life.reset();
  intake.life.reset();
}

LifeParts Node::Life(std::string_view service, Disk& disk) {
  const std::string what = name_ + "/" + std::string(service);
  const bool is_referral = service == "referral";
  CommitWatcher watcher = [this, what, is_referral](const kv::Change& change,
                                                    const kv::CommitResult& result) {
    around_.scheduler.Note(what + std::to_string(result.version));
    if (is_referral) {
      around_.watcher.OnReferralCommit(name_, change);
    } else {
      around_.watcher.OnIntakeCommit(name_, change);
    }
  };
  return {.node = name_,
          .scheduler = around_.scheduler,
          .clock = clock,
          .key = key_,
          .disk = disk,
          .options = around_.options,
          .seed = Dice::Fork(around_.seed, what, ++lives_),
          .watcher = std::move(watcher)};
}

void Node::StartIntake() {
  if (!intake_up()) intake.life = std::make_unique<IntakeLife>(Life("intake", intake_disk));
}

void Node::StartReferral() {
  if (referral_up()) return;
  referral.life = std::make_unique<ReferralLife>(Life("referral", referral_disk), around_.links,
                                                 intake, weather, around_.network);
  referral.life->Start();
}

void Node::CrashIntake() {
  // Nobody is let in while it dies.
  const std::unique_ptr<IntakeLife> dying = std::move(intake.life);
}

void Node::CrashReferral() {
  if (!referral_up()) return;
  const std::unique_ptr<ReferralLife> dying = std::move(referral.life);
  around_.network.Gone(name_);
}

void Node::Calm() {
  weather.lost_answers = 0;
  clock.skew = absl::ZeroDuration();
}

}  // namespace redress::simulation
