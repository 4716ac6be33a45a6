#ifndef REDRESS_SERVICES_PLATFORM_CHECK_REPORT_H_
#define REDRESS_SERVICES_PLATFORM_CHECK_REPORT_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"

namespace redress::check {

// One thing in which a store contradicts itself.
struct Difference {
  std::string table;    // As the service calls it: "list".
  std::string subject;  // Which row, by numbers and ids: "KH-26-0000417-X". Never personal data.
  std::string problem;  // What is wrong, in words.

  friend bool operator==(const Difference&, const Difference&) = default;
};

// Told as a check goes on: "intake: 1200000 rows".
using Tell = std::function<void(std::string_view what)>;

// What a check of one service's store has looked at and found. All differences are counted and the
// first so many kept, so that a store in which everything is wrong does not fill the memory. Not
// thread-safe.
class Report {
 public:
  static constexpr size_t kMostKept = 1000;
  static constexpr uint64_t kRowsBetweenTells = 100'000;

  explicit Report(std::string service, Tell tell = nullptr)
      : service_(std::move(service)), tell_(std::move(tell)) {}

  void Looked(std::string_view table);
  void Differs(std::string_view table, std::string subject, std::string problem);
  // The same when `status` says that something is wrong; true when it does not.
  bool Holds(const absl::Status& status, std::string_view table, std::string subject);
  // That something could not be compared, which is no difference. The first so many are kept.
  void LeftOut(std::string what);

  const std::string& service() const { return service_; }
  bool agrees() const { return count_ == 0; }
  uint64_t count() const { return count_; }
  uint64_t rows() const { return rows_; }
  const std::map<std::string, uint64_t, std::less<>>& rows_by_table() const { return by_table_; }
  const std::vector<Difference>& differences() const { return differences_; }
  const std::vector<std::string>& left_out() const { return left_out_; }

 private:
  const std::string service_;
  const Tell tell_;
  uint64_t count_ = 0;
  uint64_t rows_ = 0;
  std::map<std::string, uint64_t, std::less<>> by_table_;
  std::vector<Difference> differences_;
  std::vector<std::string> left_out_;
};

}  // namespace redress::check

#endif  // REDRESS_SERVICES_PLATFORM_CHECK_REPORT_H_
