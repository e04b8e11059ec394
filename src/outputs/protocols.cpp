#include "protocols.hpp"

namespace mien::outputs {

const std::vector<Protocol>& protocols() {
  static const std::vector<Protocol> kProtocols = {
      {"osc", "OSC", "HOST:PORT",
       "Open Sound Control by UDP, with the blend shapes that avatar programs know (VMC)",
       make_osc_output, "127.0.0.1:9000"},
  };
  return kProtocols;
}

}  // namespace mien::outputs
