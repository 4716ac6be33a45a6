#ifndef REDRESS_SERVICES_PLATFORM_STATUS_STATUS_MACROS_H_
#define REDRESS_SERVICES_PLATFORM_STATUS_STATUS_MACROS_H_

// The four shapes of "stop here when it failed", for plain functions and for coroutines.
// In a coroutine keep temporaries out of an awaited expression: name the arguments first and move
// them in, since gcc 12 destroys such temporaries twice or never.

#define REDRESS_STATUS_CONCAT_INNER(a, b) a##b
#define REDRESS_STATUS_CONCAT(a, b) REDRESS_STATUS_CONCAT_INNER(a, b)

#define RETURN_IF_ERROR(expression)                                 \
  do {                                                              \
    if (auto redress_status = (expression); !redress_status.ok()) { \
      return redress_status;                                        \
    }                                                               \
  } while (false)

#define ASSIGN_OR_RETURN(target, expression) \
  REDRESS_ASSIGN_OR_RETURN_INNER(REDRESS_STATUS_CONCAT(redress_or_, __LINE__), target, expression)
#define REDRESS_ASSIGN_OR_RETURN_INNER(holder, target, expression) \
  auto holder = (expression);                                      \
  if (!holder.ok()) return std::move(holder).status();             \
  target = std::move(holder).value()

#define CO_RETURN_IF_ERROR(expression)                  \
  do {                                                  \
    auto redress_status = (expression);                 \
    if (!redress_status.ok()) co_return redress_status; \
  } while (false)

#define CO_ASSIGN_OR_RETURN(target, expression) \
  REDRESS_CO_ASSIGN_INNER(REDRESS_STATUS_CONCAT(redress_or_, __LINE__), target, expression)
#define REDRESS_CO_ASSIGN_INNER(holder, target, expression) \
  auto holder = (expression);                               \
  if (!holder.ok()) co_return std::move(holder).status();   \
  target = std::move(holder).value()

#endif  // REDRESS_SERVICES_PLATFORM_STATUS_STATUS_MACROS_H_
