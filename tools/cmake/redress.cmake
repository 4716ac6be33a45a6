# What every CMakeLists.txt of Redress builds with: packages, warnings, and one function per kind of
# target, so that a folder's own file is only its list of sources.

find_package(Threads REQUIRED)
# Module mode first: gRPC's own config file needs the targets that only the module defines here.
find_package(Protobuf REQUIRED)
find_package(gRPC CONFIG REQUIRED)
find_package(absl CONFIG REQUIRED)
find_package(RocksDB CONFIG REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(fmt CONFIG REQUIRED)
find_package(nlohmann_json CONFIG REQUIRED)
find_package(CLI11 CONFIG REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)
find_package(GTest REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(JEMALLOC REQUIRED IMPORTED_TARGET jemalloc)
find_library(RAPIDCHECK_LIBRARY rapidcheck REQUIRED)

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# google/rpc comes from the package golang-github-gogo-googleapis-dev; grpc/health from grpc-proto.
set(REDRESS_GOOGLE_PROTOS /usr/share/gocode/src/github.com/gogo/googleapis)
set(REDRESS_GRPC_PROTOS /usr/share/grpc-proto)

add_library(redress_options INTERFACE)
target_include_directories(redress_options INTERFACE ${CMAKE_SOURCE_DIR})
# With the optimiser on, -Wrestrict sees overlaps in std::string's own code that are not there (gcc bug
# 105651).
target_compile_options(redress_options INTERFACE -Wall -Wextra -Werror -Wno-missing-field-initializers
                                                 $<$<CONFIG:Release>:-Wno-restrict> -fcoroutines)
# fmt, whether used or not: its definitions belong to the precompiled headers too.
target_link_libraries(redress_options INTERFACE Threads::Threads fmt::fmt)
if(REDRESS_TEST_HOOKS)
  target_compile_definitions(redress_options INTERFACE REDRESS_TEST_HOOKS=1)
endif()
if(REDRESS_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()

# A precompiled header is used only with the flags that it was made with: what depends on gRPC has -pthread,
# so all have it. A compiler cache sees such a header only with -fpch-preprocess.
add_compile_options(-pthread -fpch-preprocess)
# The headers that all functions below compile with (its own comment).
add_subdirectory(${CMAKE_CURRENT_LIST_DIR}/precompiled ${CMAKE_BINARY_DIR}/precompiled)

# Compiles a target with the headers of `shared`, and with those of its own that nearly each of its files
# includes, where it names some.
function(redress_precompile name shared)
  if(NOT ARGN)
    target_precompile_headers(${name} REUSE_FROM ${shared})
    return()
  endif()
  get_target_property(headers ${shared} PRECOMPILE_HEADERS)
  list(TRANSFORM ARGN PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  target_precompile_headers(${name} PRIVATE ${headers} ${ARGN})
endfunction()

# Compiles a target's files several at a time, where headers are precompiled: what they include and instantiate
# alike, most of what a small file costs, is then compiled once. Their unnamed namespaces are one there, so no
# two of them may define the same name; the other presets compile each by itself.
function(redress_unite name)
  if(NOT CMAKE_DISABLE_PRECOMPILE_HEADERS)
    set_target_properties(${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 6)
    # A coroutine in an unnamed namespace is one of a header there, for all that gcc knows.
    target_compile_options(${name} PRIVATE -Wno-subobject-linkage)
  endif()
endfunction()

# redress_library(<name> [UNITED] [SOURCES a.cc …] [HEADERS a.h …] [PRECOMPILED a.h …] [DEPS target …])
function(redress_library name)
  cmake_parse_arguments(ARG "UNITED" "" "SOURCES;HEADERS;PRECOMPILED;DEPS" ${ARGN})
  if(ARG_SOURCES)
    add_library(${name} STATIC ${ARG_SOURCES} ${ARG_HEADERS})
    target_link_libraries(${name} PUBLIC redress_options ${ARG_DEPS})
    redress_precompile(${name} precompiled ${ARG_PRECOMPILED})
    if(ARG_UNITED)
      redress_unite(${name})
    endif()
  else()
    add_library(${name} INTERFACE ${ARG_HEADERS})
    target_link_libraries(${name} INTERFACE redress_options ${ARG_DEPS})
  endif()
endfunction()

# redress_binary(<name> OUTPUT redress-… SOURCES main.cc … [DEPS target …]) puts bin/<output> in the
# build tree, where the scripts look for it. Binaries allocate with jemalloc (ADR 32); sanitizers bring their
# own allocator.
function(redress_binary name)
  cmake_parse_arguments(ARG "" "OUTPUT" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  if(ARG_OUTPUT)
    set_target_properties(${name} PROPERTIES OUTPUT_NAME ${ARG_OUTPUT}
                          RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
  endif()
  target_link_libraries(${name} PRIVATE redress_options ${ARG_DEPS})
  if(NOT REDRESS_SANITIZE)
    target_link_libraries(${name} PRIVATE PkgConfig::JEMALLOC)
  endif()
  redress_precompile(${name} precompiled)
endfunction()

# redress_test(<name> [UNITED] SOURCES a_test.cc … [DEPS target …] [LABELS label …] [TIMEOUT seconds])
# One ctest entry per executable: starting a process per test case would cost more than the cases.
function(redress_test name)
  cmake_parse_arguments(ARG "UNITED" "TIMEOUT" "SOURCES;DEPS;LABELS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE redress_options ${ARG_DEPS} GTest::gmock GTest::gtest
                                        GTest::gtest_main)
  redress_precompile(${name} precompiled_test)
  if(ARG_UNITED)
    redress_unite(${name})
  endif()
  add_test(NAME ${name} COMMAND ${name})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  if(NOT ARG_LABELS)
    set(ARG_LABELS unit)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}")
endfunction()

# redress_proto_library(<name> [GRPC] PROTOS redress/…/a.proto … [DEPS target …] [ROOT dir])
# Generates into the build tree only. GRPC generates the stubs too.
function(redress_proto_library name)
  cmake_parse_arguments(ARG "GRPC" "ROOT" "PROTOS;DEPS" ${ARGN})
  if(NOT ARG_ROOT)
    set(ARG_ROOT ${CMAKE_SOURCE_DIR}/protos)
  endif()
  set(out ${CMAKE_BINARY_DIR}/generated)
  set(generated)
  foreach(proto ${ARG_PROTOS})
    string(REGEX REPLACE "\\.proto$" "" stem ${proto})
    set(products ${out}/${stem}.pb.cc ${out}/${stem}.pb.h)
    set(flags --cpp_out=${out})
    if(ARG_GRPC)
      list(APPEND products ${out}/${stem}.grpc.pb.cc ${out}/${stem}.grpc.pb.h)
      list(APPEND flags --grpc_out=${out}
           --plugin=protoc-gen-grpc=$<TARGET_FILE:gRPC::grpc_cpp_plugin>)
    endif()
    add_custom_command(
      OUTPUT ${products}
      COMMAND ${CMAKE_COMMAND} -E make_directory ${out}
      COMMAND protobuf::protoc -I ${ARG_ROOT} -I ${REDRESS_GOOGLE_PROTOS} ${flags} ${proto}
      DEPENDS ${ARG_ROOT}/${proto}
      WORKING_DIRECTORY ${ARG_ROOT}
      COMMENT "Generating ${stem}"
      VERBATIM)
    list(APPEND generated ${products})
  endforeach()
  set(sources ${generated})
  list(FILTER sources INCLUDE REGEX "\\.cc$")
  add_library(${name} STATIC ${sources})
  add_custom_target(${name}_generate DEPENDS ${generated})
  add_dependencies(${name} ${name}_generate)
  foreach(dep ${ARG_DEPS})
    if(TARGET ${dep}_generate)
      add_dependencies(${name} ${dep}_generate)
    endif()
  endforeach()
  target_include_directories(${name} SYSTEM PUBLIC ${out})
  target_link_libraries(${name} PUBLIC ${ARG_DEPS} protobuf::libprotobuf)
  redress_precompile(${name} precompiled_proto)
  if(ARG_GRPC)
    target_link_libraries(${name} PUBLIC gRPC::grpc++)
    # A file that holds only a service has nothing that code refers to, so the linker would leave its
    # descriptor out, and the server could not see which methods there are.
    foreach(proto ${ARG_PROTOS})
      string(REPLACE "_" "_5f" symbol ${proto})
      string(REPLACE "/" "_2f" symbol ${symbol})
      string(REPLACE "." "_2e" symbol ${symbol})
      target_link_options(${name} INTERFACE LINKER:--undefined=descriptor_table_${symbol})
    endforeach()
  endif()
endfunction()
