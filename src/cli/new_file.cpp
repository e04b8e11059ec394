#include "new_file.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"

namespace mien {

void write_new_picture(const std::filesystem::path& file,
                       const std::vector<unsigned char>& bytes) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  int code = descriptor < 0 ? errno : 0;
  std::size_t written = 0;
  if (code == 0) {
    code = write_all(descriptor, {reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                     written);
    if (::close(descriptor) != 0 && code == 0) code = errno;
  }
  if (code == 0) return;
  throw Error("The picture " + file.filename().string() + " cannot be written: " +
              std::generic_category().message(code) + "; make room or choose another place.");
}

std::string numbered_file(long index, const char* extension) {
  const std::string digits = std::to_string(index);
  return std::string(digits.size() < 6 ? 6 - digits.size() : 0, '0') + digits + extension;
}

void make_label_folder(const std::filesystem::path& folder,
                       const std::filesystem::path& place) {
  if (const auto error = make_private_folders(folder)) {
    throw Error("The folder " + place.string() + " cannot be written: " + error.message() +
                "; make room.");
  }
}

}  // namespace mien
