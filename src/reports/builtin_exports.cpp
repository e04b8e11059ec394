#include "builtin_exports.hpp"

#include "mien/reports/exports.hpp"

namespace mien {
namespace {

// A new format: a line here. In the order of the menu.
constexpr ExportFormat kFormats[] = {
    {"openface", "OpenFace table", "OpenFace's first columns, numbers only (CSV)",
     "openface.csv", write_openface},
    {"pyfeat", "Py-Feat v2 table", "a Fex table for Py-Feat and pandas (CSV)", "pyfeat.csv",
     write_pyfeat},
    {"facereader", "FaceReader-like log",
     "a detailed log for scripts made for FaceReader (tabs)", "facereader.txt",
     write_facereader},
    {"deepface", "DeepFace JSON", "what DeepFace.analyze returns, for each face",
     "deepface.json", write_deepface},
    {"elan", "ELAN intervals", "tier, begin, end, annotation, for ELAN's import (tabs)",
     "elan.txt", write_elan},
    {"jsonl", "JSON Lines", "an object a line, for any program", "faces.jsonl", write_jsonl},
};

}  // namespace

std::span<const ExportFormat> export_formats() { return kFormats; }

}  // namespace mien
