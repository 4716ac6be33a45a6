#ifndef REDRESS_SERVICES_PLATFORM_FILES_DESCRIPTORS_H_
#define REDRESS_SERVICES_PLATFORM_FILES_DESCRIPTORS_H_

namespace redress::files {

// How many files and connections this process may have open at once (`ulimit -n`), and how that is
// shared out, so that whatever callers do, the store can go on writing. The system gives out the
// lowest number that is free: one number of a descriptor tells that at least so many are open.
struct DescriptorShares {
  int limit = 0;

  // So many tables the store keeps open.
  int tables() const { return limit / 8; }
  // A connection that gets this number or a higher one is turned away.
  int connections_below() const { return limit / 2; }
  // A file that somebody sends or fetches, likewise.
  int sent_files_below() const { return limit / 8 * 5; }
};

// With fewer a service does not start.
inline constexpr int kFewestDescriptors = 256;

// Asks the system each time, which costs less than a microsecond. Thread-safe.
DescriptorShares GetDescriptorShares();

// Raises the limit to the most that the system lets this process have. It starts with less, mostly
// 1,024, for the sake of programs that use select(), and nothing here does.
DescriptorShares RaiseDescriptorLimit();

}  // namespace redress::files

#endif  // REDRESS_SERVICES_PLATFORM_FILES_DESCRIPTORS_H_
