// SPDX-License-Identifier: MIT
// The search tree of a MaxMind DB is a binary tree over the bits of an address, whose leaves are offsets of
// records. In an IPv6 tree IPv4 lives below ::/96, and other ranges that embed IPv4 addresses may lead to
// the same node: these detours are left out, or every IPv4 network would come several times.
#include "io/files/mmdb.h"

#include <errno.h>
#include <maxminddb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "io/files/read.h"

enum { STACK_MAX = 130, CACHE_SIZE = 1 << 14, IPV4_DEPTH = 96, SHARED_NODES = 4 };

// A record of the tree that is still to be visited, and the bits that lead to it.
struct step {
    uint64_t record;
    uint32_t data; // offset, of a leaf
    uint8_t type;  // MMDB_RECORD_TYPE_*
    uint8_t depth;
    uint8_t bits[16];
};

// Many networks have the same record; what it says is worked out once.
struct cached {
    bool used;
    uint32_t data;
    uint32_t place;
};

struct walk {
    MMDB_s *db;
    struct location_blocks *blocks;
    struct error *error;
    struct cached *cache;
    struct step stack[STACK_MAX];
    size_t waiting;
    uint64_t visited;
};

// --- records -----------------------------------------------------------------------------------------------

// The text at a path of the record; empty when there is none there. False when the file is damaged.
static bool text_at(const struct walk *walk, uint32_t data, const char *const *path, struct bytes *text)
{
    MMDB_entry_s start = {.mmdb = walk->db, .offset = data};
    MMDB_entry_data_s found = {0};
    *text = (struct bytes){(const uint8_t *)"", 0};
    int status = MMDB_aget_value(&start, &found, path);
    if (status == MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR || status == MMDB_INVALID_LOOKUP_PATH_ERROR) {
        return true;
    }
    if (status != MMDB_SUCCESS) {
        return error_set(walk->error, "a record is damaged: %s", MMDB_strerror(status));
    }
    if (found.has_data && found.type == MMDB_DATA_TYPE_UTF8_STRING) {
        *text = (struct bytes){(const uint8_t *)found.utf8_string, found.data_size};
    }
    return true;
}

enum { PATH = 5 };
typedef const char *const record_path[PATH];

// The first of the paths that leads to a text.
static bool first_text(const struct walk *walk, uint32_t data, record_path *paths, size_t count,
                       struct bytes *text)
{
    *text = (struct bytes){(const uint8_t *)"", 0};
    for (size_t i = 0; i < count && text->len == 0; i++) {
        if (!text_at(walk, data, paths[i], text)) {
            return false;
        }
    }
    return true;
}

static bool is_country(struct bytes text)
{
    return text.len == 2 && text.data[0] >= 'A' && text.data[0] <= 'Z' && text.data[1] >= 'A' &&
           text.data[1] <= 'Z';
}

static bool place_of(const struct walk *walk, uint32_t data, uint32_t *place)
{
    static record_path countries[] = {{"country_code"}, {"country", "iso_code"}};
    static record_path subdivisions[] = {
        {"subdivisions", "0", "iso_code"}, {"state1"}, {"subdivisions", "0", "names", "en"}};
    struct bytes text;
    char country[3] = "";
    char subdivision[LOCATION_CODE] = "";
    if (!first_text(walk, data, countries, sizeof countries / sizeof countries[0], &text)) {
        return false;
    }
    if (!is_country(text)) {
        *place = LOCATION_NO_PLACE;
        return true;
    }
    memcpy(country, text.data, 2);
    if (!first_text(walk, data, subdivisions, sizeof subdivisions / sizeof subdivisions[0], &text)) {
        return false;
    }
    if (!location_subdivision(country, text, subdivision)) {
        subdivision[0] = '\0';
    }
    *place = walk->blocks->resolve(country, subdivision, walk->blocks->context);
    return true;
}

static bool cached_place_of(const struct walk *walk, uint32_t data, uint32_t *place)
{
    struct cached *cached = &walk->cache[data * UINT32_C(2654435761) >> 18];
    if (!cached->used || cached->data != data) {
        uint32_t found;
        if (!place_of(walk, data, &found)) {
            return false;
        }
        *cached = (struct cached){true, data, found};
    }
    *place = cached->place;
    return true;
}

// --- the tree ----------------------------------------------------------------------------------------------

static struct ip_prefix prefix_of(const struct walk *walk, const struct step *step)
{
    static const uint8_t zeros[IPV4_DEPTH / 8];
    struct ip_prefix prefix = {.length = step->depth};
    if (walk->db->metadata.ip_version == 4) {
        prefix.address.family = 4;
        memcpy(prefix.address.bytes, step->bits, 4);
    } else if (step->depth >= IPV4_DEPTH && memcmp(step->bits, zeros, sizeof zeros) == 0) {
        prefix.address.family = 4;
        prefix.length = (uint8_t)(step->depth - IPV4_DEPTH);
        memcpy(prefix.address.bytes, step->bits + sizeof zeros, 4);
    } else {
        prefix.address.family = 6;
        memcpy(prefix.address.bytes, step->bits, sizeof step->bits);
    }
    return prefix;
}

static bool take_leaf(struct walk *walk, const struct step *step)
{
    struct ip_prefix prefix = prefix_of(walk, step);
    uint32_t place;
    return cached_place_of(walk, step->data, &place) &&
           (location_blocks_add(walk->blocks, &prefix, place) ||
            error_set(walk->error, "has more than %d networks", LOCATION_BLOCKS_MAX));
}

// IPv4 again, at another place than ::/96.
static bool is_detour(const struct walk *walk, const struct step *step)
{
    static const uint8_t zeros[16];
    const MMDB_ipv4_start_node_s *start = &walk->db->ipv4_start_node;
    return walk->db->metadata.ip_version == 6 && step->depth > 0 && start->netmask > 0 &&
           step->record == start->node_value && memcmp(step->bits, zeros, sizeof zeros) != 0;
}

static bool take_node(struct walk *walk, const struct step *step)
{
    uint8_t most = walk->db->metadata.ip_version == 4 ? 32 : 128;
    MMDB_search_node_s node;
    if (step->depth >= most || ++walk->visited > (uint64_t)walk->db->metadata.node_count * SHARED_NODES) {
        return error_set(walk->error, "is damaged: its search tree goes in circles");
    }
    int status = MMDB_read_node(walk->db, (uint32_t)step->record, &node);
    if (status != MMDB_SUCCESS) {
        return error_set(walk->error, "is damaged: %s", MMDB_strerror(status));
    }
    struct step lower = *step;
    lower.depth++;
    struct step upper = lower;
    upper.bits[step->depth / 8] |= (uint8_t)(0x80U >> step->depth % 8);
    lower.record = node.left_record;
    lower.type = node.left_record_type;
    lower.data = node.left_record_entry.offset;
    upper.record = node.right_record;
    upper.type = node.right_record_type;
    upper.data = node.right_record_entry.offset;
    walk->stack[walk->waiting++] = upper; // ascending: the lower half comes first
    walk->stack[walk->waiting++] = lower;
    return true;
}

static bool take(struct walk *walk, const struct step *step)
{
    switch (step->type) {
    case MMDB_RECORD_TYPE_EMPTY:
        return true;
    case MMDB_RECORD_TYPE_DATA:
        return take_leaf(walk, step);
    case MMDB_RECORD_TYPE_SEARCH_NODE:
        return is_detour(walk, step) || take_node(walk, step);
    default:
        return error_set(walk->error, "is damaged: its search tree points outside the file");
    }
}

static bool walk_all(MMDB_s *db, struct location_blocks *blocks, struct error *error)
{
    struct walk walk = {.db = db, .blocks = blocks, .error = error};
    bool good = true;
    walk.cache = xcalloc(CACHE_SIZE, sizeof *walk.cache);
    walk.stack[walk.waiting++] = (struct step){.type = MMDB_RECORD_TYPE_SEARCH_NODE};
    while (good && walk.waiting > 0) {
        struct step step = walk.stack[--walk.waiting];
        good = take(&walk, &step);
    }
    free(walk.cache);
    return good;
}

// --- the file ----------------------------------------------------------------------------------------------

// libmaxminddb opens names only, and maps what it opens. A copy that nobody else can cut short keeps a file
// that changes meanwhile from ending the program.
static int copy_of(struct bytes file, struct error *error)
{
    int fd = memfd_create("location database", MFD_CLOEXEC);
    size_t done = 0;
    while (fd >= 0 && done < file.len) {
        ssize_t wrote = write(fd, file.data + done, file.len - done);
        if (wrote < 0 && errno != EINTR) {
            break;
        }
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    if (fd >= 0 && done == file.len) {
        return fd;
    }
    error_set(error, "cannot copy it to memory: %s", strerror(errno));
    if (fd >= 0) {
        close(fd);
    }
    return -1;
}

bool mmdb_parse(struct bytes file, struct location_blocks *blocks, struct error *error)
{
    int fd = copy_of(file, error);
    if (fd < 0) {
        return false;
    }
    char name[32];
    MMDB_s db;
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    int status = MMDB_open(name, MMDB_MODE_MMAP, &db);
    close(fd);
    if (status != MMDB_SUCCESS) {
        return error_set(error, "is no MaxMind DB file, or a damaged one: %s", MMDB_strerror(status));
    }
    bool good = walk_all(&db, blocks, error);
    MMDB_close(&db);
    blocks->digest = bytes_hash(file);
    return good;
}

bool mmdb_read(const char *path, struct location_blocks *blocks, struct error *error)
{
    char *data;
    size_t len;
    if (!read_whole_file(path, MMDB_FILE_MAX, &data, &len, error)) {
        return false;
    }
    bool good = mmdb_parse((struct bytes){(const uint8_t *)data, len}, blocks, error);
    free(data);
    return good || error_context(error, "%s", path);
}
