#ifndef REDRESS_SERVICES_PLATFORM_AUTH_ENUM_SET_H_
#define REDRESS_SERVICES_PLATFORM_AUTH_ENUM_SET_H_

#include <cstdint>
#include <initializer_list>

namespace redress::auth {

// A set of values of an enum whose numbers are 0..31, as bits. A literal type, so that access
// tables are constants. E has kCount as its number of values.
template <class E>
class EnumSet {
 public:
  constexpr EnumSet() = default;
  constexpr EnumSet(std::initializer_list<E> values) {
    for (E value : values) Insert(value);
  }

  static constexpr EnumSet All() {
    EnumSet all;
    for (uint32_t i = 0; i < static_cast<uint32_t>(E::kCount); ++i) all.Insert(static_cast<E>(i));
    return all;
  }

  constexpr void Insert(E value) { bits_ |= Bit(value); }
  constexpr bool Contains(E value) const { return (bits_ & Bit(value)) != 0; }
  constexpr bool ContainsAll(EnumSet other) const { return (bits_ & other.bits_) == other.bits_; }
  constexpr bool Intersects(EnumSet other) const { return (bits_ & other.bits_) != 0; }
  constexpr bool empty() const { return bits_ == 0; }

  constexpr EnumSet Union(EnumSet other) const { return EnumSet(bits_ | other.bits_); }
  constexpr EnumSet Without(EnumSet other) const { return EnumSet(bits_ & ~other.bits_); }

  friend constexpr bool operator==(EnumSet, EnumSet) = default;

 private:
  explicit constexpr EnumSet(uint32_t bits) : bits_(bits) {}
  static_assert(static_cast<uint32_t>(E::kCount) <= 32);
  static constexpr uint32_t Bit(E value) { return uint32_t{1} << static_cast<uint32_t>(value); }

  uint32_t bits_ = 0;
};

}  // namespace redress::auth

#endif  // REDRESS_SERVICES_PLATFORM_AUTH_ENUM_SET_H_
