#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace mien::sources {

/// One class of a labelled folder.
struct LabelledClass {
  std::string name;                          ///< the folder's, as written
  std::vector<std::filesystem::path> files;  ///< everything in it but hidden files, sorted
};

/// Reads a data set of the usual shape: a folder that holds one folder of pictures per class.
/// The files are not opened. Sorted by name. Throws Error when there is no such folder or it
/// holds none.
std::vector<LabelledClass> scan_labelled_folder(const std::filesystem::path& folder);

}  // namespace mien::sources
