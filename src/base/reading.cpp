#include "mien/base/reading.hpp"

namespace mien::base {

const char* describe(Doubt doubt) {
  switch (doubt) {
    case Doubt::none:
      return "";
    case Doubt::low_probability:
      return "low probability";
    case Doubt::close_labels:
      return "two labels close";
    case Doubt::too_small:
      return "face too small";
    case Doubt::turned_away:
      return "turned away";
    case Doubt::eyes_closed:
      return "eyes closed";
    case Doubt::blurred:
      return "blurred";
    case Doubt::too_dark:
      return "too dark";
    case Doubt::too_bright:
      return "too bright";
    case Doubt::cut_off:
      return "cut off";
    case Doubt::mouth_covered:
      return "mouth covered";
    case Doubt::covered:
      return "covered";
    case Doubt::unlike:
      return "unlike what it learned";
  }
  return "";
}

std::optional<Doubt> doubt_from_text(std::string_view phrase) {
  for (int i = 0; i <= static_cast<int>(Doubt::unlike); ++i) {
    const auto doubt = static_cast<Doubt>(i);
    if (phrase == describe(doubt)) return doubt;
  }
  return std::nullopt;
}

}  // namespace mien::base
