#include "services/platform/telemetry/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace redress::telemetry {
namespace {

using Buckets = prometheus::Histogram::BucketBoundaries;
using Labels = prometheus::Labels;

// From a tenth of a millisecond, a read from cache, to ten seconds, the usual deadline.
Buckets SecondsBuckets() {
  return {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
          0.05,   0.1,     0.25,   0.5,   1,      2.5,   5,    10};
}
Buckets SizeBuckets() { return {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024}; }

// Label values, looked up without copies of them: each call is recorded twice.
using LabelValues = std::pair<std::string_view, std::string_view>;
struct HashOfValues {
  using is_transparent = void;
  size_t operator()(const LabelValues& values) const {
    const auto& [first, second] = values;
    return absl::HashOf(absl::string_view(first.data(), first.size()),
                        absl::string_view(second.data(), second.size()));
  }
};
struct SameValues {
  using is_transparent = void;
  bool operator()(const LabelValues& a, const LabelValues& b) const { return a == b; }
};

// The series of one family by their label values. prometheus-cpp would hash a map of strings for
// each recording; this remembers the series instead.
template <class Metric>
class SeriesOf {
 public:
  SeriesOf(prometheus::Family<Metric>& family, std::vector<std::string> names, Buckets buckets = {})
      : family_(family), names_(std::move(names)), buckets_(std::move(buckets)) {}

  Metric& At(std::string_view first, std::string_view second = {}) {
    LabelValues key(first, second);
    absl::MutexLock lock(&mutex_);
    if (const auto found = series_.find(key); found != series_.end()) return *found->second;
    if (series_.size() >= Metrics::kMaxSeries) {
      first = second = "other";
      key = {first, second};
      if (const auto found = series_.find(key); found != series_.end()) return *found->second;
    }
    Labels labels = {{names_[0], std::string(first)}};
    if (names_.size() > 1) labels[names_[1]] = std::string(second);
    Metric* metric = nullptr;
    if constexpr (std::is_same_v<Metric, prometheus::Histogram>) {
      metric = &family_.Add(labels, buckets_);
    } else {
      metric = &family_.Add(labels);
    }
    series_.emplace(std::pair<std::string, std::string>(key), metric);
    return *metric;
  }

 private:
  prometheus::Family<Metric>& family_;
  const std::vector<std::string> names_;
  const Buckets buckets_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::pair<std::string, std::string>, Metric*, HashOfValues, SameValues>
      series_ ABSL_GUARDED_BY(mutex_);
};

std::string CodeName(absl::StatusCode code) { return absl::StatusCodeToString(code); }

}  // namespace

struct Metrics::Families {
  Families(std::string_view node, std::string_view service)
      : common({{"node", std::string(node)}, {"service", std::string(service)}}) {}

  prometheus::Family<prometheus::Counter>& Counters(const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Labels(common).Register(*registry);
  }
  prometheus::Family<prometheus::Gauge>& Gauges(const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Labels(common).Register(*registry);
  }
  prometheus::Family<prometheus::Histogram>& Histograms(const char* name, const char* help) {
    return prometheus::BuildHistogram().Name(name).Help(help).Labels(common).Register(*registry);
  }

  const Labels common;
  const std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();

  SeriesOf<prometheus::Counter> rpc_calls{Counters("redress_rpc_calls_total", "Calls finished"),
                                          {"method", "code"}};
  SeriesOf<prometheus::Histogram> rpc_seconds{
      Histograms("redress_rpc_seconds", "From a call's arrival to its answer"),
      {"method"},
      SecondsBuckets()};
  prometheus::Gauge& rpc_in_flight =
      Gauges("redress_rpc_in_flight", "Calls not yet finished").Add({});
  prometheus::Histogram& commit_batch_size =
      Histograms("redress_commit_batch_size", "Change sets in one synced write")
          .Add({}, SizeBuckets());
  prometheus::Histogram& commit_seconds =
      Histograms("redress_commit_seconds", "One synced write").Add({}, SecondsBuckets());
  SeriesOf<prometheus::Counter> commit_refused{
      Counters("redress_commit_refused_total", "Change sets not written"), {"reason"}};
  SeriesOf<prometheus::Gauge> events_behind{
      Gauges("redress_events_behind", "Events a reader has still to read"), {"log"}};
  SeriesOf<prometheus::Gauge> store{Gauges("redress_store", "Figures of the store"), {"figure"}};
  SeriesOf<prometheus::Gauge> memory{Gauges("redress_memory", "What the process has in memory"),
                                     {"figure"}};
};

Metrics::Metrics(std::string_view node, std::string_view service)
    : families_(std::make_unique<Families>(node, service)) {}

Metrics::~Metrics() = default;

void Metrics::RpcStarted() { families_->rpc_in_flight.Increment(); }

void Metrics::RpcFinished(std::string_view method, absl::StatusCode code, absl::Duration took) {
  families_->rpc_in_flight.Decrement();
  families_->rpc_calls.At(method, CodeName(code)).Increment();
  families_->rpc_seconds.At(method).Observe(absl::ToDoubleSeconds(took));
}

void Metrics::CommitBatch(size_t change_sets, absl::Duration took) {
  families_->commit_batch_size.Observe(static_cast<double>(change_sets));
  families_->commit_seconds.Observe(absl::ToDoubleSeconds(took));
}

void Metrics::CommitRefused(std::string_view reason) {
  families_->commit_refused.At(reason).Increment();
}

void Metrics::SetEventsBehind(std::string_view log, uint64_t events) {
  families_->events_behind.At(log).Set(static_cast<double>(events));
}

void Metrics::SetStore(std::string_view figure, double value) {
  families_->store.At(figure).Set(value);
}

void Metrics::SetMemory(const ProcessMemory& memory) {
  families_->memory.At("resident_bytes").Set(static_cast<double>(memory.resident));
  if (!memory.heap) return;
  families_->memory.At("heap_in_use_bytes").Set(static_cast<double>(memory.heap->in_use));
  families_->memory.At("heap_page_bytes").Set(static_cast<double>(memory.heap->pages));
}

std::string Metrics::Text() const {
  return prometheus::TextSerializer().Serialize(families_->registry->Collect());
}

}  // namespace redress::telemetry
