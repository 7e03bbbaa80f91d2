# lamina::images, what programs link that include <lamina/images.hpp>: there where libpng and libjpeg-turbo's turbojpeg
# are installed. Visible everywhere in the project, as lamina's other libraries are.
find_package(PNG QUIET)
find_path(TURBOJPEG_INCLUDE_DIR turbojpeg.h)
find_library(TURBOJPEG_LIBRARY turbojpeg)
mark_as_advanced(TURBOJPEG_INCLUDE_DIR TURBOJPEG_LIBRARY)
if(PNG_FOUND AND TURBOJPEG_INCLUDE_DIR AND TURBOJPEG_LIBRARY AND NOT TARGET lamina::images)
  add_library(lamina::images INTERFACE IMPORTED GLOBAL)
  target_include_directories(lamina::images SYSTEM INTERFACE ${PNG_PNG_INCLUDE_DIR} ${TURBOJPEG_INCLUDE_DIR})
  target_link_libraries(lamina::images INTERFACE lamina::lamina ${PNG_LIBRARIES} ${TURBOJPEG_LIBRARY})
endif()
