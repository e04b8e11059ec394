#pragma once

#include <string>

#include "mien/recording/session_store.hpp"

namespace mien {

/// "22 Nov 2026, 07:15", by this computer's clock.
std::string session_date(const SessionEntry& session);

/// "00:12:41 · 2 people · 214 MB".
std::string session_facts(const SessionEntry& session);

/// "2 people", "1 person", "nobody".
std::string people_words(int people);

}  // namespace mien
