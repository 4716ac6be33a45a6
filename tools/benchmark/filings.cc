#include "tools/benchmark/filings.h"

#include <fstream>
#include <string_view>
#include <utility>

#include "fmt/format.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/util/json_util.h"
#include "redress/intake/v1/complaint.pb.h"
#include "services/platform/status/status_macros.h"

namespace redress::benchmark {

namespace {

// A longer text may need another byte for its length, and so may what holds it.
constexpr size_t kLengthSlack = 2;

// By what is told: the field in which complaints differ most in length.
void LengthenTo(size_t bytes, intake::v1::ComplaintFiling& filing) {
  static constexpr std::string_view kMore = " It went on like this for some time.";
  std::string& narrative = *filing.mutable_complaint()->mutable_narrative();
  for (size_t at = 0; filing.ByteSizeLong() < bytes; ++at) narrative += kMore[at % kMore.size()];
}

}  // namespace

absl::StatusOr<FilingSource> FilingSource::Make(const FilingsSettings& settings) {
  sample::SampleSettings sample{
      .node = settings.node, .seed = settings.seed, .max_members = settings.max_members};
  ASSIGN_OR_RETURN(sample::ComplaintWriter writer,
                   sample::ComplaintWriter::Make(std::move(sample)));
  return FilingSource(std::move(writer));
}

std::string FilingSource::Filing(uint64_t index, size_t bytes) const {
  intake::v1::ComplaintFiling filing;
  // EverySampleIsAFiling is a test of the sample itself, so its lines parse.
  if (!google::protobuf::util::JsonStringToMessage(writer_.Line(index), &filing).ok()) return {};
  if (bytes > 0) LengthenTo(bytes, filing);
  return filing.SerializeAsString();
}

absl::Status WriteFilings(const FilingsSettings& settings, const std::string& path) {
  ASSIGN_OR_RETURN(const FilingSource source, FilingSource::Make(settings));
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  uint64_t written = 0;
  for (uint64_t index = settings.first; written < settings.count && file; ++index) {
    const std::string filing = source.Filing(index, settings.bytes);
    if (filing.empty()) return absl::InternalError(fmt::format("sample {} is no filing", index));
    if (settings.bytes > 0 && filing.size() > settings.bytes + kLengthSlack) continue;
    const auto size = static_cast<uint32_t>(filing.size());
    file.write(reinterpret_cast<const char*>(&size), sizeof size);
    file.write(filing.data(), static_cast<std::streamsize>(filing.size()));
    ++written;
  }
  file.close();
  if (!file) return absl::DataLossError(fmt::format("{}: cannot be written", path));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> ReadFilings(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<std::string> filings;
  uint32_t size = 0;
  while (file.read(reinterpret_cast<char*>(&size), sizeof size)) {
    std::string& filing = filings.emplace_back(size, '\0');
    if (!file.read(filing.data(), size)) {
      return absl::DataLossError(fmt::format("{}: is cut off", path));
    }
  }
  if (filings.empty()) return absl::NotFoundError(fmt::format("{}: holds no filing", path));
  return filings;
}

std::string MessageHead(uint32_t field, size_t size) {
  constexpr uint32_t kLengthDelimited = 2;
  uint8_t head[16];
  uint8_t* end = google::protobuf::io::CodedOutputStream::WriteVarint32ToArray(
      field << 3 | kLengthDelimited, head);
  end = google::protobuf::io::CodedOutputStream::WriteVarint64ToArray(size, end);
  return std::string(head, end);
}

}  // namespace redress::benchmark
