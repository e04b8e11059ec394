#include "protocols.hpp"

namespace mien::outputs {

const std::vector<Protocol>& protocols() {
  static const std::vector<Protocol> kProtocols = {
      {"osc", "OSC", "HOST:PORT",
       "Open Sound Control by UDP, with the blend shapes that avatar programs know (VMC)",
       make_osc_output, "127.0.0.1:9000"},
      {"web", "web", "[ADDRESS:]PORT",
       "pages for OBS and a second screen, and JSON for browsers and scripts", make_web_output,
       "127.0.0.1:8600"},
  };
  return kProtocols;
}

}  // namespace mien::outputs
