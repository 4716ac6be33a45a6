#ifndef REDRESS_SERVICES_PLATFORM_STATUS_FIELD_VIOLATIONS_H_
#define REDRESS_SERVICES_PLATFORM_STATUS_FIELD_VIOLATIONS_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace redress {

// One thing wrong with one field of a request.
struct FieldViolation {
  std::string field;    // Path as the caller wrote it: "complaint.claims[2].amount".
  std::string problem;  // What was seen and what would be accepted. Never personal data.

  friend bool operator==(const FieldViolation&, const FieldViolation&) = default;
};

// Collects everything that is wrong with a request, so that one answer names every field at once
// and nobody repairs a form one error at a time. Not thread-safe; lives for one validation.
class FieldViolations {
 public:
  void Add(std::string_view field, std::string_view problem);

  // The usual shape of a problem: `seen` is quoted and cut to 64 bytes, so pass only codes, numbers
  // and dates, never free text a person wrote; leave it empty for those.
  void AddValue(std::string_view field, std::string_view seen, std::string_view accepted);

  // What another check found. Meant for checks of one field, which give INVALID_ARGUMENT or
  // nothing: of any other error only the message is kept, under no field.
  void Take(const absl::Status& found);

  // The value that a field was read into; its fault is taken, and an empty value given instead.
  template <class T>
  T Read(absl::StatusOr<T> field) {
    if (field.ok()) return *std::move(field);
    Take(field.status());
    return T();
  }

  bool empty() const { return violations_.empty(); }
  const std::vector<FieldViolation>& list() const { return violations_; }

  // OK when empty, else INVALID_ARGUMENT that carries the list (see GetFieldViolations).
  absl::Status ToStatus() const;

 private:
  std::vector<FieldViolation> violations_;
};

// The violations that a status carries; empty when it carries none.
std::vector<FieldViolation> GetFieldViolations(const absl::Status& status);

// INVALID_ARGUMENT for a single field.
absl::Status InvalidField(std::string_view field, std::string_view problem);

}  // namespace redress

#endif  // REDRESS_SERVICES_PLATFORM_STATUS_FIELD_VIOLATIONS_H_
