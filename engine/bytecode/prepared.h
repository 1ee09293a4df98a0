// Prepared programs: what compile_script or compile_module made, as bytes, which any runtime makes into cells again
// without parsing.
//
// The bytes are written before the program has run. So they hold nothing that running changes (caches are empty, and no
// regular expression is compiled), and no addresses: the same source gives the same bytes. The name of the source is
// not among them; whoever runs the program gives one.
//
// The bytes are trusted like Code. They can only be checked for being whole: the interpreter relies on what the
// compiler writes (registers that exist, jumps to instructions, constants of the expected kind), and forged bytecode
// could read and write any memory. So nothing may be read that did not come from prepared_write, and the package gives
// the bytes to nobody.
//
// Format. Numbers have 7 bits per byte, low ones first. Cells are written where they occur first, and from then on
// stand for themselves by their number, so that one that occurs twice remains one. Functions are numbered apart: they
// come one after the other at the end, and the reader makes their (empty) cells before anything refers to them.
//
//     header      PreparedHeader
//     source      the text, and the type of its Record (SOURCE_OF_*)
//     module      if it is one: its lists, in the order of prepared_module_lists
//     functions   the program itself, then those within, in the order in which they are met
#ifndef CAISSON_PREPARED_H
#define CAISSON_PREPARED_H

#include "bytecode/code.h"

typedef struct PreparedHeader {
  uint32_t format;  // PREPARED_FORMAT
  uint32_t size;    // of all bytes
  uint32_t function_count, cell_count;
  uint32_t is_module;
} PreparedHeader;

// What an encoded value begins with.
typedef enum PreparedTag {
  PREPARED_SPECIAL,    // payload of the special value
  PREPARED_INT,        // zigzag number
  PREPARED_DOUBLE,     // 8 bytes
  PREPARED_SEEN,       // number of the cell
  PREPARED_FUNCTION,   // number of the function
  PREPARED_ATOM,       // length, Latin-1 units
  PREPARED_WIDE_ATOM,  // length, UTF-16 units at an even place
  PREPARED_STRING,
  PREPARED_WIDE_STRING,
  PREPARED_BIGINT,  // 1 when negative, count, digits
  PREPARED_LIST,    // count, values (Values)
  PREPARED_NAMES,   // flags, count, values (CELL_SCOPE_NAMES)
  PREPARED_OUTER,   // size, the block of scope_describe_outer with offsets for addresses
} PreparedTag;

// Lists are nested so deep at most: rows of a module's requests hold their attributes.
enum { PREPARED_DEPTH = 3 };

// Differs whenever the instructions or the numbers of intrinsics do, or the sizes of what is copied as it is.
enum { PREPARED_VERSION = 1 };
extern const uint32_t prepared_format;

// The lists of a module that say how it is linked.
enum { PREPARED_MODULE_LISTS = 7 };
static inline void prepared_module_lists(Module *module, Value *lists[PREPARED_MODULE_LISTS]) {
  lists[0] = &module->names;
  lists[1] = &module->requests;
  lists[2] = &module->imports;
  lists[3] = &module->local_exports;
  lists[4] = &module->indirect_exports;
  lists[5] = &module->star_exports;
  lists[6] = &module->initial;
}

// `program`: an internal Code or Module that has not run. Appends to `out`. False: threw.
MUST_CHECK bool prepared_write(Context *cx, Value program, Buffer *out);
// The Code or Module again. VALUE_ABRUPT: threw, a TypeError when the bytes are not whole or of another engine.
Value prepared_read(Context *cx, const uint8_t *bytes, size_t size, Value source_name);

#endif
