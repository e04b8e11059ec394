#include "mien/base/reading.hpp"

namespace mien {

const char* describe(Doubt doubt) {
  switch (doubt) {
    case Doubt::none:
      return "";
    case Doubt::low_probability:
      return "low probability";
  }
  return "";
}

}  // namespace mien
