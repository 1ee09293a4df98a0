// The dump of the tree. Chains that are deep on the left are printed as nested nodes too; beyond a limit the dump stops
// with an ellipsis, so that its recursion needs no guard.
// Loops here are bounded: a tool of the command line; no guest reaches it.
#include "syntax/ast_dump.h"

#include "number/format.h"

enum { DUMP_DEPTH = 400 };

typedef struct Dump {
  Buffer *out;
  unsigned depth;
} Dump;

// clang-format off
static const char *const kind_names[NODE_KIND_COUNT] = {
  "identifier", "intrinsic", "this", "new.target", "null", "true", "false", "number", "string", "bigint", "regexp",
  "template", "tagged-template", "array", "object", "property", "spread", "function", "class", "unary", "update",
  "binary", "logical", "private-in", "assign", "conditional", "call", "new", "member", "index", "private-member",
  "super-member", "super-index", "super-call", "optional-chain", "sequence", "yield", "yield*", "await", "import-call",
  "import.meta", "binding", "object-pattern", "array-pattern", "default", "rest", "expression", "variable",
  "declarator", "function-declaration", "class-declaration", "block", "empty", "if", "for", "for-in", "for-of",
  "while", "do-while", "continue", "break", "return", "with", "switch", "case", "labeled", "throw", "try", "debugger",
  "import", "export", "export-default",
};
// clang-format on

static const char *const operator_names[] = {
    "",   "=",          "+",  "-",  "*",   "/",  "%",  "**",     "<<",   ">>",     ">>>", "&",
    "|",  "^",          "&&", "||", "?\?", "==", "!=", "===",    "!==",  "<",      ">",   "<=",
    ">=", "instanceof", "in", "!",  "~",   "+",  "-",  "typeof", "void", "delete", "++",  "--",
};

static void dump_text(Buffer *out, TextView text) {
  buffer_append_byte(out, '"');
  for (uint32_t i = 0; i < text.length; i++) {
    uint32_t unit = text_view_unit(text, i);
    if (unit == '"' || unit == '\\') buffer_append_byte(out, '\\');
    if (unit >= 0x20 && unit < 0x7F) buffer_append_byte(out, (uint8_t)unit);
    else buffer_format(out, "\\u{%x}", (unsigned)unit);
  }
  buffer_append_byte(out, '"');
}

static void dump_name(Buffer *out, const Name *name) {
  TextView text = name->text;
  for (uint32_t i = 0; i < text.length; i++) {
    uint32_t unit = text_view_unit(text, i);
    if (unit >= 0x20 && unit < 0x7F) buffer_append_byte(out, (uint8_t)unit);
    else buffer_format(out, "\\u{%x}", (unsigned)unit);
  }
}

static void dump_indent(Dump *dump) {
  buffer_append_byte(dump->out, '\n');
  for (unsigned i = 0; i < dump->depth && i < DUMP_DEPTH; i++) buffer_append_text(dump->out, "  ");
}

static void dump_node(Dump *dump, const Node *node);

static void dump_child(Dump *dump, const char *label, const Node *node) {
  if (!node) return;
  dump->depth++;
  dump_indent(dump);
  if (label) buffer_format(dump->out, "%s: ", label);
  if (dump->depth > DUMP_DEPTH) buffer_append_text(dump->out, "...");
  else dump_node(dump, node);
  dump->depth--;
}

static void dump_list(Dump *dump, NodeList list) {
  for (uint32_t i = 0; i < list.count; i++) {
    if (list.items[i]) dump_child(dump, NULL, list.items[i]);
    else {
      dump->depth++;
      dump_indent(dump);
      buffer_append_text(dump->out, "(hole)");
      dump->depth--;
    }
  }
}

static void dump_reference(Buffer *out, const Node *node) {
  buffer_append_byte(out, ' ');
  dump_name(out, node->identifier.name);
  const Binding *binding = node->identifier.binding;
  if (node->kind == NODE_INTRINSIC) return;
  if (!binding) buffer_append_text(out, " global");
  else if (binding_is_global(binding)) buffer_append_text(out, " script");
  else if (binding->is_captured) {
    buffer_format(out, " slot %u/%u", scope_count_hops(node->identifier.scope, binding->scope), binding->slot);
  } else buffer_append_text(out, " local");
  if (node->flags & NODE_FLAG_DYNAMIC) buffer_append_text(out, " dynamic");
  if (node->flags & NODE_FLAG_TDZ_CHECK) buffer_append_text(out, " tdz");
}

static const char *function_kind_name(const Function *function) {
  static const char *const names[] = {"script",
                                      "module",
                                      "eval",
                                      "function",
                                      "arrow",
                                      "method",
                                      "getter",
                                      "setter",
                                      "constructor",
                                      "field-initializer",
                                      "static-initializer"};
  return names[function->kind];
}

static void dump_function(Dump *dump, const Function *function) {
  static const struct {
    size_t offset;
    const char *name;
  } flags[] = {
#define FLAG(field) {offsetof(Function, field), #field}
      FLAG(is_async),
      FLAG(is_generator),
      FLAG(is_strict),
      FLAG(is_derived),
      FLAG(is_expression_body),
      FLAG(has_direct_eval),
      FLAG(uses_this),
      FLAG(uses_arguments),
      FLAG(has_mapped_arguments),
      FLAG(uses_super_property),
      FLAG(uses_super_call),
      FLAG(uses_new_target),
      FLAG(has_using),
      FLAG(is_static),
#undef FLAG
  };
  Buffer *out = dump->out;
  buffer_format(out, " %s", function_kind_name(function));
  if (function->name) {
    buffer_append_byte(out, ' ');
    dump_name(out, function->name);
  }
  for (size_t i = 0; i < COUNT_OF(flags); i++) {
    if (*((const bool *)function + flags[i].offset)) buffer_format(out, " %s", flags[i].name);
  }
  if (function->length) buffer_format(out, " length=%u", function->length);
  for (uint32_t i = 0; i < function->parameters.count; i++)
    dump_child(dump, "parameter", function->parameters.items[i]);
  dump_list(dump, function->body);
}

static void dump_class(Dump *dump, const Class *class_) {
  static const char *const kinds[] = {"method", "getter", "setter", "field", "accessor", "static-block"};
  if (class_->name) {
    buffer_append_byte(dump->out, ' ');
    dump_name(dump->out, class_->name);
  }
  for (uint32_t i = 0; i < class_->decorators.count; i++) dump_child(dump, "decorator", class_->decorators.items[i]);
  dump_child(dump, "extends", class_->heritage);
  dump->depth++;
  if (class_->constructor) {
    dump_indent(dump);
    buffer_append_text(dump->out, "(element");
    dump_function(dump, class_->constructor);
    buffer_append_byte(dump->out, ')');
  }
  for (uint32_t i = 0; i < class_->element_count; i++) {
    const ClassElement *element = &class_->elements[i];
    dump_indent(dump);
    buffer_format(dump->out, "(element %s%s%s", kinds[element->kind], element->is_static ? " static" : "",
                  element->is_computed ? " computed" : "");
    for (uint32_t k = 0; k < element->decorators.count; k++)
      dump_child(dump, "decorator", element->decorators.items[k]);
    dump_child(dump, "key", element->key);
    dump_child(dump, "value", element->value);
    buffer_append_byte(dump->out, ')');
  }
  dump->depth--;
}

static void dump_template(Dump *dump, const Node *node) {
  for (uint32_t i = 0; i < node->template.count; i++) {
    const TemplatePiece *piece = &node->template.pieces[i];
    dump->depth++;
    dump_indent(dump);
    dump->depth--;
    if (piece->has_cooked) dump_text(dump->out, piece->cooked);
    else buffer_append_text(dump->out, "undefined");
    if (!piece->has_cooked || !text_view_equals(piece->cooked, piece->raw)) {
      buffer_append_text(dump->out, " raw ");
      dump_text(dump->out, piece->raw);
    }
    if (i + 1 < node->template.count) dump_child(dump, NULL, node->template.expressions[i]);
  }
}

static void dump_literal(Dump *dump, const Node *node) {
  Buffer *out = dump->out;
  buffer_append_byte(out, ' ');
  switch (node->kind) {
    case NODE_NUMBER: {
      char text[NUMBER_TEXT_SIZE];
      buffer_append(out, text, number_to_text(node->number.value, text));
      break;
    }
    case NODE_STRING: dump_text(out, node->string.value); break;
    case NODE_BIGINT:
      dump_text(out, node->bigint.digits);
      buffer_format(out, " radix %u", node->bigint.radix);
      break;
    default:
      dump_text(out, node->regexp.pattern);
      buffer_append_byte(out, ' ');
      dump_text(out, node->regexp.flags);
  }
}

static void dump_expression(Dump *dump, const Node *node) {
  Buffer *out = dump->out;
  switch (node->kind) {
    case NODE_MEMBER:
      buffer_append_byte(out, ' ');
      dump_name(out, node->member.name);
      dump_child(dump, NULL, node->member.object);
      break;
    case NODE_INDEX:
      dump_child(dump, NULL, node->index.object);
      dump_child(dump, NULL, node->index.key);
      break;
    case NODE_PRIVATE_MEMBER:
    case NODE_PRIVATE_IN:
      dump_child(dump, NULL, node->private_member.object);
      dump_child(dump, NULL, node->private_member.name);
      break;
    case NODE_SUPER_MEMBER:
    case NODE_SUPER_INDEX:
      if (node->kind == NODE_SUPER_MEMBER) {
        buffer_append_byte(out, ' ');
        dump_name(out, node->super_member.name);
      } else dump_child(dump, NULL, node->super_member.key);
      dump_child(dump, NULL, node->super_member.this_);
      break;
    case NODE_SUPER_CALL: dump_list(dump, node->super_call.arguments); break;
    case NODE_CALL:
    case NODE_NEW:
      if (node->flags & NODE_FLAG_DIRECT_EVAL) buffer_append_text(out, " direct-eval");
      dump_child(dump, NULL, node->call.callee);
      dump_list(dump, node->call.arguments);
      break;
    case NODE_TAGGED_TEMPLATE:
      dump_child(dump, NULL, node->tagged_template.tag);
      dump_child(dump, NULL, node->tagged_template.template);
      break;
    case NODE_IMPORT_CALL:
      dump_child(dump, NULL, node->import_call.specifier);
      dump_child(dump, NULL, node->import_call.options);
      break;
    case NODE_PROPERTY:
      dump_child(dump, node->flags & NODE_FLAG_COMPUTED ? "computed" : NULL, node->property.key);
      dump_child(dump, NULL, node->property.value);
      break;
    default: break;
  }
}

static void dump_statement(Dump *dump, const Node *node) {
  Buffer *out = dump->out;
  switch (node->kind) {
    case NODE_FOR:
    case NODE_WHILE:
    case NODE_DO_WHILE:
      dump_child(dump, "initializer", node->kind == NODE_FOR ? node->loop.initializer : NULL);
      dump_child(dump, "test", node->loop.test);
      dump_child(dump, "update", node->kind == NODE_FOR ? node->loop.update : NULL);
      dump_child(dump, NULL, node->loop.body);
      break;
    case NODE_FOR_IN:
    case NODE_FOR_OF:
      if (node->flags & NODE_FLAG_AWAIT) buffer_append_text(out, " await");
      dump_child(dump, NULL, node->for_each.left);
      dump_child(dump, NULL, node->for_each.right);
      dump_child(dump, NULL, node->for_each.body);
      break;
    case NODE_BREAK:
    case NODE_CONTINUE:
      if (!node->jump.label) break;
      buffer_append_byte(out, ' ');
      dump_name(out, node->jump.label);
      break;
    case NODE_LABELED:
      buffer_append_byte(out, ' ');
      dump_name(out, node->labeled.label);
      dump_child(dump, NULL, node->labeled.body);
      break;
    case NODE_WITH:
      dump_child(dump, NULL, node->with.object);
      dump_child(dump, NULL, node->with.body);
      break;
    case NODE_SWITCH:
      dump_child(dump, NULL, node->switch_.discriminant);
      dump_list(dump, node->switch_.cases);
      break;
    case NODE_CASE:
      dump_child(dump, "test", node->case_.test);
      dump_list(dump, node->case_.statements);
      break;
    case NODE_TRY:
      dump_child(dump, NULL, node->try_.block);
      dump_child(dump, "parameter", node->try_.parameter);
      dump_child(dump, "catch", node->try_.handler);
      dump_child(dump, "finally", node->try_.finalizer);
      break;
    case NODE_BLOCK: dump_list(dump, node->block.statements); break;
    case NODE_EXPORT_DEFAULT: dump_child(dump, NULL, node->export_default.declaration); break;
    default: break;
  }
}

static void dump_node(Dump *dump, const Node *node) {
  static const char *const variable_kinds[] = {"var", "let", "const", "using", "await using"};
  Buffer *out = dump->out;
  buffer_format(out, "(%s", kind_names[node->kind]);
  if (node->flags & NODE_FLAG_OPTIONAL) buffer_append_text(out, " optional");
  if (node->flags & NODE_FLAG_PREFIX) buffer_append_text(out, " prefix");
  switch (node->kind) {
    case NODE_IDENTIFIER:
    case NODE_INTRINSIC:
    case NODE_THIS:
    case NODE_NEW_TARGET:
    case NODE_BINDING_IDENTIFIER: dump_reference(out, node); break;
    case NODE_NUMBER:
    case NODE_STRING:
    case NODE_BIGINT:
    case NODE_REGEXP: dump_literal(dump, node); break;
    case NODE_TEMPLATE: dump_template(dump, node); break;
    case NODE_ARRAY:
    case NODE_OBJECT:
    case NODE_SEQUENCE:
    case NODE_OBJECT_PATTERN:
    case NODE_ARRAY_PATTERN: dump_list(dump, node->list); break;
    case NODE_VARIABLE:
      buffer_format(out, " %s", variable_kinds[node->operator]);
      dump_list(dump, node->variable.declarators);
      break;
    case NODE_FUNCTION:
    case NODE_FUNCTION_DECLARATION:
      if (node->kind == NODE_FUNCTION_DECLARATION && node->function.is_hoisted) buffer_append_text(out, " hoisted");
      dump_function(dump, node->function.function);
      break;
    case NODE_CLASS:
    case NODE_CLASS_DECLARATION: dump_class(dump, node->class_.class_); break;
    case NODE_UNARY:
    case NODE_UPDATE: buffer_format(out, " %s", operator_names[node->operator]);  // fall through
    case NODE_SPREAD:
    case NODE_OPTIONAL_CHAIN:
    case NODE_YIELD:
    case NODE_YIELD_STAR:
    case NODE_AWAIT:
    case NODE_REST:
    case NODE_EXPRESSION_STATEMENT:
    case NODE_RETURN:
    case NODE_THROW:
    case NODE_EXPORT: dump_child(dump, NULL, node->unary.operand); break;
    case NODE_BINARY:
    case NODE_LOGICAL:
      buffer_format(out, " %s", operator_names[node->operator]);
      dump_child(dump, NULL, node->binary.left);
      dump_child(dump, NULL, node->binary.right);
      break;
    case NODE_ASSIGN: buffer_format(out, " %s", operator_names[node->operator]);  // fall through
    case NODE_PATTERN_DEFAULT:
    case NODE_DECLARATOR:
      dump_child(dump, NULL, node->assign.target);
      dump_child(dump, NULL, node->assign.value);
      break;
    case NODE_CONDITIONAL:
    case NODE_IF:
      dump_child(dump, NULL, node->conditional.test);
      dump_child(dump, NULL, node->conditional.consequent);
      dump_child(dump, NULL, node->conditional.alternate);
      break;
    default:
      if (node->kind < NODE_EXPRESSION_STATEMENT) dump_expression(dump, node);
      else dump_statement(dump, node);
  }
  buffer_append_byte(out, ')');
}

static void dump_attributes(Buffer *out, const ModuleRequest *request) {
  static const char *const phases[] = {"", " defer", " source"};
  buffer_append_text(out, phases[request->phase]);
  for (uint32_t i = 0; i < request->attribute_count; i++) {
    buffer_append_byte(out, ' ');
    dump_text(out, request->attributes[i].key);
    buffer_append_byte(out, '=');
    dump_text(out, request->attributes[i].value);
  }
}

static void dump_entry_name(Buffer *out, const char *label, const Name *name) {
  if (!name) return;
  buffer_format(out, " %s=", label);
  dump_name(out, name);
}

static void dump_exports(Buffer *out, const char *label, const ExportEntry *entries, uint32_t count, bool has_request) {
  for (uint32_t i = 0; i < count; i++) {
    buffer_format(out, "(%s", label);
    dump_entry_name(out, "export", entries[i].export_name);
    dump_entry_name(out, "local", entries[i].local_name);
    dump_entry_name(out, "import", entries[i].import_name);
    if (has_request) buffer_format(out, " request=%u", entries[i].request);
    buffer_append_text(out, ")\n");
  }
}

static void dump_module_records(const Program *program, Buffer *out) {
  for (uint32_t i = 0; i < program->module_request_count; i++) {
    buffer_format(out, "(request %u ", i);
    dump_text(out, program->module_requests[i].specifier);
    dump_attributes(out, &program->module_requests[i]);
    buffer_append_text(out, ")\n");
  }
  for (uint32_t i = 0; i < program->import_entry_count; i++) {
    const ImportEntry *entry = &program->import_entries[i];
    buffer_append_text(out, "(import-entry");
    dump_entry_name(out, "import", entry->import_name);
    dump_entry_name(out, "local", entry->local_name);
    buffer_format(out, " request=%u)\n", entry->request);
  }
  dump_exports(out, "local-export", program->local_exports, program->local_export_count, false);
  dump_exports(out, "indirect-export", program->indirect_exports, program->indirect_export_count, true);
  dump_exports(out, "star-export", program->star_exports, program->star_export_count, true);
}

void ast_dump(const Program *program, Buffer *out) {
  Dump dump = {.out = out};
  dump_module_records(program, out);
  buffer_append_text(out, "(program");
  dump_function(&dump, program->function);
  buffer_append_text(out, ")\n");
}

// --- Scopes ---

static void dump_binding(Dump *dump, const Binding *binding) {
  static const char *const kinds[] = {
      "var",
      "function",
      "parameter",
      "arguments",
      "let",
      "const",
      "using",
      "await-using",
      "class",
      "block-function",
      "catch",
      "catch-pattern",
      "class-name",
      "function-name",
      "import",
      "this",
      "new.target",
      "home-object",
      "active-function",
      "private-field",
      "private-method",
      "private-getter",
      "private-setter",
      "private-accessor",
      "internal",
  };
  dump_indent(dump);
  Buffer *out = dump->out;
  buffer_format(out, "%s ", kinds[binding->kind]);
  dump_name(out, binding->name);
  if (binding->is_captured) buffer_format(out, " slot %u", binding->slot);
  if (binding->is_assigned) buffer_append_text(out, " assigned");
  if (!binding->is_referenced) buffer_append_text(out, " unreferenced");
  if (binding->needs_tdz) buffer_append_text(out, " tdz");
  if (binding->is_exported) buffer_append_text(out, " exported");
  if (binding->is_annex_b) buffer_append_text(out, " annex-b");
  if (binding->shadowed) buffer_append_text(out, " shadows");
  if (binding->declaration) buffer_append_text(out, " hoisted");
}

static void dump_scope(Dump *dump, const Scope *scope) {
  static const char *const kinds[] = {"script", "module", "eval",  "function", "body",  "block",
                                      "for",    "switch", "catch", "with",     "class", "static-block"};
  if (dump->depth > DUMP_DEPTH) return;
  dump_indent(dump);
  buffer_format(dump->out, "(%s %u-%u", kinds[scope->kind], scope->start, scope->end);
  if (scope->is_function_scope && scope->function->name) {
    buffer_append_byte(dump->out, ' ');
    dump_name(dump->out, scope->function->name);
  }
  if (scope->is_strict) buffer_append_text(dump->out, " strict");
  if (scope->needs_environment) buffer_format(dump->out, " environment=%u", scope->slot_count);
  if (scope->contains_direct_eval) buffer_append_text(dump->out, " eval");
  if (scope->is_dynamic) buffer_append_text(dump->out, " dynamic");
  dump->depth++;
  for (const Binding *binding = scope->bindings; binding; binding = binding->next) dump_binding(dump, binding);
  // Siblings are linked last first; print them in the order of the source.
  uint32_t count = 0;
  for (const Scope *child = scope->first_child; child; child = child->next_sibling) count++;
  for (uint32_t wanted = count; wanted; wanted--) {
    const Scope *child = scope->first_child;
    for (uint32_t i = 1; i < wanted; i++) child = child->next_sibling;
    dump_scope(dump, child);
  }
  dump->depth--;
  buffer_append_byte(dump->out, ')');
}

void scopes_dump(const Program *program, Buffer *out) {
  Dump dump = {.out = out};
  dump_scope(&dump, program->function->scope);
  buffer_append_byte(out, '\n');
}
