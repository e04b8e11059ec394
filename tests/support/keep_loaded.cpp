// Leaves every library loaded until the end: with LD_PRELOAD, dlclose() does nothing. A leak of
// a graphics driver then has the driver's name, which tests/leaks_of_drivers.txt knows.
extern "C" int dlclose(void*) { return 0; }
