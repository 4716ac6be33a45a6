#include "services/intake/rpc/evidence_conversion.h"

#include <utility>

#include "services/intake/app/caller.h"
#include "services/intake/rpc/common_conversion.h"
#include "services/intake/rpc/complaint_conversion.h"
#include "services/intake/rpc/person_conversion.h"

namespace redress::intake {
namespace {

void PutHead(const DisclosedHead& head, v1::DisclosedComplaint* proto) {
  proto->set_disclosure_number(head.disclosure_number);
  *proto->mutable_complaint() = ToProto(head.complaint);
  proto->set_urgency(head.urgency);
  PutTexts(head.forced_labour_indicators, proto->mutable_forced_labour_indicators());
  PutGroups(head.groups, proto->mutable_groups());
  proto->set_member_count(head.member_count);
  for (const EvidenceView& file : head.evidence_files) *proto->add_evidence_files() = ToProto(file);
  *proto->mutable_filed_at() = ToProto(head.filed_at);
  proto->set_by_override(head.by_override);
}

}  // namespace

EvidenceFile FromProto(v1::EvidenceFile&& file) {
  EvidenceFile converted;
  converted.kind = std::move(*file.mutable_kind());
  converted.file_name = std::move(*file.mutable_file_name());
  converted.media_type = std::move(*file.mutable_media_type());
  converted.size_bytes = file.size_bytes();
  converted.sha256 = std::move(*file.mutable_sha256());
  converted.member_id = std::move(*file.mutable_member_id());
  converted.description = std::move(*file.mutable_description());
  converted.original_at = std::move(*file.mutable_original_at());
  converted.shareable = file.shareable();
  converted.sensitive = file.sensitive();
  return converted;
}

v1::EvidenceFile ToProto(const EvidenceRow& row) {
  v1::EvidenceFile proto;
  proto.set_evidence_id(row.evidence_id.ToString());
  proto.set_kind(row.kind);
  proto.set_file_name(row.file_name);
  proto.set_media_type(row.media_type);
  proto.set_size_bytes(row.size_bytes);
  proto.set_sha256(row.sha256);
  proto.set_member_id(row.member_id.ToString());
  proto.set_description(row.description);
  proto.set_original_at(row.original_at);
  proto.set_shareable(row.shareable);
  proto.set_sensitive(row.sensitive);
  *proto.mutable_uploaded_at() = ToProto(row.uploaded_at);
  proto.set_uploaded_by_body_id(row.uploaded_by.body_id);
  return proto;
}

v1::DiscloseComplaintResponse ToProto(const DisclosurePage& page, const DiscloseCommand& command,
                                      const std::string& home_node) {
  v1::DiscloseComplaintResponse proto;
  if (page.head) {
    v1::DisclosedComplaint* head = proto.mutable_complaint();
    head->set_referral_id(command.referral_id.ToString());
    head->set_case_number(command.case_number.ToString());
    head->set_home_node_id(home_node);
    PutHead(*page.head, head);
  }
  for (const DisclosedMember& disclosed : page.members) {
    v1::DisclosedMember* one = proto.add_members();
    *one->mutable_member() = ToProto(disclosed.member);
    PutGroups(disclosed.groups, one->mutable_groups());
  }
  proto.set_next_page_token(page.next_page_token);
  proto.set_case_etag(ToEtag(page.case_version));
  proto.set_case_commit_number(page.case_version);
  proto.set_commit_number(page.commit_number);
  return proto;
}

v1::SettleDisclosureResponse ToProto(const SettledDisclosure& settled) {
  v1::SettleDisclosureResponse proto;
  proto.set_case_number(settled.case_number.ToString());
  proto.set_etag(ToEtag(settled.case_version));
  proto.set_commit_number(settled.commit_number);
  PutTexts(settled.open_referral_ids, proto.mutable_open_referral_ids());
  return proto;
}

}  // namespace redress::intake
