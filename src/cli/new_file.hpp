#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace mien {

/// Writes a picture of a data set that is being made, without fsync: the folder is synced as a
/// whole when it is published. Throws Error, also when the file is there already.
void write_new_picture(const std::filesystem::path& file,
                       const std::vector<unsigned char>& bytes);

/// "000012.png"
std::string numbered_file(long index, const char* extension);

/// Makes a folder of a data set. Throws Error that names `place`.
void make_label_folder(const std::filesystem::path& folder, const std::filesystem::path& place);

}  // namespace mien
