#include "services/platform/telemetry/process_memory.h"

#include <unistd.h>

#include <cstddef>
#include <fstream>

// jemalloc's, and null in a program that is not linked with it.
extern "C" int mallctl(const char* name, void* was, size_t* was_size, void* wanted,
                       size_t wanted_size) __attribute__((weak));

namespace redress::telemetry {
namespace {

std::optional<uint64_t> HeapFigure(const char* name) {
  size_t figure = 0;
  size_t size = sizeof(figure);
  if (mallctl(name, &figure, &size, nullptr, 0) != 0) return std::nullopt;
  return figure;
}

std::optional<ProcessMemory::Heap> ReadHeap() {
  if (mallctl == nullptr) return std::nullopt;
  // The figures are those of when this was last set.
  uint64_t epoch = 1;
  size_t size = sizeof(epoch);
  if (mallctl("epoch", &epoch, &size, &epoch, size) != 0) return std::nullopt;
  const std::optional<uint64_t> in_use = HeapFigure("stats.allocated");
  const std::optional<uint64_t> pages = HeapFigure("stats.active");
  if (!in_use || !pages) return std::nullopt;
  return ProcessMemory::Heap{.in_use = *in_use, .pages = *pages};
}

}  // namespace

ProcessMemory ReadProcessMemory() {
  uint64_t total_pages = 0;
  uint64_t resident_pages = 0;
  std::ifstream("/proc/self/statm") >> total_pages >> resident_pages;
  return {.resident = resident_pages * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)),
          .heap = ReadHeap()};
}

}  // namespace redress::telemetry
