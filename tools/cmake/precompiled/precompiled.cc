// Only for the headers that are compiled with it (CMakeLists.txt).
