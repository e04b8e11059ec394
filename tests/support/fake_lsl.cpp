// A stand-in for liblsl, which no distribution has: the same functions, and a record of what
// was asked of them. README.md here says who loads it.

#include "fake_lsl.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>

namespace {

using fake_lsl::Record;
using fake_lsl::Stream;

Record the_record;

/// An element of a description; its address is what callers hold.
struct Element {
  std::string name, text;
  std::deque<std::unique_ptr<Element>> children;

  Element* add(const char* child) {
    children.push_back(std::make_unique<Element>());
    children.back()->name = child;
    return children.back().get();
  }
  std::string xml() const {
    std::string inner = text;
    for (const auto& child : children) inner += child->xml();
    return "<" + name + ">" + inner + "</" + name + ">";
  }
};

struct Info {
  Stream stream;
  Element desc{.name = "desc", .text = {}, .children = {}};
};

struct Outlet {
  std::size_t stream = 0;
};

Stream& stream_of(Outlet* outlet) { return the_record.streams.at(outlet->stream); }

}  // namespace

extern "C" {

Record* fake_lsl_record() { return &the_record; }

std::int32_t lsl_library_version() { return 116; }

double lsl_local_clock() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count() + the_record.ahead;
}

Info* lsl_create_streaminfo(const char* name, const char* type, std::int32_t channels,
                            double rate, std::int32_t format, const char* source_id) {
  auto* info = new Info;
  info->stream.name = name;
  info->stream.type = type;
  info->stream.source_id = source_id;
  info->stream.channels = channels;
  info->stream.rate = rate;
  info->stream.format = format;
  ++the_record.infos;
  return info;
}

void lsl_destroy_streaminfo(Info* info) {
  delete info;
  --the_record.infos;
}

Element* lsl_get_desc(Info* info) { return &info->desc; }
Element* lsl_append_child(Element* element, const char* name) { return element->add(name); }
Element* lsl_append_child_value(Element* element, const char* name, const char* value) {
  element->add(name)->text = value;
  return element;
}

Outlet* lsl_create_outlet(Info* info, std::int32_t /*chunk*/, std::int32_t seconds) {
  if (the_record.refuse_outlets) return nullptr;
  Stream stream = info->stream;
  stream.desc = info->desc.xml();
  stream.open = true;
  stream.max_buffered = seconds;
  the_record.streams.push_back(std::move(stream));
  return new Outlet{the_record.streams.size() - 1};
}

void lsl_destroy_outlet(Outlet* outlet) {
  stream_of(outlet).open = false;
  delete outlet;
}

std::int32_t lsl_have_consumers(Outlet* /*outlet*/) { return the_record.listeners ? 1 : 0; }

std::int32_t lsl_push_sample_ftp(Outlet* outlet, const float* values, double time,
                                 std::int32_t /*push_through*/) {
  if (the_record.refuse_samples) return -3;
  auto& stream = stream_of(outlet);
  stream.values.emplace_back(values, values + stream.channels);
  stream.times.push_back(time);
  if (const char* file = std::getenv("FAKE_LSL_LATE")) {
    std::FILE* const list = std::fopen(file, "a");
    if (list == nullptr) return -3;
    std::fprintf(list, "%.3f\n", 1000 * (lsl_local_clock() - time));
    std::fclose(list);
  }
  return 0;
}

std::int32_t lsl_push_sample_strtp(Outlet* outlet, const char** texts, double time,
                                   std::int32_t /*push_through*/) {
  auto& stream = stream_of(outlet);
  stream.texts.emplace_back(texts[0]);
  stream.times.push_back(time);
  return 0;
}

}  // extern "C"
