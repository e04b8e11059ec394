#pragma once

#include <functional>

#include "mien/analysis/system_check.hpp"

namespace mien::analysis {

// The sections of the system check, a file each or for several of a kind. They may throw, which
// check_system() turns into a row; they take long where something hangs, and end soon once
// `stop` says true.
using Stop = std::function<bool()>;

SystemSection program_section(const SystemCheckRequest& request, const Stop& stop);
SystemSection libraries_section(const SystemCheckRequest& request, const Stop& stop);
SystemSection display_section(const SystemCheckRequest& request, const Stop& stop);
SystemSection cameras_section(const SystemCheckRequest& request, const Stop& stop);
SystemSection models_section(const SystemCheckRequest& request, const Stop& stop);
SystemSection detectors_section(const SystemCheckRequest& request, const Stop& stop);
SystemSection movements_section(const SystemCheckRequest& request, const Stop& stop);
SystemSection folders_section(const SystemCheckRequest& request, const Stop& stop);
SystemSection speed_section(const SystemCheckRequest& request, const Stop& stop);

}  // namespace mien::analysis
