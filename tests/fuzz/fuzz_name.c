// SPDX-License-Identifier: MIT
// Names from text and from wire: what is accepted prints and reads back as itself, and the order is one.
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "core/dns/name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const struct dns_name *name)
{
    struct dns_name again;
    char text[DNS_NAME_TEXT];
    dns_name_format_plain(name, text);
    assert(dns_name_parse(bytes_of(text), &again, NULL));
    assert(again.len == name->len && memcmp(again.wire, name->wire, name->len) == 0);
    dns_name_format(name, text);
    assert(dns_name_parse(bytes_of(text), &again, NULL));
    assert(dns_name_equal(&again, name) && dns_name_compare(&again, name) == 0);
}

static void check_family(const struct dns_name *name)
{
    struct dns_name parent = *name;
    unsigned labels = dns_name_labels(name);
    while (dns_name_parent(&parent, &parent)) {
        labels--;
        assert(dns_name_within(name, &parent) && !dns_name_within(&parent, name));
        assert(dns_name_compare(&parent, name) < 0);
    }
    assert(labels == 0 && parent.len == 1);
}

static void check_pair(const struct dns_name *a, const struct dns_name *b)
{
    int order = dns_name_compare(a, b);
    int reverse = dns_name_compare(b, a);
    assert((order < 0) == (reverse > 0));
    assert((order == 0) == dns_name_equal(a, b));
    assert((order == 0) == (dns_name_within(a, b) && dns_name_within(b, a)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dns_name name;
    struct dns_name other;
    struct error error = {0};
    if (dns_name_parse((struct bytes){data, size}, &name, &error)) {
        check_text(&name);
        check_family(&name);
    } else {
        assert(error.set);
    }
    if (dns_name_from_wire((struct bytes){data, size}, &name)) {
        check_text(&name);
        check_family(&name);
        if (dns_name_from_wire((struct bytes){data + name.len, size - name.len}, &other)) {
            check_pair(&name, &other);
        }
    }
    return 0;
}
