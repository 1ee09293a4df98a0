# Emscripten as a plain C compiler: emcc found on PATH (Debian's package or an activated emsdk).
# CMake's own Emscripten platform file is not used, because only the .wasm is wanted.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

find_program(EMCC emcc REQUIRED)
find_program(EMAR emar REQUIRED)
find_program(EMRANLIB emranlib REQUIRED)
set(CMAKE_C_COMPILER ${EMCC})
set(CMAKE_AR ${EMAR} CACHE FILEPATH "" FORCE)
set(CMAKE_RANLIB ${EMRANLIB} CACHE FILEPATH "" FORCE)

# Debian's Emscripten finds its acorn where Debian's Node looks for modules; another Node must be told.
set(launcher ${CMAKE_COMMAND} -E env)
if(EXISTS /usr/share/nodejs)
  list(APPEND launcher "NODE_PATH=/usr/share/nodejs")
endif()
set(CMAKE_C_LINKER_LAUNCHER ${launcher})
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher} CCACHE_COMPILERTYPE=clang ${CCACHE})
else()
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
endif()
