# lamina::sound, what programs link that include <lamina/sound.hpp>: there where libsndfile is installed. Visible
# everywhere in the project, as lamina's other libraries are.
find_path(SNDFILE_INCLUDE_DIR sndfile.h)
find_library(SNDFILE_LIBRARY sndfile)
mark_as_advanced(SNDFILE_INCLUDE_DIR SNDFILE_LIBRARY)
if(SNDFILE_INCLUDE_DIR AND SNDFILE_LIBRARY AND NOT TARGET lamina::sound)
  add_library(lamina::sound INTERFACE IMPORTED GLOBAL)
  target_include_directories(lamina::sound SYSTEM INTERFACE ${SNDFILE_INCLUDE_DIR})
  target_link_libraries(lamina::sound INTERFACE lamina::lamina ${SNDFILE_LIBRARY})
endif()
