# lamina::xsimd, lamina::rapidjson and lamina::zlib from what find_package or FetchContent left behind. Visible
# everywhere in the project, so that lamina::lamina may be linked outside the folder that brought it in.
foreach(name IN ITEMS xsimd rapidjson zlib)
  if(NOT TARGET lamina::${name})
    add_library(lamina::${name} INTERFACE IMPORTED GLOBAL)
  endif()
endforeach()

# The target `xsimd` itself is not linked: Debian's asks for a library xtl, which no one ships.
if(xsimd_SOURCE_DIR)
  target_include_directories(lamina::xsimd SYSTEM INTERFACE ${xsimd_SOURCE_DIR}/include)
else()
  if(xsimd_VERSION AND xsimd_VERSION VERSION_LESS 8.1)
    message(FATAL_ERROR "lamina needs xsimd 8.1 or newer; ${xsimd_VERSION} is installed in ${xsimd_DIR}")
  endif()
  get_target_property(directories xsimd INTERFACE_INCLUDE_DIRECTORIES)
  target_include_directories(lamina::xsimd SYSTEM INTERFACE ${directories})
endif()

if(rapidjson_SOURCE_DIR)
  target_include_directories(lamina::rapidjson SYSTEM INTERFACE ${rapidjson_SOURCE_DIR}/include)
else()
  target_include_directories(lamina::rapidjson SYSTEM INTERFACE ${RAPIDJSON_INCLUDE_DIRS} ${RapidJSON_INCLUDE_DIRS})
endif()

if(TARGET lamina_zlib)
  target_link_libraries(lamina::zlib INTERFACE lamina_zlib)
else()
  target_include_directories(lamina::zlib SYSTEM INTERFACE ${ZLIB_INCLUDE_DIRS})
  target_link_libraries(lamina::zlib INTERFACE ${ZLIB_LIBRARIES})
endif()
