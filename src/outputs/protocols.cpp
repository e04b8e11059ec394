#include "protocols.hpp"

namespace mien::outputs {

const std::vector<Protocol>& protocols() {
  static const std::vector<Protocol> kProtocols = {
      {"osc", "OSC", "HOST:PORT",
       "Open Sound Control by UDP, with the blend shapes that avatar programs know (VMC)",
       make_osc_output, "127.0.0.1:9000"},
      {"lsl", "LSL", "NAME",
       "Lab Streaming Layer, for LabRecorder and PsychoPy: numbers and markers, which every "
       "computer of the network can read",
       make_lsl_output, "mien"},
      {"camera", "Virtual camera", "/dev/videoN[,blurred]",
       "the annotated picture as a camera for calls, by v4l2loopback", make_camera_output, "",
       false, virtual_camera_places},
      {"web", "web", "[ADDRESS:]PORT",
       "pages for OBS and a second screen, and JSON for browsers and scripts", make_web_output,
       "127.0.0.1:8600"},
  };
  return kProtocols;
}

}  // namespace mien::outputs
