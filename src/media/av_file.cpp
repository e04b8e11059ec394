#include "mien/media/av_file.hpp"

#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/media/av_handles.hpp"
#include "mien/system/files.hpp"

namespace mien::media {
namespace {

constexpr int kBuffer = 1 << 16;

}  // namespace

AvFile::AvFile(std::filesystem::path file, std::function<void()> make_room)
    : file_(std::move(file)), make_room_(std::move(make_room)) {
  std::error_code error;
  handle_ = system::create_private_file(file_, error);
  if (error) {
    throw base::Error("The video " + file_.string() + " cannot be made: " + error.message() +
                      "; choose another folder.");
  }
  auto* buffer = static_cast<unsigned char*>(av_malloc(kBuffer));
  if (buffer != nullptr) {
    // From FFmpeg 7 on the data is constant.
    const auto write_packet = [](void* self, auto* data, int size) {
      return static_cast<AvFile*>(self)->write(data, size);
    };
    io_ = avio_alloc_context(buffer, kBuffer, 1, this, nullptr, write_packet, &seek);
  }
  if (io_ == nullptr) {
    av_free(buffer);
    throw base::Error("The video " + file_.string() + " cannot be made: no memory is left.");
  }
}

AvFile::~AvFile() { close(); }

std::int64_t AvFile::seek(void* self, std::int64_t offset, int whence) {
  auto& handle = static_cast<AvFile*>(self)->handle_;
  std::error_code error;
  const std::int64_t place = whence == AVSEEK_SIZE
                                 ? static_cast<std::int64_t>(handle.status(error).size)
                                 : handle.seek(offset, whence & ~AVSEEK_FORCE, error);
  return error ? AVERROR(error.value()) : place;
}

int AvFile::write(const std::uint8_t* data, int size) {
  if (cut_) return AVERROR(EIO);
  const std::string_view bytes(reinterpret_cast<const char*>(data),
                               static_cast<std::size_t>(size));
  std::size_t done = 0;
  auto error = handle_.write_all(bytes, done);
  if (system::is_disk_full(error) && make_room_) {
    was_full_ = true;
    std::exchange(make_room_, nullptr)();
    error = handle_.write_all(bytes.substr(done), done);
  }
  return error ? AVERROR(error.value()) : size;
}

void AvFile::cut(std::int64_t size) {
  cut_ = true;
  std::error_code error;
  const auto status = handle_.status(error);
  if (error || std::cmp_less_equal(status.size, size)) return;
  handle_.resize(static_cast<std::uint64_t>(size));
}

int AvFile::close() {
  if (io_ == nullptr) return 0;
  avio_flush(io_);
  int code = cut_ ? 0 : io_->error;
  av_freep(&io_->buffer);
  avio_context_free(&io_);
  const auto syncing = handle_.sync();
  const auto closing = handle_.close();
  for (const auto& each : {syncing, closing}) {
    if (each && code == 0) code = AVERROR(each.value());
  }
  return code;
}

}  // namespace mien::media
