#pragma once

#include <ostream>

#include "mien/sessions/recorded_session.hpp"

namespace mien {

/// One function for each format, each in a file of its own; registered in builtin_exports.cpp.
void write_deepface(const RecordedSession& session, std::ostream& out);
void write_elan(const RecordedSession& session, std::ostream& out);
void write_facereader(const RecordedSession& session, std::ostream& out);
void write_jsonl(const RecordedSession& session, std::ostream& out);
void write_openface(const RecordedSession& session, std::ostream& out);
void write_pyfeat(const RecordedSession& session, std::ostream& out);

}  // namespace mien
