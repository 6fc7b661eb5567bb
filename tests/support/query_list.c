// SPDX-License-Identifier: MIT
#include "support/query_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/dns/message.h"
#include "core/dns/rrtype.h"

static void wrong(const char *path, const char *text)
{
    fprintf(stderr, "%s: %s\n", path, text);
    abort();
}

static void read_words(const char *path, char *line, struct listed_query *out)
{
    static const char blanks[] = " \t\n";
    char *rest = line;
    const char *name = strsep(&rest, blanks);
    const char *type = strsep(&rest, blanks);
    const char *cidr = strsep(&rest, blanks);
    struct dns_client_subnet subnet = {0};
    *out = (struct listed_query){.client = {.source = {4, {127, 0, 0, 1}}, .place = PLACE_NONE}};
    if (type == NULL || !dns_name_parse(bytes_of(name), &out->name, NULL) ||
        !dns_rrtype_parse(bytes_of(type), &out->type)) {
        wrong(path, name);
    }
    if (cidr != NULL && *cidr != '\0') {
        if (!ip_prefix_parse(bytes_of(cidr), &out->client.subnet, NULL)) {
            wrong(path, cidr);
        }
        out->client.has_subnet = true;
        subnet = (struct dns_client_subnet){true, out->client.subnet.address, out->client.subnet.length};
    }
    out->len =
        (uint16_t)dns_query_write(out->bytes, sizeof out->bytes, 0, &out->name, out->type, true, &subnet);
}

void query_list_read(struct query_list *list, const char *path)
{
    char line[DNS_NAME_TEXT + 128];
    size_t room = 0;
    FILE *file = fopen(path, "re");
    *list = (struct query_list){NULL, 0};
    if (file == NULL) {
        wrong(path, "cannot be read");
    }
    while (fgets(line, sizeof line, file) != NULL) {
        if (list->count == room) {
            room = room > 0 ? 2 * room : 1024;
            list->queries = xreallocarray(list->queries, room, sizeof *list->queries);
        }
        read_words(path, line, &list->queries[list->count++]);
    }
    fclose(file);
    if (list->count == 0) {
        wrong(path, "has no queries");
    }
}

void query_list_free(struct query_list *list)
{
    free(list->queries);
    *list = (struct query_list){NULL, 0};
}
