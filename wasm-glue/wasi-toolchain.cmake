# clang for wasm32-wasi: a wasi-sdk named by WASI_SDK_PATH, or Debian's clang with wasi-libc.
set(CMAKE_SYSTEM_NAME Generic)
set(CAISSON_WASI ON)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_C_COMPILER_TARGET wasm32-wasi)

if(DEFINED ENV{WASI_SDK_PATH})
  set(CMAKE_C_COMPILER $ENV{WASI_SDK_PATH}/bin/clang)
  set(CMAKE_SYSROOT $ENV{WASI_SDK_PATH}/share/wasi-sysroot)
else()
  set(CMAKE_C_COMPILER clang)
  # Debian keeps wasi-libc in multiarch folders of the ordinary prefix.
  set(CMAKE_C_FLAGS_INIT "-isystem /usr/include/wasm32-wasi")
  set(CMAKE_EXE_LINKER_FLAGS_INIT "-L/usr/lib/wasm32-wasi")
endif()
