// The widths are those of Node, whose output people know: lines of 80 characters, three levels of nesting on one line,
// columns for arrays of more than six elements.
#include "host/runtime/inspect_layout.h"

#include <math.h>

enum { LINE_LENGTH = 80, LEVELS_OF_LINE = 3, COLUMNS_MOST = 15, GROUPED_LEAST = 7, SEPARATOR = 2 };

void parts_initialize(Parts *parts, Memory *memory) {
  *parts = (Parts){.are_numbers = true};
  buffer_initialize(&parts->text, memory);
  buffer_initialize(&parts->ends, memory);
}

void parts_release(Parts *parts) {
  buffer_release(&parts->text);
  buffer_release(&parts->ends);
}

void parts_end(Parts *parts) {
  uint32_t end = (uint32_t)parts->text.size;
  buffer_append(&parts->ends, &end, sizeof end);
  if (!parts->ends.failed) parts->count++;
}

// bounded: the text was paid for when it was written, and again before it is laid out; this holds for the whole file.
size_t layout_length(const uint8_t *bytes, size_t size) {
  size_t length = 0;
  for (size_t i = 0; i < size; i++) length += ((bytes[i] & 0xC0) != 0x80) + (bytes[i] >= 0xF0);
  return length;
}

static const uint8_t *part_at(const Parts *parts, uint32_t index, size_t *size) {
  const uint32_t *ends = (const uint32_t *)(const void *)parts->ends.data;
  uint32_t start = index ? ends[index - 1] : 0;
  *size = ends[index] - start;
  return parts->text.data + start;
}

// Columns of a character in a terminal.
static unsigned columns_of(uint32_t point) {
  static const uint32_t wide[][2] = {{0x1100, 0x115F},   {0x2E80, 0x303E},  {0x3041, 0x4DBF},   {0x4E00, 0xA4CF},
                                     {0xA960, 0xA97F},   {0xAC00, 0xD7A3},  {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},
                                     {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},  {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF},
                                     {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};
  if ((point >= 0x300 && point <= 0x36F) || (point >= 0x200B && point <= 0x200F) ||
      (point >= 0xFE00 && point <= 0xFE0F))
    return 0;
  for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
    if (point >= wide[i][0] && point <= wide[i][1]) return 2;
  return 1;
}

// bounded: as above.
static size_t part_width(const Parts *parts, uint32_t index) {
  size_t size, width = 0;
  const uint8_t *bytes = part_at(parts, index, &size);
  for (size_t i = 0; i < size;) {
    unsigned more = bytes[i] < 0xC0 ? 0 : bytes[i] < 0xE0 ? 1 : bytes[i] < 0xF0 ? 2 : 3;
    uint32_t point = more ? bytes[i] & (0x3Fu >> more) : bytes[i];
    for (i++; more > 0 && i < size; more--) point = point << 6 | (bytes[i++] & 0x3F);
    width += point < 0x300 ? 1 : columns_of(point);
  }
  return width;
}

// bounded: as above.
static void append_spaces(Buffer *out, size_t count) {
  for (size_t i = 0; i < count; i++) buffer_append_byte(out, ' ');
}

static void append_part(const Parts *parts, uint32_t index, Buffer *out) {
  size_t size;
  const uint8_t *bytes = part_at(parts, index, &size);
  buffer_append(out, bytes, size);
}

// Replaces the parts by rows of several parts; false: they stay as they are.
// bounded: as above.
static bool parts_group(Parts *parts, unsigned indent) {
  uint32_t count = parts->count - parts->has_rest;
  size_t total = 0, widest = 0;
  for (uint32_t i = 0; i < count; i++) {
    size_t length = part_width(parts, i);
    total += length + SEPARATOR;
    if (length > widest) widest = length;
  }
  double column = (double)widest + SEPARATOR;
  if (column * 3 + indent >= LINE_LENGTH || ((double)total / column <= 5 && widest > 6)) return false;
  double bias = fmax(column - 3 - sqrt(column - (double)total / parts->count), 1);
  double columns = floor(sqrt(2.5 * bias * count) / bias + 0.5);
  columns = fmin(columns, floor((LINE_LENGTH - indent) / column));
  columns = fmin(columns, fmin(LEVELS_OF_LINE * 4, COLUMNS_MOST));
  if (columns <= 1) return false;
  uint32_t across = (uint32_t)columns;
  size_t widths[COLUMNS_MOST] = {0};
  for (uint32_t i = 0; i < parts->count; i++) {
    size_t length = i < count ? part_width(parts, i) : 0;
    if (length > widths[i % across]) widths[i % across] = length;
  }
  Parts lines;
  parts_initialize(&lines, parts->text.memory);
  for (uint32_t i = 0; i < count; i++) {
    bool is_last = i + 1 == count || (i + 1) % across == 0;
    size_t padding = widths[i % across] - part_width(parts, i);
    if (parts->are_numbers) append_spaces(&lines.text, padding);
    append_part(parts, i, &lines.text);
    if (!is_last) {
      buffer_append_text(&lines.text, ", ");
      if (!parts->are_numbers) append_spaces(&lines.text, padding);
    } else {
      parts_end(&lines);
    }
  }
  if (parts->has_rest) {
    append_part(parts, count, &lines.text);
    parts_end(&lines);
  }
  lines.is_of_array = true;
  parts_release(parts);
  *parts = lines;
  return true;
}

static bool has_line_break(const Buffer *text) { return text->size && memchr(text->data, '\n', text->size); }

// bounded: as above.
static bool fits_on_line(const Parts *parts, const Buffer *base, const Buffer *open, unsigned indent) {
  size_t length =
      2 * parts->count + indent + layout_length(open->data, open->size) + layout_length(base->data, base->size) + 10;
  if (length + parts->count > LINE_LENGTH || has_line_break(base) || has_line_break(&parts->text)) return false;
  return length + layout_length(parts->text.data, parts->text.size) <= LINE_LENGTH;
}

// bounded: as above.
void parts_lay_out(Parts *parts, const Buffer *base, const Buffer *open, const char *close, unsigned indent,
                   unsigned levels, Buffer *out) {
  bool is_line = parts->is_line;
  bool is_grouped = !is_line && parts->is_of_array && parts->count >= GROUPED_LEAST && !parts->ends.failed &&
                    parts_group(parts, indent);
  is_line = is_line || (!is_grouped && levels < LEVELS_OF_LINE && fits_on_line(parts, base, open, indent));
  if (parts->text.failed || parts->ends.failed) {
    out->failed = true;
    return;
  }
  if (base->size) {
    buffer_append(out, base->data, base->size);
    buffer_append_byte(out, ' ');
  }
  buffer_append(out, open->data, open->size);
  for (uint32_t i = 0; i < parts->count; i++) {
    if (i > 0) buffer_append_byte(out, ',');
    buffer_append_byte(out, is_line ? ' ' : '\n');
    if (!is_line) append_spaces(out, indent + 2);
    append_part(parts, i, out);
  }
  buffer_append_byte(out, is_line ? ' ' : '\n');
  if (!is_line) append_spaces(out, indent);
  buffer_append_text(out, close);
}
