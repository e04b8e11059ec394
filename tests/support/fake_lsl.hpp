#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace fake_lsl {

/// A stream that was made, as a receiver would come to know it.
struct Stream {
  std::string name, type, source_id;
  int channels = 0;
  double rate = -1;
  int format = 0;
  std::string desc;  ///< as XML, without spaces
  bool open = false;
  int max_buffered = 0;
  std::vector<std::vector<float>> values;
  std::vector<std::string> texts;
  std::vector<double> times;
};

/// What was asked of the library since it was reset, and how it is to behave.
struct Record {
  std::vector<Stream> streams;  ///< in the order in which their outlets were made
  int infos = 0;                ///< that were made and not destroyed
  double ahead = 0;             ///< seconds, of its clock before the steady clock
  bool listeners = false;
  bool refuse_outlets = false;
  bool refuse_samples = false;
};

/// The library's function "fake_lsl_record".
using RecordFunction = Record*();

}  // namespace fake_lsl
