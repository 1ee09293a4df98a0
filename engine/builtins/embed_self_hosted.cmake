# cmake -D OUTPUT=FILE -D TABLE=NAME -D "SOURCES=FILE|FILE" -P embed_self_hosted.cmake
# Writes JavaScript into a C table (builtins/self_hosted.h). What runtime/slotted.def names becomes its number.
file(STRINGS ${CMAKE_CURRENT_LIST_DIR}/../runtime/slotted.def CONSTANTS REGEX "^SLOTTED_")
string(REPLACE "|" ";" SOURCES "${SOURCES}")
set(ARRAYS "")
set(ROWS "")
foreach(SOURCE IN LISTS SOURCES)
  get_filename_component(NAME ${SOURCE} NAME_WE)
  # Without lines of comments and more than one space of indentation: none of the sources has text of several lines, and a
  # function of builtins/ ends with the first brace at the beginning of a line.
  file(READ ${SOURCE} TEXT)
  string(REGEX REPLACE "\n *//[^\n]*" "" TEXT "${TEXT}")
  string(REGEX REPLACE "\n +" "\n " TEXT "${TEXT}")
  foreach(CONSTANT IN LISTS CONSTANTS)
    string(REGEX MATCH "\\(([A-Z_]+), ([0-9]+)\\)" FOUND "${CONSTANT}")
    string(REGEX REPLACE "%${CMAKE_MATCH_1}([^A-Za-z0-9_])" "${CMAKE_MATCH_2}\\1" TEXT "${TEXT}")
  endforeach()
  string(HEX "${TEXT}" BYTES)
  string(LENGTH "${BYTES}" LENGTH)
  math(EXPR LENGTH "${LENGTH} / 2")
  string(REGEX REPLACE "(................................)" "\\1\n" BYTES "${BYTES}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," BYTES "${BYTES}")
  string(APPEND ARRAYS "static const unsigned char text_${NAME}[] = {\n${BYTES}0};\n")
  string(APPEND ROWS "    {\"${NAME}\", (const char *)text_${NAME}, ${LENGTH}},\n")
endforeach()
file(WRITE ${OUTPUT}.new "// Generated from JavaScript.
#include \"builtins/self_hosted.h\"

${ARRAYS}
extern const SelfHostedSource ${TABLE}[];
const SelfHostedSource ${TABLE}[] = {
${ROWS}    {0, 0, 0},
};
")
file(RENAME ${OUTPUT}.new ${OUTPUT})
