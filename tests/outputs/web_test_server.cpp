// A web output with people in front of it, for the scripts of this folder:
//   web_test_server SPEC PEOPLE
// Says "ready ADDRESS TOKEN" or "failed SENTENCE", then "command KIND PERSON TEXT" for each
// command that comes. Takes lines: "people N", "mark TEXT", "refuse" (commands from now on),
// "hold" (no frames from now on), "push N" (but these), "go on", "status" ("status LISTENERS
// SENT LOST MEGABYTES SECONDS-OF-PROCESSOR PROBLEM"), "quit".
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>

#include <opencv2/core.hpp>

#include "mien/base/error.hpp"
#include "mien/base/labels.hpp"
#include "mien/outputs/outputs.hpp"
#include "mien/system/process.hpp"

#include "support/many_people.hpp"

namespace mien::testing {
namespace {

using std::chrono::steady_clock;

void say(const std::string& line) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  std::cout << line << std::endl;
}

const char* word_of(outputs::Command::Kind kind) {
  switch (kind) {
    case outputs::Command::Kind::marker:
      return "marker";
    case outputs::Command::Kind::record_start:
      return "record_start";
    case outputs::Command::Kind::record_stop:
      return "record_stop";
    case outputs::Command::Kind::neutral:
      return "neutral";
  }
  return "";
}

struct Wishes {
  std::atomic<int> people{1};
  std::atomic<bool> refuse{false};
  std::atomic<bool> hold{false};
  std::atomic<int> push{0};  ///< so many frames although it holds
  std::atomic<bool> quit{false};
};

void take_line(const std::string& line, Wishes& wishes, outputs::Outputs& outputs) {
  if (line.rfind("people ", 0) == 0) wishes.people = std::atoi(line.c_str() + 7);
  if (line.rfind("mark ", 0) == 0) outputs.mark({line.substr(5), steady_clock::now()});
  if (line == "refuse") wishes.refuse = true;
  if (line.rfind("push ", 0) == 0) wishes.push += std::atoi(line.c_str() + 5);
  if (line == "hold") wishes.hold = true;
  if (line == "go on") wishes.hold = false;
  if (line == "quit") wishes.quit = true;
  if (line == "status") {
    const auto status = outputs.status().front();
    const auto own = system::own_process();
    say("status " + status.listeners.substr(0, status.listeners.find(' ')) + " " +
        std::to_string(status.sent) + " " + std::to_string(status.lost) + " " +
        std::to_string(system::peak_memory_mb(own)) + " " +
        std::to_string(system::processor_seconds(own)) + " " + status.problem);
  }
}

base::AnalyzedFramePtr frame_of(int people, std::uint64_t number) {
  static const auto labels = std::make_shared<const std::vector<std::string>>(
      base::canonical_labels().begin(), base::canonical_labels().end());
  static const cv::Mat picture(720, 1280, CV_8UC3, cv::Scalar::all(40));
  auto frame = std::make_shared<base::Frame>();
  frame->sequence = number;
  frame->time = std::chrono::milliseconds(33 * number);
  frame->arrived = steady_clock::now();
  frame->image = picture;
  auto analyzed = std::make_shared<base::AnalyzedFrame>();
  analyzed->frame = std::move(frame);
  analyzed->labels = labels;
  analyzed->model_id = "synthetic";
  for (int each = 1; each <= people; ++each) {
    analyzed->readings.push_back(
        person_of_many(each, people, 0.033 * static_cast<double>(number), labels->size()));
  }
  return analyzed;
}

void serve(const char* spec, int people) {
  Wishes wishes;
  wishes.people = people;
  outputs::Outputs outputs({.command =
                                [&wishes](const outputs::Command& command) {
                                  if (wishes.refuse) return false;
                                  say(std::string("command ") + word_of(command.kind) + " " +
                                      std::to_string(command.person) + " " + command.text);
                                  return true;
                                },
                            .version = "test"});
  outputs.use_names({{1, "Ada"},
                     {2, "Maximiliane-Friederike von Hohenstaufen-Weißenburg"},
                     {3, "Нина Ивановна Покровская-Загорская"},
                     {5, "<b>Nguyễn</b> & Minh"}});
  outputs.add(spec);
  outputs.wait_opened(std::chrono::seconds(5));
  const auto status = outputs.status().front();
  say(status.problem.empty() ? "ready " + status.address + " " + status.token
                             : "failed " + status.problem);
  std::thread reader([&] {
    for (std::string line; !wishes.quit && std::getline(std::cin, line);) {
      take_line(line, wishes, outputs);
    }
    wishes.quit = true;
  });
  auto next = steady_clock::now();
  for (std::uint64_t number = 0; !wishes.quit; next += std::chrono::milliseconds(33)) {
    const bool asked = wishes.push > 0;
    if (asked) --wishes.push;
    if (asked || !wishes.hold) outputs.push(frame_of(wishes.people, number++));
    std::this_thread::sleep_until(next);
  }
  reader.join();
}

}  // namespace
}  // namespace mien::testing

int main(int count, char** arguments) {
  if (count != 3) return 2;
  try {
    mien::testing::serve(arguments[1], std::atoi(arguments[2]));
  } catch (const mien::base::Error& error) {
    std::cout << "failed " << error.what() << std::endl;
  }
  return 0;
}
