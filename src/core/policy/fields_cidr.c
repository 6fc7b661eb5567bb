// SPDX-License-Identifier: MIT
// The field tables of a CIDR collection: what aws route53 list-cidr-collections prints, with the CidrBlocks
// of list-cidr-blocks inside; API: CidrCollection, CidrBlockSummary.
#include "fields.h"
#include "fields_parts.h"

#define AT(member) .offset = offsetof(struct policy_cidr_block, member)
static const struct schema_field block_fields[] = {
    [CIDR_BLOCK_CIDR_BLOCK] = {"CidrBlock", "Networks of clients: IPv4 up to /24, IPv6 up to /48",
                               SCHEMA_STRING, AT(cidr_block), .least = 1, .most = 50, .required = true},
    [CIDR_BLOCK_LOCATION_NAME] = {"LocationName", "What record sets call it", SCHEMA_STRING,
                                  AT(location_name), .least = 1, .most = 16, .required = true,
                                  .shape = "{\"pattern\": \"^[0-9A-Za-z_-]+$\"}"},
};
#undef AT

static const struct schema_table block_schema = {"CidrBlock", "A block of a location",
                                                 sizeof(struct policy_cidr_block), block_fields,
                                                 TABLE_COUNT(block_fields)};

#define AT(member) .offset = offsetof(struct policy_cidr_collection, member)
static const struct schema_field collection_fields[] = {
    [CIDR_COLLECTION_ID] = {"Id", "What record sets name in CollectionId", SCHEMA_STRING, AT(id), .least = 1,
                            .most = 36, .required = true},
    [CIDR_COLLECTION_NAME] = {"Name", "Name for people", SCHEMA_STRING, AT(name), .least = 1, .most = 64,
                              .required = true, .shape = "{\"pattern\": \"^[0-9A-Za-z_-]+$\"}"},
    [CIDR_COLLECTION_ARN] = {"Arn", "As listed; not used", SCHEMA_STRING, AT(arn), .least = 1, .most = 2048},
    [CIDR_COLLECTION_VERSION] = {"Version", "Grows by one with every change", SCHEMA_INTEGER, AT(version),
                                 .least = 1, .most = 9007199254740991.0},
    [CIDR_COLLECTION_BLOCKS] = {"CidrBlocks", "Blocks and their locations", SCHEMA_OBJECTS, AT(blocks),
                                .table = &block_schema},
};
#undef AT

const struct schema_table policy_cidr_collection_schema = {
    "CidrCollection", "A CIDR collection, as Route 53 lists it", sizeof(struct policy_cidr_collection),
    collection_fields, TABLE_COUNT(collection_fields)};
