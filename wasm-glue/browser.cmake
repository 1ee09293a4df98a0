# How caisson.wasm is linked. Exports are listed in exports.txt, imports are declared in C with
# import_module("caisson"); nothing of Emscripten's JavaScript is kept.
execute_process(COMMAND ${CMAKE_C_COMPILER} --version OUTPUT_VARIABLE emcc_version)
string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+" emcc_version "${emcc_version}")
message(STATUS "Emscripten ${emcc_version}")

target_compile_options(caisson_options INTERFACE
  -O3 -flto -mbulk-memory -msign-ext -mnontrapping-fptoint -fno-ident)
target_compile_definitions(caisson_options INTERFACE CAISSON_BROWSER=1)

function(caisson_add_browser_module)
  file(STRINGS ${CMAKE_SOURCE_DIR}/wasm-glue/exports.txt exports REGEX "^[a-z_]")
  list(TRANSFORM exports PREPEND "_")
  list(JOIN exports "," exports)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/wasm-glue/exports.txt)
  if(emcc_version VERSION_LESS 3.1.27)
    set(stack_setting TOTAL_STACK)
  else()
    set(stack_setting STACK_SIZE)
  endif()

  # What runs once per program or per entry, or seldom, is built for size: a cold start compiles every function of the module.
  foreach(source IN LISTS ARGN)
    if(source MATCHES "/engine/(syntax|bytecode)/|/engine/text/(idna|punycode|url_setters|url_host)" OR
       source MATCHES "/engine/host/(shell|web)/|/engine/host/runtime/(clock|hooks|inspect|module_sources|shared_waits|test_hooks|time_zone|timers)" OR
       source MATCHES "/engine/host/boundary/(message_buffers|outcomes)|/engine/interpreter/(eval|expression_errors)" OR
       source MATCHES "/engine/runtime/(atomic_waits|errors|integrity|module|programs|recorded_methods|refusals|replay|weak_)" OR
       source MATCHES "/engine/builtins/(binary/(atomics|typed_array_base64)|control/dispos|collections/weak|numbers/date)" OR
       source MATCHES "/engine/builtins/(fundamentals/(abstract|call_site|decorators|error|global|reflect|symbol)|text/(json_revive|regexp_legacy))" OR
       source MATCHES "/engine/(builtins/)?temporal/" OR
       source MATCHES "/engine/number/(calendar|digits_text)|/engine/text/(normalization|url_parser)" OR
       source MATCHES "/engine/regexp/(char_set|class_|first_set|pattern_|property_|regexp_compiler|word_tries)")
      set_source_files_properties(${source} PROPERTIES COMPILE_OPTIONS -Os)
    elseif(source MATCHES "/engine/(builtins|text)/")
      set_source_files_properties(${source} PROPERTIES COMPILE_OPTIONS -O2)
    endif()
  endforeach()

  file(GLOB glue_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/wasm-glue/*.c)
  add_executable(caisson-linked ${ARGN} ${glue_sources})
  set_target_properties(caisson-linked PROPERTIES SUFFIX .wasm)
  target_link_libraries(caisson-linked PRIVATE caisson_options)
  target_link_options(caisson-linked PRIVATE
    -O3 -flto --no-entry --profiling-funcs
    -sSTANDALONE_WASM=1
    -sEXPORTED_FUNCTIONS=${exports}
    -sERROR_ON_UNDEFINED_SYMBOLS=0 -sWARN_ON_UNDEFINED_SYMBOLS=0
    -Wl,--stack-first
    -sALLOW_MEMORY_GROWTH=1
    -sINITIAL_MEMORY=2097152
    -sMAXIMUM_MEMORY=4294901760  # 4 GiB less a page: no address past the end wraps to 0
    -s${stack_setting}=1048576
    -sMALLOC=emmalloc
    -sFILESYSTEM=0
    -sSUPPORT_LONGJMP=0
    -sBINARYEN_EXTRA_PASSES=--one-caller-inline-max-function-size=300)

  find_program(WASM_OPT wasm-opt REQUIRED)
  set(optimise ${WASM_OPT} -O4 --one-caller-inline-max-function-size=300 --enable-bulk-memory --enable-sign-ext
    --enable-nontrapping-float-to-int --enable-mutable-globals $<TARGET_FILE:caisson-linked>)
  add_custom_command(OUTPUT caisson.wasm
    COMMAND ${optimise} --strip-debug --strip-producers -o caisson.wasm
    COMMAND ${CMAKE_COMMAND} -E copy_if_different caisson.wasm ${CMAKE_SOURCE_DIR}/npm/caisson.wasm
    DEPENDS caisson-linked
    COMMENT "Optimising caisson.wasm with wasm-opt")
  add_custom_target(caisson.wasm-file ALL DEPENDS caisson.wasm)
  # For npm run size: the same with the names of functions.
  add_custom_command(OUTPUT caisson-named.wasm
    COMMAND ${optimise} -g -o caisson-named.wasm
    DEPENDS caisson-linked
    COMMENT "Optimising caisson-named.wasm with wasm-opt")
  add_custom_target(caisson-named DEPENDS caisson-named.wasm)
endfunction()
