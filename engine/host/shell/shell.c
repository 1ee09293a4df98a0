// The command-line program of the native and WASI builds: runs files with console, timers and modules.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "host/runtime/host.h"
#include "host/shell/dump.h"

typedef struct ShellTimer {
  uint64_t number;
  double due, delay;
  bool repeats, is_idle;
} ShellTimer;

typedef struct Shell {
  ShellTimer *timers;
  size_t count, capacity, idle_count;  // nobody has to wait for idle ones
  int exit_code;
} Shell;

// Like other engines, prints unpaired halves of surrogate pairs as U+FFFD.
// bounded: a tool of the command line.
static void write_text(FILE *stream, const char *text, size_t size) {
  size_t start = 0;
  for (size_t i = 0; i + 2 < size; i++) {
    if ((unsigned char)text[i] != 0xED || (unsigned char)text[i + 1] < 0xA0) continue;
    fwrite(text + start, 1, i - start, stream);
    fputs("\xEF\xBF\xBD", stream);
    start = i + 3;
    i += 2;
  }
  fwrite(text + start, 1, size - start, stream);
}

static void shell_print(void *user, CaissonConsoleLevel level, const char *text, size_t size) {
  (void)user;
  FILE *stream = level == CAISSON_WARN || level == CAISSON_ERROR ? stderr : stdout;
  write_text(stream, text, size);
  fputc('\n', stream);
}

static void shell_unhandled(void *user, uint64_t rejection, const char *description, size_t size) {
  Shell *shell = user;
  fprintf(stderr, "Uncaught %s", rejection ? "(in promise) " : "");
  write_text(stderr, description, size);
  fputc('\n', stderr);
  shell->exit_code = 1;
}

// Timers, a binary heap: the earliest is at 0; of those due together, the one that was started first.
static bool timer_is_before(const ShellTimer *a, const ShellTimer *b) {
  return a->due < b->due || (a->due == b->due && a->number < b->number);
}

// Puts a timer at a free place, or moves it up or down to where it belongs.
static void timer_place(Shell *shell, size_t place, ShellTimer timer) {
  ShellTimer *timers = shell->timers;
  for (; place > 0 && timer_is_before(&timer, &timers[(place - 1) / 2]); place = (place - 1) / 2)
    timers[place] = timers[(place - 1) / 2];
  for (size_t child; (child = 2 * place + 1) < shell->count; place = child) {
    if (child + 1 < shell->count && timer_is_before(&timers[child + 1], &timers[child])) child++;
    if (!timer_is_before(&timers[child], &timer)) break;
    timers[place] = timers[child];
  }
  timers[place] = timer;
}

static void timer_remove(Shell *shell, size_t place) {
  shell->idle_count -= shell->timers[place].is_idle;
  ShellTimer last = shell->timers[--shell->count];
  if (place < shell->count) timer_place(shell, place, last);
}

// bounded: a tool of the command line.
static void shell_timer(void *user, int operation, uint64_t timer, double delay, bool repeats) {
  Shell *shell = user;
  if (operation == 1) {
    for (size_t i = 0; i < shell->count; i++) {
      if (shell->timers[i].number != timer) continue;
      timer_remove(shell, i);
      return;
    }
    return;
  }
  if (shell->count == shell->capacity) {
    size_t capacity = shell->capacity ? shell->capacity * 2 : 16;
    ShellTimer *timers = realloc(shell->timers, capacity * sizeof *timers);
    if (!timers) return;
    shell->timers = timers;
    shell->capacity = capacity;
  }
  shell->count++;
  timer_place(shell, shell->count - 1,
              (ShellTimer){timer, host_monotonic_time() + delay, delay, repeats, operation == 2});
  shell->idle_count += operation == 2;
}

// bounded: a tool of the command line.
static char *read_file(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (!file) return NULL;
  size_t capacity = 64 * 1024;
  char *data = malloc(capacity);
  *size = 0;
  while (data) {
    *size += fread(data + *size, 1, capacity - *size, file);
    if (*size < capacity) break;
    char *grown = realloc(data, capacity *= 2);
    if (!grown) free(data);
    data = grown;
  }
  fclose(file);
  return data;
}

static bool shell_load_module(void *user, const char *specifier, char **source, size_t *size, const char **error) {
  (void)user;
  *source = read_file(specifier, size);
  if (*source) return true;
  *error = "the file cannot be read";
  return false;
}

static void sleep_until(double due) {
  double left = due - host_monotonic_time();
  if (left <= 0) return;
  struct timespec duration = {(time_t)(left / 1000), (long)((left - (double)(time_t)(left / 1000) * 1000) * 1e6)};
  nanosleep(&duration, NULL);
}

static bool shell_report(Shell *shell, CaissonRuntime *runtime, CaissonStatus status) {
  size_t size;
  switch (status) {
    case CAISSON_OK:
    case CAISSON_WAITING: return true;
    case CAISSON_EXCEPTION: {
      const char *text = caisson_result_text(runtime, &size);
      fputs("Uncaught ", stderr);
      write_text(stderr, text, size);
      fputc('\n', stderr);
      break;
    }
    case CAISSON_TIME_LIMIT: fputs("stopped: the time limit was reached\n", stderr); break;
    case CAISSON_INTERRUPTED: fputs("stopped: interrupted\n", stderr); break;
    case CAISSON_FUEL_LIMIT: fputs("stopped: the fuel limit was reached\n", stderr); break;
    case CAISSON_TOTAL_TIME_LIMIT:
    case CAISSON_PROGRAM_TIME_LIMIT: fputs("stopped: the total time limit was reached\n", stderr); break;
    case CAISSON_MEMORY_LIMIT: fputs("stopped: the memory limit was reached\n", stderr); break;
  }
  shell->exit_code = 1;
  return false;
}

static void run_timers(Shell *shell, CaissonRuntime *runtime) {
  while (shell->exit_code == 0 && shell->count > shell->idle_count) {
    ShellTimer next = shell->timers[0];
    sleep_until(next.due);
    timer_remove(shell, 0);
    if (next.repeats) {
      next.due = host_monotonic_time() + next.delay;
      shell->count++;
      timer_place(shell, shell->count - 1, next);
    }
    shell_report(shell, runtime, caisson_fire_timer(runtime, next.number));
  }
}

static void print_help(void) {
  puts(
      "caisson runs JavaScript in a sandbox.\n"
      "\n"
      "  caisson [run] FILE [ARGUMENT...]   run a script, or a module when FILE ends in .mjs\n"
      "  caisson --eval CODE                run CODE and print its completion value\n"
      "  caisson --dump=STAGE FILE          show tokens, ast, scopes, bytecode, shapes or gc statistics\n"
      "  --module                           treat FILE as a module\n"
      "  --memory-limit=BYTES --time-limit=MS --stack-limit=BYTES\n"
      "  --version, --help");
}

static bool ends_with(const char *text, const char *end) {
  size_t length = strlen(text), end_length = strlen(end);
  return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

typedef struct ShellArguments {
  const char *file, *code, *dump;
  bool is_module, test_hooks;
  int rest;
  CaissonOptions options;
} ShellArguments;

// False: there is no program to run; *exit_code is set.
// bounded: a tool of the command line.
static bool parse_arguments(int argc, char **argv, ShellArguments *out, int *exit_code) {
  *exit_code = 0;
  int i = 1;
  if (i < argc && strcmp(argv[i], "run") == 0) i++;
  for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
    const char *option = argv[i];
    if (strcmp(option, "--version") == 0) {
      puts(caisson_version());
      return false;
    }
    if (strcmp(option, "--help") == 0) {
      print_help();
      return false;
    }
    if (strcmp(option, "--module") == 0) {
      out->is_module = true;
    } else if (strcmp(option, "--test-hooks") == 0) {
      out->options.test_hooks = true;
    } else if (strcmp(option, "--prepared") == 0) {
      out->options.copies_programs = true;
    } else if (strcmp(option, "--eval") == 0 && i + 1 < argc) {
      out->code = argv[++i];
    } else if (strncmp(option, "--dump=", 7) == 0) {
      out->dump = option + 7;
    } else if (strncmp(option, "--memory-limit=", 15) == 0) {
      out->options.memory_limit = strtoul(option + 15, NULL, 10);
    } else if (strncmp(option, "--stack-limit=", 14) == 0) {
      out->options.stack_limit = strtoul(option + 14, NULL, 10);
    } else if (strncmp(option, "--time-limit=", 13) == 0) {
      out->options.time_limit = strtod(option + 13, NULL);
    } else {
      fprintf(stderr, "caisson: unknown option %s (see caisson --help)\n", option);
      *exit_code = 2;
      return false;
    }
  }
  if (!out->code) {
    if (i >= argc) {
      print_help();
      *exit_code = 2;
      return false;
    }
    out->file = argv[i++];
  }
  out->rest = i;
  return true;
}

int main(int argc, char **argv) {
  Shell shell = {0};
  ShellArguments arguments = {0};
  int exit_code;
  if (!parse_arguments(argc, argv, &arguments, &exit_code)) return exit_code;
  size_t size = 0;
  char *source = NULL;
  if (arguments.file) {
    source = read_file(arguments.file, &size);
    if (!source) {
      fprintf(stderr, "caisson: cannot read %s\n", arguments.file);
      return 2;
    }
  }
  CaissonOptions *options = &arguments.options;
  options->user = &shell;
  options->callbacks = (CaissonCallbacks){.print = shell_print,
                                          .timer = shell_timer,
                                          .load_module = shell_load_module,
                                          .unhandled_rejection = shell_unhandled};
  CaissonRuntime *runtime = caisson_create(options);
  if (!runtime) {
    fputs("caisson: not enough memory to start\n", stderr);
    return 2;
  }
  if (!caisson_define_strings(runtime, "scriptArgs", (const char *const *)argv + arguments.rest,
                              (size_t)(argc - arguments.rest)))
    shell.exit_code = 2;
  const char *text = arguments.code ? arguments.code : source;
  if (arguments.code) size = strlen(arguments.code);
  const char *name = arguments.file ? arguments.file : "eval";
  if (arguments.dump) {
    if (!caisson_dump(runtime, arguments.dump, text, size, name, stdout)) shell.exit_code = 2;
  } else {
    bool is_module = arguments.is_module || (arguments.file && ends_with(arguments.file, ".mjs"));
    CaissonStatus status = caisson_evaluate(runtime, text, size, name, is_module ? CAISSON_MODULE : CAISSON_SCRIPT);
    if (shell_report(&shell, runtime, status)) {
      if (arguments.code) {
        size_t length;
        const char *shown = caisson_result_text(runtime, &length);
        write_text(stdout, shown, length);
        putchar('\n');
      }
      run_timers(&shell, runtime);
    }
  }
  caisson_destroy(runtime);
  free(shell.timers);
  free(source);
  return shell.exit_code;
}
