#ifndef REDRESS_SERVICES_PLATFORM_STATUS_FAULT_POINT_H_
#define REDRESS_SERVICES_PLATFORM_STATUS_FAULT_POINT_H_

// A named place where a test may have the process killed as by `kill -9`, to show that nothing
// acknowledged is lost whichever instruction was the last. Compiled out without REDRESS_TEST_HOOKS.
//
// The environment variable REDRESS_FAULT holds "name" or "name:k" (the k-th pass, from 1).
// REDRESS_FAULT_FILE names a file of at least 128 bytes that holds the same, filled up with zeros;
// it may be written while the process runs, and the passes are counted from then on. Thread-safe.
#ifdef REDRESS_TEST_HOOKS
namespace redress {
void PassFaultPoint(const char* name);
}
#define REDRESS_FAULT_POINT(name) ::redress::PassFaultPoint(name)
#else
#define REDRESS_FAULT_POINT(name) static_cast<void>(0)
#endif

#endif  // REDRESS_SERVICES_PLATFORM_STATUS_FAULT_POINT_H_
