#include "services/referral/app/directory_conversion.h"

#include <utility>

#include "fmt/format.h"
#include "services/platform/crypto/sha256.h"
#include "services/referral/app/clock_conversion.h"
#include "services/referral/app/deterministic.h"
#include "services/referral/app/proto_time.h"

namespace redress::referral {
namespace {

using google::protobuf::RepeatedPtrField;

std::vector<std::string> ToVector(const RepeatedPtrField<std::string>& from) {
  return {from.begin(), from.end()};
}

void CopyTo(const std::vector<std::string>& from, RepeatedPtrField<std::string>* to) {
  for (const std::string& one : from) *to->Add() = one;
}

template <class NameType>
NameType ReadName(const std::string& text, const std::string& field, FieldViolations& violations) {
  if (text.empty()) return NameType();
  return violations.Read(NameType::Parse(text, field));
}

std::optional<Date> ReadDate(const std::string& text, const std::string& field,
                             FieldViolations& violations) {
  if (text.empty()) return std::nullopt;
  std::optional<Date> date = Date::Parse(text);
  if (!date || !date->whole()) {
    violations.AddValue(field, text, "a date YYYY-MM-DD");
    return std::nullopt;
  }
  return date;
}

Days ReadDays(const std::string& from, const std::string& to, const std::string& field,
              FieldViolations& violations) {
  Days days;
  days.from = ReadDate(from, field + ".from", violations).value_or(Date());
  days.to = ReadDate(to, field + ".to", violations);
  return days;
}

v1::Provenance ToProto(const Provenance& from) {
  v1::Provenance to;
  to.set_owner_node(from.owner.ToString());
  to.set_version(from.version);
  REDRESS_SET_TIME(to, changed_at, from.changed_at);
  REDRESS_SET_TIME(to, as_of, from.as_of);
  return to;
}

Provenance FromProto(const v1::Provenance& from) {
  return {NodeId::FromTrusted(from.owner_node()), from.version(),
          REDRESS_GET_TIME(from, changed_at), REDRESS_GET_TIME(from, as_of)};
}

FocalPoint ReadFocalPoint(const v1::FocalPoint& from, const std::string& field,
                          FieldViolations& violations) {
  FocalPoint to;
  to.focal_point_id = from.focal_point_id();
  to.name = from.name();
  to.position = from.position();
  to.in_office = ReadDays(from.from(), from.to(), field, violations);
  to.phones = ToVector(from.phones());
  to.e_mails = ToVector(from.e_mails());
  to.languages = ToVector(from.languages());
  to.around_the_clock = from.around_the_clock();
  to.person = ReadName<PersonId>(from.person_id(), field + ".person_id", violations);
  return to;
}

v1::FocalPoint WriteFocalPoint(const FocalPoint& from) {
  v1::FocalPoint to;
  to.set_focal_point_id(from.focal_point_id);
  to.set_name(from.name);
  to.set_position(from.position);
  to.set_from(from.in_office.from.ToString());
  if (from.in_office.to) to.set_to(from.in_office.to->ToString());
  CopyTo(from.phones, to.mutable_phones());
  CopyTo(from.e_mails, to.mutable_e_mails());
  CopyTo(from.languages, to.mutable_languages());
  to.set_around_the_clock(from.around_the_clock);
  to.set_person_id(from.person.ToString());
  return to;
}

}  // namespace

v1::Body ToProto(const Body& body) {
  v1::Body to;
  to.set_body_id(body.body_id.ToString());
  to.set_kind(body.kind);
  for (const LocalName& name : body.names) {
    v1::LocalName* written = to.add_names();
    written->set_language(name.language);
    written->set_name(name.name);
  }
  to.set_country(body.country);
  CopyTo(body.territories, to.mutable_territories());
  CopyTo(body.sectors, to.mutable_sectors());
  CopyTo(body.categories, to.mutable_categories());
  CopyTo(body.nationalities, to.mutable_nationalities());
  CopyTo(body.languages, to.mutable_languages());
  for (const FocalPoint& point : body.focal_points) *to.add_focal_points() = WriteFocalPoint(point);
  to.set_capacity(body.capacity);
  to.set_mandate(body.mandate);
  to.set_membership_required(body.membership_required);
  to.set_active(body.active);
  REDRESS_SET_TIME(to, active_since, body.active_since);
  if (body.assured_on) to.set_assured_on(body.assured_on->ToString());
  to.set_assured_by_body_id(body.assured_by.ToString());
  to.set_address(body.address);
  *to.mutable_provenance() = ToProto(body.provenance);
  return to;
}

Body FromProto(const v1::Body& body, FieldViolations& violations) {
  Body to;
  to.body_id = ReadName<BodyId>(body.body_id(), "body.body_id", violations);
  to.kind = body.kind();
  for (const v1::LocalName& name : body.names()) to.names.push_back({name.language(), name.name()});
  to.country = body.country();
  to.territories = ToVector(body.territories());
  to.sectors = ToVector(body.sectors());
  to.categories = ToVector(body.categories());
  to.nationalities = ToVector(body.nationalities());
  to.languages = ToVector(body.languages());
  for (int i = 0; i < body.focal_points_size(); ++i) {
    to.focal_points.push_back(
        ReadFocalPoint(body.focal_points(i), fmt::format("body.focal_points[{}]", i), violations));
  }
  to.capacity = body.capacity();
  to.mandate = body.mandate();
  to.membership_required = body.membership_required();
  to.active = body.active();
  to.active_since = REDRESS_GET_TIME(body, active_since);
  to.assured_on = ReadDate(body.assured_on(), "body.assured_on", violations);
  to.assured_by =
      ReadName<BodyId>(body.assured_by_body_id(), "body.assured_by_body_id", violations);
  to.address = body.address();
  to.provenance = FromProto(body.provenance());
  return to;
}

v1::AgreementTerms ToProto(const AgreementTerms& terms) {
  v1::AgreementTerms to;
  for (const BodyId& party : terms.parties) to.add_party_body_ids(party.ToString());
  to.mutable_in_force()->set_from(terms.in_force.from.ToString());
  if (terms.in_force.to) to.mutable_in_force()->set_to(terms.in_force.to->ToString());
  CopyTo(terms.categories, to.mutable_categories());
  CopyTo(terms.sectors, to.mutable_sectors());
  CopyTo(terms.nationalities, to.mutable_nationalities());
  to.set_covers_non_members(terms.covers_non_members);
  *to.mutable_clocks() = ToProto(terms.clocks);
  for (size_t group = 1; group <= 9; ++group) {
    if (terms.groups_allowed.test(group)) {
      to.add_groups_allowed(static_cast<intake::v1::FieldGroup>(group));
    }
  }
  for (const ProxyMission& mission : terms.proxy_missions) {
    v1::ProxyMission* proxy = to.add_proxy_missions();
    proxy->set_acting_country(mission.acting_country);
    proxy->set_nationality(mission.nationality);
    proxy->set_host_country(mission.host_country);
  }
  to.set_title(terms.title);
  return to;
}

AgreementTerms FromProto(const v1::AgreementTerms& terms, FieldViolations& violations) {
  AgreementTerms to;
  for (int i = 0; i < terms.party_body_ids_size(); ++i) {
    to.parties.push_back(ReadName<BodyId>(terms.party_body_ids(i),
                                          fmt::format("terms.party_body_ids[{}]", i), violations));
  }
  to.in_force =
      ReadDays(terms.in_force().from(), terms.in_force().to(), "terms.in_force", violations);
  to.categories = ToVector(terms.categories());
  to.sectors = ToVector(terms.sectors());
  to.nationalities = ToVector(terms.nationalities());
  to.covers_non_members = terms.covers_non_members();
  to.clocks = FromProto(terms.clocks(), "terms.clocks", violations);
  for (int i = 0; i < terms.groups_allowed_size(); ++i) {
    const int group = terms.groups_allowed(i);
    if (group < 1 || group > 9) {
      violations.AddValue(fmt::format("terms.groups_allowed[{}]", i), std::to_string(group),
                          "a group of data, 1 to 9");
    } else {
      to.groups_allowed.set(static_cast<size_t>(group));
    }
  }
  for (const v1::ProxyMission& proxy : terms.proxy_missions()) {
    to.proxy_missions.push_back(
        {proxy.acting_country(), proxy.nationality(), proxy.host_country()});
  }
  to.title = terms.title();
  return to;
}

v1::AgreementHalf ToProto(const AgreementHalf& half) {
  v1::AgreementHalf to;
  to.set_node_id(half.node.ToString());
  to.set_party_body_id(half.party.ToString());
  to.set_version(half.version);
  to.set_terms_sha256(half.terms_sha256);
  REDRESS_SET_TIME(to, published_at, half.published_at);
  return to;
}

AgreementHalf FromProto(const v1::AgreementHalf& half) {
  return {NodeId::FromTrusted(half.node_id()), BodyId::FromTrusted(half.party_body_id()),
          half.version(), half.terms_sha256(), REDRESS_GET_TIME(half, published_at)};
}

v1::Posting ToProto(const Posting& posting) {
  v1::Posting to;
  to.set_posting_id(posting.posting_id);
  to.set_person_id(posting.person.ToString());
  to.set_sending_country(posting.sending_country);
  to.set_host_country(posting.host_country);
  to.set_from(posting.days.from.ToString());
  if (posting.days.to) to.set_to(posting.days.to->ToString());
  to.set_mission_body_id(posting.mission.ToString());
  *to.mutable_provenance() = ToProto(posting.provenance);
  return to;
}

Posting FromProto(const v1::Posting& posting, FieldViolations& violations) {
  Posting to;
  to.posting_id = posting.posting_id();
  to.person = ReadName<PersonId>(posting.person_id(), "posting.person_id", violations);
  to.sending_country = posting.sending_country();
  to.host_country = posting.host_country();
  to.days = ReadDays(posting.from(), posting.to(), "posting", violations);
  to.mission = ReadName<BodyId>(posting.mission_body_id(), "posting.mission_body_id", violations);
  to.provenance = FromProto(posting.provenance());
  return to;
}

std::string TermsDigest(const v1::AgreementTerms& terms) {
  return crypto::Sha256::Of(Deterministic(terms));
}

}  // namespace redress::referral
