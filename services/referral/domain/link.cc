#include "services/referral/domain/link.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "services/platform/status/refusal.h"

namespace redress::referral {

Placing NextPlace(const HalfLink& sent) {
  return {
      .epoch = sent.epoch, .sequence = sent.last_sequence + 1, .previous_digest = sent.last_digest};
}

HalfLink Advanced(const Placing& place, std::string digest) {
  return {.epoch = place.epoch, .last_sequence = place.sequence, .last_digest = std::move(digest)};
}

HalfLink NewEpoch(const HalfLink& before) { return {.epoch = before.epoch + 1}; }

Arrival Judge(const HalfLink& held, const Placing& place) {
  if (place.epoch < held.epoch) return Arrival::kOldEpoch;
  const HalfLink base = place.epoch > held.epoch ? HalfLink{.epoch = place.epoch} : held;
  if (place.sequence > base.last_sequence + 1 || place.sequence == 0) return Arrival::kGap;
  if (place.sequence <= base.last_sequence) return Arrival::kRepeated;
  return place.previous_digest == base.last_digest ? Arrival::kNext : Arrival::kBrokenChain;
}

std::string_view ArrivalName(Arrival arrival) {
  switch (arrival) {
    case Arrival::kNext:
      return "NEXT";
    case Arrival::kRepeated:
      return "REPEATED";
    case Arrival::kGap:
      return "GAP";
    case Arrival::kOldEpoch:
      return "OLD_EPOCH";
    case Arrival::kBrokenChain:
      return "BROKEN_CHAIN";
  }
  return "UNKNOWN";
}

absl::Status CheckOpening(const HalfLink& held, const HalfLink& sender) {
  if (sender.epoch > held.epoch) return absl::OkStatus();
  const bool same_place = sender.last_sequence == held.last_sequence;
  if (sender.epoch == held.epoch && sender.last_sequence >= held.last_sequence &&
      (!same_place || sender.last_digest == held.last_digest)) {
    return absl::OkStatus();
  }
  return RefusePrecondition("LINK_EPOCH_OLD",
                            "the sender knows less than arrived here; it must begin a new epoch",
                            {{"epoch", fmt::format("{}", sender.epoch)},
                             {"current_epoch", fmt::format("{}", held.epoch)}});
}

absl::Duration BackOff(uint32_t failures, RandomSource& random, const BackOffRules& rules) {
  absl::Duration whole = rules.first;
  for (uint32_t i = 1; i < failures && whole < rules.most; ++i) whole *= 2;
  whole = std::min(whole, rules.most);
  // 53 bits make a double in [0, 1).
  const double part = static_cast<double>(random.Next() >> 11) * 0x1.0p-53;
  return whole / 2 + part * (whole / 2);
}

}  // namespace redress::referral
