// The parser's entries, messages and limits, and what scope analysis says of chosen programs.
#include <stdio.h>
#include <stdlib.h>

#include "syntax/ast_dump.h"

static int failures;
#define CHECK(condition) ((condition) ? (void)0 : (void)(failures++, printf("%d: %s\n", __LINE__, #condition)))

typedef struct Parse {
  Memory memory;
  Arena arena;
  ParseOptions options;
  ParseError error;
  Program *program;
} Parse;

static void parse_begin(Parse *parse) {
  memset(parse, 0, sizeof(*parse));
  memory_initialize(&parse->memory, (size_t)256 << 20);
  arena_initialize(&parse->arena, &parse->memory);
  parse->options.arena = &parse->arena;
}

static bool parse_end(Parse *parse) {
  arena_release(&parse->arena);
  if (parse->memory.used) failures++, printf("%zu bytes left\n", parse->memory.used);
  return parse->program;
}

// --- Messages ---

static void check_error(const char *source, bool is_module, uint32_t line, uint32_t column, const char *message) {
  Parse parse;
  parse_begin(&parse);
  TextView text = text_view_literal(source);
  parse.program =
      is_module ? parse_module(text, &parse.options, &parse.error) : parse_script(text, &parse.options, &parse.error);
  const ParseError *error = &parse.error;
  if (parse.program || error->line != line || error->column != column || !strstr(error->message, message)) {
    failures++;
    printf("%s\n  expected %u:%u: %s\n  received %u:%u: %s\n", source, line, column, message, error->line,
           error->column, parse.program ? "no error" : error->message);
  }
  parse_end(&parse);
}

static void check_errors(void) {
  check_error("let a;\nlet a;", false, 2, 5, "'a' has already been declared");
  check_error("{ var x; } let x;", false, 1, 16, "'x' has already been declared");
  check_error("{ let x; { var x; } }", false, 1, 16, "'x' has already been declared");
  check_error("try {} catch (e) { let e; }", false, 1, 24, "'e' has already been declared");
  check_error("function f(a) { let a; }", false, 1, 21, "'a' has already been declared");
  check_error("\"use strict\"; with (a) b;", false, 1, 15, "'with' is not allowed");
  check_error("function f(a, a) { 'use strict' }", false, 1, 15, "used twice");
  check_error("function f(a = 1) { 'use strict' }", false, 1, 21, "non-simple parameters");
  check_error("(a, a) => 1", false, 1, 5, "used twice");
  check_error("x = {a = 1};", false, 1, 8, "in patterns only");
  check_error("a ?? b || c", false, 1, 3, "may not be mixed");
  check_error("-1 ** 2", false, 1, 1, "needs parentheses");
  check_error("class A { constructor() { super(); } }", false, 1, 27, "constructors of derived classes");
  check_error("class A { m() { this.#x; } }", false, 1, 22, "private name '#x' is not declared");
  check_error("class A extends class { x = this.#p; } { #p }", false, 1, 34, "private name '#p' is not declared");
  check_error("for (let x of a, b);", false, 1, 16, "expected ')'");
  check_error("break;", false, 1, 1, "'break' is only allowed");
  check_error("a: { continue a; }", false, 1, 15, "needs the label of a loop");
  check_error("`${a", false, 1, 5, "");
  check_error("'abc", false, 1, 1, "not closed");
  check_error("1_000_", false, 1, 6, "separator");
  check_error("3in []", false, 1, 2, "may not follow a numeric literal");
  check_error("/(/", false, 1, 3, "invalid regular expression");
  check_error("a?.`x`", false, 1, 4, "optional chain");
  check_error("export { a };", true, 1, 10, "exported but not declared");
  check_error("export let a; export { a };", true, 1, 24, "exported twice");
  check_error("import a, {a} from 'b'", true, 1, 12, "already been declared");
  check_error("await: 1", true, 1, 6, "");
  check_error("import x from 'x' with { type: 'a', type: 'b' }", true, 1, 37, "given twice");
  check_error("return 1", false, 1, 1, "'return' is only allowed in functions");
  check_error("if (1) function* f() {}", false, 1, 8, "plain function");
  check_error("var \xA3 = 1", false, 1, 5, "unexpected character '\xC2\xA3'");
  check_error("f(", false, 1, 3, "");
}

// --- Scopes ---

// The dump of the scopes must hold the text.
static void check_scopes(const char *source, bool is_module, const char *expected) {
  Parse parse;
  parse_begin(&parse);
  TextView text = text_view_literal(source);
  parse.program =
      is_module ? parse_module(text, &parse.options, &parse.error) : parse_script(text, &parse.options, &parse.error);
  Buffer out;
  buffer_initialize(&out, &parse.memory);
  if (parse.program) ast_dump(parse.program, &out), scopes_dump(parse.program, &out);
  else buffer_append_text(&out, parse.error.message);
  buffer_append_byte(&out, 0);
  if (!strstr((const char *)out.data, expected)) {
    failures++;
    printf("%s\n  expected %s in %s\n", source, expected, (const char *)out.data);
  }
  buffer_release(&out);
  parse_end(&parse);
}

static void check_resolution(void) {
  check_scopes("function f(a) { return a; }", false, "(identifier a local)");
  check_scopes("function f(a) { return () => a; }", false, "(identifier a slot 0/0)");
  check_scopes("function f(a) { { let b = 1; return () => a + b; } }", false, "(identifier a slot 1/0)");
  check_scopes("function f(a) { with (a) b; }", false, "(identifier b global dynamic)");
  check_scopes("function f(a) { eval(''); return b; }", false, "(identifier b global dynamic)");
  check_scopes("function f(a) { 'use strict'; eval(''); return b; }", false, "(identifier b global)");
  // Dead zones are proved away where the order of the source shows it.
  check_scopes("function f() { let a = 1; return a; }", false, "(identifier a local)");
  check_scopes("function f() { a; let a = 1; }", false, "(identifier a local tdz)");
  check_scopes("function f() { let a = a; }", false, "(identifier a local tdz)");
  check_scopes("function f() { let a = 1; return () => a; }", false, "(identifier a slot 0/0)");
  check_scopes("function f() { g(); let a = 1; function g() { a; } }", false, "(identifier a slot 0/0 tdz)");
  check_scopes("function f(x) { switch (x) { case 0: let a = 1; default: a; } }", false, "(identifier a local tdz)");
  check_scopes("function f(a = b, b) { }", false, "(identifier b local tdz)");
  // Parameters of arrows move into the arrow's scope.
  check_scopes("function f(a) { return (b = () => a) => b; }", false, "(identifier a slot 0/0)");
  check_scopes("function f() { return (a, b = a) => b; }", false, "(identifier a local)");
  check_scopes("function f(x) { (a = this, b = () => this) => 1; }", false, "this this slot 0");
  // A separate body scope exists only where closures of the parameters, or a sloppy eval, could see the difference.
  check_scopes("function f(a, b = () => a) { var a; }", false, "var a shadows");
  check_scopes("'use strict'; function f(a, b = 1) { var a; }", false, "parameter a\n");
  check_scopes("function f(a, b = 1) { var a; }", false, "var a shadows");
  check_scopes("function f(b = a) { var a; }", false, "(identifier a global)");
  check_scopes("let g = (b = a) => { var a; }", false, "(identifier a global)");
  check_scopes("function f(a = arguments) { let arguments; }", false, "arguments arguments");
  // Annex B.
  check_scopes("function f() { { function g() {} } g; }", false, "var g assigned annex-b");
  check_scopes("function f() { let g; { function g() {} } }", false, "block-function g unreferenced hoisted");
  check_scopes("function f(g) { { function g() {} } g; }", false, "parameter g\n");
  check_scopes("try {} catch (e) { var e = 1; }", false, "(binding e local)");
  // Functions' own names.
  check_scopes("(function f() { return f; })", false, "function-name f");
  check_scopes("(function f(f) { return f; })", false, "parameter f)");
  check_scopes("function f() { arguments; var arguments; }", false, "arguments arguments");
  check_scopes("function f() { return () => arguments; }", false, "arguments arguments slot 0");
  check_scopes("for (let i = 0; ; ) () => i;", false, "environment=1\n    let i slot 0");
  check_scopes("class A { x = this; [this.y]; z = this; }", false, "(this this global)");
  check_scopes("class A { x = () => A; }", false, "class-name A slot 0");
  check_scopes("import a, * as b from 'c'; export { a, b as d };", true,
               "(indirect-export export=a import=default request=0)");
  check_scopes("export default class {}", true, "class *default*");
  check_scopes("import defer * as a from 'x'; import source b from 'y'", true, "(request 1 \"y\" source)");
  check_scopes("{ using a = b, c = d; }", false, "using c unreferenced");
}

// --- Eval ---

static Scope *find_eval_scope(Scope *scope) {
  for (Scope *child = scope->first_child; child; child = child->next_sibling) {
    if (child->contains_direct_eval) return find_eval_scope(child);
  }
  return scope;
}

// Parses `code` as a direct eval where `source` calls eval, and looks for a text in the dump (or the message).
static void check_eval(const char *source, const char *code, const char *expected) {
  Parse outer, inner;
  parse_begin(&outer);
  parse_begin(&inner);
  outer.program = parse_script(text_view_literal(source), &outer.options, &outer.error);
  Scope *scope = outer.program ? find_eval_scope(outer.program->function->scope) : NULL;
  size_t size = scope ? scope_measure_outer(scope) : 8;
  void *block = malloc(size);
  EvalOptions eval = {.is_direct = true};
  if (scope) {
    eval.outer = scope_describe_outer(scope, block);
    eval.is_strict = scope->is_strict;
  }
  parse_end(&outer);  // the description must not need the parse
  inner.program = parse_eval(text_view_literal(code), &eval, &inner.options, &inner.error);
  Buffer out;
  buffer_initialize(&out, &inner.memory);
  if (inner.program) ast_dump(inner.program, &out), scopes_dump(inner.program, &out);
  else buffer_append_text(&out, inner.error.message);
  buffer_append_byte(&out, 0);
  if (!strstr((const char *)out.data, expected)) {
    failures++;
    printf("%s\n  %s\n  expected %s in %s\n", source, code, expected, (const char *)out.data);
  }
  buffer_release(&out);
  parse_end(&inner);
  free(block);
}

static void check_evals(void) {
  check_eval("function f(a) { 'use strict'; eval(); }", "a", "(identifier a slot 0/");
  check_eval("function f(a) { 'use strict'; { let b; eval(); } }", "a + b", "(identifier a slot 1/");
  check_eval("function f(a) { 'use strict'; eval(); }", "var x; x", "(identifier x local)");
  check_eval("function f(a) { eval(); }", "var x; x", "(identifier x global dynamic)");
  check_eval("function f(a) { let b; eval(); }", "var b", "'b' has already been declared");
  check_eval("function f(a) { try {} catch (b) { eval() } }", "var b", "var b");
  check_eval("function f(a = eval()) { }", "var a", "'a' has already been declared");
  check_eval("function f(a = eval()) { }", "var b", "var b");
  check_eval("function f() { eval(); }", "new.target", "(new.target new.target slot");
  check_eval("eval()", "new.target", "only allowed in functions");
  check_eval("class A { m() { eval() } }", "super.x", "(super-member x");
  check_eval("class A { m() { eval() } }", "super()", "constructors of derived");
  check_eval("class A extends B { constructor() { eval() } }", "super()", "(super-call");
  check_eval("class A { x = eval() }", "arguments", "not allowed in class fields");
  check_eval("class A { #p; m() { eval() } }", "this.#p", "(identifier #p slot");
  check_eval("class A { #p; m() { eval() } }", "this.#q", "private name '#q' is not declared");
  check_eval("function f() { return () => eval() }", "this", "(this this slot");
  check_eval("function f() { eval() }", "{ function g() {} }", "annex-b");
  check_eval("function f() { let g; eval() }", "{ function g() {} }", "block-function g");
  check_eval("function f() { eval() }", "let z; () => z", "(identifier z slot 0/0)");
  check_eval("eval()", "let a; var b; b", "(identifier b global)");
}

// --- Dynamic functions ---

static void check_dynamic(const char *parameters, const char *body, bool expected) {
  Parse parse;
  parse_begin(&parse);
  parse.program = parse_dynamic_function(text_view_literal(parameters), text_view_literal(body), false, false,
                                         &parse.options, &parse.error);
  if ((parse.program != NULL) != expected) failures++, printf("(%s) {%s}: %s\n", parameters, body, parse.error.message);
  parse_end(&parse);
}

static void check_dynamic_functions(void) {
  check_dynamic("a, b", "return a + b", true);
  check_dynamic("a //", "return a", true);
  check_dynamic("", "", true);
  check_dynamic("/*", "*/) {", false);
  check_dynamic("a", "}, function () {", false);
  check_dynamic("a", "} {", false);
  check_dynamic("a) { }, function (", "", false);
  check_dynamic("a = function () {", "} ", false);
  check_dynamic("a", "super.x", false);
  check_dynamic("a, a", "'use strict'", false);
  check_dynamic("a", "--> a comment", true);
}

// --- Limits ---

static char *repeat(const char *before, const char *text, size_t count, const char *after) {
  size_t size = strlen(text);
  char *result = malloc(strlen(before) + size * count + strlen(after) + 1), *end = result;
  end += strlen(strcpy(end, before));
  for (size_t i = 0; i < count; i++) memcpy(end, text, size), end += size;
  strcpy(end, after);
  return result;
}

static void check_status(const char *before, const char *text, size_t count, const char *after, ParseStatus status) {
  char *source = repeat(before, text, count, after);
  Parse parse;
  parse_begin(&parse);
  parse.program = parse_script(text_view_literal(source), &parse.options, &parse.error);
  if (parse.error.status != status) {
    failures++;
    printf("%s: status %d: %s\n", text, parse.error.status, parse.error.message);
  }
  parse_end(&parse);
  free(source);
}

static void check_depth(void) {
  check_status("x = a", " + a", 100000, ";", PARSE_OK);
  check_status("x = a", " && a", 100000, ";", PARSE_OK);
  check_status("x = a", ", a", 100000, ";", PARSE_OK);
  check_status("x = a", ".b()", 50000, ";", PARSE_OK);
  check_status("", "if (a) b; else ", 50000, "c;", PARSE_OK);
  check_status("x = `", "${a}", 50000, "`;", PARSE_OK);
  check_status("", "(", 50000, "", PARSE_SYNTAX_ERROR);
  check_status("", "[", 50000, "", PARSE_SYNTAX_ERROR);
  check_status("", "{", 50000, "", PARSE_SYNTAX_ERROR);
  check_status("", "-", 50000, "", PARSE_SYNTAX_ERROR);
  check_status("", "- ", 50000, "", PARSE_SYNTAX_ERROR);
  check_status("", "new ", 50000, "", PARSE_SYNTAX_ERROR);
  check_status("", "a => ", 50000, "", PARSE_SYNTAX_ERROR);
  check_status("", "a ** ", 50000, "", PARSE_SYNTAX_ERROR);
  check_status("", "a = ", 50000, "", PARSE_SYNTAX_ERROR);
  check_status("", "function f() {", 50000, "", PARSE_SYNTAX_ERROR);
  check_status("", "class A extends ", 50000, "", PARSE_SYNTAX_ERROR);
  check_status("var ", "[", 50000, "", PARSE_SYNTAX_ERROR);
  check_status("", "`${", 50000, "", PARSE_SYNTAX_ERROR);
  check_status("", "for (;;) ", 50000, "", PARSE_SYNTAX_ERROR);
}

static bool refuse(Fuel *fuel) {
  fuel->remaining = 0;
  return false;
}

static const char everything[] =
    "let a = 1, {b, c: [d = 2, ...e], ...f} = g; class A extends B { #x = 1; static y = () => this; get [a]() { return "
    "super.x; } static { a; } } async function* h(x, y = (z) => z) { for await (const i of x) yield* i; { function q() "
    "{} } "
    "try { label: for (;;) break label; } catch ({m}) { } finally { } return `x${a}\\n${b}` } ({a, b = 1} = x); (p, "
    "{q} = "
    "{}) => /a(b)/g; eval('x'); switch (a) { case 1: default: } async (x) => await x; 0x10n; 'a\\u0041'; new.target";

// Every allocation may fail, and the fuel may end anywhere: the parser must say so and leave nothing behind.
static void check_failures(void) {
  for (size_t i = 1; i < 400; i++) {
    Parse parse;
    parse_begin(&parse);
    parse.memory.fail_after = i;
    parse.program = parse_script(text_view_literal(everything), &parse.options, &parse.error);
    CHECK(!parse.program && (parse.error.status == PARSE_OUT_OF_MEMORY || parse.error.status == PARSE_SYNTAX_ERROR));
    bool is_done = parse.error.status == PARSE_SYNTAX_ERROR;
    parse_end(&parse);
    if (is_done) break;
  }
  for (int i = 1; i < 150; i++) {
    Parse parse;
    parse_begin(&parse);
    Fuel fuel = {.remaining = i, .refill = refuse};
    parse.options.fuel = &fuel;
    parse.program = parse_script(text_view_literal(everything), &parse.options, &parse.error);
    CHECK(!parse.program && parse.error.status == PARSE_INTERRUPTED);
    parse_end(&parse);
  }
}

// The table of names grows while the parser looks one token ahead, and there is no memory for it.
static void check_failures_ahead(void) {
  enum { MOST_NAMES = 700, NAME_SIZE = 6 };
  static char source[(MOST_NAMES + 4) * NAME_SIZE];
  static const char *const ends[] = {"let {q1 q2",    "let q1 q2",         "async q1 => q2",
                                     "for (async q1", "import q1 from q2", "using q1 = q2"};
  for (size_t count = 0; count < MOST_NAMES; count++) {
    for (size_t end = 0; end < COUNT_OF(ends); end++) {
      size_t size = 0;
      for (size_t i = 0; i < count; i++) size += (size_t)snprintf(source + size, NAME_SIZE, "n%zu;", i);
      snprintf(source + size, sizeof source - size, "%s", ends[end]);
      for (size_t fail = 1; fail < 16; fail++) {
        Parse parse;
        parse_begin(&parse);
        parse.memory.fail_after = fail;
        parse.program = parse_module(text_view_literal(source), &parse.options, &parse.error);
        bool was_refused = parse.memory.fail_after == 0;
        CHECK(!was_refused || (!parse.program && parse.error.status == PARSE_OUT_OF_MEMORY));
        parse_end(&parse);
        if (!was_refused) break;
      }
    }
  }
}

static void check_self_hosted(void) {
  Parse parse;
  parse_begin(&parse);
  parse.options.self_hosted = true;
  parse.program = parse_script(text_view_literal("x = %ToLength(a % %b);"), &parse.options, &parse.error);
  CHECK(parse.program);
  parse_end(&parse);
  check_error("%ToLength(x)", false, 1, 1, "unexpected token '%'");
}

int main(void) {
  check_errors();
  check_resolution();
  check_evals();
  check_dynamic_functions();
  check_depth();
  check_failures();
  check_failures_ahead();
  check_self_hosted();
  if (failures) printf("%d failures\n", failures);
  return failures != 0;
}
