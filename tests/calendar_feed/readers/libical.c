/* Expands each file named on the command line with libical, and has it check their properties.
 *
 * libical expands RRULE and EXDATE; an override is for its caller to put in its slot's place. */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    icalcomponent *calendar;
    icalcomponent *master;
    int *first;
} Walk;

static void tell(int *first, long begins, long ends, icalcomponent *event) {
    icalproperty *status = icalcomponent_get_first_property(event, ICAL_STATUS_PROPERTY);
    const char *word = status ? icalproperty_get_value_as_string(status) : "";
    printf("%s[%ld,%ld,\"%s\"]", *first ? "" : ",", begins, ends, word);
    *first = 0;
}

static long instant(icalcomponent *calendar, icalproperty *property) {
    struct icaltimetype moment = icalvalue_get_datetime(icalproperty_get_value(property));
    icalparameter *named = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
    icaltimezone *zone = icaltimezone_get_utc_timezone();
    if (named) zone = icalcomponent_get_timezone(calendar, icalparameter_get_tzid(named));
    return (long)icaltime_as_timet_with_zone(moment, zone);
}

static int is_override(icalcomponent *event) {
    return icalcomponent_get_first_property(event, ICAL_RECURRENCEID_PROPERTY) != NULL;
}

static int replaced(Walk *walk, long slot) {
    const char *uid = icalcomponent_get_uid(walk->master);
    icalcompiter each = icalcomponent_begin_component(walk->calendar, ICAL_VEVENT_COMPONENT);
    for (icalcomponent *event; (event = icalcompiter_deref(&each)); icalcompiter_next(&each)) {
        icalproperty *id = icalcomponent_get_first_property(event, ICAL_RECURRENCEID_PROPERTY);
        if (id && !strcmp(icalcomponent_get_uid(event), uid) && instant(walk->calendar, id) == slot)
            return 1;
    }
    return 0;
}

static void slot(icalcomponent *event, struct icaltime_span *span, void *data) {
    Walk *walk = data;
    if (!replaced(walk, (long)span->start))
        tell(walk->first, (long)span->start, (long)span->end, event);
}

static void single(icalcomponent *calendar, icalcomponent *event, int *first) {
    icalproperty *start = icalcomponent_get_first_property(event, ICAL_DTSTART_PROPERTY);
    icalproperty *end = icalcomponent_get_first_property(event, ICAL_DTEND_PROPERTY);
    tell(first, instant(calendar, start), instant(calendar, end), event);
}

static int expand(icalcomponent *calendar) {
    int first = 1;
    struct icaltimetype from = icaltime_from_string("20000101T000000Z");
    struct icaltimetype to = icaltime_from_string("21000101T000000Z");
    icalcompiter each = icalcomponent_begin_component(calendar, ICAL_VEVENT_COMPONENT);
    for (icalcomponent *event; (event = icalcompiter_deref(&each)); icalcompiter_next(&each)) {
        if (is_override(event) ||
            !icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY)) {
            single(calendar, event, &first);
        } else {
            Walk walk = {calendar, event, &first};
            icalcomponent_foreach_recurrence(event, from, to, slot, &walk);
        }
    }
    return icalrestriction_check(calendar);
}

static char *contents(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END)) exit(2);
    long size = ftell(file);
    char *text = calloc((size_t)size + 1, 1);
    rewind(file);
    if (!text || fread(text, 1, (size_t)size, file) != (size_t)size) exit(2);
    fclose(file);
    return text;
}

int main(int count, char **paths) {
    printf("{");
    for (int number = 1; number < count; number++) {
        char *text = contents(paths[number]);
        icalcomponent *calendar = icalparser_parse_string(text);
        if (!calendar) return 3;
        printf("%s\"%s\":[", number > 1 ? "," : "", paths[number]);
        int allowed = expand(calendar);
        int errors = icalcomponent_count_errors(calendar);
        printf("]");
        if (!allowed || errors) fprintf(stderr, "%s: %d errors\n", paths[number], errors);
        icalcomponent_free(calendar);
        free(text);
    }
    printf("}");
    return 0;
}
