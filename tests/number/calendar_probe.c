// Dates for compare_calendar_with_node.mjs, in a zone one hour east of UTC: "p TEXT" parses, "f MS" formats,
// "d YEAR MONTH DAY HOUR MINUTE SECOND MS" makes a time value.
#include <stdio.h>
#include <stdlib.h>

#include "number/calendar.h"

int main(void) {
  static char line[4096];
  while (fgets(line, sizeof line, stdin)) {
    size_t length = strlen(line) - 1;
    char text[CALENDAR_TEXT_SIZE];
    double time;
    if (line[0] == 'p') {
      char *copy = malloc(length - 1);
      memcpy(copy, line + 2, length - 2);
      bool is_local;
      time = calendar_parse(text_view_narrow(copy, length - 2), &is_local);
      time = calendar_time_clip(is_local ? time - 3600000 : time);
      free(copy);
      if (time != time) puts("NaN");
      else printf("%.0f\n", time);
    } else if (line[0] == 'f') {
      time = strtod(line + 2, NULL);
      double local = time + 3600000;
      printf("%.*s|", (int)calendar_format_iso(time, text), text);
      printf("%.*s|", (int)calendar_format_utc(time, text), text);
      printf("%.*s ", (int)calendar_format_date(local, text), text);
      printf("%.*s", (int)calendar_format_time(local, text), text);
      printf("%.*s\n", (int)calendar_format_offset(3600000, text), text);
    } else {
      double v[7];
      char *rest = line + 1;
      for (int i = 0; i < 7; i++) v[i] = strtod(rest, &rest);
      time = calendar_time_clip(
          calendar_make_date(calendar_make_day(v[0], v[1], v[2]), calendar_make_time(v[3], v[4], v[5], v[6])));
      if (time != time) puts("NaN");
      else printf("%.0f\n", time);
    }
  }
}
