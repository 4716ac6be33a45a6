#include "tests/simulation/world.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"

namespace redress::simulation {
namespace {

constexpr const char* kNames[] = {"kh", "my", "th", "sg"};
constexpr size_t kMostViolations = 5;
// Longer than the longest pause of anything that tries again, and than a disclosure stays open.
constexpr absl::Duration kUntilQuiet = absl::Hours(2);

referral::v1::Body BodyOf(const std::string& id, const std::string& kind,
                          const std::string& country) {
  referral::v1::Body body;
  body.set_body_id(id);
  body.set_kind(kind);
  referral::v1::LocalName* name = body.add_names();
  name->set_language("en");
  name->set_name("Body " + id);
  body.set_country(country);
  body.add_languages("en");
  body.set_active(true);
  referral::v1::FocalPoint* point = body.add_focal_points();
  point->set_focal_point_id(id + "/f1");
  point->set_name("Focal point");
  point->set_from("2020-01-01");
  point->add_languages("en");
  return body;
}

std::string CountryOf(std::string node) {
  std::transform(node.begin(), node.end(), node.begin(), [](char c) { return c - 'a' + 'A'; });
  return node;
}

async::Task<void> Put(Node* node, referral::v1::Body body, OnViolation on_violation) {
  auth::Principal principal;
  principal.node = node->name();
  principal.person_id = "root";
  principal.roles = {auth::Role::kAdmin};
  const auto caller = std::make_shared<const auth::Principal>(std::move(principal));
  referral::v1::PutBodyRequest request;
  request.set_request_id("put-body-" + body.body_id().substr(3) + "-0000000");
  *request.mutable_body() = std::move(body);
  const auto answer = co_await node->referral.life->directory.PutBody(caller, std::move(request));
  if (!answer.ok()) on_violation("the directory: " + answer.status().ToString());
}

}  // namespace

World::World(const Options& options)
    : options_(options),
      dice_(Dice::Fork(options.seed, "world")),
      network_(scheduler_, Dice::Fork(options.seed, "network"), options_),
      step_checks_(scheduler_, nodes_, knowledge_,
                   [this](std::string what) { Violated(std::move(what)); }) {
  for (uint32_t i = 0; i < std::min<uint32_t>(options_.nodes, std::size(kNames)); ++i) {
    names_.emplace_back(kNames[i]);
  }
  for (const std::string& name : names_) {
    nodes_[name] =
        std::make_unique<Node>(name, Node::Surroundings{options_.seed, options_, scheduler_,
                                                        network_, leapt_, step_checks_, names_});
  }
  people_ =
      std::make_unique<People>(Dice::Fork(options_.seed, "people"), options_, scheduler_, nodes_,
                               knowledge_, [this](std::string what) { Violated(std::move(what)); });
}

void World::Violated(std::string what) {
  if (result_.violations.empty()) result_.failed_at = step_;
  if (result_.violations.size() < kMostViolations) result_.violations.push_back(std::move(what));
}

Node& World::AnyNode() { return *nodes_.at(dice_.Pick(names_)); }

void World::PutBodies() {
  for (const std::string& name : names_) {
    const std::vector<std::pair<std::string, std::string>> bodies = {
        {":mol", "LABOUR_MINISTRY"}, {":union", "TRADE_UNION"}, {":ngo", "NGO"}};
    for (const auto& [suffix, kind] : bodies) {
      if (suffix != ":mol") knowledge_.bodies.push_back(name + suffix);
      async::Spawn(nodes_[name]->referral.life->process,
                   Put(nodes_[name].get(), BodyOf(name + suffix, kind, CountryOf(name)),
                       [this](std::string what) { Violated(std::move(what)); }));
    }
  }
}

void World::Prepare() {
  for (const auto& [name, node] : nodes_) {
    node->StartIntake();
    node->StartReferral();
  }
  PutBodies();
  scheduler_.RunUntil(scheduler_.now() + absl::Minutes(2));
  for (const std::string& name : names_) {
    for (uint32_t i = 0; i < options_.cases; ++i) people_->FileCase(name);
  }
  scheduler_.RunUntil(scheduler_.now() + absl::Minutes(5));
  for (const auto& [number, known] : knowledge_.cases) people_->ScreenCase(number, true);
  scheduler_.RunUntil(scheduler_.now() + absl::Minutes(3));
  if (knowledge_.cases.empty()) Violated("no case could be filed");
}

void World::Swizzle() {
  // Cuts a number of directions, and mends them in an order of their own.
  for (const std::string& from : names_) {
    for (const std::string& to : names_) {
      if (from == to || dice_.Chance(500)) continue;
      network_.Cut(from, to);
      scheduler_.After(dice_.Between(absl::Seconds(1), absl::Minutes(10)),
                       [this, from = from, to = to] { network_.Mend(from, to); });
    }
  }
}

void World::Fault() {
  if (dice_.Chance(options_.crashes)) {
    ++result_.crashes;
    Node& node = AnyNode();
    const bool all = dice_.Chance(300);
    const bool intake = all || dice_.Chance(400);
    if (intake) node.CrashIntake();
    if (all || !intake) node.CrashReferral();
    scheduler_.After(dice_.Between(absl::Milliseconds(500), absl::Minutes(2)), [&node] {
      node.StartIntake();
      node.StartReferral();
    });
  }
  if (names_.size() > 1 && dice_.Chance(options_.partitions)) {
    const std::string from = dice_.Pick(names_);
    const std::string to = dice_.Pick(names_);
    if (from != to) network_.IsCut(from, to) ? network_.Mend(from, to) : network_.Cut(from, to);
  }
  if (dice_.Chance(options_.swizzles)) Swizzle();
  if (dice_.Chance(options_.leaps)) {
    leapt_ += dice_.Chance(700) ? dice_.Between(absl::Hours(1), absl::Hours(26))
                                : dice_.Between(absl::Hours(24), absl::Hours(24 * 9));
  }
}

void World::Step() {
  Fault();
  people_->Act();
  if (dice_.Chance(30)) people_->FileCase(AnyNode().name());
  absl::Duration pause = dice_.Between(absl::ZeroDuration(), absl::Seconds(3));
  if (dice_.Chance(50)) pause = dice_.Between(absl::Seconds(10), absl::Minutes(3));
  scheduler_.RunUntil(scheduler_.now() + pause);
  step_checks_.Check();
}

bool World::RunUntilQuiet(absl::Duration limit) {
  const absl::Time end = scheduler_.now() + limit;
  while (scheduler_.now() < end) {
    scheduler_.RunUntil(scheduler_.now() + absl::Seconds(20));
    step_checks_.Check();
    if (people_->busy() > 0) continue;
    const bool quiet = std::all_of(nodes_.begin(), nodes_.end(), [](const auto& node) {
      return RestChecks::Unfinished(*node.second).empty();
    });
    if (quiet) return true;
  }
  return false;
}

void World::Heal() {
  network_.Calm();
  network_.MendAll();
  people_->Calm();
  for (const auto& [name, node] : nodes_) {
    node->Calm();
    node->StartIntake();
    node->StartReferral();
  }
  // Swizzled directions are mended by then, and disclosures that nobody came back for are due.
  scheduler_.RunUntil(scheduler_.now() + absl::Minutes(11));
  network_.MendAll();
  leapt_ += absl::Minutes(20);
}

void World::Rest() {
  Heal();
  bool quiet = RunUntilQuiet(kUntilQuiet);
  if (quiet && result_.ok()) {
    // What was acknowledged is asked for once more: the answer is known and nothing happens.
    for (const std::shared_ptr<Deed>& deed : knowledge_.deeds) {
      if (deed->outcome == Outcome::kDone) people_->Again(deed);
    }
    quiet = RunUntilQuiet(kUntilQuiet);
  }
  if (!quiet) {
    std::string what = people_->busy() > 0 ? "people" : "";
    for (const auto& [name, node] : nodes_) {
      const std::string unfinished = RestChecks::Unfinished(*node);
      if (!unfinished.empty()) what += fmt::format(" {} at {}", unfinished, name);
    }
    return Violated("does not come to rest: " + what);
  }
  const OnViolation violated = [this](std::string what) { Violated(std::move(what)); };
  RestChecks(nodes_, knowledge_, violated).Check();
  CheckStores(nodes_, violated);
}

Result World::Run() {
  const absl::Time began = scheduler_.now();
  Prepare();
  for (step_ = 1; step_ <= options_.steps && result_.ok(); ++step_) Step();
  if (result_.ok()) Rest();
  for (const std::shared_ptr<Deed>& deed : knowledge_.deeds) {
    result_.done += deed->outcome == Outcome::kDone ? 1 : 0;
    result_.refused += deed->outcome == Outcome::kRefused ? 1 : 0;
    result_.unknown += deed->outcome == Outcome::kUnknown ? 1 : 0;
    if (deed->outcome != Outcome::kDone) continue;
    result_.verbs.insert(deed->variant.empty() ? deed->verb : deed->verb + " " + deed->variant);
  }
  result_.facts = step_checks_.facts();
  result_.referrals = knowledge_.referrals.size();
  result_.trace = scheduler_.trace();
  result_.took = scheduler_.now() - began;
  return result_;
}

}  // namespace redress::simulation
