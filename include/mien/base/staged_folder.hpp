#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace mien::base {

/// A folder that nobody looks into, ".NAME.PROCESS-NUMBER.partial", and that goes with its
/// owner and all that is in it. What a killed program left under the same name is cleared by
/// the next one that makes one beside it. One thread.
class HiddenFolder {
 public:
  /// Makes it, and `parent` where it is missing. Throws std::system_error.
  HiddenFolder(const std::filesystem::path& parent, const std::string& name);
  ~HiddenFolder();
  HiddenFolder(const HiddenFolder&) = delete;
  HiddenFolder& operator=(const HiddenFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A result folder that comes into being whole or not at all: it is filled under a hidden name
/// beside its place, and renamed there at the end. What was not published goes with its owner;
/// what a killed program left is cleared by the next one that writes to the same place.
///
/// One thread.
class StagedFolder {
 public:
  /// Makes the hidden folder, and the folders above it that are missing. Throws Error when
  /// `place` is there and holds anything, is a file, or cannot be written.
  explicit StagedFolder(const std::filesystem::path& place);
  ~StagedFolder();
  StagedFolder(const StagedFolder&) = delete;
  StagedFolder& operator=(const StagedFolder&) = delete;

  /// Where to write until then.
  const std::filesystem::path& path() const { return hidden_->path(); }
  const std::filesystem::path& place() const { return place_; }

  /// Makes sure that all is on the disk and puts it in its place in one step. Throws Error.
  void publish();

 private:
  std::filesystem::path place_;
  std::optional<HiddenFolder> hidden_;
  std::filesystem::path made_;  ///< the topmost folder that was missing above; or empty
  bool published_ = false;
};

}  // namespace mien::base
