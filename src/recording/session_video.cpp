#include "session_video.hpp"

#include <system_error>

#include "mien/base/av_handles.hpp"

namespace mien {

namespace fs = std::filesystem;

int open_session_video(AVFormatContext*& format, const fs::path& file) {
  std::error_code code;
  if (!fs::is_regular_file(file, code)) return AVERROR(code ? code.value() : EINVAL);
  const AVInputFormat* matroska = av_find_input_format("matroska");
  if (matroska == nullptr) return AVERROR_DEMUXER_NOT_FOUND;
  AvOptions options;
  options.set("protocol_whitelist", "file");
  // Before a colon, FFmpeg looks for a protocol's name.
  const auto url = "file:" + fs::absolute(file).string();
  return avformat_open_input(&format, url.c_str(), matroska, options.get());
}

}  // namespace mien
