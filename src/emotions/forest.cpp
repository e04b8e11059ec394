#include "forest.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <zlib.h>

#include <opencv2/core.hpp>

#include "mien/base/error.hpp"
#include "mien/base/text.hpp"
#include "mien/emotions/forest_training.hpp"

namespace mien::emotions {

void Forest::add(const cv::ml::RTrees& grown) {
  const auto& nodes = grown.getNodes();
  const auto& splits = grown.getSplits();
  for (const int root : grown.getRoots()) {
    Tree tree;
    // In the order of the file: a node, all of its left, all of its right.
    struct Step {
      int node;
      std::int32_t parent;
      bool left;
    };
    std::vector<Step> open = {{root, -1, false}};
    while (!open.empty()) {
      const Step step = open.back();
      open.pop_back();
      const auto& from = nodes.at(static_cast<std::size_t>(step.node));
      const auto place = static_cast<std::int32_t>(tree.size());
      if (step.parent >= 0) {
        Node& parent = tree[static_cast<std::size_t>(step.parent)];
        (step.left ? parent.left : parent.right) = place;
      }
      Node node;
      node.label = cvRound(from.value);
      if (from.split >= 0) {
        const auto& split = splits.at(static_cast<std::size_t>(from.split));
        node.feature = split.varIdx;
        node.threshold = split.c;
        open.push_back({from.right, place, false});
        open.push_back({from.left, place, true});
      }
      tree.push_back(node);
    }
    add(std::move(tree));
  }
}

std::vector<float> Forest::votes(std::span<const float> sample) const {
  if (sample.size() != static_cast<std::size_t>(features_) || trees_.empty()) {
    throw base::Error("A forest was given " + std::to_string(sample.size()) +
                      " numbers and needs " + std::to_string(features_) + ".");
  }
  std::vector<float> shares(static_cast<std::size_t>(labels_), 0.0F);
  for (const auto& tree : trees_) {
    std::size_t at = 0;
    while (tree[at].feature >= 0) {
      const Node& node = tree[at];
      const bool left = sample[static_cast<std::size_t>(node.feature)] <= node.threshold;
      at = static_cast<std::size_t>(left ? node.left : node.right);
    }
    ++shares[static_cast<std::size_t>(tree[at].label)];
  }
  for (float& share : shares) share /= static_cast<float>(trees_.size());
  return shares;
}

namespace {

constexpr std::size_t kMaxTextLength = std::size_t{1} << 28;  // bytes, unpacked
constexpr int kMaxFeatures = 1 << 20;
constexpr int kMaxLabels = 1000;
constexpr int kMaxDepth = 1000;
constexpr std::size_t kMaxLineLength = 400;  // OpenCV breaks its lines at about 80
constexpr int kDeepestNesting = 16;
constexpr int kDeepestIndent = 64;
constexpr const char* kRoot = "opencv_ml_rtrees";
// As OpenCV writes it; others can lead its reader astray.
constexpr std::string_view kXmlHeader = "<?xml version=\"1.0\"?>";

class FileError {
 public:
  explicit FileError(const std::string& where) : where_(where) {}
  [[noreturn]] void operator()(const std::string& what) const {
    throw base::Error("The forest file " + where_ + " cannot be used: " + what +
                      "; fetch it again or train it again.");
  }

 private:
  const std::string& where_;
};

std::string unpack(std::string_view bytes, const FileError& fail) {
  if (!bytes.starts_with("\x1F\x8B")) {
    if (bytes.size() > kMaxTextLength) fail("it is too large");
    return std::string(bytes);
  }
  struct ZlibStream : z_stream {
    ZlibStream() : z_stream{} {}
    ~ZlibStream() { inflateEnd(this); }
  } stream;
  if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) fail("there is no memory to unpack it");
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(std::min<std::size_t>(bytes.size(), kMaxTextLength));
  std::string text;
  std::vector<char> part(1 << 16);
  for (int state = Z_OK; state != Z_STREAM_END;) {
    stream.next_out = reinterpret_cast<Bytef*>(part.data());
    stream.avail_out = static_cast<uInt>(part.size());
    state = inflate(&stream, Z_NO_FLUSH);
    const std::size_t got = part.size() - stream.avail_out;
    if (state == Z_BUF_ERROR || (state == Z_OK && got == 0)) fail("it was cut off");
    if (state != Z_OK && state != Z_STREAM_END) fail("it is damaged");
    text.append(part.data(), got);
    if (text.size() > kMaxTextLength) fail("it is too large when unpacked");
  }
  return text;
}

/// Refuses what a forest's YAML has no need of and what can put OpenCV 4.6 into an endless
/// loop: a second document, a document that is not a map of keys, a line that is indented less
/// than the first key, a list where keys belong.
class YamlLines {
 public:
  explicit YamlLines(const FileError& fail) : fail_(fail) {}

  /// To be called for each line, in order. `rest` is the text behind the line's `indent`
  /// spaces.
  void begin(std::string_view rest, int indent) {
    const auto line = rest.substr(0, rest.find_first_of("\r\n"));
    const bool header = indent == 0 && (line == "---" || (line.starts_with('%') && first_));
    first_ = false;
    if (header && first_key_ < 0) return;
    if (header || line.starts_with('%') || line.starts_with("---") || line.starts_with("...")) {
      fail_("it holds more than one document");
    }
    if (first_key_ < 0) {
      first_key_ = indent;
      if (!is_key(line)) fail_("it does not begin with a key");
    }
    if (indent < first_key_ || (indent == first_key_ && line.starts_with('-'))) {
      fail_("its lists do not fit together");
    }
  }

 private:
  /// "name: ..."
  static bool is_key(std::string_view line) {
    const char c = line.empty() ? ' ' : base::ascii_lower(line.front());
    const auto end = line.find_first_of(":#");
    return ((c >= 'a' && c <= 'z') || c == '_') && end != std::string_view::npos &&
           line[end] == ':';
  }

  const FileError& fail_;
  bool first_ = true;   ///< line of the file
  int first_key_ = -1;  ///< its indent; -1 before it
};

/// OpenCV's reader of YAML and XML is sound for what OpenCV writes. Things that it never writes
/// into a forest (binary data, deep nesting, endless lines) are kept from it.
void check_text(const std::string& text, bool xml, const FileError& fail) {
  std::size_t line = 0;
  int depth = 0;
  int indent = 0;
  bool indenting = true;
  bool begins = true;  // YAML: only spaces so far in this line
  YamlLines lines(fail);
  for (std::size_t i = xml ? kXmlHeader.size() : 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c != '\n' && c != '\r' && (c < ' ' || c > '~')) {
      fail("it holds something other than text");
    }
    if (c == '\n') {
      line = 0;
      indent = 0;
      indenting = true;
      begins = true;
      continue;
    }
    if (++line > kMaxLineLength) fail("it has a line that is too long");
    if (!xml && begins && c != ' ' && c != '\r') {
      begins = false;
      lines.begin(std::string_view(text).substr(i), static_cast<int>(line) - 1);
    }
    indenting = indenting && (c == ' ' || (c == '-' && !xml));
    if (indenting && ++indent > kDeepestIndent) fail("it has lists too deep in each other");
    if (xml) {
      const char next = i + 1 < text.size() ? text[i + 1] : ' ';
      if (c == '<' && (next == '!' || next == '?')) fail("it holds a comment");
      if (c == '<' && next != '/') ++depth;
      if ((c == '<' && next == '/') || (c == '/' && next == '>')) --depth;
      // Of an attribute without a value OpenCV 4.6 reads beyond the end.
      if (c == '"' || c == '=') fail("it holds attributes");
    } else {
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
      if (c == '!' || c == '"' || c == '\'' || c == '&' || c == '*' || c == '|') {
        fail("it holds a type of its own");
      }
    }
    if (depth < 0 || depth > kDeepestNesting) fail("its brackets do not fit together");
  }
  if (depth != 0) fail("it was cut off");
}

class NodeReader {
 public:
  NodeReader(const cv::FileNode& node, const FileError& fail) : node_(node), fail_(fail) {}

  NodeReader at(const char* key) const {
    const cv::FileNode child = node_.isMap() ? node_[key] : cv::FileNode();
    if (child.empty()) fail_(std::string("its \"") + key + "\" is missing");
    return {child, fail_};
  }
  bool has(const char* key) const { return node_.isMap() && !node_[key].empty(); }

  int whole(const char* key, int low, int high) const {
    const double value = at(key).number(key);
    if (value != std::floor(value) || value < low || value > high) {
      fail_(std::string("its \"") + key + "\" is out of range");
    }
    return static_cast<int>(value);
  }
  double number(const char* what) const {
    if (!node_.isInt() && !node_.isReal())
      fail_(std::string("its \"") + what + "\" is not a number");
    const double value = node_.real();
    if (!std::isfinite(value)) fail_(std::string("its \"") + what + "\" is not finite");
    return value;
  }
  const cv::FileNode& list(const char* what) const {
    if (!node_.isSeq()) fail_(std::string("its \"") + what + "\" is not a list");
    return node_;
  }

 private:
  cv::FileNode node_;
  const FileError& fail_;
};

/// A list of exactly these numbers.
template <typename Wanted>
bool is_list(const cv::FileNode& list, int count, const Wanted& wanted) {
  if (list.size() != static_cast<std::size_t>(count)) return false;
  int i = 0;
  for (const auto& item : list) {
    if (!item.isInt() || static_cast<int>(item) != wanted(i)) return false;
    ++i;
  }
  return true;
}

Forest::Tree read_tree(const cv::FileNode& list, int features, int labels,
                       const FileError& fail) {
  Forest::Tree tree;
  tree.reserve(list.size());
  std::vector<std::int32_t> open;  // the way from the root to where the next node belongs
  for (const auto& each : list) {
    const NodeReader reader(each, fail);
    Forest::Node node;
    node.label = reader.whole("norm_class_idx", 0, labels - 1);
    const auto place = static_cast<std::int32_t>(tree.size());
    if (place > 0) {
      while (!open.empty() && tree[static_cast<std::size_t>(open.back())].right >= 0) {
        open.pop_back();
      }
      if (open.empty()) fail("it has a tree with nodes that nothing leads to");
      Forest::Node& parent = tree[static_cast<std::size_t>(open.back())];
      (parent.left < 0 ? parent.left : parent.right) = place;
    }
    if (reader.has("splits")) {
      const NodeReader splits = reader.at("splits");
      if (splits.list("splits").size() != 1) fail("it has surrogate splits");
      const NodeReader split(*splits.list("splits").begin(), fail);
      node.feature = split.whole("var", 0, features - 1);
      node.threshold = static_cast<float>(split.at("le").number("le"));
      open.push_back(place);
      if (open.size() > kMaxDepth) fail("it has a tree that is too deep");
    }
    tree.push_back(node);
  }
  const bool whole = !tree.empty() && std::all_of(tree.begin(), tree.end(), [](const auto& n) {
    return n.feature < 0 || (n.left > 0 && n.right > 0);
  });
  if (!whole) fail("it has a tree that was cut off");
  return tree;
}

Forest parse(const std::string& text, const FileError& fail) {
  cv::FileStorage storage;
  try {
    storage.open(text, cv::FileStorage::READ | cv::FileStorage::MEMORY);
  } catch (const cv::Exception&) {
    // OpenCV's message describes its parser, not what is wrong with the file.
  }
  if (!storage.isOpened()) fail("OpenCV cannot read it");
  const cv::FileNode root = storage[kRoot];
  if (root.empty()) fail("it holds no forest of cv::ml::RTrees");
  const NodeReader forest(root, fail);
  if (!forest.has("format") || forest.whole("format", -1000000, 1000000) != 3) {
    fail("it is of another version of OpenCV's format than 3");
  }
  if (forest.whole("is_classifier", 0, 1) != 1) fail("it guesses numbers, not classes");
  const int features = forest.whole("var_count", 1, kMaxFeatures);
  const bool plain =
      forest.whole("var_all", 1, kMaxFeatures + 1) == features + 1 &&
      is_list(forest.at("var_idx").list("var_idx"), features, [](int i) { return i; }) &&
      is_list(forest.at("var_type").list("var_type"), features + 1,
              [&](int i) { return i == features ? 1 : 0; });
  if (!plain) fail("it judges by something other than numbers");
  const auto labels = static_cast<int>(std::min<std::size_t>(
      forest.at("class_labels").list("class_labels").size(), kMaxLabels + 1));
  if (labels < 2 || labels > kMaxLabels) fail("it knows no classes or too many");
  const int count = forest.whole("ntrees", 1, kMaxTrees);
  const NodeReader trees = forest.at("trees");
  if (trees.list("trees").size() != static_cast<std::size_t>(count)) {
    fail("it has fewer trees than it says");
  }
  Forest result(features, labels);
  for (const auto& tree : trees.list("trees")) {
    const NodeReader nodes = NodeReader(tree, fail).at("nodes");
    result.add(read_tree(nodes.list("nodes"), features, labels, fail));
  }
  return result;
}

std::string pack(const std::string& text) {
  z_stream stream{};
  // The gzip header gets neither name nor time, so that equal forests give equal bytes.
  if (deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw base::Error("There is no memory to pack a forest.");
  }
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int state = deflate(&stream, Z_FINISH);
  packed.resize(packed.size() - stream.avail_out);
  deflateEnd(&stream);
  if (state != Z_STREAM_END) throw base::Error("A forest could not be packed.");
  return packed;
}

}  // namespace

Forest read_forest(std::string_view bytes, const std::string& where) {
  const FileError fail(where);
  return base::translate_errors("The forest file " + where + " cannot be used", [&] {
    const std::string text = unpack(bytes, fail);
    const bool xml = text.starts_with(kXmlHeader);
    if (!xml && !text.starts_with("%YAML")) fail("it is neither OpenCV's YAML nor its XML");
    for (const char* word : {"opencv-ml-random-trees", "my_random_trees"}) {
      if (text.find(word) < 4096) fail("it was saved by OpenCV 2");
    }
    check_text(text, xml, fail);
    return parse(text, fail);
  });
}

std::string write_forest(const Forest& forest) {
  const int features = forest.features();
  cv::FileStorage out(".yml", cv::FileStorage::WRITE | cv::FileStorage::MEMORY);
  const auto list = [&](const char* key, int count, const auto& value) {
    out << key << "[:";
    for (int i = 0; i < count; ++i) out << value(i);
    out << "]";
  };
  const auto zero = [](int) { return 0; };
  out << kRoot << "{";
  out << "format" << 3 << "is_classifier" << 1 << "var_all" << features + 1 << "var_count"
      << features << "ord_var_count" << features << "cat_var_count" << 1;
  out << "training_params"
      << "{"
      << "use_surrogates" << 0 << "max_categories" << 10 << "regression_accuracy" << 0
      << "max_depth" << kMaxDepth << "min_sample_count" << 2 << "cross_validation_folds" << 0
      << "nactive_vars" << 0 << "}";
  out << "global_var_idx" << 1;
  list("var_idx", features, [](int i) { return i; });
  list("var_type", features + 1, [&](int i) { return i == features ? 1 : 0; });
  list("cat_ofs", 2 * features, zero);
  list("class_labels", forest.labels(), [](int i) { return i; });
  list("missing_subst", features + 1, zero);
  out << "oob_error" << 0 << "ntrees" << static_cast<int>(forest.trees().size());
  out << "trees"
      << "[";
  for (const auto& tree : forest.trees()) {
    out << "{"
        << "nodes"
        << "[";
    std::vector<int> depth(tree.size(), 0);
    for (std::size_t i = 0; i < tree.size(); ++i) {
      const auto& node = tree[i];
      out << "{"
          << "depth" << depth[i] << "value" << node.label << "norm_class_idx" << node.label;
      if (node.feature >= 0) {
        for (const auto child : {node.left, node.right}) {
          depth[static_cast<std::size_t>(child)] = depth[i] + 1;
        }
        out << "splits"
            << "["
            << "{:"
            << "var" << node.feature << "quality" << 0 << "le" << node.threshold << "}"
            << "]";
      }
      out << "}";
    }
    out << "]"
        << "}";
  }
  out << "]"
      << "}";
  return pack(out.releaseAndGetString());
}

}  // namespace mien::emotions
