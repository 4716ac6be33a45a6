#ifndef REDRESS_SERVICES_PLATFORM_KV_ABORT_NOTICE_H_
#define REDRESS_SERVICES_PLATFORM_KV_ABORT_NOTICE_H_

namespace redress::kv {

// From here on a process that ends by abort() says on standard error where the operator finds what
// to do; how it ends stays the same. Debian's RocksDB has its asserts on: where the disk has no
// room, opening a store often ends so, and what RocksDB then says helps nobody. Does nothing when
// somebody else handles SIGABRT.
void SayWhereToLookOnAbort();

}  // namespace redress::kv

#endif  // REDRESS_SERVICES_PLATFORM_KV_ABORT_NOTICE_H_
