#include "mien/media/library_versions.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libswscale/swscale.h>
}

namespace mien::media {
namespace {

std::string dotted(unsigned version) {
  return std::to_string(AV_VERSION_MAJOR(version)) + '.' +
         std::to_string(AV_VERSION_MINOR(version)) + '.' +
         std::to_string(AV_VERSION_MICRO(version));
}

}  // namespace

std::vector<std::pair<std::string, std::string>> library_versions() {
  return {{"FFmpeg", av_version_info()},
          {"libavformat", dotted(avformat_version())},
          {"libavcodec", dotted(avcodec_version())},
          {"libavutil", dotted(avutil_version())},
          {"libswscale", dotted(swscale_version())}};
}

}  // namespace mien::media
