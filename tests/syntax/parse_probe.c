// Parses files and prints what came of it: a dump, an error, or (--batch) one line per file for the runner.
//   parse_probe [--module] [--strict] [--eval] [--self-hosted] [--dump=tokens,ast,scopes] FILE
//   parse_probe --batch   reads lines "script|module|strict PATH" and answers "ok" or the error
//   parse_probe --time FILE   parses ten times and prints megabytes per second
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "syntax/ast_dump.h"
#include "syntax/parser.h"
#include "text/utf8.h"

typedef struct Settings {
  bool is_module, is_strict, is_eval, is_self_hosted, dump_tokens, dump_ast, dump_scopes;
} Settings;

static uint8_t *read_file(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (!file) return NULL;
  fseek(file, 0, SEEK_END);
  long length = ftell(file);
  fseek(file, 0, SEEK_SET);
  uint8_t *bytes = malloc((size_t)length + 1);
  *size = fread(bytes, 1, (size_t)length, file);
  fclose(file);
  return bytes;
}

// UTF-8 to Latin-1 where it fits, else UTF-16.
static TextView decode(const uint8_t *bytes, size_t size) {
  bool is_wide = false;
  for (size_t i = 0; i < size; i++) is_wide |= bytes[i] >= 0xC4;
  uint16_t *wide = is_wide ? malloc(size * 2 + 2) : NULL;
  uint8_t *narrow = is_wide ? NULL : malloc(size + 1);
  size_t count = 0;
  for (size_t i = 0; i < size;) {
    uint32_t c = bytes[i++];
    unsigned more = c < 0xC0 ? 0 : c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
    if (more) c &= 0x3F >> more;
    for (; more && i < size; more--) c = c << 6 | (bytes[i++] & 0x3F);
    if (!is_wide) narrow[count++] = (uint8_t)c;
    else if (c < 0x10000) wide[count++] = (uint16_t)c;
    else {
      wide[count++] = (uint16_t)(0xD800 + ((c - 0x10000) >> 10));
      wide[count++] = (uint16_t)(0xDC00 + (c & 0x3FF));
    }
  }
  return is_wide ? text_view_wide(wide, count) : text_view_narrow(narrow, count);
}

static Program *parse(TextView source, const Settings *settings, Arena *arena, ParseError *error) {
  ParseOptions options = {.arena = arena, .is_strict = settings->is_strict, .self_hosted = settings->is_self_hosted};
  if (settings->is_module) return parse_module(source, &options, error);
  EvalOptions eval = {.is_direct = false};
  if (settings->is_eval) return parse_eval(source, &eval, &options, error);
  return parse_script(source, &options, error);
}

static void print_error(const ParseError *error) {
  printf("%s:%u:%u: %s\n", error->status == PARSE_SYNTAX_ERROR ? "SyntaxError" : "error", error->line, error->column,
         error->message);
}

static int run_batch(void) {
  char line[4096];
  while (fgets(line, sizeof line, stdin)) {
    line[strcspn(line, "\n")] = 0;
    char *path = strchr(line, ' ');
    if (!path) continue;
    *path++ = 0;
    Settings settings = {.is_module = !strcmp(line, "module"), .is_strict = !strcmp(line, "strict")};
    size_t size = 0;
    uint8_t *bytes = read_file(path, &size);
    if (!bytes) {
      printf("cannot read\n");
      continue;
    }
    TextView source = decode(bytes, size);
    Memory memory;
    memory_initialize(&memory, (size_t)3 << 30);
    Arena arena;
    arena_initialize(&arena, &memory);
    ParseError error;
    if (parse(source, &settings, &arena, &error)) printf("ok\n");
    else print_error(&error);
    arena_release(&arena);
    if (memory.used) printf("leak of %zu bytes\n", memory.used);
    free((void *)(uintptr_t)source.narrow);
    free(bytes);
    fflush(stdout);
  }
  return 0;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static int run_time(TextView source, const Settings *settings) {
  double best = 1e9;
  size_t peak = 0;
  for (int i = 0; i < 10; i++) {
    Memory memory;
    memory_initialize(&memory, (size_t)3 << 30);
    Arena arena;
    arena_initialize(&arena, &memory);
    ParseError error;
    double start = now();
    if (!parse(source, settings, &arena, &error)) print_error(&error);
    double time = now() - start;
    if (time < best) best = time;
    peak = memory.peak;
    arena_release(&arena);
  }
  printf("%.1f MB/s, %.1f ms, %.1f MB of memory\n", source.length / best / 1e6, best * 1e3, (double)peak / 1e6);
  return 0;
}

static int run_file(TextView source, const Settings *settings) {
  Memory memory;
  memory_initialize(&memory, (size_t)3 << 30);
  Arena arena;
  arena_initialize(&arena, &memory);
  Buffer out;
  buffer_initialize(&out, &memory);
  ParseError error;
  if (settings->dump_tokens) syntax_dump_tokens(source, settings->is_module, &arena, &out);
  Program *program = parse(source, settings, &arena, &error);
  if (!program) print_error(&error);
  else {
    if (settings->dump_ast) ast_dump(program, &out);
    if (settings->dump_scopes) scopes_dump(program, &out);
    if (!out.size)
      printf("ok: %u functions, %u scopes, %u nodes, %zu bytes\n", program->function_count, program->scope_count,
             program->node_count, memory.peak);
  }
  fwrite(out.data, 1, out.size, stdout);
  return program ? 0 : 1;
}

int main(int count, char **arguments) {
  Settings settings = {0};
  const char *path = NULL;
  bool is_time = false;
  for (int i = 1; i < count; i++) {
    const char *argument = arguments[i];
    if (!strcmp(argument, "--batch")) return run_batch();
    if (!strcmp(argument, "--time")) is_time = true;
    else if (!strcmp(argument, "--module")) settings.is_module = true;
    else if (!strcmp(argument, "--strict")) settings.is_strict = true;
    else if (!strcmp(argument, "--eval")) settings.is_eval = true;
    else if (!strcmp(argument, "--self-hosted")) settings.is_self_hosted = true;
    else if (!strncmp(argument, "--dump=", 7)) {
      settings.dump_tokens = strstr(argument, "tokens");
      settings.dump_ast = strstr(argument, "ast");
      settings.dump_scopes = strstr(argument, "scopes");
    } else path = argument;
  }
  if (!path) return fprintf(stderr, "a file is needed\n"), 2;
  size_t size = 0;
  uint8_t *bytes = read_file(path, &size);
  if (!bytes) return fprintf(stderr, "cannot read %s\n", path), 2;
  TextView source = decode(bytes, size);
  return is_time ? run_time(source, &settings) : run_file(source, &settings);
}
