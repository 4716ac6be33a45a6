#include "tests/simulation/people.h"

#include <utility>

#include "fmt/format.h"
#include "tests/simulation/case_verbs.h"
#include "tests/simulation/referral_verbs.h"

namespace redress::simulation {
namespace {

constexpr int kMostTries = 6;

// Whether nothing follows from an answer: the call may or may not have been done.
bool SaysNothing(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
         absl::IsCancelled(status);
}

// What no caller should ever be told.
bool IsFault(const absl::Status& status) {
  return absl::IsInternal(status) || absl::IsDataLoss(status) || absl::IsUnknown(status);
}

}  // namespace

People::People(uint64_t seed, const Options& options, Scheduler& scheduler, Nodes& nodes,
               Knowledge& knowledge, OnViolation on_violation)
    : dice_(seed),
      options_(options),
      nodes_(nodes),
      knowledge_(knowledge),
      on_violation_(std::move(on_violation)),
      process_(scheduler, "people"),
      group_(process_) {}

People::~People() {
  process_.Die();
  group_.Cancel();
  process_.Drain();
}

std::shared_ptr<Deed> People::NewDeed(std::string verb, Node& node, std::string about) {
  auto deed = std::make_shared<Deed>();
  deed->number = ++deeds_;
  deed->verb = std::move(verb);
  deed->node = node.name();
  deed->about = std::move(about);
  deed->person = fmt::format("p{}", deed->number);
  deed->began = process_.scheduler().now();
  return deed;
}

void People::Begin(std::shared_ptr<Deed> deed) {
  knowledge_.deeds.push_back(deed);
  group_.Start(Try(std::move(deed)));
}

void People::Again(const std::shared_ptr<Deed>& deed) { group_.Start(TryAgain(deed)); }

bool People::Take(Deed& deed, const absl::StatusOr<std::string>& answer, bool heard_nothing) {
  if (answer.ok()) {
    const bool first = deed.outcome != Outcome::kDone;
    if (!first && deed.answer != *answer) {
      on_violation_(fmt::format("{} by {} was answered \"{}\" and, when asked again, \"{}\"",
                                deed.verb, deed.person, deed.answer, *answer));
    }
    deed.outcome = Outcome::kDone;
    deed.answer = *answer;
    return true;
  }
  if (SaysNothing(answer.status())) return false;
  if (IsFault(answer.status())) {
    on_violation_(fmt::format("{} by {} on {} was answered {}", deed.verb, deed.person, deed.about,
                              answer.status().ToString()));
  }
  if (deed.outcome == Outcome::kDone) {
    on_violation_(fmt::format("{} by {} on {} was done and, when asked again, refused: {}",
                              deed.verb, deed.person, deed.about, answer.status().ToString()));
    return true;
  }
  deed.refusal = answer.status();
  deed.outcome = heard_nothing ? Outcome::kUnknown : Outcome::kRefused;
  return true;
}

async::Task<void> People::Try(std::shared_ptr<Deed> deed) {
  const async::CancellationToken cancellation = group_.cancellation();
  bool heard_nothing = false;
  for (int attempt = 1; attempt <= kMostTries; ++attempt) {
    async::Task<absl::StatusOr<std::string>> task = deed->attempt(*deed, process_);
    const absl::StatusOr<std::string> answer = co_await task;
    if (process_.dying()) co_return;
    const bool over = Take(*deed, answer, heard_nothing);
    heard_nothing = heard_nothing || !over;
    const bool repeat = deed->outcome == Outcome::kDone && !calm_ && dice_.Chance(options_.repeats);
    if (over && !repeat) break;
    const absl::Duration pause = dice_.Between(absl::Milliseconds(100), absl::Seconds(20));
    (void)co_await async::SleepUnlessCancelled(process_, pause, cancellation);
  }
  if (deed->outcome == Outcome::kOpen) deed->outcome = Outcome::kUnknown;
  deed->ended = process_.scheduler().now();
  process_.scheduler().Note(fmt::format("{} {} {} {}", deed->person, deed->verb,
                                        static_cast<int>(deed->outcome), deed->answer));
  if (deed->on_end) deed->on_end(*deed);
}

async::Task<void> People::TryAgain(std::shared_ptr<Deed> deed) {
  async::Task<absl::StatusOr<std::string>> task = deed->attempt(*deed, process_);
  const absl::StatusOr<std::string> answer = co_await task;
  if (process_.dying()) co_return;
  if (!Take(*deed, answer, false)) {
    on_violation_(fmt::format("{} by {} was not answered though all is well: {}", deed->verb,
                              deed->person, answer.status().ToString()));
  }
}

void People::Act() {
  if (busy() >= options_.clients || knowledge_.cases.empty()) return;
  const auto pick = [this](const auto& of) -> const auto& {
    auto one = of.begin();
    std::advance(one, dice_.Below(of.size()));
    return one->second;
  };
  if (!knowledge_.referrals.empty() && dice_.Chance(700)) {
    ActOnReferral(pick(knowledge_.referrals));
  } else {
    ActOnCase(pick(knowledge_.cases));
  }
}

void People::ActOnReferral(const KnownReferral& referral) { ReferralVerbs(*this, referral).Act(); }

void People::ActOnCase(const KnownCase& known) { CaseVerbs(*this, known).Act(); }

void People::FileCase(const std::string& node) { CaseVerbs::File(*this, *nodes_.at(node)); }

void People::ScreenCase(const std::string& number, bool admit) {
  CaseVerbs(*this, knowledge_.cases.at(number)).Screen(admit);
}

}  // namespace redress::simulation
