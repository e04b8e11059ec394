#include "mien/models/model_worker.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <limits>
#include <new>
#include <streambuf>
#include <thread>

#include <opencv2/core/utils/logger.hpp>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/base/paths.hpp"
#include "mien/base/threads.hpp"
#include "mien/models/layer_notes.hpp"
#include "mien/models/model_process.hpp"
#include "mien/system/child_process.hpp"
#include "mien/system/process.hpp"
#include "mien/system/sandbox.hpp"
#include "mien/system/signals.hpp"

#include "message_channel.hpp"
#include "onnx_guard.hpp"
#include "worker_memory.hpp"

namespace mien::models {
namespace {

constexpr std::size_t kMaxOrder = std::size_t{8} << 20;  // a card of 1 MiB, escaped

// Used by the worker's only thread.
bool serving = false;
bool by_layers = false;
system::SharedMemory* note = nullptr;

/// Takes OpenCV's error lines: its importers name the layer that they do not read.
class LayerLog : public std::streambuf {
 protected:
  int_type overflow(int_type c) override {
    if (c == '\n') {
      take_line();
    } else if (c != traits_type::eof() && line_.size() < 2048) {
      line_ += traits_type::to_char_type(c);
    }
    return traits_type::not_eof(c);
  }

 private:
  // "... ERROR during processing node with 2 inputs and 1 outputs: [Conv]:(onnx_node!conv1)
  // from domain=..."
  void take_line() {
    const auto type = line_.find("]:(");
    const auto start = type == std::string::npos ? type : line_.rfind('[', type);
    const auto end = type == std::string::npos ? type : line_.find(')', type);
    if (start != std::string::npos && end != std::string::npos) {
      std::string name = line_.substr(type + 3, end - type - 3);
      if (const auto mark = name.find('!'); mark != std::string::npos) name.erase(0, mark + 1);
      set_crash_note("its layer " + name + " (" + line_.substr(start + 1, type - start - 1) +
                     ")");
    }
    line_.clear();
  }

  std::string line_;
};

/// Of processor time from now on: twice what the clock may say, on each core.
void limit_time(std::uint64_t seconds) {
  const std::uint64_t cores = std::max(1U, std::thread::hardware_concurrency());
  system::limit_processor_time(1 + 2 * seconds * cores);
}

/// Ends this process once nobody holds the other end of the socket, whatever else it is doing.
void exit_when_peer_closes(const system::MessageSocket& socket) {
  base::start_detached([&socket] {
    socket.wait_until_closed();
    std::_Exit(0);
  });
}

std::vector<std::filesystem::path> readable_folders(const std::filesystem::path& model) {
  std::vector<std::filesystem::path> folders = {model, base::user_data_dir() / "models"};
  try {
    folders.push_back(base::data_dir() / "models");
  } catch (const base::Error&) {
    // Only a forest that judges by another model's embedding needs that, and will say so.
  }
  return folders;
}

class Service {
 public:
  explicit Service(const ModelLoaders& loaders) : loaders_(loaders) {}

  int run() {
    try {
      load();
      while (true) answer();
    } catch (const ChannelEnd) {
      return 0;  // nobody is there any more
    }
  }

 private:
  using Loader = std::function<ServedModel(const ModelCard&)>;

  const Loader& loader_for(const ModelCard& card) const {
    switch (card.task) {
      case ModelCard::Task::emotion:
        return loaders_.load_emotion;
      case ModelCard::Task::face:
        return loaders_.load_detector;
      case ModelCard::Task::landmarks:
        return loaders_.load_landmarks;
      case ModelCard::Task::movements:
        break;
    }
    throw base::Error("The model " + card.id + " is of task \"" + to_string(card.task) +
                      "\", of which the program uses its own only.");
  }

  void load() {
    Message message = channel_.receive(kMaxOrder, MessageChannel::kNever, true);
    const auto order = nlohmann::json::parse(message.body);
    note_memory_ =
        received_memory(std::move(message.memory), system::SharedMemory::Access::write, 1);
    note = &note_memory_;
    const std::filesystem::path folder = order.at("folder").get<std::string>();
    to_answer_ = order.at("seconds_to_answer").get<std::uint64_t>();
    cv::setNumThreads(order.at("threads").get<int>());
    system::limit_files(64);
    limit_time(order.at("seconds_to_load").get<std::uint64_t>());
    by_layers = order.at("by_layers").get<bool>();
    system::enter_sandbox(readable_folders(folder));
    reply([&] {
      exit_when_peer_closes(socket_);
      memory_.emplace(order.at("memory").get<std::size_t>());
      if (order.contains("inspect")) {
        const auto file = order.at("inspect").get<std::string>();
        return Reply{MessageKind::ready,
                     to_text(outline_onnx(base::read_text_file(file), file))};
      }
      ModelCard card = parse_model_card(order.at("card"), (folder / "card.json").string());
      card.folder = folder;
      card = with_reading(std::move(card), order.at("reading").get<std::string>());
      const Loader& loader = loader_for(card);
      std::streambuf* const err = std::cerr.rdbuf(&log_);
      cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_ERROR);
      smoke_test(card, loader);
      system::return_free_memory();
      model_ = loader(card);
      cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
      std::cerr.rdbuf(err);
      set_crash_note("");
      return Reply{MessageKind::ready, ""};
    });
  }

  // Some files damage the heap without a crash at once. Loading, running and freeing them once
  // before the real load gives the allocator's own checks an occasion to see it.
  static void smoke_test(const ModelCard& card, const Loader& loader) {
    const ServedModel model = loader(card);
    // A mesh is asked for with crops of its own size alone.
    const cv::Size size = card.task == ModelCard::Task::landmarks
                              ? cv::Size(card.input.width, card.input.height)
                              : cv::Size(64, 64);
    for (const int gray : {0, 127}) model(cv::Mat(size, CV_8UC3, cv::Scalar::all(gray)));
  }

  void answer() {
    Message message = channel_.receive(sizeof(PictureMessage), MessageChannel::kNever, true);
    PictureMessage wanted;
    if (message.kind != MessageKind::picture || message.body.size() != sizeof(wanted)) {
      throw ChannelEnd::invalid_message;
    }
    std::memcpy(&wanted, message.body.data(), sizeof(wanted));
    limit_time(to_answer_);
    reply([&] {
      if (wanted.rows < 1 || wanted.cols < 1) throw base::Error("A picture is empty.");
      const auto size = std::size_t{3} * static_cast<std::size_t>(wanted.rows) *
                        static_cast<std::size_t>(wanted.cols);
      if (message.memory.valid()) {
        memory_->grow(4 * size);  // the mapping, and what the model makes of it
        picture_ = {};
        picture_ = received_memory(std::move(message.memory),
                                   system::SharedMemory::Access::read, size);
      }
      if (picture_.size() < size) throw base::Error("A picture is larger than its memory.");
      // cv::Mat has no form for pixels that may only be read; models do not write into
      // pictures.
      const cv::Mat bgr(wanted.rows, wanted.cols, CV_8UC3,
                        const_cast<unsigned char*>(std::as_const(picture_).data()));
      const std::vector<float> numbers = model_(bgr);
      return Reply{
          MessageKind::answer,
          {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(float)}};
    });
  }

  struct Reply {
    MessageKind kind = MessageKind::failure;
    std::string body;
  };

  template <typename Work>
  void reply(const Work& work) {
    Reply reply;
    try {
      reply = work();
    } catch (const std::bad_alloc&) {
      reply.body =
          "The model needs more memory than third-party models may take; choose another "
          "model.";
    } catch (...) {
      reply.body = base::describe_current_exception();
    }
    channel_.send(reply.kind, reply.body, MessageChannel::kNever);
    if (!model_) throw ChannelEnd::closed;
  }

  const ModelLoaders& loaders_;
  system::MessageSocket socket_ = system::parent_socket();
  MessageChannel channel_{socket_};
  LayerLog log_;
  system::SharedMemory note_memory_;
  system::SharedMemory picture_;
  std::optional<system::MemoryLimit> memory_;
  std::uint64_t to_answer_ = 1;
  ServedModel model_;
};

}  // namespace

bool in_model_worker() { return serving; }

void set_crash_note(std::string_view what) {
  if (note != nullptr) write_note(*note, what);
}

std::string model_progress() { return note != nullptr ? read_note(*note) : std::string(); }

bool runs_layer_by_layer() { return by_layers; }

void run_by_layers(cv::dnn::Net& net) {
  set_crash_note("its first run");
  if (!runs_layer_by_layer()) return;
  // The order of the ids is that in which a network's layers are computed.
  for (const auto& name : net.getLayerNames()) {
    std::string plain = name;
    if (const auto mark = plain.find('!'); mark != std::string::npos) plain.erase(0, mark + 1);
    set_crash_note("its layer " + plain + " (" + net.getLayer(net.getLayerId(name))->type +
                   ")");
    net.forward(name);
  }
}

int serve_model(const ModelLoaders& loaders) {
  serving = true;
  system::leave_crashes_to_signals();
  system::use_few_heaps();
  Service service(loaders);
  // Without destructors: a model that has damaged the heap must not end in a crash report.
  std::_Exit(service.run());
}

}  // namespace mien::models
