#ifndef REDRESS_SERVICES_PLATFORM_TELEMETRY_PROCESS_MEMORY_H_
#define REDRESS_SERVICES_PLATFORM_TELEMETRY_PROCESS_MEMORY_H_

#include <cstdint>
#include <optional>

namespace redress::telemetry {

// What this process has in memory, in bytes.
struct ProcessMemory {
  uint64_t resident = 0;  // As the system counts it, its programs and libraries with it.
  // As the allocator counts it (ADR 32); nothing where it is another one, that of a sanitizer or
  // of a test. A leak shows in what is in use; what else is resident are the program itself,
  // stacks, and memory that was freed and that the allocator keeps for the next who asks.
  struct Heap {
    uint64_t in_use = 0;  // Asked for and not freed.
    uint64_t pages = 0;   // The pages that this lies in, with the gaps between.
  };
  std::optional<Heap> heap;
};

// Takes some microseconds. Thread-safe.
ProcessMemory ReadProcessMemory();

}  // namespace redress::telemetry

#endif  // REDRESS_SERVICES_PLATFORM_TELEMETRY_PROCESS_MEMORY_H_
