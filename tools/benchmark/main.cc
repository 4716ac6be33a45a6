// redress-benchmark: the load generator and the yardsticks of tools/bench, which drives it.

#include <algorithm>
#include <cstdio>
#include <functional>
#include <iostream>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "services/platform/status/status_macros.h"
#include "tools/benchmark/bare_server.h"
#include "tools/benchmark/callers.h"
#include "tools/benchmark/closed_loop.h"
#include "tools/benchmark/filings.h"
#include "tools/benchmark/import_stream.h"
#include "tools/benchmark/raw_store.h"
#include "tools/benchmark/referral_trip.h"
#include "tools/benchmark/sides.h"

namespace redress::benchmark {
namespace {

// What the command line says; each command looks at what it declared.
struct Options {
  LoadSettings load;
  SideSettings side;
  RawStoreSettings raw;
  ImportSettings import;
  ReferralTripSettings trips;
  FilingsSettings filings;
  std::string profiles;
  std::string profile = "kh-desk";
  std::string output;
  size_t fresh_tokens = 0;
  double keep_token = 1;
  size_t row_bytes = 1024;
  double pause_ms = 0;
  double warmup = 1;
  double seconds = 3;
};

int Report(const absl::StatusOr<Tally>& tally) {
  if (!tally.ok()) {
    std::cerr << "redress-benchmark: " << tally.status().ToString() << '\n';
    return 1;
  }
  std::cout << tally->ToJson().dump() << '\n';
  return 0;
}

absl::StatusOr<Tally> Load(Options& options) {
  options.load.warmup = absl::Seconds(options.warmup);
  options.load.duration = absl::Seconds(options.seconds);
  options.load.pause = absl::Milliseconds(options.pause_ms);
  ASSIGN_OR_RETURN(const std::unique_ptr<Side> side, MakeSide(options.side));
  ASSIGN_OR_RETURN(Callers callers,
                   Callers::Load(options.profiles, options.profile, options.load.outstanding,
                                 options.fresh_tokens, absl::Seconds(options.keep_token)));
  return RunClosedLoop(options.load, callers, *side);
}

// Files what lies in --filings, over and over, or without it what the sample has from --first on.
absl::StatusOr<Tally> Import(Options& options) {
  ASSIGN_OR_RETURN(Callers callers, Callers::Load(options.profiles, options.profile, 1, 0,
                                                  absl::Seconds(options.keep_token)));
  if (options.side.filings.empty()) {
    ASSIGN_OR_RETURN(const FilingSource source, FilingSource::Make(options.filings));
    uint64_t index = options.filings.first;
    return ImportAll(options.import, callers,
                     [&] { return source.Filing(index++, options.filings.bytes); });
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> filings, ReadFilings(options.side.filings));
  size_t next = options.side.first_filing;
  return ImportAll(options.import, callers, [&] { return filings[next++ % filings.size()]; });
}

int WriteFilingsFile(const Options& options) {
  const absl::Status written = WriteFilings(options.filings, options.output);
  if (!written.ok()) std::cerr << "redress-benchmark: " << written.ToString() << '\n';
  return written.ok() ? 0 : 1;
}

void DeclareTimes(CLI::App& command, Options& options) {
  command.add_option("--warmup", options.warmup, "Seconds that are not counted")
      ->capture_default_str();
  command.add_option("--seconds", options.seconds, "Seconds that are counted")
      ->capture_default_str();
}

void DeclareLoad(CLI::App& command, Options& options) {
  DeclareTimes(command, options);
  command.add_option("--side", options.side.name, "What is called")
      ->required()
      ->check(CLI::IsMember(SideNames()));
  command.add_option("--target", options.load.target, "host:port")->required();
  command.add_option("--server-pid", options.load.server, "Whose processor time is counted");
  command.add_option("--outstanding", options.load.outstanding, "Calls at any time")
      ->capture_default_str();
  command.add_option("--channels", options.load.channels, "Kept connections")
      ->capture_default_str();
  command.add_option("--calls", options.load.calls, "So many calls and no more; 0: no limit");
  command.add_option("--profiles", options.profiles, "Directory of profiles")->required();
  command.add_option("--profile", options.profile, "Whose role and key the callers have")
      ->capture_default_str();
  command.add_option("--fresh-tokens", options.fresh_tokens,
                     "Sign so many tokens ahead and let each call have one of its own");
  command
      .add_option("--keep-token", options.keep_token,
                  "For how many seconds a caller uses one token")
      ->capture_default_str();
  command.add_option("--pause-ms", options.pause_ms, "How long a caller waits between two calls");
  command.add_option("--filings", options.side.filings, "file: what to file");
  command.add_option("--first-filing", options.side.first_filing, "file: which of them first");
  command.add_option("--cases", options.side.cases, "status, track: cases; file: see --keep-cases");
  command.add_flag("--keep-cases", options.side.keep_cases, "file: add what was filed to --cases");
  command.add_option("--request-bytes", options.side.request_bytes,
                     "echo, store: size of a request");
  command.add_option("--answer-bytes", options.side.answer_bytes, "echo: size of an answer");
  command
      .add_option("--page-size", options.side.page_size,
                  "list, read: rows; read: 0 is one by its key")
      ->capture_default_str();
}

void DeclareMoreRows(CLI::App& command, Options& options) {
  command.add_option("--more-rows", options.raw.more.count, "Rows beside those of a record");
  command.add_option("--more-bytes", options.raw.more.bytes, "Bytes of each of them");
}

void DeclareRaw(CLI::App& command, Options& options) {
  DeclareTimes(command, options);
  command.add_option("--directory", options.raw.directory, "Where to write")->required();
  command.add_option("--batch", options.raw.batch, "Records a batch")->capture_default_str();
  command.add_option("--record-bytes", options.raw.record_bytes, "Size of a record")
      ->capture_default_str();
  DeclareMoreRows(command, options);
}

void DeclareImport(CLI::App& command, Options& options) {
  command.add_option("--target", options.import.target, "host:port of an intake")->required();
  command.add_option("--server-pid", options.import.server, "Whose processor time is counted");
  command.add_option("--profiles", options.profiles, "Directory of profiles")->required();
  command.add_option("--profile", options.profile, "Whose role and key to use")
      ->capture_default_str();
  command.add_option("--count", options.import.count, "How many records")->required();
  command.add_option("--window", options.import.window, "Records on their way at most")
      ->capture_default_str();
  command.add_option("--filings", options.side.filings, "What to import; else the sample");
  command.add_option("--first-filing", options.side.first_filing, "Which of them first");
  command.add_option("--first", options.filings.first, "Without --filings: index in the sample");
  command.add_option("--cases", options.import.cases, "Add case numbers to this file");
  command.add_option("--note-each", options.import.note_each, "Add every such")
      ->capture_default_str();
}

void DeclareTrips(CLI::App& command, Options& options) {
  command.add_option("--profiles", options.trips.profiles, "Directory of profiles")->required();
  command.add_option("--cases", options.trips.cases, "Open cases to refer")->required();
}

void DeclareFilings(CLI::App& command, Options& options) {
  command.add_option("--output", options.output, "File to write")->required();
  command.add_option("--node", options.filings.node, "Country")->capture_default_str();
  command.add_option("--seed", options.filings.seed, "Which sample")->capture_default_str();
  command.add_option("--first", options.filings.first, "Index of the first one looked at");
  command.add_option("--count", options.filings.count, "How many")->capture_default_str();
  command.add_option("--bytes", options.filings.bytes, "Make them so large; 0: as they are");
}

int Run(int argc, char** argv) {
  Options options;
  CLI::App app("The load generator and the yardsticks of tools/bench.");
  app.require_subcommand(1);
  int status = 0;
  const auto command = [&](const char* name, const char* what, void (*declare)(CLI::App&, Options&),
                           std::function<int()> run) {
    CLI::App* added = app.add_subcommand(name, what);
    if (declare != nullptr) declare(*added, options);
    added->callback([&status, run] { status = run(); });
    return added;
  };
  const auto timed = [&](absl::StatusOr<Tally> (*measure)(const RawStoreSettings&)) {
    options.raw.warmup = absl::Seconds(options.warmup);
    options.raw.duration = absl::Seconds(options.seconds);
    return Report(measure(options.raw));
  };
  command("load", "Keeps calls going and prints what came of them", DeclareLoad,
          [&] { return Report(Load(options)); });
  command("echo", "Serves a bare gRPC echo", nullptr, ServeEcho);
  command(
      "batching", "Serves the minimal batching handler",
      [](CLI::App& added, Options& all) {
        added.add_option("--directory", all.raw.directory, "Its store")->required();
        DeclareMoreRows(added, all);
      },
      [&] { return ServeBatching(options.raw.directory, options.raw.more); });
  command(
      "reading", "Serves the minimal reading handler",
      [](CLI::App& added, Options& all) {
        added.add_option("--directory", all.raw.directory, "Its store")->required();
        added.add_option("--row-bytes", all.row_bytes, "Size of each of its rows");
      },
      [&] { return ServeReading(options.raw.directory, options.row_bytes); });
  command("rocksdb", "Writes and syncs batches of records", DeclareRaw,
          [&] { return timed(WriteRawBatches); });
  command("fsync", "Appends 4 KiB and syncs it", DeclareRaw, [&] { return timed(SyncRawFile); });
  command("import", "Files complaints over one stream", DeclareImport,
          [&] { return Report(Import(options)); });
  command("referral", "Refers cases and waits until they are seen abroad", DeclareTrips,
          [&] { return Report(MeasureReferralTrips(options.trips)); });
  command("filings", "Writes complaints, ready to be filed", DeclareFilings,
          [&] { return WriteFilingsFile(options); });
  CLI11_PARSE(app, argc, argv);
  return status;
}

}  // namespace
}  // namespace redress::benchmark

int main(int argc, char** argv) {
  // Debian's Abseil checks the order of locks by default; the services turn that off too.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  return redress::benchmark::Run(argc, argv);
}
