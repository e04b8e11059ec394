// A library that calls itself liblsl and has none of what is needed but its version.

extern "C" {
int lsl_library_version() { return 100; }
}
