#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "mien/sources/frame_source.hpp"

namespace mien::sources {

/// A kind of source: which specs it takes and how it is opened.
struct SourceKind {
  std::string_view name;  ///< for tests and logs
  /// Whether `spec` means this kind. May look at the file system; never throws.
  bool (*accepts)(const std::string& spec);
  std::unique_ptr<FrameSource> (*open)(const SourceRequest& request);
};

/// Every kind, in the order in which they are asked; the last one takes whatever is left.
std::span<const SourceKind> builtin_sources();

// Each is defined in its own <name>_source.cpp.
SourceKind demo_source();
SourceKind camera_source();
SourceKind stream_source();
SourceKind folder_source();
SourceKind webp_source();
SourceKind image_source();
SourceKind video_source();

}  // namespace mien::sources
