#pragma once

#include <string>
#include <vector>

namespace mien::cli {

/// An input of `mien analyze` and what its result folder is called, when no other has the name.
struct NamedInput {
  std::string input;  ///< as SourceRequest::spec
  std::string name;   ///< the file's, without its ending
};

/// What the arguments stand for, in their order: a pattern such as "*.mp4" for the files that
/// match, a folder for its pictures together and each of its videos, anything else for itself.
/// `left_out` gets a sentence for each folder of videos that also holds other files; the source
/// of a folder of pictures reports those itself. Throws Error for a pattern that nothing
/// matches.
std::vector<NamedInput> list_inputs(const std::vector<std::string>& arguments,
                                    std::vector<std::string>* left_out = nullptr);

/// Part `index` of `count` of a list, from 1.
struct Shard {
  std::size_t index = 1;
  std::size_t count = 1;
};

/// "2/8". Throws Error that says what it should be.
Shard parse_shard(const std::string& text);

/// The places in a list of `size` that belong to a shard: every `count`-th from the `index`-th
/// on, as neighbours in a list are often alike and the shards take about as long as each other.
std::vector<std::size_t> part_of(const Shard& shard, std::size_t size);

}  // namespace mien::cli
