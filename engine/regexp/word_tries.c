// Alternations of words as tries.
//
// Alternatives that begin with different characters exclude one another. So their order does not matter, and the next
// character chooses among them; those that begin with the same character keep their order behind it. A run of
// alternatives that each begin with a character (or with its few cases) becomes one NODE_SWITCH of branches with
// disjoint heads. The common beginning of a branch's alternatives is taken out, and the rest of them is treated in the
// same way. Alternatives in a row that begin with the same assertion are put behind one copy of it. Captures of a known
// length are set where they end, so that their first characters count as heads.
// Loops here are bounded: each round takes a part of an alternative, which is charged.
#include "regexp/first_set.h"

enum {
  RUN_LEAST = 4,  // fewer alternatives are not worth it
  LEVELS = 64,    // of nested switches; deeper branches stay lists
};

typedef struct WordBranch WordBranch;
struct WordBranch {
  WordBranch *next;
  PatternNode *first, *last;  // the alternatives of one head, linked by `next`
  uint32_t count, members;    // members of the head
};

typedef struct MemberEntry {
  uint32_t character;
  WordBranch *branch;  // NULL: free
} MemberEntry;

typedef struct WordRun {
  PatternParser *parser;
  MemberEntry *table;  // which branch a character begins; its size is a power of two
  uint32_t table_size, member_count, count, branch_count;
  WordBranch *branches, *last_branch;
} WordRun;

static bool charge(PatternParser *parser) {
  if (fuel_charge(parser->fuel, 1)) return true;
  if (parser->result == REGEXP_OK) parser->result = REGEXP_INTERRUPTED;
  return false;
}

// ---- Heads

static uint32_t set_size(const CharSet *set) {
  uint32_t size = 0;
  if (set->count > 2 * HEAD_LARGEST) return UINT32_MAX;
  for (uint32_t i = 0; i < set->count; i += 2) size += set->toggles[i + 1] - set->toggles[i];
  return size;
}

// The character that an alternative begins with, as it stands in the tree; NULL: it begins with something else.
static PatternNode *head_of(PatternNode *alternative) {
  PatternNode *head = alternative->kind == NODE_SEQUENCE ? alternative->first : alternative;
  if (head->kind == NODE_CHAR) return head;
  if (head->kind != NODE_SET) return NULL;
  uint32_t size = set_size(&head->set);
  return size >= 1 && size <= HEAD_LARGEST ? head : NULL;
}

static uint32_t members_of(const PatternNode *head, uint32_t members[HEAD_LARGEST]) {
  if (head->kind == NODE_CHAR) {
    members[0] = head->character;
    return 1;
  }
  uint32_t count = 0;
  for (uint32_t i = 0; i < head->set.count; i += 2) {
    for (uint32_t c = head->set.toggles[i]; c < head->set.toggles[i + 1]; c++) members[count++] = c;
  }
  return count;
}

uint32_t pattern_head_members(const PatternNode *alternative, uint32_t members[HEAD_LARGEST]) {
  return members_of(alternative->kind == NODE_SEQUENCE ? alternative->first : alternative, members);
}

static bool heads_are_equal(const PatternNode *a, const PatternNode *b) {
  uint32_t left[HEAD_LARGEST], right[HEAD_LARGEST];
  uint32_t count = members_of(a, left);
  return members_of(b, right) == count && memcmp(left, right, count * sizeof *left) == 0;
}

// ---- Runs

static MemberEntry *find_entry(const WordRun *run, uint32_t character) {
  uint32_t at = character * 0x9E3779B1u >> 7;
  for (;; at++) {
    MemberEntry *entry = &run->table[at & (run->table_size - 1)];
    if (!entry->branch || entry->character == character) return entry;
  }
}

static bool grow_table(WordRun *run) {
  MemberEntry *old = run->table;
  uint32_t old_size = run->table_size;
  run->table_size = old_size ? old_size * 4 : 64;
  run->table = arena_new_array(run->parser->arena, MemberEntry, run->table_size);
  if (!run->table) return pattern_out_of_memory(run->parser);
  for (uint32_t i = 0; i < old_size; i++) {
    if (old[i].branch) *find_entry(run, old[i].character) = old[i];
  }
  memory_spend(run->parser->memory, run->table_size / 16);
  return true;
}

static void branch_append(WordBranch *branch, PatternNode *alternative) {
  if (branch->first) {
    branch->last->next = alternative;
  } else {
    branch->first = alternative;
  }
  branch->last = alternative;
  alternative->next = NULL;
  branch->count++;
}

// Takes the alternative into the run. False: it does not belong there, its head overlaps with that of another (or a
// failure).
static bool run_add(WordRun *run, PatternNode *alternative, const PatternNode *head) {
  uint32_t members[HEAD_LARGEST], known = 0, count = members_of(head, members);
  if ((run->member_count + count) * 2 > run->table_size && !grow_table(run)) return false;
  WordBranch *branch = find_entry(run, members[0])->branch;
  for (uint32_t i = 0; i < count; i++) {
    const WordBranch *other = find_entry(run, members[i])->branch;
    if (other != branch) return false;
    known += other != NULL;
  }
  if (branch && (known != count || branch->members != count)) return false;
  if (!branch) {
    branch = arena_new(run->parser->arena, WordBranch);
    if (!branch) return pattern_out_of_memory(run->parser);
    branch->members = count;
    for (uint32_t i = 0; i < count; i++) *find_entry(run, members[i]) = (MemberEntry){members[i], branch};
    run->member_count += count;
    run->branch_count++;
    if (run->last_branch) {
      run->last_branch->next = branch;
    } else {
      run->branches = branch;
    }
    run->last_branch = branch;
  }
  branch_append(branch, alternative);
  run->count++;
  return true;
}

// ---- Heads that consume nothing

enum { CAPTURES_OPENED = 4 };  // that are within one another

static PatternNode *first_part(PatternNode *alternative) {
  return alternative->kind == NODE_SEQUENCE ? alternative->first : alternative;
}

// The assertion or the look at one character that an alternative begins with, or NULL.
static PatternNode *condition_of(PatternNode *alternative) {
  PatternNode *head = first_part(alternative);
  if (head->kind == NODE_ASSERTION) return head;
  bool looks = head->kind == NODE_LOOK && (head->body->kind == NODE_CHAR || head->body->kind == NODE_SET);
  return looks && (head->body->kind == NODE_CHAR || set_size(&head->body->set) <= HEAD_LARGEST) ? head : NULL;
}

static bool conditions_are_equal(const PatternNode *a, const PatternNode *b) {
  if (a->kind != b->kind || a->flag != b->flag) return false;
  if (a->kind == NODE_ASSERTION) return a->assertion == b->assertion;
  return a->behind == b->behind && heads_are_equal(a->body, b->body);
}

// A capture of a known length at the start of an alternative becomes its contents and a NODE_CAPTURE_END. When that
// reveals no character, the alternative stays as it is. NULL after a failure.
static PatternNode *open_captures(PatternParser *parser, PatternNode *alternative) {
  PatternNode *inner = first_part(alternative);
  if (inner->kind != NODE_CAPTURE) return alternative;
  uint32_t depth = 0;
  for (; inner->kind == NODE_CAPTURE; depth++) {
    if (depth == CAPTURES_OPENED || !pattern_capture_is_fixed(inner)) return alternative;
    inner = first_part(inner->body);
  }
  if (!head_of(inner) && !condition_of(inner)) return alternative;
  for (; depth > 0; depth--) {
    PatternNode *capture = first_part(alternative), *body = capture->body;
    PatternNode *end = pattern_new_node(parser, NODE_CAPTURE_END);
    if (!end) return NULL;
    end->length = capture->minimum;
    end->first_group = capture->first_group;
    end->last_group = capture->last_group;
    end->next = alternative->kind == NODE_SEQUENCE ? capture->next : NULL;
    PatternNode *last = first_part(body);
    if (body->kind == NODE_SEQUENCE) {
      for (; last->next; last = last->next) {
        if (!charge(parser)) return NULL;
      }
    }
    last->next = end;
    alternative = pattern_new_list(parser, NODE_SEQUENCE, first_part(body));
    if (!alternative) return NULL;
  }
  return alternative;
}

// ---- Trees

static PatternNode *alternation_of(PatternParser *parser, PatternNode *first, uint32_t level);

static PatternNode *copy_head(PatternParser *parser, const PatternNode *head) {
  PatternNode *copy = pattern_new_node(parser, NODE_EMPTY);
  if (!copy) return NULL;
  *copy = *head;
  copy->next = NULL;
  return copy;
}

// The alternatives of a branch without their heads, which are equal; NULL after a failure.
static PatternNode *cut_heads(PatternParser *parser, PatternNode *first) {
  PatternNode *rests = NULL, **end = &rests;
  for (PatternNode *alternative = first, *next; alternative; alternative = next) {
    next = alternative->next;
    PatternNode *rest = alternative->kind == NODE_SEQUENCE ? alternative->first->next : NULL;
    rest = pattern_new_list(parser, NODE_SEQUENCE, rest);
    if (!rest || !charge(parser)) return NULL;
    *end = rest;
    end = &rest->next;
    // A term that stands alone is the end of its sequence.
    rest->next = NULL;
  }
  return rests;
}

static bool all_share_head(PatternNode *first) {
  const PatternNode *head = head_of(first);
  if (!head) return false;
  for (PatternNode *other = first->next; other; other = other->next) {
    const PatternNode *its = head_of(other);
    if (!its || !heads_are_equal(head, its)) return false;
  }
  return true;
}

// Alternatives that begin with the same character: what they share, then what is left of them.
static PatternNode *factor_branch(PatternParser *parser, WordBranch *branch, uint32_t level) {
  PatternNode *rests = branch->first;
  if (branch->count == 1) return rests;
  PatternNode *shared = NULL, **end = &shared;
  do {
    PatternNode *head = copy_head(parser, head_of(rests));
    if (!head) return NULL;
    *end = head;
    end = &head->next;
    rests = cut_heads(parser, rests);
    if (!rests) return NULL;
  } while (all_share_head(rests));
  *end = alternation_of(parser, rests, level + 1);
  return *end ? pattern_new_list(parser, NODE_SEQUENCE, shared) : NULL;
}

static PatternNode *new_switch(PatternParser *parser, PatternNode *first) {
  PatternNode *node = pattern_new_list(parser, NODE_ALTERNATION, first);
  FirstSet *heads = arena_new(parser->arena, FirstSet);
  if (!node || !heads) {
    pattern_out_of_memory(parser);
    return NULL;
  }
  node->kind = NODE_SWITCH;
  node->heads = heads;
  *heads = (FirstSet){0};
  // The branches stand in the order of their first alternatives: what they hold may overlap.
  for (PatternNode *child = first; child; child = child->next) {
    node->last_group = MAX_OF(node->last_group, child->last_group);
    if (first_set_add_node(heads, head_of(child))) UNREACHABLE();
  }
  return node;
}

// One alternative that does what all of the run do; NULL after a failure.
static PatternNode *run_close(WordRun *run, uint32_t level) {
  PatternNode *first = NULL, **end = &first;
  for (WordBranch *branch = run->branches; branch; branch = branch->next) {
    PatternNode *node = factor_branch(run->parser, branch, level);
    if (!node) return NULL;
    *end = node;
    end = &node->next;
  }
  return first->next ? new_switch(run->parser, first) : first;
}

// Puts the condition that several alternatives in a row share before them once; `*first` becomes the alternative after
// them. NULL when there are too few of them (`*first` is unchanged), or after a failure.
static PatternNode *take_condition(PatternParser *parser, PatternNode **first, uint32_t level) {
  PatternNode *condition = level < LEVELS ? condition_of(*first) : NULL, *last = *first;
  if (!condition) return NULL;
  uint32_t count = 1;
  for (; last->next; last = last->next, count++) {
    if (!charge(parser)) return NULL;
    const PatternNode *other = condition_of(last->next);
    if (!other || !conditions_are_equal(condition, other)) break;
  }
  if (count < RUN_LEAST) return NULL;
  PatternNode *after = last->next, *copy = copy_head(parser, condition);
  last->next = NULL;
  PatternNode *rests = copy ? cut_heads(parser, *first) : NULL;
  if (!rests) return NULL;
  copy->next = alternation_of(parser, rests, level + 1);
  *first = after;
  return copy->next ? pattern_new_list(parser, NODE_SEQUENCE, copy) : NULL;
}

// Alternatives so far, and the run that comes next.
typedef struct WordList {
  PatternNode *first, **end;
  PatternNode *early[RUN_LEAST];  // of the run
} WordList;

static void list_append(WordList *list, PatternNode *node) {
  node->next = NULL;
  *list->end = node;
  list->end = &node->next;
}

// The run replaces its alternatives; when it is too short to be worth it, they stay as they were.
static bool list_end_run(WordList *list, WordRun *run, uint32_t level) {
  if (level > 0 ? run->count > 1 : run->count >= RUN_LEAST) {
    PatternNode *node = run_close(run, level);
    if (!node) return false;
    list_append(list, node);
  } else {
    for (uint32_t i = 0; i < run->count; i++) list_append(list, list->early[i]);
  }
  *run = (WordRun){.parser = run->parser};
  return true;
}

static bool list_add(WordList *list, WordRun *run, PatternNode *alternative, uint32_t level) {
  PatternNode *head = level < LEVELS ? head_of(alternative) : NULL;
  if (head) {
    for (int attempt = 0; attempt < 2; attempt++) {
      if (run->count < RUN_LEAST) list->early[run->count] = alternative;
      if (run_add(run, alternative, head)) return true;
      // An alternative that overlaps with a head of this run begins the next run.
      if (run->parser->result != REGEXP_OK || !list_end_run(list, run, level)) return false;
    }
    return false;
  }
  if (!list_end_run(list, run, level)) return false;
  list_append(list, alternative);
  return true;
}

static PatternNode *open_all_captures(PatternParser *parser, PatternNode *first) {
  if (!first->next) return first;
  PatternNode *all = NULL, **end = &all;
  for (PatternNode *alternative = first, *next; alternative; alternative = next) {
    next = alternative->next;
    if (!charge(parser)) return NULL;
    *end = open_captures(parser, alternative);
    if (!*end) return NULL;
    end = &(*end)->next;
  }
  *end = NULL;
  return all;
}

static PatternNode *alternation_of(PatternParser *parser, PatternNode *first, uint32_t level) {
  WordList list = {.end = &list.first};
  WordRun run = {.parser = parser};
  first = open_all_captures(parser, first);
  for (PatternNode *alternative = first, *next; alternative; alternative = next) {
    next = alternative;
    PatternNode *together = take_condition(parser, &next, level);
    if (together) {
      alternative = together;
    } else {
      next = alternative->next;
    }
    if (parser->result != REGEXP_OK || !charge(parser) || !list_add(&list, &run, alternative, level)) return NULL;
  }
  if (parser->result != REGEXP_OK || !list_end_run(&list, &run, level)) return NULL;
  return pattern_new_list(parser, NODE_ALTERNATION, list.first);
}

PatternNode *pattern_new_alternation(PatternParser *parser, PatternNode *first) {
  return alternation_of(parser, first, 0);
}
