#ifndef REDRESS_SERVICES_PLATFORM_IDS_NAMES_H_
#define REDRESS_SERVICES_PLATFORM_IDS_NAMES_H_

#include <compare>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/platform/ids/random.h"

namespace redress {

// A name that was checked when it was made, so that code which holds one need not check it again.
// Each kind is a type of its own: a body is never passed where a node is meant.
template <class Kind>
class Name {
 public:
  // An empty name stands for "none".
  Name() = default;

  // INVALID_ARGUMENT naming `field` and what would be accepted.
  static absl::StatusOr<Name> Parse(std::string_view text, std::string_view field) {
    if (absl::Status status = Kind::Check(text, field); !status.ok()) return status;
    return Name(std::string(text));
  }

  // For text that was checked before, such as what our own store holds.
  static Name FromTrusted(std::string text) { return Name(std::move(text)); }

  const std::string& ToString() const { return text_; }
  bool empty() const { return text_.empty(); }

  friend auto operator<=>(const Name&, const Name&) = default;
  friend bool operator==(const Name&, const Name&) = default;

 private:
  explicit Name(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

namespace internal {
struct NodeKind {
  static absl::Status Check(std::string_view text, std::string_view field);
};
struct BodyKind {
  static absl::Status Check(std::string_view text, std::string_view field);
};
struct PersonKind {
  static absl::Status Check(std::string_view text, std::string_view field);
};
struct RandomKind {
  static absl::Status Check(std::string_view text, std::string_view field);
};
struct RequestKind {
  static absl::Status Check(std::string_view text, std::string_view field);
};
}  // namespace internal

// One country's installation: its ISO 3166-1 alpha-2 code in lower case, "kh".
using NodeId = Name<internal::NodeKind>;

// An organisation in the directory: "<owning node>:<slug>", "my:mtuc". The slug is 1 to 63 of a-z,
// 0-9 and inner hyphens.
using BodyId = Name<internal::BodyKind>;
NodeId NodeOf(const BodyId& body);

// Who acts, as tokens name them: 1 to 64 of a-z, 0-9, '.', '_', '-'. An account name, never a
// person's own name where that can be avoided.
using PersonId = Name<internal::PersonKind>;

// 128 random bits as 26 Crockford base-32 characters: a group member, an evidence file, a ledger
// entry, an approval, a message. It says nothing and is valid on every node.
using RandomId = Name<internal::RandomKind>;
using MemberId = RandomId;
RandomId NewRandomId(RandomSource& random);

// The caller's own mark on a request, under which it may be repeated: 16 to 64 of A-Z, a-z, 0-9,
// '_' and '-'. A UUID will do.
using RequestId = Name<internal::RequestKind>;

}  // namespace redress

#endif  // REDRESS_SERVICES_PLATFORM_IDS_NAMES_H_
