// What the files of String.prototype share.
#ifndef CAISSON_BUILTINS_STRING_H
#define CAISSON_BUILTINS_STRING_H

#include "builtins/text/regexp_objects.h"

enum { TEXT_NOT_FOUND = 0xFFFFFFFF };
// The first position at or after `from` (at most the length) where `part` occurs. False: threw.
MUST_CHECK bool text_search(Context *cx, TextView text, TextView part, uint32_t from, uint32_t *found);
// ToString of the receiver; TypeError naming the method for undefined and null.
Value string_this(Context *cx, const Call *call, const char *method);

Value string_prototype_match(Context *cx, const Call *call);
Value string_prototype_match_all(Context *cx, const Call *call);
Value string_prototype_search(Context *cx, const Call *call);
Value string_prototype_split(Context *cx, const Call *call);

#endif
