#include "session_video.hpp"

#include <system_error>

#include "mien/base/error.hpp"
#include "mien/media/av_handles.hpp"

namespace mien {

namespace fs = std::filesystem;

namespace {

std::error_code not_a_file(const fs::path& file) {
  std::error_code code;
  if (fs::is_regular_file(file, code)) return {};
  return code ? code : std::make_error_code(std::errc::invalid_argument);
}

}  // namespace

void check_session_video(const fs::path& file) {
  if (const auto code = not_a_file(file)) {
    throw Error("The video " + file.string() + " cannot be read: " + code.message() + ".");
  }
}

int open_session_video(AVFormatContext*& format, const fs::path& file) {
  if (const auto code = not_a_file(file)) return AVERROR(code.value());
  const AVInputFormat* matroska = av_find_input_format(kSessionVideoFormat);
  if (matroska == nullptr) return AVERROR_DEMUXER_NOT_FOUND;
  AvOptions options;
  options.set("protocol_whitelist", "file");
  // Before a colon, FFmpeg looks for a protocol's name.
  const auto url = "file:" + fs::absolute(file).string();
  return avformat_open_input(&format, url.c_str(), matroska, options.get());
}

}  // namespace mien
