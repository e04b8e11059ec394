#include "mien/media/av_file.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mien/base/error.hpp"
#include "mien/base/file_descriptor.hpp"
#include "mien/media/av_handles.hpp"

namespace mien::media {
namespace {

constexpr int kBuffer = 1 << 16;

}  // namespace

AvFile::AvFile(std::filesystem::path file, std::function<void()> make_room)
    : file_(std::move(file)), make_room_(std::move(make_room)) {
  descriptor_ = base::create_private_file(file_);
  if (!descriptor_.valid()) {
    throw base::Error("The video " + file_.string() + " cannot be made: " +
                      std::generic_category().message(errno) + "; choose another folder.");
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
  const int descriptor = static_cast<AvFile*>(self)->descriptor_.get();
  if (whence == AVSEEK_SIZE) {
    struct stat status {};
    return ::fstat(descriptor, &status) == 0 ? status.st_size : AVERROR(errno);
  }
  const auto place = ::lseek(descriptor, offset, whence & ~AVSEEK_FORCE);
  return place >= 0 ? place : AVERROR(errno);
}

int AvFile::write(const std::uint8_t* data, int size) {
  if (cut_) return AVERROR(EIO);
  for (int done = 0; done < size;) {
    const auto count =
        ::write(descriptor_.get(), data + done, static_cast<std::size_t>(size - done));
    if (count >= 0) {
      done += static_cast<int>(count);
    } else if ((errno == ENOSPC || errno == EDQUOT) && make_room_) {
      was_full_ = true;
      std::exchange(make_room_, nullptr)();
    } else if (errno != EINTR) {
      return AVERROR(errno);
    }
  }
  return size;
}

void AvFile::cut(std::int64_t size) {
  cut_ = true;
  struct stat status {};
  if (::fstat(descriptor_.get(), &status) != 0 || status.st_size <= size) return;
  int result = 0;
  do {
    result = ::ftruncate(descriptor_.get(), size);
  } while (result != 0 && errno == EINTR);
}

int AvFile::close() {
  if (io_ == nullptr) return 0;
  avio_flush(io_);
  int code = cut_ ? 0 : io_->error;
  av_freep(&io_->buffer);
  avio_context_free(&io_);
  const int syncing = base::sync_file(descriptor_.get());
  const int closing = descriptor_.close();
  for (const int each : {syncing, closing}) {
    if (each != 0 && code == 0) code = AVERROR(each);
  }
  return code;
}

}  // namespace mien::media
