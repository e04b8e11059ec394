#include <algorithm>
#include <array>

#include "mien/base/error.hpp"
#include "mien/base/log.hpp"
#include "mien/base/redaction.hpp"
#include "mien/sources/cameras.hpp"

#include "camera_choice.hpp"
#include "source_kind.hpp"

namespace mien::sources {
namespace {

void log_opened(const SourceInfo& info, const base::log::Elapsed& took) {
  base::log::info("sources", "Opened ", base::redact_address(info.name), " (", info.kind, ", ",
                  info.size.width, "x", info.size.height, ", ", info.fps, " fps, ",
                  info.format.empty() ? "no format" : info.format, ") in ", took, " ms");
}

}  // namespace

std::span<const SourceKind> builtin_sources() {
  static const std::array kinds = {
      demo_source(),    //
      camera_source(),  //
      stream_source(),  //
      folder_source(),  //
      webp_source(),    // before images, which end like that as well
      image_source(),   //
      video_source(),   // any other path, also one where there is nothing
  };
  return kinds;
}

std::unique_ptr<FrameSource> open_source(const SourceRequest& request) {
  SourceRequest resolved = request;
  if (resolved.spec.empty()) {
    const int camera = default_camera(list_cameras());
    resolved.spec = camera < 0 && resolved.allow_demo_fallback
                        ? "demo"
                        : "camera:" + std::to_string(std::max(camera, 0));
  }
  for (const SourceKind& kind : builtin_sources()) {
    if (!kind.accepts(resolved.spec)) continue;
    const base::log::Elapsed took;
    auto source = base::translate_errors(
        "The source " + base::redact_address(resolved.spec) + " cannot be opened",
        [&] { return kind.open(resolved); });
    log_opened(source->info(), took);
    return source;
  }
  throw base::Error("The source " + base::redact_address(resolved.spec) +
                    " is of no known kind; give a file, a folder, a URL, "
                    "camera:N or demo.");
}

}  // namespace mien::sources
