// SPDX-License-Identifier: MIT
#include "core/dns/name.h"

#include <string.h>

#include "text.h"

enum { LABELS_MAX = DNS_NAME_MAX / 2 };

static const struct dns_name root = {.len = 1};

// Length bytes are at most 63, below 'A', so whole names can be folded blindly.
static uint64_t load_word(const uint8_t *data)
{
    uint64_t word;
    memcpy(&word, data, sizeof word);
    return word;
}

static bool equal_folded(const uint8_t *a, const uint8_t *b, size_t len)
{
    size_t i = 0;
    for (; i + 8 <= len; i += 8) {
        if (ascii_lower_word(load_word(a + i)) != ascii_lower_word(load_word(b + i))) {
            return false;
        }
    }
    for (; i < len; i++) {
        if (ascii_lower(a[i]) != ascii_lower(b[i])) {
            return false;
        }
    }
    return true;
}

// --- text --------------------------------------------------------------------------------------------------

// A name being written, label by label.
struct builder {
    struct dns_name name;
    size_t len;
    size_t label_at; // length byte of the label in progress
};

enum fault {
    FINE,
    NAME_EMPTY,
    NAME_TOO_LONG,
    LABEL_EMPTY,
    LABEL_TOO_LONG,
    CHARACTER,
    ESCAPE,
};

static bool refuse(struct error *error, enum fault fault, struct bytes text)
{
    static const char *const reasons[][2] = {
        [NAME_EMPTY] = {"DomainNameEmpty", "Domain name is empty"},
        [NAME_TOO_LONG] = {"DomainNameTooLong", "Domain name is too long"},
        [LABEL_EMPTY] = {"DomainLabelEmpty", "Domain label is empty"},
        [LABEL_TOO_LONG] = {"DomainLabelTooLong", "Domain label is too long"},
        [CHARACTER] = {"UnsupportedCharacter", "Value contains unsupported characters"},
        [ESCAPE] = {"InvalidEscape", DNS_TEXT_ESCAPE_RULE},
    };
    return dns_text_refuse(error, reasons[fault][0], reasons[fault][1], text);
}

static enum fault append(struct builder *builder, uint8_t c)
{
    if (builder->len - builder->label_at > DNS_LABEL_MAX) {
        return LABEL_TOO_LONG;
    }
    if (builder->len >= DNS_NAME_MAX - 1) { // the root label needs the last byte
        return NAME_TOO_LONG;
    }
    builder->name.wire[builder->len++] = c;
    return FINE;
}

static enum fault end_label(struct builder *builder)
{
    size_t len = builder->len - builder->label_at - 1;
    if (len == 0) {
        return LABEL_EMPTY;
    }
    builder->name.wire[builder->label_at] = (uint8_t)len;
    builder->label_at = builder->len++;
    return FINE;
}

// One character, escape or dot at the start of text.
static enum fault take(struct builder *builder, struct bytes text, size_t *used)
{
    uint8_t c = text.data[0];
    *used = 1;
    if (c == '.') {
        return end_label(builder);
    }
    if (c == '\\') {
        *used = dns_text_unescape(text, &c);
        return *used > 0 ? append(builder, c) : ESCAPE;
    }
    return dns_text_printable(c) ? append(builder, c) : CHARACTER;
}

bool dns_name_parse(struct bytes text, struct dns_name *out, struct error *error)
{
    if (text.len == 0) {
        return refuse(error, NAME_EMPTY, text);
    }
    if (text.len == 1 && text.data[0] == '.') {
        *out = root;
        return true;
    }
    struct builder builder = {.len = 1};
    struct bytes label = text; // from the start of the label in progress
    size_t used;
    for (struct bytes rest = text; rest.len > 0; rest = (struct bytes){rest.data + used, rest.len - used}) {
        enum fault fault = take(&builder, rest, &used);
        if (fault != FINE) {
            return refuse(error, fault, fault == LABEL_TOO_LONG ? label : text);
        }
        if (rest.data[0] == '.') {
            label = (struct bytes){rest.data + 1, rest.len - 1};
        }
    }
    if (builder.len > builder.label_at + 1) { // no final dot
        end_label(&builder);
    }
    builder.name.wire[builder.label_at] = 0;
    out->len = (uint8_t)(builder.label_at + 1);
    memcpy(out->wire, builder.name.wire, out->len);
    return true;
}

static bool plain_in_listing(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static bool plain_for_people(uint8_t c)
{
    return dns_text_printable(c) && c != '.' && c != '\\';
}

static void format(const struct dns_name *name, bool lower, bool (*plain)(uint8_t), char out[DNS_NAME_TEXT])
{
    size_t len = 0;
    for (size_t at = 0; name->wire[at] != 0; at += name->wire[at] + 1U) {
        for (size_t i = 1; i <= name->wire[at]; i++) {
            uint8_t c = name->wire[at + i];
            c = lower ? ascii_lower(c) : c;
            if (plain(c)) {
                out[len++] = (char)c;
            } else {
                len += dns_text_octal(c, out + len);
            }
        }
        out[len++] = '.';
    }
    if (len == 0) {
        out[len++] = '.';
    }
    out[len] = '\0';
}

void dns_name_format(const struct dns_name *name, char out[DNS_NAME_TEXT])
{
    format(name, true, plain_in_listing, out);
}

void dns_name_format_plain(const struct dns_name *name, char out[DNS_NAME_TEXT])
{
    format(name, false, plain_for_people, out);
}

// --- wire --------------------------------------------------------------------------------------------------

bool dns_name_from_wire(struct bytes data, struct dns_name *out)
{
    size_t at = 0;
    size_t most = data.len < DNS_NAME_MAX ? data.len : DNS_NAME_MAX;
    while (at < most && data.data[at] != 0) {
        if (data.data[at] > DNS_LABEL_MAX) {
            return false;
        }
        at += data.data[at] + 1U;
    }
    if (at >= most) {
        return false;
    }
    out->len = (uint8_t)(at + 1);
    memcpy(out->wire, data.data, at + 1);
    return true;
}

void dns_name_fold(struct dns_name *name)
{
    size_t i = 0;
    for (; i + 8 <= name->len; i += 8) {
        uint64_t word = ascii_lower_word(load_word(name->wire + i));
        memcpy(name->wire + i, &word, sizeof word);
    }
    for (; i < name->len; i++) {
        name->wire[i] = ascii_lower(name->wire[i]);
    }
}

bool dns_name_equal(const struct dns_name *a, const struct dns_name *b)
{
    return a->len == b->len && equal_folded(a->wire, b->wire, a->len);
}

unsigned dns_name_labels(const struct dns_name *name)
{
    unsigned count = 0;
    for (size_t at = 0; name->wire[at] != 0; at += name->wire[at] + 1U) {
        count++;
    }
    return count;
}

bool dns_name_parent(const struct dns_name *name, struct dns_name *out)
{
    size_t skip = name->wire[0] + 1U;
    if (skip == 1) {
        return false;
    }
    size_t len = name->len - skip; // out may be name itself
    memmove(out->wire, name->wire + skip, len);
    out->len = (uint8_t)len;
    return true;
}

bool dns_name_within(const struct dns_name *name, const struct dns_name *zone)
{
    size_t at = 0;
    while (name->len - at > zone->len) {
        at += name->wire[at] + 1U;
    }
    return name->len - at == zone->len && equal_folded(name->wire + at, zone->wire, zone->len);
}

bool dns_name_is_wildcard(const struct dns_name *name)
{
    return name->wire[0] == 1 && name->wire[1] == '*';
}

bool dns_name_wildcard_of(const struct dns_name *parent, struct dns_name *out)
{
    if (parent->len > DNS_NAME_MAX - 2) {
        return false;
    }
    memmove(out->wire + 2, parent->wire, parent->len);
    out->len = (uint8_t)(parent->len + 2);
    out->wire[0] = 1;
    out->wire[1] = '*';
    return true;
}

// --- order -------------------------------------------------------------------------------------------------

// The end of a label counts as a dot, so "a-b" comes before "a" and "a0" after it. A dot inside a label comes
// right behind the end, which keeps the order total.
enum { END_RANK = '.' };

static int rank(const uint8_t *label, size_t i)
{
    if (i >= label[0]) {
        return END_RANK;
    }
    uint8_t c = ascii_lower(label[i + 1]);
    return c < '.' ? c : c + 1;
}

static int compare_labels(const uint8_t *a, const uint8_t *b)
{
    for (size_t i = 0; i < a[0] || i < b[0]; i++) {
        int difference = rank(a, i) - rank(b, i);
        if (difference != 0) {
            return difference;
        }
    }
    return 0;
}

static unsigned find_labels(const struct dns_name *name, const uint8_t *labels[LABELS_MAX])
{
    unsigned count = 0;
    for (size_t at = 0; name->wire[at] != 0; at += name->wire[at] + 1U) {
        labels[count++] = name->wire + at;
    }
    return count;
}

int dns_name_compare(const struct dns_name *a, const struct dns_name *b)
{
    const uint8_t *labels_a[LABELS_MAX];
    const uint8_t *labels_b[LABELS_MAX];
    unsigned left_a = find_labels(a, labels_a);
    unsigned left_b = find_labels(b, labels_b);
    while (left_a > 0 && left_b > 0) {
        int difference = compare_labels(labels_a[--left_a], labels_b[--left_b]);
        if (difference != 0) {
            return difference;
        }
    }
    return (int)left_a - (int)left_b;
}
