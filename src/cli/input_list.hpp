#pragma once

#include <string>
#include <vector>

namespace mien {

/// An input of `mien analyze` and what its result folder is called.
struct NamedInput {
  std::string input;  ///< as SourceRequest::spec
  std::string name;
};

/// What the arguments stand for, in their order: a pattern such as "*.mp4" for the files that
/// match, a folder without pictures for the videos in it, anything else for itself. Names are
/// those of the files, with _2, _3 ... for one that came before, so the same arguments give the
/// same names on every machine. Throws Error for a pattern that nothing matches.
std::vector<NamedInput> list_inputs(const std::vector<std::string>& arguments);

/// Part `index` of `count` of a list, from 1.
struct Shard {
  std::size_t index = 1;
  std::size_t count = 1;
};

/// "2/8". Throws Error that says what it should be.
Shard parse_shard(const std::string& text);

/// Every `count`-th input from the `index`-th on: neighbours in a list are often alike, so the
/// shards take about as long as each other.
std::vector<NamedInput> inputs_of(const Shard& shard, const std::vector<NamedInput>& inputs);

}  // namespace mien
