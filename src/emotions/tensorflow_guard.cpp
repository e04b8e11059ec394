#include <algorithm>
#include <cstring>
#include <map>
#include <string>

#include "mien/base/error.hpp"

#include "foreign_guards.hpp"
#include "message.hpp"

namespace mien {
namespace {

constexpr std::int64_t kMaxElements = std::int64_t{1} << 28;
constexpr int kMaxNodes = 20'000;
constexpr int kMany = 64;

// What an input must be: which ones are constants, as far as OpenCV takes that for granted.
enum class Constants { none, second, all_but_first, last, any };

struct Rule {
  const char* op;
  int least_inputs;
  int most_inputs;
  Constants constants;
};
// A new layer: a line here, and what its sizes must be below.
constexpr Rule kRules[] = {
    {"Placeholder", 0, 0, Constants::none},
    {"Const", 0, 0, Constants::none},
    {"Identity", 1, 1, Constants::any},
    {"NoOp", 0, kMany, Constants::any},
    {"Conv2D", 2, 2, Constants::second},
    {"DepthwiseConv2dNative", 2, 2, Constants::second},
    {"MatMul", 2, 2, Constants::second},
    {"BiasAdd", 2, 2, Constants::second},
    {"Add", 2, 2, Constants::any},
    {"AddV2", 2, 2, Constants::any},
    {"Mul", 2, 2, Constants::any},
    {"FusedBatchNorm", 5, 5, Constants::all_but_first},
    {"FusedBatchNormV2", 5, 5, Constants::all_but_first},
    {"FusedBatchNormV3", 5, 5, Constants::all_but_first},
    {"Relu", 1, 1, Constants::none},
    {"Relu6", 1, 1, Constants::none},
    {"Elu", 1, 1, Constants::none},
    {"Sigmoid", 1, 1, Constants::none},
    {"Tanh", 1, 1, Constants::none},
    {"MaxPool", 1, 1, Constants::none},
    {"AvgPool", 1, 1, Constants::none},
    {"Mean", 2, 2, Constants::second},
    {"Pad", 2, 2, Constants::second},
    {"Reshape", 2, 2, Constants::second},
    {"Squeeze", 1, 1, Constants::none},
    {"ConcatV2", 3, kMany, Constants::last},
    {"Softmax", 1, 1, Constants::none},
};

class TensorflowGuard {
 public:
  explicit TensorflowGuard(const std::string& file) : file_(file) {}

  void check(const Message& graph, const ModelCard::Input& input) {
    const int count = graph.count("node");
    if (count == 0) fail("it holds no network");
    if (count > kMaxNodes) fail("it has too many layers");
    if (graph.has("library") && graph.child("library").count("function") > 0) {
      fail("it uses functions, which OpenCV does not read");
    }
    // Constants first: those that use them may stand before them.
    for (int i = 0; i < count; ++i) {
      const Message node = graph.child("node", i);
      const std::string name = node.text("name");
      if (name.empty() || !nodes_.emplace(name, i).second) {
        fail("the layer " + name + " has a name that another one has, or none");
      }
      if (node.text("op") == "Const") read_constant(node);
    }
    for (int i = 0; i < count; ++i) check_node(graph, graph.child("node", i), input);
    if (placeholders_ != 1) {
      fail("it has " + std::to_string(placeholders_) + " inputs instead of one");
    }
    check_for_rings(graph);
  }

 private:
  struct Constant {
    std::vector<std::int64_t> shape;
    std::int64_t total = 1;
    bool floats = false;
    bool typed = false;               // in int_val or float_val rather than as bytes
    std::vector<std::int64_t> whole;  // small ones of whole numbers only
  };

  [[noreturn]] void fail(const std::string& reason) const {
    throw Error("The model file " + file_ + " is damaged or not made for this program: " +
                reason + "; fetch it again, convert it to ONNX or choose another model.");
  }

  /// The attribute of that name; a map is a list of key and value.
  static bool find(const Message& node, std::string_view name, int& index) {
    for (index = 0; index < node.count("attr"); ++index) {
      if (node.child("attr", index).text("key") == name) return true;
    }
    return false;
  }

  void read_constant(const Message& node) {
    const std::string what = "the constant " + node.text("name");
    int index = 0;
    if (!find(node, "value", index) ||
        !node.child("attr", index).child("value").has("tensor")) {
      fail(what + " has no value");
    }
    const Message tensor = node.child("attr", index).child("value").child("tensor");
    Constant read;
    const Message shape = tensor.child("tensor_shape");
    if (!tensor.has("tensor_shape")) fail(what + " has no size");
    if (shape.count("dim") > 5) fail(what + " has too many dimensions");
    for (int i = 0; i < shape.count("dim"); ++i) {
      const auto size = shape.child("dim", i).whole("size");
      if (size < 1 || size > kMaxElements || read.total > kMaxElements / size) {
        fail(what + " has a size of " + std::to_string(size));
      }
      read.total *= size;
      read.shape.push_back(size);
    }
    const std::string type = tensor.word("dtype");
    read.floats = type == "DT_FLOAT";
    if (!read.floats && type != "DT_INT32") {
      fail(what + " is of the type " + type + ", which is neither float nor int32");
    }
    const char* field = read.floats ? "float_val" : "int_val";
    const auto raw = static_cast<std::int64_t>(tensor.size_of_text("tensor_content"));
    const std::int64_t typed = tensor.count(field);
    if (raw > 0 ? (raw != read.total * 4 || typed > 0) : typed != read.total) {
      fail(what + " has other data than its size says");
    }
    read.typed = raw == 0;
    if (!read.floats) {
      if (read.total > 64) fail(what + " is a table of whole numbers");
      const std::string content = tensor.text("tensor_content");
      for (int i = 0; i < read.total; ++i) {
        std::int32_t value = 0;
        if (raw > 0) {
          std::memcpy(&value, content.data() + static_cast<std::size_t>(i) * 4, 4);
        } else {
          value = static_cast<std::int32_t>(tensor.whole(field, i));
        }
        if (value < -1 || value > (1 << 20)) {
          fail(what + " holds " + std::to_string(value) + ", which makes no sense");
        }
        read.whole.push_back(value);
      }
    }
    constants_[node.text("name")] = std::move(read);
  }

  // "name", "name:0" or "^name".
  static std::string base(std::string name) {
    if (name.starts_with('^')) name.erase(0, 1);
    return name.substr(0, name.find(':'));
  }

  /// The constant that an input is, through identities; null when it is something else.
  const Constant* constant(const Message& graph, std::string name) const {
    for (int hops = 0; hops < 16; ++hops) {
      name = base(name);
      if (const auto found = constants_.find(name); found != constants_.end()) {
        return &found->second;
      }
      const auto node = nodes_.find(name);
      if (node == nodes_.end()) return nullptr;
      const Message next = graph.child("node", node->second);
      if (next.text("op") != "Identity" || next.count("input") != 1) return nullptr;
      name = next.text("input");
    }
    return nullptr;
  }

  void check_node(const Message& graph, const Message& node, const ModelCard::Input& input) {
    const std::string op = node.text("op");
    const std::string what = "the layer " + node.text("name") + " (" + op + ")";
    const auto rule = std::find_if(std::begin(kRules), std::end(kRules),
                                   [&](const Rule& each) { return op == each.op; });
    if (rule == std::end(kRules)) {
      fail(what + " is of a type that this program does not read from TensorFlow");
    }
    const int inputs = node.count("input");
    if (inputs < rule->least_inputs || inputs > rule->most_inputs) {
      fail(what + " has " + std::to_string(inputs) + " inputs");
    }
    for (int i = 0; i < inputs; ++i) {
      const std::string from = node.text("input", i);
      // With a number behind it, or through two identities, OpenCV loses what it names.
      const bool plain =
          from.find(':') == std::string::npos && (op == "NoOp" || !from.starts_with('^'));
      const auto maker = nodes_.find(base(from));
      if (maker == nodes_.end() || !plain) {
        fail(what + " wants " + from + ", which nothing makes");
      }
      const std::string made_by = graph.child("node", maker->second).text("op");
      if (op != "NoOp" && (made_by == "NoOp" || (op == "Identity" && made_by == "Identity"))) {
        fail(what + " takes what " + from + " (" + made_by + ") makes");
      }
      const bool must = (rule->constants == Constants::second && i == 1) ||
                        (rule->constants == Constants::all_but_first && i > 0) ||
                        (rule->constants == Constants::last && i == inputs - 1);
      const bool is = constant(graph, from) != nullptr;
      if (must && !is) fail(what + " needs a constant as its input " + std::to_string(i + 1));
      if (!must && is && rule->constants != Constants::any) {
        fail(what + " has a constant where it needs a layer");
      }
    }
    for (int i = 0; i < node.count("attr"); ++i) {
      check_attribute(op, node.child("attr", i), what);
    }
    if (op == "Placeholder") {
      ++placeholders_;
      check_input(node, input);
    }
    check_constants(graph, node, op, what);
  }

  void check_attribute(const std::string& op, const Message& attribute,
                       const std::string& what) {
    const std::string key = attribute.text("key");
    const Message value = attribute.child("value");
    const auto refuse = [&] { fail(what + " has a \"" + key + "\" that makes no sense"); };
    if (key == "strides" || key == "ksize" || key == "dilations") {
      const Message list = value.child("list");
      if (list.count("i") != 4) refuse();
      for (int i = 0; i < 4; ++i) {
        if (list.whole("i", i) < 1 || list.whole("i", i) > 4096) refuse();
      }
    } else if (key == "squeeze_dims" || key == "axis") {
      const Message list = value.child("list");
      for (int i = 0; i < list.count("i"); ++i) {
        if (list.whole("i", i) < -4 || list.whole("i", i) > 3) refuse();
      }
    } else if (key == "padding") {
      if (value.text("s") != "SAME" && value.text("s") != "VALID") refuse();
    } else if (key == "data_format") {
      if (value.text("s") != "NHWC" && value.text("s") != "NCHW") refuse();
    } else if (key == "epsilon") {
      find_and_refuse(value, what);
    } else if (key == "transpose_a" || key == "transpose_b" || key == "is_training") {
      if (value.flag("b"))
        fail(what + " has \"" + key + "\", which this program does not read");
    } else if (op != "Const") {
      find_and_refuse(value, what);
    }
    if (value.has("func")) refuse();
  }

  void find_and_refuse(const Message& value, const std::string& what) const {
    const std::string bad = find_bad_number(value, {});
    if (!bad.empty()) fail(what + ": " + bad);
  }

  void check_input(const Message& node, const ModelCard::Input& input) const {
    int index = 0;
    if (!find(node, "shape", index)) return;
    const Message shape = node.child("attr", index).child("value").child("shape");
    if (shape.count("dim") == 0) return;  // any
    const int channels = input.channels == ModelCard::Channels::gray ? 1 : 3;
    const bool nhwc = input.layout == ModelCard::Layout::nhwc;
    const std::int64_t wanted[] = {1, nhwc ? input.height : channels,
                                   nhwc ? input.width : input.height,
                                   nhwc ? channels : input.width};
    bool same = shape.count("dim") == 4;
    std::string given;
    std::string expected;
    for (int i = 0; i < shape.count("dim"); ++i) {
      const auto size = shape.child("dim", i).whole("size");
      given += (i > 0 ? "x" : "") + (size == -1 ? "?" : std::to_string(size));
      same = same && (size == -1 || size == wanted[i]);
    }
    for (const auto size : wanted)
      expected += (expected.empty() ? "" : "x") + std::to_string(size);
    if (!same) fail("its input is " + given + " where the card says " + expected);
  }

  void check_constants(const Message& graph, const Message& node, const std::string& op,
                       const std::string& what) const {
    const auto at = [&](int i) { return constant(graph, node.text("input", i)); };
    const auto floats = [&](int i, std::size_t dims) {
      if (!at(i)->floats || at(i)->shape.size() != dims)
        fail(what + " has weights of a wrong size");
    };
    const auto whole = [&](int i, std::int64_t least, std::int64_t most) {
      if (at(i)->floats || at(i)->shape.size() > 2) fail(what + " has a wrong constant");
      for (const auto value : at(i)->whole) {
        if (value < least || value > most) fail(what + " has a wrong constant");
      }
    };
    if (op == "Conv2D" || op == "DepthwiseConv2dNative") {
      floats(1, 4);
      int index = 0;
      if (!find(node, "strides", index) || !find(node, "padding", index)) {
        fail(what + " has no strides or no padding");
      }
    } else if (op == "MatMul") {
      floats(1, 2);
    } else if (op == "BiasAdd") {
      floats(1, 1);
    } else if (op.starts_with("FusedBatchNorm")) {
      for (int i = 1; i < 5; ++i) {
        floats(i, 1);
        if (at(i)->total != at(1)->total) fail(what + " has weights of different sizes");
        // OpenCV takes those for absent.
        if (at(i)->typed) fail(what + " has weights that OpenCV does not see");
      }
    } else if (op == "MaxPool" || op == "AvgPool") {
      int index = 0;
      if (!find(node, "ksize", index) || !find(node, "strides", index) ||
          !find(node, "padding", index)) {
        fail(what + " has no size, no strides or no padding");
      }
    } else if (op == "Mean") {
      whole(1, -1, 3);
      if (at(1)->total > 4) fail(what + " has a wrong constant");
    } else if (op == "Pad") {
      whole(1, 0, 4096);
      if (at(1)->total != 8 || at(1)->shape.size() != 2) fail(what + " has a wrong constant");
    } else if (op == "Reshape") {
      whole(1, -1, 1 << 20);
      if (at(1)->shape.size() != 1 || at(1)->total < 2 || at(1)->total > 4)
        fail(what + " has a wrong constant");
    } else if (op == "Squeeze") {
      int index = 0;
      if (!find(node, "squeeze_dims", index) ||
          node.child("attr", index).child("value").child("list").count("i") == 0) {
        fail(what + " does not say what to squeeze");
      }
    } else if (op == "ConcatV2") {
      const int last = node.count("input") - 1;
      whole(last, -1, 3);
      // OpenCV takes the number from there without looking.
      if (at(last)->total != 1 || !at(last)->typed) fail(what + " has a wrong constant");
    } else if (op == "Add" || op == "AddV2" || op == "Mul") {
      if (at(0) != nullptr && at(1) != nullptr) fail(what + " has two constants");
      for (int i = 0; i < 2; ++i) {
        if (at(i) != nullptr && !at(i)->floats) fail(what + " has a wrong constant");
      }
    }
  }

  // A graph that leads back into itself would have OpenCV go round for ever.
  void check_for_rings(const Message& graph) const {
    std::map<int, int> waits;  // layer -> inputs that are not there yet
    std::map<int, std::vector<int>> users;
    std::vector<int> ready;
    const int count = graph.count("node");
    for (int i = 0; i < count; ++i) {
      const Message node = graph.child("node", i);
      waits[i] = node.count("input");
      for (int k = 0; k < waits[i]; ++k) {
        users[nodes_.at(base(node.text("input", k)))].push_back(i);
      }
      if (waits[i] == 0) ready.push_back(i);
    }
    int done = 0;
    while (!ready.empty()) {
      const int node = ready.back();
      ready.pop_back();
      ++done;
      for (const int user : users[node]) {
        if (--waits[user] == 0) ready.push_back(user);
      }
    }
    if (done != count) fail("its layers lead back into themselves");
  }

  const std::string& file_;
  std::map<std::string, int> nodes_;  // by name
  std::map<std::string, Constant> constants_;
  int placeholders_ = 0;
};

}  // namespace

void check_tensorflow(std::string_view graph, const std::string& file,
                      const ModelCard::Input& input) {
  const auto net = OwnedMessage::from_binary("opencv_tensorflow.GraphDef", graph, file);
  TensorflowGuard(file).check(net.view(), input);
}

}  // namespace mien
