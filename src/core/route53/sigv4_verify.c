// SPDX-License-Identifier: MIT
#include <openssl/crypto.h>

#include "sigv4_header.h"

// "Credential=ID/20260102/us-east-1/route53/aws4_request, SignedHeaders=host;x-amz-date, Signature=..."
struct claim {
    struct bytes credential; // as it came
    struct bytes id;
    struct sigv4_scope scope;
    struct bytes terminator;
    struct bytes signed_headers;
    struct bytes signature;
};

static const duration tolerance = DURATION_S(300);

// A slice that may be long, for "%.*s".
static int shown(struct bytes text)
{
    return text.len < 256 ? (int)text.len : 256;
}
#define SHOWN(text) shown(text), (const char *)(text).data

// --- what the header says ----------------------------------------------------------------------------------

static bool starts_with(struct bytes text, const char *start)
{
    size_t len = strlen(start);
    return text.len >= len && memcmp(text.data, start, len) == 0;
}

// Parameters are separated by commas, with blanks or without.
static struct bytes parameter(struct bytes header, const char *name)
{
    struct bytes part;
    size_t len = strlen(name);
    while (bytes_split(&header, ',', &part)) {
        part = bytes_trim(part);
        if (starts_with(part, name) && part.len > len && part.data[len] == '=') {
            return bytes_trim((struct bytes){part.data + len + 1, part.len - len - 1});
        }
    }
    return (struct bytes){NULL, 0};
}

// False unless the scheme is ours.
static bool parameters_of(const struct sigv4_request *request, struct bytes *out)
{
    struct bytes header = sigv4_header_value(request, "authorization");
    if (!starts_with(header, SIGV4_ALGORITHM " ")) {
        return false;
    }
    size_t len = strlen(SIGV4_ALGORITHM " ");
    *out = (struct bytes){header.data + len, header.len - len};
    return true;
}

// An id may have slashes, so the last four parts are the scope.
static bool split_credential(struct claim *claim)
{
    struct bytes parts[4];
    struct bytes rest = claim->credential;
    for (size_t i = 4; i > 0; i--) {
        size_t at = rest.len;
        while (at > 0 && rest.data[at - 1] != '/') {
            at--;
        }
        if (at == 0) {
            return false;
        }
        parts[i - 1] = (struct bytes){rest.data + at, rest.len - at};
        rest.len = at - 1;
    }
    claim->id = rest;
    claim->scope = (struct sigv4_scope){parts[0], parts[1], parts[2]};
    claim->terminator = parts[3];
    return rest.len > 0;
}

struct bytes sigv4_claimed_id(const struct sigv4_request *request)
{
    struct bytes parameters;
    struct claim claim = {0};
    if (parameters_of(request, &parameters)) {
        claim.credential = parameter(parameters, "Credential");
    }
    return claim.credential.data != NULL && split_credential(&claim) ? claim.id : (struct bytes){NULL, 0};
}

static bool is_listed(struct bytes names, const char *wanted)
{
    struct bytes name;
    while (bytes_split(&names, ';', &name)) {
        if (bytes_equal(name, bytes_of(wanted))) {
            return true;
        }
    }
    return false;
}

static bool is_date_time(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];
        bool fits = i == 8 ? c == 'T' : i == 15 ? c == 'Z' : c >= '0' && c <= '9';
        if (!fits) {
            return false;
        }
    }
    return text.len == SIGV4_DATE_TEXT - 1;
}

static bool incomplete(const struct sigv4_request *request, const struct claim *claim, bool has_date,
                       struct route53_fault *fault)
{
    return route53_fault_set(
        fault, "IncompleteSignature", "%s%s%s%sAuthorization=%.*s",
        claim->credential.data == NULL ? "Authorization header requires 'Credential' parameter. " : "",
        claim->signature.data == NULL ? "Authorization header requires 'Signature' parameter. " : "",
        claim->signed_headers.data == NULL ? "Authorization header requires 'SignedHeaders' parameter. " : "",
        has_date ? ""
                 : "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ",
        SHOWN(sigv4_header_value(request, "authorization")));
}

static bool read_claim(const struct sigv4_request *request, struct claim *claim, struct route53_fault *fault)
{
    struct bytes header = sigv4_header_value(request, "authorization");
    struct bytes parameters;
    if (header.len == 0) {
        // A signature in the query would be taken elsewhere; no client signs this API so.
        return route53_fault_set(fault, "MissingAuthenticationToken", "Missing Authentication Token");
    }
    if (!parameters_of(request, &parameters)) {
        struct bytes scheme;
        bytes_split(&header, ' ', &scheme);
        return route53_fault_set(fault, "IncompleteSignature", "Unsupported AWS 'algorithm': '%.*s'.",
                                 SHOWN(scheme));
    }
    claim->credential = parameter(parameters, "Credential");
    claim->signed_headers = parameter(parameters, "SignedHeaders");
    claim->signature = parameter(parameters, "Signature");
    bool has_date = sigv4_header_value(request, "x-amz-date").data != NULL;
    if (claim->credential.data == NULL || claim->signed_headers.data == NULL ||
        claim->signature.data == NULL || !has_date) {
        return incomplete(request, claim, has_date, fault);
    }
    if (!split_credential(claim)) {
        return route53_fault_set(fault, "IncompleteSignature",
                                 "Credential must have exactly 5 slash-delimited elements, e.g. "
                                 "keyid/date/region/service/term, got '%.*s'",
                                 SHOWN(claim->credential));
    }
    return true;
}

// --- checks ------------------------------------------------------------------------------------------------

static bool check_time(struct bytes date_time, wall_time now, struct route53_fault *fault)
{
    char earliest[SIGV4_DATE_TEXT];
    char latest[SIGV4_DATE_TEXT];
    char current[SIGV4_DATE_TEXT];
    sigv4_date(wall_add(now, -tolerance), earliest);
    sigv4_date(wall_add(now, tolerance), latest);
    sigv4_date(now, current);
    // Texts of this form sort by time.
    if (memcmp(date_time.data, earliest, date_time.len) < 0) {
        return route53_fault_set(fault, "SignatureDoesNotMatch",
                                 "Signature expired: %.*s is now earlier than %s (%s - 5 min.)",
                                 SHOWN(date_time), earliest, current);
    }
    if (memcmp(date_time.data, latest, date_time.len) > 0) {
        return route53_fault_set(fault, "SignatureDoesNotMatch",
                                 "Signature not yet current: %.*s is still later than %s (%s + 5 min.)",
                                 SHOWN(date_time), latest, current);
    }
    return true;
}

// Any region: with an endpoint of their own, clients sign for the one that they are configured with.
static bool check_scope(const struct claim *claim, struct bytes date_time, struct route53_fault *fault)
{
    if (!bytes_equal(claim->scope.date, (struct bytes){date_time.data, 8})) {
        return route53_fault_set(
            fault, "SignatureDoesNotMatch",
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
            "HTTP: '%.*s' != '%.8s', from '%.*s'.",
            SHOWN(claim->scope.date), (const char *)date_time.data, SHOWN(date_time));
    }
    if (!bytes_equal(claim->scope.service, bytes_of("route53"))) {
        return route53_fault_set(fault, "SignatureDoesNotMatch",
                                 "Credential should be scoped to correct service: 'route53'.");
    }
    if (!bytes_equal(claim->terminator, bytes_of("aws4_request"))) {
        return route53_fault_set(
            fault, "SignatureDoesNotMatch",
            "Credential should be scoped with a valid terminator: 'aws4_request', not '%.*s'.",
            SHOWN(claim->terminator));
    }
    return true;
}

static bool check_signed_headers(const struct sigv4_request *request, const struct claim *claim,
                                 struct route53_fault *fault)
{
    static const struct {
        const char *name;
        const char *shown;
    } needed[] = {
        {"host", "'Host' or ':authority'"},
        {"x-amz-date", "'X-Amz-Date'"},
        {"x-amz-security-token", "'X-Amz-Security-Token'"},
        {"x-amz-content-sha256", "'X-Amz-Content-Sha256'"},
    };
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        bool must = i == 0 || sigv4_header_value(request, needed[i].name).data != NULL;
        if (must && !is_listed(claim->signed_headers, needed[i].name)) {
            return route53_fault_set(fault, "SignatureDoesNotMatch",
                                     "%s must be a 'SignedHeader' in the AWS Authorization.",
                                     needed[i].shown);
        }
    }
    return true;
}

static bool same_secret(struct bytes a, struct bytes b)
{
    return a.len == b.len && CRYPTO_memcmp(a.data, b.data, a.len) == 0;
}

static bool check_token(const struct sigv4_request *request, const struct route53_key *key,
                        struct route53_fault *fault)
{
    struct bytes token = sigv4_header_value(request, "x-amz-security-token");
    bool good = key->token == NULL ? token.data == NULL
                                   : token.data != NULL && same_secret(token, bytes_of(key->token));
    return good || route53_fault_set(fault, "InvalidClientTokenId",
                                     "The security token included in the request is invalid.");
}

// A hash that the client gave was signed; it must also be the hash of what came.
static bool check_body(const struct sigv4_request *request)
{
    struct bytes given = sigv4_header_value(request, "x-amz-content-sha256");
    char computed[SIGV4_HEX];
    if (given.data == NULL) {
        return true;
    }
    sigv4_hash(request->body, computed);
    return bytes_equal(given, bytes_of(computed));
}

static bool check_signature(const struct sigv4_request *request, const struct claim *claim,
                            struct bytes date_time, const struct route53_key *key,
                            struct route53_fault *fault)
{
    char signature[SIGV4_HEX];
    sigv4_sign_stages(request, claim->signed_headers, date_time, &claim->scope, key->secret, signature);
    if (same_secret(claim->signature, bytes_of(signature)) && check_body(request)) {
        return true;
    }
    return route53_fault_set(
        fault, "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided. Check your "
        "AWS Secret Access Key and signing method. Consult the service documentation for details.");
}

bool sigv4_verify(const struct sigv4_request *request, const struct route53_keys *keys, wall_time now,
                  struct route53_fault *fault)
{
    struct claim claim = {0};
    if (!read_claim(request, &claim, fault)) {
        return false;
    }
    struct bytes date_time = sigv4_header_value(request, "x-amz-date");
    if (!is_date_time(date_time)) {
        return route53_fault_set(fault, "IncompleteSignature",
                                 "Date must be in ISO-8601 'basic format'. Got '%.*s'. See "
                                 "http://en.wikipedia.org/wiki/ISO_8601",
                                 SHOWN(date_time));
    }
    const struct route53_key *key = route53_keys_find(keys, claim.id);
    if (key == NULL) {
        return route53_fault_set(fault, "InvalidClientTokenId",
                                 "The security token included in the request is invalid.");
    }
    return check_signed_headers(request, &claim, fault) && check_scope(&claim, date_time, fault) &&
           check_time(date_time, now, fault) && check_token(request, key, fault) &&
           check_signature(request, &claim, date_time, key, fault);
}
