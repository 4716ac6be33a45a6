#include "services/platform/check/report.h"

#include "fmt/format.h"

namespace redress::check {

void Report::Looked(std::string_view table) {
  const auto known = by_table_.find(table);
  if (known == by_table_.end()) {
    by_table_.emplace(table, 1);
  } else {
    ++known->second;
  }
  if (++rows_ % kRowsBetweenTells == 0 && tell_) {
    tell_(fmt::format("{}: {} rows", service_, rows_));
  }
}

void Report::Differs(std::string_view table, std::string subject, std::string problem) {
  ++count_;
  if (differences_.size() >= kMostKept) return;
  differences_.push_back({std::string(table), std::move(subject), std::move(problem)});
}

void Report::LeftOut(std::string what) {
  if (left_out_.size() < kMostKept) {
    left_out_.push_back(std::move(what));
  } else if (left_out_.size() == kMostKept) {
    left_out_.push_back("and more, which is not named");
  }
}

bool Report::Holds(const absl::Status& status, std::string_view table, std::string subject) {
  if (status.ok()) return true;
  Differs(table, std::move(subject), std::string(status.message()));
  return false;
}

}  // namespace redress::check
