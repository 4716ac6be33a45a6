// What becomes of one envelope, made by hand, in its place on the link from kh to my.
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "services/platform/crypto/sha256.h"
#include "services/platform/status/refusal.h"
#include "services/referral/app/testing/two_nodes.h"

namespace redress::referral {
namespace {

using exchange::v1::Envelope;
using exchange::v1::EnvelopeHeader;
using exchange::v1::Receipt;

class EnvelopeTest : public testing::Test {
 protected:
  absl::StatusOr<LinkState> Open(const std::string& recipient = "my") {
    return world_.Run(world_.my->inbound.Open("kh", {"kh", recipient, 1, 100, ""}));
  }

  // The next envelope of the link, with a fact that nobody knows; `change` spoils what it likes.
  Envelope Next(const std::function<void(EnvelopeHeader&, Envelope&)>& change) {
    const LinkState open = *Open();
    EnvelopeHeader header;
    header.set_suite(exchange::v1::ENVELOPE_SUITE_NONE);
    header.set_sender_node("kh");
    header.set_recipient_node("my");
    header.set_message_id("00000000000000000000000099");
    header.set_link_epoch(1);
    header.set_sequence(open.next_sequence);
    header.set_previous_hash(open.last_digest);
    header.set_schema("redress.exchange.v1.Message");
    header.set_kind(exchange::v1::MESSAGE_KIND_FACT);
    exchange::v1::Message message;
    message.mutable_fact();
    Envelope envelope;
    envelope.set_body(message.SerializeAsString());
    header.set_body_sha256(crypto::Sha256::Of(envelope.body()));
    change(header, envelope);
    envelope.set_header(header.SerializeAsString());
    return envelope;
  }

  absl::StatusOr<ReceiptFrame> Take(Envelope envelope) {
    return world_.Run(world_.my->inbound.HandleEnvelope("kh", std::move(envelope)));
  }

  // Why the envelope is refused, as its receipt says.
  std::string ReasonAfter(const std::function<void(EnvelopeHeader&, Envelope&)>& change) {
    const absl::StatusOr<ReceiptFrame> frame = Take(Next(change));
    Receipt receipt;
    receipt.ParseFromString(frame->receipt.receipt());
    EXPECT_EQ(receipt.outcome(), exchange::v1::RECEIPT_OUTCOME_REFUSED);
    return receipt.reason();
  }

  TwoNodes world_{1};
};

TEST_F(EnvelopeTest, WhatCameBeforeGetsItsOriginalReceipt) {
  const Envelope envelope = Next([](auto&, auto&) {});
  const auto first = Take(envelope);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_FALSE(first->duplicate);
  const auto second = Take(envelope);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_TRUE(second->duplicate);
  EXPECT_EQ(first->receipt.SerializeAsString(), second->receipt.SerializeAsString());
}

// So that a node which lost its last commits is noticed by those whom it gave receipts.
TEST_F(EnvelopeTest, AReceiptNamesTheCommitThatItWasGivenFor) {
  v1::GetBodyRequest get;
  get.set_body_id("kh:cuf");
  const auto known = world_.Run(world_.kh->directory.GetBody(world_.ministry, get));
  ASSERT_TRUE(known.ok()) << known.status();
  exchange::v1::Message message;
  *message.mutable_body()->mutable_body() = known->body();
  const auto frame = Take(Next([&message](EnvelopeHeader& header, Envelope& envelope) {
    header.set_kind(exchange::v1::MESSAGE_KIND_BODY);
    envelope.set_body(message.SerializeAsString());
    header.set_body_sha256(crypto::Sha256::Of(envelope.body()));
  }));
  ASSERT_TRUE(frame.ok()) << frame.status();
  Receipt receipt;
  receipt.ParseFromString(frame->receipt.receipt());
  ASSERT_NE(receipt.outcome(), exchange::v1::RECEIPT_OUTCOME_REFUSED) << receipt.reason();
  EXPECT_GT(receipt.commit_number(), 0u);
}

TEST_F(EnvelopeTest, ABadOneIsRefusedWithAReceiptAndTheNextOneIsTaken) {
  const uint64_t sequence = Open()->next_sequence;
  EXPECT_EQ(ReasonAfter([](auto&, auto& envelope) { envelope.set_body("garbage"); }),
            "BODY_DIGEST_MISMATCH");
  EXPECT_EQ(Open()->next_sequence, sequence + 1);
}

TEST_F(EnvelopeTest, OneOfAnotherSenderThanTheLinksIsRefused) {
  EXPECT_EQ(ReasonAfter([](auto& header, auto&) { header.set_sender_node("vn"); }),
            "SENDER_IS_ANOTHER_NODE");
}

TEST_F(EnvelopeTest, OneForAnotherNodeIsRefused) {
  EXPECT_EQ(ReasonAfter([](auto& header, auto&) { header.set_recipient_node("vn"); }),
            "RECIPIENT_IS_ANOTHER_NODE");
}

TEST_F(EnvelopeTest, OneOfASchemaThatIsNotKnownIsRefused) {
  EXPECT_EQ(ReasonAfter([](auto& header, auto&) { header.set_schema("of.another.Message"); }),
            "SCHEMA_UNKNOWN");
}

TEST_F(EnvelopeTest, OneOverItsLimitIsRefused) {
  EXPECT_EQ(ReasonAfter([](auto&, auto& envelope) {
              envelope.set_body(std::string((512 << 10) + 1, 'x'));
            }),
            "ENVELOPE_TOO_LARGE");
}

TEST_F(EnvelopeTest, OneWhoseTimeIsOverIsRefused) {
  EXPECT_EQ(ReasonAfter([](auto& header, auto&) { header.mutable_expires_at()->set_seconds(1); }),
            "EXPIRED");
}

TEST_F(EnvelopeTest, ALinkIsOpenedToTheNodeThatIsMeantOnly) {
  const auto open = Open("vn");
  EXPECT_EQ(open.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetRefusal(open.status())->reason, "RECIPIENT_IS_ANOTHER_NODE");
}

}  // namespace
}  // namespace redress::referral
