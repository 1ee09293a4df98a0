// Every loop over what a guest can make long is paid for in fuel: a loop of the engine's C calls something that
// charges, or a comment says why it cannot be long. In front of a function: "// bounded: why"; at the top of a file:
// "// Loops here are bounded: why".
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { functionsOf, unpaidLoops } from './loops.mjs';

// Functions that nobody has looked through yet, by file, and a layer that is still being written. No new ones: charge
// the loop, or say why it is bounded.
const unreadLayers = ['host'];
const unread = {
  'builtins/fundamentals/function.c': 'function_create_bound text_is_native_name',
  'builtins/intrinsics.c': 'intrinsic_format_message',
  'builtins/text/json_parse.c': 'scan_plain guess_next_shape',
  'builtins/text/json_stringify.c': 'scan_plain_wide is_identifier',
  'builtins/binary/typed_array.c': 'iterates_plainly',
  'interpreter/calls.c': 'code_is_strict_at fiber_find_parked fiber_find_parked_of fibers_end_program',
  'interpreter/expression_errors.c': 'skip_line_break interpreter_describe_expression',
  'interpreter/fiber.c': 'fiber_unlink fiber_retire_slowly',
  'number/digits.c': 'shift_right_by is_power_of_two complement_in_place bitwise low_bits leading_bits',
  'number/digits_text.c': 'parse_leaf join_blocks text_powers_prepare long_to_text digits_to_text',
  'number/fixed_integer.h': 'fixed_integer_multiply_add',
  'number/magnitude.c':
    'magnitude_add magnitude_subtract add_in_place magnitude_multiply_small ' +
    'magnitude_shift_left magnitude_shift_right magnitude_multiply',
  'number/parse.c': 'fixed_integer_to_double starts_with number_parse_array_index',
  'regexp/class_sets.c': 'value_add_string compare_strings merge_strings value_normalize ' + 'same_tails',
  'regexp/pattern_escapes.c': 'pattern_parse_hex parse_property pattern_parse_group_name',
  'regexp/pattern_parser.c':
    'pattern_new_list might_both_participate hash_units grow_name_table find_name ' + 'open_modifiers parse_count',
  'regexp/regexp_matcher.c': 'stack_drop_choices stack_unwind',
  'regexp/regexp_matcher_template.h': 'loop_end lazy_advance match_reference match_references find_start',
  'runtime/atoms.c': 'text_is_narrowable text_as_int_key',
  'runtime/conversions.c': 'proxy_is_array',
  'runtime/error_stack.c': 'error_set_header',
  'runtime/iterators.c': 'list_of_exactly',
  'runtime/module_evaluation.c': 'add_async_parent wait_for_all',
  'runtime/module_loading.c': 'read_attributes',
  'runtime/modules.c': 'list_has_key initialize_environment module_link',
  'runtime/own_keys.c': 'indices_sift_down',
  'runtime/programs.c': 'program_find_note program_take_untold programs_entry_ended',
  'runtime/properties.c': 'own_property_delete',
  'runtime/proxies.c': 'proxy_match_target_keys',
  'runtime/shapes.c': 'shape_realm_of_unfilled',
  'runtime/weak_collections.c': 'finalization_registry_unregister finalization_unlink',
  'syntax/lexer.c': 'message_format name_table_grow name_matches name_find_index',
  'syntax/lexer_literals.c': 'scan_hex_digits lexer_scan_unicode_escape scan_legacy_octal_escape',
  'text/idna.c': 'look_up map_point is_stable check_normalized add_label joiner_may_stand direction_is_right',
  'text/punycode.c': 'adapt_bias append_number punycode_decode',
  'text/single_byte.c': 'single_byte_measure single_byte_decode_narrow single_byte_decode_wide',
  'text/url_host.c': 'read_embedded_ipv4 read_ipv6 read_number is_all_digits read_ipv4 is_plain_name url_parse_host',
  'text/url_parser.c': 'scheme_length url_shorten_path url_find_port url_read_port read_credentials',
  'text/url_setters.c': 'set_protocol set_port_digits',
  'text/utf16.c': 'utf16_bytes_are_latin1 utf16_narrow_bytes utf16_replace_lone',
};

const isUnread = (loop) => {
  const [, file, name] = /^engine\/(\S+?):\d+ (\w+):/.exec(loop);
  return unreadLayers.includes(file.split('/')[0]) || (unread[file] ?? '').split(' ').includes(name);
};

test('each loop is charged for, or says why it is bounded', () => {
  assert.deepEqual(
    unpaidLoops().filter((loop) => !isUnread(loop)),
    [],
  );
});

test('what was read since is no longer listed as unread', () => {
  const found = new Set(unpaidLoops().map((loop) => loop.replace(/^engine\/(\S+?):\d+ (\w+):.*$/, '$1 $2')));
  const listed = Object.entries(unread).flatMap(([file, names]) => names.split(' ').map((name) => `${file} ${name}`));
  assert.deepEqual(
    listed.filter((row) => !found.has(row)),
    [],
  );
});

test('functions and their comments are found', () => {
  const [one] = functionsOf('// bounded: short.\nstatic int sum(int a) {\n  for (;;) a++;\n}\n');
  assert.equal(one.name, 'sum');
  assert.match(one.above, /bounded/);
  assert.deepEqual(one.lines, ['  for (;;) a++;']);
});
