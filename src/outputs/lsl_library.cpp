#include "lsl_library.hpp"

#include <cstdlib>

#include "mien/base/error.hpp"
#include "mien/base/log.hpp"

namespace mien::outputs {
namespace {

constexpr const char* kVariable = "MIEN_LSL";
constexpr const char* kNames[] = {"liblsl.so", "liblsl.so.2", "liblsl64.so"};
constexpr const char* kWhereToGet =
    "install the package liblsl from https://github.com/sccn/liblsl/releases, or name its file "
    "in the environment variable MIEN_LSL";
/// How much of a stream LSL keeps for a listener that is slow; its own default.
constexpr std::int32_t kBufferSeconds = 360;

system::SharedLibrary load_library() {
  std::string problem;
  const char* const given = std::getenv(kVariable);  // NOLINT(concurrency-mt-unsafe): read only
  if (given != nullptr && *given != '\0') {
    auto library = system::SharedLibrary::load(given, problem);
    if (library) return *library;
    throw base::Error("The library " + std::string(given) + ", which " + kVariable +
                      " names, cannot be loaded (" + problem + "); name the file of liblsl.");
  }
  for (const char* const name : kNames) {
    auto library = system::SharedLibrary::load(name, problem);
    if (library) return *library;
    base::log::debug("outputs", "LSL: ", problem);
  }
  throw base::Error(std::string("LSL needs the library liblsl, which is not here; ") +
                    kWhereToGet + ".");
}

template <typename Function>
void find(const system::SharedLibrary& library, const char* name, Function*& function) {
  function = library.function<Function>(name);
  if (function == nullptr) {
    throw base::Error(std::string("The library that was found for LSL has no ") + name +
                      ", so it is too old or another one; " + kWhereToGet + ".");
  }
}

}  // namespace

LslLibrary LslLibrary::load() {
  const auto library = load_library();
  LslLibrary lsl;
  auto& f = lsl.functions_;
  find(library, "lsl_library_version", f.library_version);
  find(library, "lsl_local_clock", f.local_clock);
  find(library, "lsl_create_streaminfo", f.create_streaminfo);
  find(library, "lsl_destroy_streaminfo", f.destroy_streaminfo);
  find(library, "lsl_get_desc", f.get_desc);
  find(library, "lsl_append_child", f.append_child);
  find(library, "lsl_append_child_value", f.append_child_value);
  find(library, "lsl_create_outlet", f.create_outlet);
  find(library, "lsl_destroy_outlet", f.destroy_outlet);
  find(library, "lsl_have_consumers", f.have_consumers);
  find(library, "lsl_push_sample_ftp", f.push_sample_ftp);
  find(library, "lsl_push_sample_strtp", f.push_sample_strtp);
  base::log::info("outputs", "LSL: version ", f.library_version(), " of liblsl");
  return lsl;
}

LslClock::LslClock(double (*local_clock)()) : ahead_(0) {
  using Clock = std::chrono::steady_clock;
  // Between two looks at one clock lies one at the other; of ten times the quickest counts.
  auto quickest = Clock::duration::max();
  for (int i = 0; i < 10; ++i) {
    const auto before = Clock::now();
    const double there = local_clock();
    const auto took = Clock::now() - before;
    if (took >= quickest) continue;
    quickest = took;
    ahead_ = std::chrono::duration<double>(there) - (before + took / 2).time_since_epoch();
  }
}

double LslClock::at(std::chrono::steady_clock::time_point moment) const {
  return (std::chrono::duration<double>(moment.time_since_epoch()) + ahead_).count();
}

LslStream::LslStream(const LslLibrary& library, const Description& description)
    : lsl_(library.functions()) {
  const auto fail = [&] {
    return base::Error("liblsl does not make the stream \"" + description.name +
                       "\"; look at its messages on the terminal.");
  };
  const auto count = static_cast<std::int32_t>(description.channels.size());
  constexpr double kIrregular = 0;  // pictures come when they come
  const std::unique_ptr<LslStreamInfo, void (*)(LslStreamInfo*)> info(
      lsl_.create_streaminfo(description.name.c_str(), description.type.c_str(), count,
                             kIrregular, static_cast<std::int32_t>(description.format),
                             description.source_id.c_str()),
      lsl_.destroy_streaminfo);
  if (!info) throw fail();
  const auto desc = lsl_.get_desc(info.get());
  // As https://github.com/sccn/xdf/wiki/Meta-Data asks.
  const auto channels = lsl_.append_child(desc, "channels");
  for (const auto& channel : description.channels) {
    const auto xml = lsl_.append_child(channels, "channel");
    lsl_.append_child_value(xml, "label", channel.label.c_str());
    lsl_.append_child_value(xml, "unit", channel.unit.c_str());
    lsl_.append_child_value(xml, "type", channel.type.c_str());
  }
  const auto acquisition = lsl_.append_child(desc, "acquisition");
  lsl_.append_child_value(acquisition, "manufacturer", "mien");
  lsl_.append_child_value(acquisition, "model", ("mien " + description.version).c_str());
  const auto synchronization = lsl_.append_child(desc, "synchronization");
  lsl_.append_child_value(synchronization, "can_drop_samples", "true");
  outlet_ = lsl_.create_outlet(info.get(), 0, kBufferSeconds);
  if (outlet_ == nullptr) throw fail();
}

LslStream::~LslStream() { lsl_.destroy_outlet(outlet_); }

bool LslStream::push(std::span<const float> values, double time) {
  return lsl_.push_sample_ftp(outlet_, values.data(), time, 1) == 0;
}

bool LslStream::push(const std::string& text, double time) {
  const char* texts[] = {text.c_str()};
  return lsl_.push_sample_strtp(outlet_, texts, time, 1) == 0;
}

bool LslStream::has_listeners() const { return lsl_.have_consumers(outlet_) != 0; }

}  // namespace mien::outputs
