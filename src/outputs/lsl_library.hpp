#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>

#include "mien/base/signal_columns.hpp"
#include "mien/system/shared_library.hpp"

namespace mien::outputs {

/// liblsl, the Lab Streaming Layer's library, as far as it is used here. No distribution has
/// it, so it is loaded when the person has it. One thread at a time.
class LslLibrary {
 public:
  /// From the file that MIEN_LSL names, else from where the system has its libraries. Throws
  /// base::Error with how to get it.
  static LslLibrary load();

  /// Its functions, by the names and types of its documentation,
  /// https://labstreaminglayer.readthedocs.io/projects/liblsl/ref/.
  struct Functions {
    using StreamInfo = struct LslStreamInfo*;
    using Outlet = struct LslOutlet*;
    using Xml = struct LslXml*;

    std::int32_t (*library_version)() = nullptr;
    double (*local_clock)() = nullptr;
    StreamInfo (*create_streaminfo)(const char* name, const char* type, std::int32_t channels,
                                    double rate, std::int32_t format,
                                    const char* source_id) = nullptr;
    void (*destroy_streaminfo)(StreamInfo) = nullptr;
    Xml (*get_desc)(StreamInfo) = nullptr;
    Xml (*append_child)(Xml, const char* name) = nullptr;
    Xml (*append_child_value)(Xml, const char* name, const char* value) = nullptr;
    Outlet (*create_outlet)(StreamInfo, std::int32_t chunk, std::int32_t seconds) = nullptr;
    void (*destroy_outlet)(Outlet) = nullptr;
    std::int32_t (*have_consumers)(Outlet) = nullptr;
    std::int32_t (*push_sample_ftp)(Outlet, const float* values, double time,
                                    std::int32_t push_through) = nullptr;
    std::int32_t (*push_sample_strtp)(Outlet, const char** texts, double time,
                                      std::int32_t push_through) = nullptr;
  };
  const Functions& functions() const { return functions_; }

 private:
  LslLibrary() = default;
  Functions functions_;
};

/// A moment on LSL's clock. It and std::chrono::steady_clock are monotonic clocks of the same
/// machine, whose difference is measured once.
class LslClock {
 public:
  explicit LslClock(double (*local_clock)());

  double at(std::chrono::steady_clock::time_point moment) const;

 private:
  std::chrono::duration<double> ahead_;  ///< of the steady clock
};

/// A stream that others can find, as long as it lives. `library` must live longer.
class LslStream {
 public:
  enum class Format : std::int32_t { numbers = 1, texts = 3 };  ///< LSL's float32 and string
  struct Description {
    std::string name;
    std::string type;
    Format format = Format::numbers;
    std::string source_id;
    std::span<const base::SignalColumn> channels;  ///< what each sample has
    std::string version;                           ///< of this program
  };

  /// Throws base::Error.
  LslStream(const LslLibrary& library, const Description& description);
  ~LslStream();
  LslStream(const LslStream&) = delete;
  LslStream& operator=(const LslStream&) = delete;

  /// `values`: one for each channel. `time`: on LSL's clock. False when the library refuses it.
  bool push(std::span<const float> values, double time);
  bool push(const std::string& text, double time);

  bool has_listeners() const;

 private:
  const LslLibrary::Functions& lsl_;
  LslLibrary::Functions::Outlet outlet_ = nullptr;
};

}  // namespace mien::outputs
