#include "tools/benchmark/tally.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include "fmt/format.h"

namespace redress::benchmark {

float Percentile(std::vector<float>& values, double share) {
  if (values.empty()) return 0;
  const auto place = static_cast<size_t>(std::ceil(share * static_cast<double>(values.size())));
  const size_t index = std::clamp<size_t>(place, 1, values.size()) - 1;
  std::nth_element(values.begin(), values.begin() + static_cast<ptrdiff_t>(index), values.end());
  return values[index];
}

std::optional<absl::Duration> CpuTimeOf(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  // The name in brackets may hold anything; after it the 12th and 13th words are utime and stime.
  const size_t end = text.rfind(')');
  if (end == std::string::npos) return std::nullopt;
  std::istringstream words(text.substr(end + 1));
  std::string word;
  for (int i = 0; i < 11; ++i) words >> word;
  uint64_t user = 0, system = 0;
  if (!(words >> user >> system)) return std::nullopt;
  return absl::Seconds(static_cast<double>(user + system) /
                       static_cast<double>(sysconf(_SC_CLK_TCK)));
}

absl::Duration OwnCpuTime() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return absl::DurationFromTimeval(usage.ru_utime) + absl::DurationFromTimeval(usage.ru_stime);
}

nlohmann::ordered_json Tally::ToJson() const {
  std::vector<float> sorted = latencies_us, refused_us = turned_away_us;
  const double seconds = absl::ToDoubleSeconds(elapsed);
  const auto each = [](double sum, uint64_t count) {
    return count == 0 ? 0.0 : sum / static_cast<double>(count);
  };
  nlohmann::ordered_json json;
  json["done"] = done;
  json["seconds"] = seconds;
  json["per_second"] = seconds > 0 ? static_cast<double>(done) / seconds : 0;
  json["p50_us"] = Percentile(sorted, 0.5);
  json["p99_us"] = Percentile(sorted, 0.99);
  json["max_us"] = Percentile(sorted, 1);
  if (server_cpu.has_value()) {
    json["server_cpu_us"] = each(absl::ToDoubleMicroseconds(*server_cpu), done);
  }
  json["client_cpu_us"] = each(absl::ToDoubleMicroseconds(own_cpu), done);
  json["request_bytes"] = each(static_cast<double>(request_bytes), done);
  json["answer_bytes"] = each(static_cast<double>(answer_bytes), done);
  json["turned_away"] = turned_away;
  if (turned_away > 0) {
    json["turned_away_p50_us"] = Percentile(refused_us, 0.5);
    json["turned_away_p99_us"] = Percentile(refused_us, 0.99);
  }
  json["refused"] = refused;
  return json;
}

}  // namespace redress::benchmark
