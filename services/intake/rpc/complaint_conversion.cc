#include "services/intake/rpc/complaint_conversion.h"

#include <utility>

#include "services/intake/rpc/common_conversion.h"
#include "services/intake/rpc/person_conversion.h"

namespace redress::intake {
namespace {

Corridor FromProto(v1::Corridor&& corridor) {
  return {.origin = std::move(*corridor.mutable_origin()),
          .transit = TakeTexts(corridor.mutable_transit()),
          .destination = std::move(*corridor.mutable_destination())};
}

void PutCorridor(const Corridor& corridor, v1::Corridor* proto) {
  proto->set_origin(corridor.origin);
  PutTexts(corridor.transit, proto->mutable_transit());
  proto->set_destination(corridor.destination);
}

}  // namespace

ComplaintFiling FromProto(v1::ComplaintFiling&& filing) {
  ComplaintFiling converted;
  converted.complaint = FromProto(std::move(*filing.mutable_complaint()));
  converted.members.reserve(filing.members_size());
  for (v1::GroupMember& member : *filing.mutable_members()) {
    converted.members.push_back(FromProto(std::move(member)));
  }
  for (v1::Consent& consent : *filing.mutable_consents()) {
    converted.consents.push_back(FromProto(std::move(consent)));
  }
  return converted;
}

v1::ComplaintFiling ToProto(const ComplaintFiling& filing) {
  v1::ComplaintFiling proto;
  *proto.mutable_complaint() = ToProto(filing.complaint);
  for (const GroupMember& member : filing.members) *proto.add_members() = ToProto(member);
  for (const Consent& consent : filing.consents) *proto.add_consents() = ToProto(consent);
  return proto;
}

Complaint FromProto(v1::Complaint&& complaint) {
  Complaint converted;
  converted.kind = std::move(*complaint.mutable_kind());
  converted.scope = std::move(*complaint.mutable_scope());
  converted.channel = std::move(*complaint.mutable_channel());
  converted.migration_stage = std::move(*complaint.mutable_migration_stage());
  converted.corridor = FromProto(std::move(*complaint.mutable_corridor()));
  converted.incident = FromProto(std::move(*complaint.mutable_incident()));
  converted.sector = std::move(*complaint.mutable_sector());
  converted.primary_category = FromProto(std::move(*complaint.mutable_primary_category()));
  for (v1::Category& category : *complaint.mutable_secondary_categories()) {
    converted.secondary_categories.push_back(FromProto(std::move(category)));
  }
  converted.remedies_sought = TakeTexts(complaint.mutable_remedies_sought());
  converted.narrative = std::move(*complaint.mutable_narrative());
  converted.sensitive_narrative = std::move(*complaint.mutable_sensitive_narrative());
  converted.narrative_language = std::move(*complaint.mutable_narrative_language());
  for (v1::Respondent& respondent : *complaint.mutable_respondents()) {
    converted.respondents.push_back(FromProto(std::move(respondent)));
  }
  for (v1::ContractClause& clause : *complaint.mutable_contract_clauses()) {
    converted.contract_clauses.push_back(FromProto(std::move(clause)));
  }
  converted.circumstances = TakeTexts(complaint.mutable_circumstances());
  converted.heard_of_us = std::move(*complaint.mutable_heard_of_us());
  converted.own_reference = std::move(*complaint.mutable_own_reference());
  converted.earlier_case_number = std::move(*complaint.mutable_earlier_case_number());
  converted.received_on = std::move(*complaint.mutable_received_on());
  converted.assisting_organisation = std::move(*complaint.mutable_assisting_organisation());
  converted.province = std::move(*complaint.mutable_province());
  converted.district = std::move(*complaint.mutable_district());
  converted.affected_people = complaint.affected_people();
  return converted;
}

v1::Complaint ToProto(const Complaint& complaint) {
  v1::Complaint proto;
  proto.set_kind(complaint.kind);
  proto.set_scope(complaint.scope);
  proto.set_channel(complaint.channel);
  proto.set_migration_stage(complaint.migration_stage);
  PutCorridor(complaint.corridor, proto.mutable_corridor());
  *proto.mutable_incident() = ToProto(complaint.incident);
  proto.set_sector(complaint.sector);
  *proto.mutable_primary_category() = ToProto(complaint.primary_category);
  for (const Category& category : complaint.secondary_categories) {
    *proto.add_secondary_categories() = ToProto(category);
  }
  PutTexts(complaint.remedies_sought, proto.mutable_remedies_sought());
  proto.set_narrative(complaint.narrative);
  proto.set_sensitive_narrative(complaint.sensitive_narrative);
  proto.set_narrative_language(complaint.narrative_language);
  for (const Respondent& respondent : complaint.respondents) {
    *proto.add_respondents() = ToProto(respondent);
  }
  for (const ContractClause& clause : complaint.contract_clauses) {
    *proto.add_contract_clauses() = ToProto(clause);
  }
  PutTexts(complaint.circumstances, proto.mutable_circumstances());
  proto.set_heard_of_us(complaint.heard_of_us);
  proto.set_own_reference(complaint.own_reference);
  proto.set_earlier_case_number(complaint.earlier_case_number);
  proto.set_received_on(complaint.received_on);
  proto.set_assisting_organisation(complaint.assisting_organisation);
  proto.set_province(complaint.province);
  proto.set_district(complaint.district);
  proto.set_affected_people(complaint.affected_people);
  return proto;
}

Category FromProto(v1::Category&& category) {
  return {.code = std::move(*category.mutable_code()),
          .source_category_code = std::move(*category.mutable_source_category_code()),
          .other_text = std::move(*category.mutable_other_text())};
}

v1::Category ToProto(const Category& category) {
  v1::Category proto;
  proto.set_code(category.code);
  proto.set_source_category_code(category.source_category_code);
  proto.set_other_text(category.other_text);
  return proto;
}

Respondent FromProto(v1::Respondent&& respondent) {
  Respondent converted;
  converted.kind = std::move(*respondent.mutable_kind());
  converted.name = std::move(*respondent.mutable_name());
  converted.aliases = TakeTexts(respondent.mutable_aliases());
  converted.address = std::move(*respondent.mutable_address());
  converted.country = std::move(*respondent.mutable_country());
  converted.licence_number = std::move(*respondent.mutable_licence_number());
  converted.licence_issuer = std::move(*respondent.mutable_licence_issuer());
  converted.licence_validity = FromProto(std::move(*respondent.mutable_licence_validity()));
  converted.licence_status = std::move(*respondent.mutable_licence_status());
  converted.conduct = TakeTexts(respondent.mutable_conduct());
  converted.description = std::move(*respondent.mutable_description());
  converted.body_id = std::move(*respondent.mutable_body_id());
  return converted;
}

v1::Respondent ToProto(const Respondent& respondent) {
  v1::Respondent proto;
  proto.set_kind(respondent.kind);
  proto.set_name(respondent.name);
  PutTexts(respondent.aliases, proto.mutable_aliases());
  proto.set_address(respondent.address);
  proto.set_country(respondent.country);
  proto.set_licence_number(respondent.licence_number);
  proto.set_licence_issuer(respondent.licence_issuer);
  if (respondent.licence_validity != Period()) {
    *proto.mutable_licence_validity() = ToProto(respondent.licence_validity);
  }
  proto.set_licence_status(respondent.licence_status);
  PutTexts(respondent.conduct, proto.mutable_conduct());
  proto.set_description(respondent.description);
  proto.set_body_id(respondent.body_id);
  return proto;
}

ContractClause FromProto(v1::ContractClause&& clause) {
  ContractClause converted;
  converted.clause = std::move(*clause.mutable_clause());
  converted.promised = std::move(*clause.mutable_promised());
  converted.actual = std::move(*clause.mutable_actual());
  if (clause.has_promised_amount()) {
    converted.promised_amount = FromProto(std::move(*clause.mutable_promised_amount()));
  }
  if (clause.has_actual_amount()) {
    converted.actual_amount = FromProto(std::move(*clause.mutable_actual_amount()));
  }
  converted.per = std::move(*clause.mutable_per());
  converted.in_writing = clause.in_writing();
  return converted;
}

v1::ContractClause ToProto(const ContractClause& clause) {
  v1::ContractClause proto;
  proto.set_clause(clause.clause);
  proto.set_promised(clause.promised);
  proto.set_actual(clause.actual);
  if (clause.promised_amount) *proto.mutable_promised_amount() = ToProto(*clause.promised_amount);
  if (clause.actual_amount) *proto.mutable_actual_amount() = ToProto(*clause.actual_amount);
  proto.set_per(clause.per);
  proto.set_in_writing(clause.in_writing);
  return proto;
}

}  // namespace redress::intake
