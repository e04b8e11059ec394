// A worker for tests. What it does stands in the id of the card that it is given.

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <string>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mien/base/error.hpp"
#include "mien/models/model_worker.hpp"
#include "mien/system/child_process.hpp"
#include "mien/system/signals.hpp"

#include "message_channel.hpp"
#include "worker_memory.hpp"

namespace mien::models {
namespace {

constexpr int kSocket = 3;  // system::parent_socket()

// The start of the order, left where it is.
std::string peek() {
  std::string bytes(1 << 16, '\0');
  while (true) {
    const ssize_t size = ::recv(kSocket, bytes.data(), bytes.size(), MSG_PEEK);
    if (size <= 0) return "";
    if (bytes.find("\"id\":\"") != std::string::npos) return bytes;
    ::usleep(1000);
  }
}

[[noreturn]] void stall() {
  while (true) ::pause();
}

void answer(MessageChannel& channel, const std::vector<float>& numbers) {
  channel.send(MessageKind::answer,
               {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(float)},
               MessageChannel::kNever);
}

// Speaks the protocol by hand, in order to break it.
[[noreturn]] void misbehave(const std::string& order) {
  const auto is = [&](const char* word) {
    return order.find("\"id\":\"raw-" + std::string(word) + "\"") != std::string::npos;
  };
  system::MessageSocket socket = system::parent_socket();
  MessageChannel channel(socket);
  Message message = channel.receive(1 << 20, MessageChannel::kNever, true);
  auto note =
      received_memory(std::move(message.memory), system::SharedMemory::Access::write, 1);
  write_note(note, "its layer bad (Conv)");
  if (is("load-crash")) std::raise(SIGSEGV);
  if (is("load-stall")) stall();
  if (is("load-leave")) ::_exit(0);
  if (is("load-noise")) {
    const std::string noise(100, 'x');
    ::send(kSocket, noise.data(), noise.size(), 0);
    stall();
  }
  if (is("load-huge")) {
    const std::uint32_t header[] = {0x316E654D, 3, 4'000'000'000};
    ::send(kSocket, header, sizeof(header), 0);
    stall();
  }
  if (is("load-refuse")) {
    channel.send(MessageKind::failure, "No\nluck\x01 with \xFF this.", MessageChannel::kNever);
    stall();
  }
  channel.send(MessageKind::ready, "", MessageChannel::kNever);
  channel.receive(sizeof(PictureMessage), MessageChannel::kNever, true);
  if (is("run-crash")) std::raise(SIGABRT);
  if (is("run-stall")) stall();
  if (is("run-odd")) channel.send(MessageKind::answer, "12345", MessageChannel::kNever);
  if (is("run-nan")) answer(channel, {1, std::numeric_limits<float>::quiet_NaN()});
  if (is("run-kind")) channel.send(MessageKind::ready, "", MessageChannel::kNever);
  if (is("run-many")) answer(channel, std::vector<float>((1 << 17) + 1, 1.0F));
  stall();
}

float refused(bool failed) { return failed ? 1 : 0; }

// What a model may not do, each 1 when it was refused.
std::vector<float> try_everything(const ModelCard& card) {
  std::vector<float> results;
  const std::string file = (card.folder / "written").string();
  results.push_back(refused(::open(file.c_str(), O_WRONLY | O_CREAT, 0600) < 0));
  results.push_back(refused(::open((card.folder / "model.onnx").c_str(), O_RDWR) < 0));
  results.push_back(refused(::socket(AF_INET, SOCK_STREAM, 0) < 0));
  results.push_back(refused(::socket(AF_UNIX, SOCK_STREAM, 0) < 0));
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  results.push_back(refused(child < 0));
  results.push_back(refused(::execl("/bin/true", "true", nullptr) < 0));
  results.push_back(refused(::unlink((card.folder / "model.onnx").c_str()) < 0));
  results.push_back(refused(::kill(::getppid(), 0) < 0));
  // And what it may do.
  results.push_back(refused(::open((card.folder / "model.onnx").c_str(), O_RDONLY) < 0));
  return results;
}

ServedModel serve(const ModelCard& card) {
  if (card.id == "greedy") {
    return [](const cv::Mat&) {
      std::vector<char> memory(std::size_t{3} << 30, 1);
      // Read through a volatile pointer: Clang 19 leaves out memory whose contents it knows.
      const volatile char* last = &memory.back();
      return std::vector<float>{static_cast<float>(*last)};
    };
  }
  if (card.id == "endless") {
    return [](const cv::Mat& picture) {
      for (volatile bool on = picture.at<cv::Vec3b>(0, 0)[0] == 200; on;) {
      }
      return std::vector<float>{1};
    };
  }
  if (card.id == "caged") {
    return [card](const cv::Mat&) { return try_everything(card); };
  }
  if (card.id == "threads") {
    return [](const cv::Mat&) {
      return std::vector<float>{static_cast<float>(cv::getNumThreads())};
    };
  }
  if (card.id == "thrower") {
    return [](const cv::Mat& picture) -> std::vector<float> {
      if (picture.at<cv::Vec3b>(0, 0)[0] == 200) throw base::Error("Not this picture.");
      return {1, 2};
    };
  }
  // The picture's own numbers: size and first and last value.
  return [](const cv::Mat& picture) {
    return std::vector<float>{
        static_cast<float>(picture.rows), static_cast<float>(picture.cols),
        static_cast<float>(picture.at<cv::Vec3b>(0, 0)[0]),
        static_cast<float>(picture.at<cv::Vec3b>(picture.rows - 1, picture.cols - 1)[2])};
  };
}

}  // namespace
}  // namespace mien::models

int main() {
  mien::system::leave_crashes_to_signals();
  const std::string order = mien::models::peek();
  if (order.find("\"id\":\"raw-") != std::string::npos) mien::models::misbehave(order);
  return mien::models::serve_model(
      {mien::models::serve, mien::models::serve, mien::models::serve});
}
