// SPDX-License-Identifier: MIT
// CIDR collections: semantics reference I1 to I6. The account keeps one as a policy file does, with its
// blocks inside:
// {"Id", "Name", "Version", "CidrBlocks": [{"CidrBlock", "LocationName"}]}.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ip.h"
#include "ops.h"

enum {
    COLLECTIONS_MAX = 5,
    BLOCKS_MAX = 1000,
    CHANGED_BLOCKS_MAX = 1000,
    ARN_TEXT = 256,
    WANTED_TEXT = 256
}; // L15

static const struct route53_paging paging = {"MaxResults", 100, 100};

static json_int_t version_of(const json_t *collection)
{
    json_int_t version = json_integer_value(json_object_get(collection, "Version"));
    return version > 0 ? version : 1; // a policy file may leave it out
}

// CidrCollection and CollectionSummary alike.
static json_t *print_collection(const json_t *collection)
{
    char arn[ARN_TEXT];
    snprintf(arn, sizeof arn, "arn:aws:route53:::cidrcollection/%s", ops_text(collection, "Id"));
    return json_pack("{s:s,s:s,s:s,s:I}", "Arn", arn, "Id", ops_text(collection, "Id"), "Name",
                     ops_text(collection, "Name"), "Version", version_of(collection));
}

static json_t *required_collection(struct call *call, const char *member)
{
    const char *id = ops_text(call->input, member);
    json_t *collection = ops_get(call, ACCOUNT_CIDR_COLLECTION, id);
    if (collection == NULL) {
        REFUSE(call, "NoSuchCidrCollectionException", "The CIDR collection you specified doesn't exist: %s",
               id);
    }
    return collection;
}

// The collection's list, which is empty for one without.
static json_t *blocks_of(json_t *collection)
{
    json_t *blocks = json_object_get(collection, "CidrBlocks");
    if (blocks == NULL) {
        blocks = json_array();
        json_object_set_new(collection, "CidrBlocks", blocks);
    }
    return blocks;
}

// --- create and delete -------------------------------------------------------------------------------------

// Id and Name of every collection; the caller owns it.
static json_t *list_collections(const struct call *call)
{
    struct account_cursor cursor;
    struct account_object object;
    json_t *collections = json_array();
    account_seek(&cursor, call->edit, ACCOUNT_CIDR_COLLECTION, bytes_of(""));
    while (account_next(&cursor, &object)) {
        json_t *collection = ops_parse(&object);
        json_array_append_new(collections, print_collection(collection));
        json_decref(collection);
    }
    return collections;
}

static bool is_named(const json_t *collection, const char *name)
{
    return strcmp(ops_text(collection, "Name"), name) == 0;
}

static bool check_new(struct call *call, const char *name)
{
    json_t *others = list_collections(call);
    bool good = json_array_size(others) < COLLECTIONS_MAX ||
                REFUSE(call, "LimitsExceeded",
                       "This account has %d CIDR collections, which is the most (L15).", COLLECTIONS_MAX);
    for (size_t i = 0; good && i < json_array_size(others); i++) {
        good = !is_named(json_array_get(others, i), name) ||
               REFUSE(call, "CidrCollectionAlreadyExistsException",
                      "A CIDR collection with the name %s already exists in this account.", name);
    }
    json_decref(others);
    return good;
}

// A request that is sent again gets what it created, as long as that is there under its name.
static json_t *find_repeated(const struct call *call, const char *id, const char *name)
{
    json_t *collection = ops_get(call, ACCOUNT_CIDR_COLLECTION, id);
    if (collection != NULL && !is_named(collection, name)) {
        json_decref(collection);
        collection = NULL;
    }
    return collection;
}

static json_t *create(struct call *call, const char *name, const char *reference)
{
    char id[OPS_UUID];
    if (!check_new(call, name)) {
        return NULL;
    }
    ops_new_uuid(call, id);
    json_t *collection = json_pack("{s:s,s:s,s:i,s:[]}", "Id", id, "Name", name, "Version", 1, "CidrBlocks");
    ops_put(call, ACCOUNT_CIDR_COLLECTION, id, collection);
    ops_put_reference(call, "cidrcollection", reference, id);
    return collection;
}

bool ops_create_cidr_collection(struct call *call)
{
    const char *name = ops_text(call->input, "Name");
    const char *reference = ops_text(call->input, "CallerReference");
    char *used = ops_reference(call, "cidrcollection", reference);
    json_t *collection = used != NULL ? find_repeated(call, used, name) : create(call, name, reference);
    if (used != NULL && collection == NULL) {
        REFUSE(call, "CidrCollectionAlreadyExistsException",
               "A CIDR collection has already been created with the specified caller reference.");
    }
    free(used);
    if (collection != NULL) {
        json_object_set_new(call->output, "Collection", print_collection(collection));
        json_decref(collection);
    }
    return collection != NULL;
}

// Whether any record set names it, in the texts as they are kept.
static bool is_in_use(const struct call *call, const char *id)
{
    struct account_cursor cursor;
    struct account_object object;
    char wanted[WANTED_TEXT];
    int len = snprintf(wanted, sizeof wanted, "\"CollectionId\":\"%s\"", id);
    bool found = false;
    account_seek(&cursor, call->edit, ACCOUNT_RECORD_SET, bytes_of(""));
    while (!found && account_next(&cursor, &object)) {
        found = memmem(object.text.data, object.text.len, wanted, (size_t)len) != NULL;
    }
    return found;
}

bool ops_delete_cidr_collection(struct call *call)
{
    json_t *collection = required_collection(call, "Id");
    if (collection == NULL) {
        return false;
    }
    const char *id = ops_text(collection, "Id");
    bool good = true;
    if (json_array_size(blocks_of(collection)) > 0) { // I6
        good = REFUSE(call, "CidrCollectionInUseException",
                      "The CIDR collection %s must be empty before it can be deleted.", id);
    } else if (is_in_use(call, id)) {
        good = REFUSE(call, "CidrCollectionInUseException",
                      "The CIDR collection %s is in use by record sets.", id);
    } else {
        ops_delete(call, ACCOUNT_CIDR_COLLECTION, id);
    }
    json_decref(collection);
    return good;
}

// --- change ------------------------------------------------------------------------------------------------

static size_t find_block(const json_t *blocks, const struct ip_prefix *prefix)
{
    size_t i = 0;
    struct ip_prefix block;
    while (i < json_array_size(blocks) &&
           !(ip_prefix_parse(bytes_of(ops_text(json_array_get(blocks, i), "CidrBlock")), &block, NULL) &&
             ip_prefix_equal(&block, prefix))) {
        i++;
    }
    return i;
}

static bool put_block(struct call *call, json_t *blocks, const char *location, const char *cidr,
                      const struct ip_prefix *prefix)
{
    size_t at = find_block(blocks, prefix);
    if (at < json_array_size(blocks)) {
        const char *other = ops_text(json_array_get(blocks, at), "LocationName");
        return strcmp(other, location) == 0 ||
               REFUSE(call, "CidrBlockInUseException", "The CIDR block %s is already in use by location %s.",
                      cidr,
                      other); // I6
    }
    if (at >= BLOCKS_MAX) {
        return REFUSE(call, "LimitsExceeded", "A CIDR collection has at most %d blocks (L15).", BLOCKS_MAX);
    }
    json_array_append_new(blocks, json_pack("{s:s,s:s}", "CidrBlock", cidr, "LocationName", location));
    return true;
}

static void delete_block(json_t *blocks, const char *location, const struct ip_prefix *prefix)
{
    size_t at = find_block(blocks, prefix);
    if (at < json_array_size(blocks) &&
        strcmp(ops_text(json_array_get(blocks, at), "LocationName"), location) == 0) {
        json_array_remove(blocks, at);
    }
}

// The changes with one action, in their order.
static bool apply(struct call *call, json_t *blocks, const char *action)
{
    const json_t *changes = json_object_get(call->input, "Changes");
    bool puts = strcmp(action, "PUT") == 0;
    for (size_t i = 0; i < json_array_size(changes); i++) {
        const json_t *change = json_array_get(changes, i);
        const json_t *list = json_object_get(change, "CidrList");
        const char *location = ops_text(change, "LocationName");
        for (size_t j = 0; strcmp(ops_text(change, "Action"), action) == 0 && j < json_array_size(list);
             j++) {
            const char *cidr = json_string_value(json_array_get(list, j));
            struct ip_prefix prefix;
            struct error error = {0};
            if (!ip_prefix_parse(bytes_of(cidr), &prefix, &error)) {
                return REFUSE(call, "InvalidInput", "The CIDR block '%s' is not valid: %s", cidr, error.text);
            }
            if (!puts) {
                delete_block(blocks, location, &prefix);
            } else if (!put_block(call, blocks, location, cidr, &prefix)) {
                return false;
            }
        }
    }
    return true;
}

static bool check_change(struct call *call, const json_t *collection)
{
    const json_t *wanted = json_object_get(call->input, "CollectionVersion");
    const json_t *changes = json_object_get(call->input, "Changes");
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(changes); i++) {
        count += json_array_size(json_object_get(json_array_get(changes, i), "CidrList"));
    }
    if (count > CHANGED_BLOCKS_MAX) {
        return REFUSE(call, "InvalidInput", "The request has %zu CIDR blocks, more than %d (L15).", count,
                      CHANGED_BLOCKS_MAX);
    }
    return wanted == NULL || json_integer_value(wanted) == version_of(collection) ||
           REFUSE(call, "CidrCollectionVersionMismatchException",
                  "The CIDR collection version you provided, %" JSON_INTEGER_FORMAT
                  ", doesn't match the one in the account, %" JSON_INTEGER_FORMAT ".",
                  json_integer_value(wanted), version_of(collection));
}

// Deletes come first, so that a block can move in one request, however it is ordered.
bool ops_change_cidr_collection(struct call *call)
{
    json_t *collection = required_collection(call, "Id");
    bool good = collection != NULL && check_change(call, collection);
    json_t *blocks = good ? blocks_of(collection) : NULL;
    good = good && apply(call, blocks, "DELETE_IF_EXISTS") && apply(call, blocks, "PUT");
    if (good) {
        json_object_set_new(collection, "Version", json_integer(version_of(collection) + 1));
        ops_put(call, ACCOUNT_CIDR_COLLECTION, ops_text(collection, "Id"), collection);
        ops_change(call, NULL, NULL);
        json_object_set(call->output, "Id",
                        json_object_get(json_object_get(call->output, "ChangeInfo"), "Id"));
        json_object_del(call->output, "ChangeInfo");
    }
    json_decref(collection);
    return good;
}

// --- lists -------------------------------------------------------------------------------------------------

bool ops_list_cidr_collections(struct call *call)
{
    struct ops_page page;
    bool good = ops_page_start(call, &paging, &page);
    if (good) {
        ops_page_end(call, "CidrCollections", list_collections(call), &page);
    }
    return good;
}

static bool is_listed(const json_t *locations, const char *name)
{
    size_t i = 0;
    while (i < json_array_size(locations) &&
           strcmp(ops_text(json_array_get(locations, i), "LocationName"), name) != 0) {
        i++;
    }
    return i < json_array_size(locations);
}

// In the order in which blocks first name them.
static json_t *locations_of(const json_t *blocks)
{
    json_t *locations = json_array();
    for (size_t i = 0; i < json_array_size(blocks); i++) {
        const char *name = ops_text(json_array_get(blocks, i), "LocationName");
        if (!is_listed(locations, name)) {
            json_array_append_new(locations, json_pack("{s:s}", "LocationName", name));
        }
    }
    return locations;
}

bool ops_list_cidr_locations(struct call *call)
{
    struct ops_page page;
    json_t *collection = required_collection(call, "CollectionId");
    bool good = collection != NULL && ops_page_start(call, &paging, &page);
    if (good) {
        ops_page_end(call, "CidrLocations", locations_of(blocks_of(collection)), &page);
    }
    json_decref(collection);
    return good;
}

static json_t *blocks_at(const json_t *blocks, const char *location)
{
    json_t *found = json_array();
    for (size_t i = 0; i < json_array_size(blocks); i++) {
        json_t *block = json_array_get(blocks, i);
        if (location == NULL || strcmp(ops_text(block, "LocationName"), location) == 0) {
            json_array_append(found, block);
        }
    }
    return found;
}

bool ops_list_cidr_blocks(struct call *call)
{
    struct ops_page page;
    const char *location = ops_text(call->input, "LocationName");
    json_t *collection = required_collection(call, "CollectionId");
    bool good = collection != NULL && ops_page_start(call, &paging, &page);
    if (good) {
        json_t *blocks = blocks_at(blocks_of(collection), location);
        good = location == NULL || json_array_size(blocks) > 0 ||
               REFUSE(call, "NoSuchCidrLocationException", "The CIDR collection location %s doesn't exist.",
                      location);
        if (good) {
            ops_page_end(call, "CidrBlocks", blocks, &page);
        } else {
            json_decref(blocks);
        }
    }
    json_decref(collection);
    return good;
}
