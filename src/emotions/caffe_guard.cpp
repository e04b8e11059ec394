#include <map>
#include <set>

#include "mien/base/error.hpp"

#include "foreign_guards.hpp"
#include "message.hpp"

namespace mien {
namespace {

constexpr std::int64_t kMaxElements = std::int64_t{1} << 28;
constexpr int kMaxLayers = 10'000;
constexpr int kMany = 64;

struct Rule {
  const char* type;
  const char* old_name;  // in the first format's `layers`; "" when it had none
  int least_inputs;
  int most_inputs;
  int least_weights;  // blobs
  int most_weights;
};
// A new layer: a line here, and what its sizes must be below.
constexpr Rule kRules[] = {
    {"Convolution", "CONVOLUTION", 1, 1, 1, 2},
    {"ConvolutionDepthwise", "", 1, 1, 1, 2},
    {"InnerProduct", "INNER_PRODUCT", 1, 1, 1, 2},
    {"Pooling", "POOLING", 1, 1, 0, 0},
    {"ReLU", "RELU", 1, 1, 0, 0},
    {"PReLU", "", 1, 1, 1, 1},
    {"ELU", "", 1, 1, 0, 0},
    {"Sigmoid", "SIGMOID", 1, 1, 0, 0},
    {"TanH", "TANH", 1, 1, 0, 0},
    {"AbsVal", "ABSVAL", 1, 1, 0, 0},
    {"Power", "POWER", 1, 1, 0, 0},
    {"Dropout", "DROPOUT", 1, 1, 0, 0},
    {"BatchNorm", "", 1, 1, 3, 3},
    {"Scale", "", 1, 1, 1, 2},
    {"Eltwise", "ELTWISE", 2, kMany, 0, 0},
    {"Concat", "CONCAT", 1, kMany, 0, 0},
    {"Flatten", "FLATTEN", 1, 1, 0, 0},
    {"Split", "SPLIT", 1, 1, 0, 0},
    {"Softmax", "SOFTMAX", 1, 1, 0, 0},
    {"LRN", "LRN", 1, 1, 0, 0},
};

class CaffeGuard {
 public:
  CaffeGuard(const std::string& layers_file, const std::string& weights_file)
      : layers_file_(layers_file), weights_file_(weights_file) {}

  void check(const Message& layers, const Message& weights, const ModelCard::Input& input) {
    const char* list = list_of(layers, layers_file_);
    const char* weights_list = list_of(weights, weights_file_);
    read_weights(weights, weights_list);
    read_inputs(layers);
    bool any = false;
    for (int i = 0; i < layers.count(list); ++i) {
      const Message layer = layers.child(list, i);
      if (layer.word_or_text("type") == "Input") {
        read_input_layer(layer);
      } else {
        check_layer(layer);
        any = true;
      }
    }
    if (!any) fail(layers_file_, "it holds no network");
    check_input(input);
  }

 private:
  [[noreturn]] static void fail(const std::string& file, const std::string& reason) {
    throw Error("The model file " + file + " is damaged or not made for this program: " +
                reason + "; fetch it again or choose another model.");
  }

  // The first format has `layers`, later ones `layer`.
  static const char* list_of(const Message& net, const std::string& file) {
    const bool old = net.has("layers");
    if (old && net.has("layer")) fail(file, "it mixes two versions of Caffe's format");
    const char* list = old ? "layers" : "layer";
    if (net.count(list) == 0) fail(file, "it holds no layers");
    if (net.count(list) > kMaxLayers) fail(file, "it has too many layers");
    for (int i = 0; old && i < net.count(list); ++i) {
      if (net.child(list, i).has("layer")) fail(file, "it is in Caffe's first format");
    }
    return list;
  }

  struct Blob {
    std::vector<std::int64_t> shape;
    std::int64_t total = 1;
  };

  Blob read_blob(const Message& blob, const std::string& what) const {
    Blob read;
    if (blob.has("num") || blob.has("channels") || blob.has("height") || blob.has("width")) {
      for (const char* side : {"num", "channels", "height", "width"}) {
        read.shape.push_back(blob.whole(side));
      }
    } else if (blob.has("shape")) {
      const Message shape = blob.child("shape");
      for (int i = 0; i < shape.count("dim"); ++i) read.shape.push_back(shape.whole("dim", i));
      if (read.shape.empty()) fail(weights_file_, what + " has no size");
    } else {
      read.shape = {1};
    }
    if (read.shape.size() > 8) fail(weights_file_, what + " has too many dimensions");
    for (const auto size : read.shape) {
      if (size < 1 || size > kMaxElements || read.total > kMaxElements / size) {
        fail(weights_file_, what + " has a size of " + std::to_string(size));
      }
      read.total *= size;
    }
    const std::int64_t floats = blob.count("data");
    const auto raw = static_cast<std::int64_t>(blob.size_of_text("raw_data"));
    const bool half = blob.has("raw_data_type") && blob.word("raw_data_type") == "FLOAT16";
    if (floats > 0 ? floats != read.total : raw != read.total * (half ? 2 : 4)) {
      fail(weights_file_, what + " has other data than its size says");
    }
    return read;
  }

  void read_weights(const Message& net, const char* list) {
    for (int i = 0; i < net.count(list); ++i) {
      const Message layer = net.child(list, i);
      if (layer.count("blobs") == 0) continue;
      const std::string name = layer.text("name");
      if (weights_.contains(name)) fail(weights_file_, "it has the layer " + name + " twice");
      auto& blobs = weights_[name];
      for (int b = 0; b < layer.count("blobs"); ++b) {
        blobs.push_back(read_blob(layer.child("blobs", b), "a weight of the layer " + name));
      }
    }
  }

  static std::vector<std::int64_t> dims(const Message& shape) {
    std::vector<std::int64_t> read;
    for (int i = 0; i < shape.count("dim"); ++i) read.push_back(shape.whole("dim", i));
    return read;
  }

  void add_input(const std::string& name, std::vector<std::int64_t> shape) {
    if (!made_.insert(name).second) fail(layers_file_, "it has the input " + name + " twice");
    ++inputs_;
    input_shape_ = std::move(shape);
  }

  // Inputs that stand before the layers, in either of two ways.
  void read_inputs(const Message& net) {
    const int count = net.count("input");
    for (int i = 0; i < count; ++i) {
      std::vector<std::int64_t> shape;
      if (net.count("input_dim") == count * 4) {
        for (int k = 0; k < 4; ++k) shape.push_back(net.whole("input_dim", i * 4 + k));
      } else if (net.count("input_shape") == count) {
        shape = dims(net.child("input_shape", i));
      }
      add_input(net.text("input", i), shape);
    }
  }

  void read_input_layer(const Message& layer) {
    const Message parameters = layer.child("input_param");
    if (layer.count("bottom") != 0 || layer.count("top") != 1 ||
        parameters.count("shape") != 1) {
      fail(layers_file_, "its input layer must have one output and one shape");
    }
    add_input(layer.text("top"), dims(parameters.child("shape")));
  }

  // The batch may be any; it is one here.
  void check_input(const ModelCard::Input& input) const {
    if (inputs_ != 1) {
      fail(layers_file_, "it has " + std::to_string(inputs_) +
                             " inputs instead of one (the file for use is often called "
                             "deploy.prototxt)");
    }
    const int channels = input.channels == ModelCard::Channels::gray ? 1 : 3;
    const std::int64_t wanted[] = {channels, input.height, input.width};
    bool same = input_shape_.size() == 4 && input_shape_[0] >= 1;
    for (int i = 0; same && i < 3; ++i)
      same = input_shape_[static_cast<std::size_t>(i) + 1] == wanted[i];
    if (same) return;
    std::string given;
    for (const auto size : input_shape_) {
      given += (given.empty() ? "" : "x") + std::to_string(size);
    }
    fail(layers_file_, "its input is " + (given.empty() ? "without a size" : given) +
                           " where the card says 1x" + std::to_string(channels) + "x" +
                           std::to_string(input.height) + "x" + std::to_string(input.width));
  }

  const Rule& rule_of(const Message& layer, const std::string& what) const {
    const std::string type = layer.word_or_text("type");
    for (const auto& rule : kRules) {
      if (type == rule.type || (*rule.old_name != '\0' && type == rule.old_name)) return rule;
    }
    fail(layers_file_, what + " has the type " + type +
                           ", which this program does not read (a file for training instead of "
                           "deploy.prototxt?)");
  }

  void check_layer(const Message& layer) {
    const std::string name = layer.text("name");
    const std::string what = "the layer " + name;
    if (name.empty() || !names_.insert(name).second) {
      fail(layers_file_, what + " has a name that another one has, or none");
    }
    const Rule& rule = rule_of(layer, what);
    const int bottoms = layer.count("bottom");
    if (bottoms < rule.least_inputs || bottoms > rule.most_inputs) {
      fail(layers_file_, what + " has " + std::to_string(bottoms) + " inputs");
    }
    for (int i = 0; i < bottoms; ++i) {
      if (!made_.contains(layer.text("bottom", i))) {
        fail(layers_file_,
             what + " wants " + layer.text("bottom", i) + ", which nothing makes");
      }
    }
    const bool split = std::string_view(rule.type) == "Split";
    if (layer.count("top") < 1 || (layer.count("top") > 1 && !split)) {
      fail(layers_file_, what + " has " + std::to_string(layer.count("top")) + " outputs");
    }
    for (int i = 0; i < layer.count("top"); ++i) made_.insert(layer.text("top", i));
    if (layer.count("blobs") > 0) {
      fail(layers_file_, what + " has weights, which belong into the other file");
    }
    // What stands there only for training may say what it likes.
    const std::string bad = find_bad_number(
        layer, {"loss_weight", "param", "include", "exclude", "weight_filler", "bias_filler"});
    if (!bad.empty()) fail(layers_file_, what + ": " + bad);
    check_weights(layer, rule, what);
  }

  void check_weights(const Message& layer, const Rule& rule, const std::string& what) const {
    const auto found = weights_.find(layer.text("name"));
    const std::vector<Blob> none;
    const auto& blobs = found == weights_.end() ? none : found->second;
    const auto count = static_cast<int>(blobs.size());
    if (count < rule.least_weights || count > rule.most_weights) {
      fail(weights_file_, what + " (" + rule.type + ") has " + std::to_string(count) +
                              " weights where it needs " + std::to_string(rule.least_weights));
    }
    const std::string_view type = rule.type;
    if (type == "Convolution" || type == "ConvolutionDepthwise") {
      check_convolution(layer.child("convolution_param"), blobs, what);
    } else if (type == "InnerProduct") {
      const Message parameters = layer.child("inner_product_param");
      const std::int64_t outputs = parameters.whole("num_output");
      if (outputs < 1 || blobs[0].total % outputs != 0 || parameters.flag("transpose") ||
          parameters.whole("axis") != 1) {
        fail(layers_file_, what + " does not fit its weights");
      }
      check_bias(parameters.flag("bias_term"), outputs, blobs, what);
    } else if (type == "BatchNorm") {
      if (layer.child("batch_norm_param").has("use_global_stats") &&
          !layer.child("batch_norm_param").flag("use_global_stats")) {
        fail(layers_file_, what + " is set for training");
      }
      if (blobs[0].total != blobs[1].total || blobs[2].total != 1) {
        fail(weights_file_, what + " has weights of different sizes");
      }
    } else if (type == "Scale") {
      const Message parameters = layer.child("scale_param");
      if (parameters.whole("axis") != 1 || parameters.whole("num_axes") != 1) {
        fail(layers_file_, what + " scales something else than channels");
      }
      check_bias(parameters.flag("bias_term"), blobs[0].total, blobs, what);
    } else if (type == "Pooling") {
      check_pooling(layer.child("pooling_param"), what);
    } else if (type == "LRN" && layer.child("lrn_param").whole("local_size") % 2 != 1) {
      fail(layers_file_, what + " has an even local_size");
    }
  }

  void check_bias(bool wanted, std::int64_t outputs, const std::vector<Blob>& blobs,
                  const std::string& what) const {
    if (blobs.size() != (wanted ? 2U : 1U) || (wanted && blobs[1].total != outputs)) {
      fail(weights_file_, what + " has other biases than it says");
    }
  }

  void check_convolution(const Message& parameters, const std::vector<Blob>& blobs,
                         const std::string& what) const {
    const auto side = [&](const char* one, int index) {
      if (parameters.has(one)) return parameters.whole(one);
      const int count = parameters.count("kernel_size");
      return count == 0 ? 0 : parameters.whole("kernel_size", std::min(index, count - 1));
    };
    const std::int64_t outputs = parameters.whole("num_output");
    const std::int64_t groups = parameters.whole("group");
    for (const char* list : {"kernel_size", "stride", "pad", "dilation"}) {
      if (parameters.count(list) > 2) fail(layers_file_, what + " is not of two dimensions");
    }
    const auto& shape = blobs[0].shape;
    if (outputs < 1 || groups < 1 || outputs % groups != 0 || shape.size() != 4 ||
        shape[0] != outputs || shape[2] != side("kernel_h", 0) ||
        shape[3] != side("kernel_w", 1)) {
      fail(layers_file_, what + " does not fit its weights");
    }
    check_bias(parameters.flag("bias_term"), outputs, blobs, what);
  }

  void check_pooling(const Message& parameters, const std::string& what) const {
    const bool global = parameters.flag("global_pooling");
    const bool sized = parameters.has("kernel_size") ||
                       (parameters.has("kernel_h") && parameters.has("kernel_w"));
    if (global == sized) fail(layers_file_, what + " has no size or two");
    if (parameters.word("pool") == "STOCHASTIC") fail(layers_file_, what + " is for training");
  }

  const std::string& layers_file_;
  const std::string& weights_file_;
  std::map<std::string, std::vector<Blob>> weights_;
  std::set<std::string> made_;  // by a layer before
  std::set<std::string> names_;
  int inputs_ = 0;
  std::vector<std::int64_t> input_shape_;
};

}  // namespace

void check_caffe(std::string_view layers, const std::string& layers_file,
                 std::string_view weights, const std::string& weights_file,
                 const ModelCard::Input& input) {
  constexpr const char* kType = "opencv_caffe.NetParameter";
  const auto net = OwnedMessage::from_text(kType, layers, layers_file);
  const auto blobs = OwnedMessage::from_binary(kType, weights, weights_file);
  CaffeGuard(layers_file, weights_file).check(net.view(), blobs.view(), input);
}

}  // namespace mien
