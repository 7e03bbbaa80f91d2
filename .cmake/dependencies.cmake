# xsimd, RapidJSON and zlib: as installed where they are, else fetched. Only their files are used, never their build
# files: xsimd and RapidJSON are headers, and zlib's fifteen sources are compiled here.
include(FetchContent)
FetchContent_Declare(xsimd
  GIT_REPOSITORY https://github.com/xtensor-stack/xsimd
  GIT_TAG 8.1.0
  GIT_SHALLOW ON
  SOURCE_SUBDIR include
  FIND_PACKAGE_ARGS QUIET)
FetchContent_Declare(RapidJSON
  GIT_REPOSITORY https://github.com/Tencent/rapidjson
  GIT_TAG 232389d4f1012dddec4ef84861face2d2ba85709 # the last release, of 2016, does not compile with g++ 14
  SOURCE_SUBDIR include
  FIND_PACKAGE_ARGS QUIET)
FetchContent_Declare(ZLIB
  GIT_REPOSITORY https://github.com/madler/zlib
  GIT_TAG v1.3.1
  GIT_SHALLOW ON
  SOURCE_SUBDIR doc
  FIND_PACKAGE_ARGS QUIET)
FetchContent_MakeAvailable(xsimd RapidJSON ZLIB)

if(zlib_SOURCE_DIR)
  enable_language(C)
  file(GLOB sources ${zlib_SOURCE_DIR}/*.c)
  add_library(lamina_zlib STATIC EXCLUDE_FROM_ALL ${sources})
  target_include_directories(lamina_zlib SYSTEM PUBLIC ${zlib_SOURCE_DIR})
  target_compile_definitions(lamina_zlib PRIVATE HAVE_UNISTD_H)
  set_target_properties(lamina_zlib PROPERTIES POSITION_INDEPENDENT_CODE ON C_EXTENSIONS ON)
endif()
include(${CMAKE_CURRENT_LIST_DIR}/found.cmake)
