#pragma once

namespace mien::system {

/// Whether the address or the thread sanitizer is built in. They take terabytes of address
/// space for their bookkeeping, so that no limit on it can be set, and the undefined behaviour
/// sanitizer, which is built with the former, asks with pipe() whether memory may be read.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)  // GCC
inline constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)  // Clang
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace mien::system
