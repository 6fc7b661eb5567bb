// SPDX-License-Identifier: MIT
// How the rdata of each type is laid out, and what the codecs of its fields share. Pure; any thread.
//
//   text  --rdata.c, rdata_field.c, svcb.c-->  wire        one field after the other, as the layout says
//   wire  --rdata.c, rdata_field.c, svcb.c-->  text
//   wire in a message  --rdata_copy-->  wire with uncompressed names
#ifndef NEARWELL_CORE_DNS_RDATA_H
#define NEARWELL_CORE_DNS_RDATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/error.h"
#include "core/dns/reader.h"
#include "core/dns/writer.h"

enum {
    RDATA_TEXT_MAX = 4000, // characters of one value (table 5.1, ResourceRecords; rule D17)
    RDATA_STRING_MAX = 255,
    RDATA_FIELDS_MAX = 7,
};

enum rdata_kind {
    RDATA_END,
    RDATA_IPV4,
    RDATA_IPV6,
    RDATA_U8,
    RDATA_U16,
    RDATA_U32,
    RDATA_NAME,
    RDATA_TAG,     // a length byte, letters and digits; no quotes
    RDATA_STRING,  // a length byte, any bytes; quoted
    RDATA_STRINGS, // one or more of these up to the end
    RDATA_TEXT,    // any bytes up to the end; quoted
    RDATA_HEX,     // one or more bytes up to the end
    RDATA_PARAMS,  // SvcParams up to the end
};

struct rdata_field {
    enum rdata_kind kind;
    const char *name; // as it appears in codes: "MXRRDATAIllegalPriority"
};

// What the fields must be together; holds gets rdata whose fields are each right.
struct rdata_rule {
    bool (*holds)(struct bytes rdata);
    const char *problem; // code after "<type>RRDATA" when it does not
    const char *reason;
};

struct rrtype {
    uint16_t number;
    const char *name;
    int target_at; // offset of a host name that deserves addresses (rule D4), -1 for none
    const struct rdata_rule *rule;
    struct rdata_field fields[RDATA_FIELDS_MAX + 1];
};

// The row of a type whose rdata has a known layout; NULL for all others.
const struct rrtype *rrtype_find(uint16_t number);

// One value on its way from text to wire.
struct rdata_source {
    const struct rrtype *type;
    struct bytes value; // all of it, for refusals
    struct bytes rest;
    struct error *error;
};

// "<type>RRDATA<problem> (<reason>) encountered with '<value>'". Returns false.
bool rdata_refuse(const struct rdata_source *source, const char *problem, const char *field,
                  const char *reason);
// "<code> (<reason>) encountered with '<value>'". Returns false.
bool rdata_refuse_plain(const struct rdata_source *source, const char *code, const char *reason);

void rdata_skip_blanks(struct rdata_source *source);
// Up to the next blank; empty at the end.
struct bytes rdata_token(struct rdata_source *source);
// The inside of the quotes, escapes kept; a blank or the end must follow.
bool rdata_quoted(struct rdata_source *source, struct bytes *inside);
// Escapes to bytes.
bool rdata_unescape(const struct rdata_source *source, struct bytes text, uint8_t out[RDATA_TEXT_MAX],
                    size_t *len);

bool rdata_field_parse(struct rdata_source *source, const struct rdata_field *field, bool alone,
                       struct dns_writer *out);

// Output goes to a buffer, or nowhere when out is NULL: then the field is only checked.
void rdata_put(struct buffer *out, const void *text, size_t len);
void rdata_put_text(struct buffer *out, const char *text);
void rdata_put_number(struct buffer *out, uint32_t number);
void rdata_put_escaped(struct buffer *out, uint8_t c); // as it stands inside quotes
void rdata_put_quoted(struct buffer *out, struct bytes string);
void rdata_put_hex(struct buffer *out, struct bytes data);
// Fails the reader on malformed bytes.
void rdata_field_print(struct dns_reader *in, enum rdata_kind kind, struct buffer *out);

// SvcParams of SVCB and HTTPS (RFC 9460 sections 2.1 and 2.2).
bool svcb_parse(struct rdata_source *source, struct dns_writer *out);
bool svcb_print(struct bytes params, struct buffer *out);
// What mandatory and no-default-alpn ask for is there (sections 7.1.1 and 8).
bool svcb_consistent(struct bytes params);

// The rest of in, which ends where the rdata ends, with names uncompressed. False on malformed bytes.
bool rdata_copy(uint16_t type, struct dns_reader *in, struct dns_writer *out);

#endif
