#include "mien/sources/library_versions.hpp"

#include <webp/demux.h>

namespace mien::sources {

std::vector<std::pair<std::string, std::string>> library_versions() {
  const auto webp = static_cast<unsigned>(WebPGetDemuxVersion());  // 0x010204 is 1.2.4
  return {{"WebP", std::to_string(webp >> 16) + '.' + std::to_string(webp >> 8 & 0xFF) + '.' +
                       std::to_string(webp & 0xFF)}};
}

}  // namespace mien::sources
