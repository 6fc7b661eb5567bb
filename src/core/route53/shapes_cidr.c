// SPDX-License-Identifier: MIT
// CIDR collections.
#include "shape_tables.h"

LIST(CidrBlockSummaries, CidrBlockSummary, "member", 0, UNBOUNDED);
STRUCTURE(CidrBlockSummary, OPTIONAL(CidrBlock, Cidr),
          OPTIONAL(LocationName, CidrLocationNameDefaultNotAllowed));
STRUCTURE(CidrCollection, OPTIONAL(Arn, ARN), OPTIONAL(Id, UUID), OPTIONAL(Name, CollectionName),
          OPTIONAL(Version, CollectionVersion));
STRUCTURE(CidrCollectionChange, REQUIRED(LocationName, CidrLocationNameDefaultNotAllowed),
          REQUIRED(Action, CidrCollectionChangeAction), REQUIRED(CidrList, CidrList));
LIST(CidrCollectionChanges, CidrCollectionChange, "member", 1, 1000);
LIST(CidrList, Cidr, "Cidr", 1, 1000);
LIST(CollectionSummaries, CollectionSummary, "member", 0, UNBOUNDED);
STRUCTURE(CollectionSummary, OPTIONAL(Arn, ARN), OPTIONAL(Id, UUID), OPTIONAL(Name, CollectionName),
          OPTIONAL(Version, CollectionVersion));
LIST(LocationSummaries, LocationSummary, "member", 0, UNBOUNDED);
STRUCTURE(LocationSummary, OPTIONAL(LocationName, CidrLocationNameDefaultAllowed));

// What operations take and give.
STRUCTURE(ChangeCidrCollectionRequest, PATH(Id, "CidrCollectionId", UUID),
          OPTIONAL(CollectionVersion, CollectionVersion), REQUIRED(Changes, CidrCollectionChanges));
STRUCTURE(ChangeCidrCollectionResponse, REQUIRED(Id, ChangeId));
STRUCTURE(CreateCidrCollectionRequest, REQUIRED(Name, CollectionName), REQUIRED(CallerReference, CidrNonce));
STRUCTURE(CreateCidrCollectionResponse, OPTIONAL(Collection, CidrCollection),
          HEADER(Location, "Location", ResourceURI));
STRUCTURE(DeleteCidrCollectionRequest, PATH(Id, "CidrCollectionId", UUID));
EMPTY(DeleteCidrCollectionResponse);
STRUCTURE(ListCidrBlocksRequest, PATH(CollectionId, "CidrCollectionId", UUID),
          QUERY(LocationName, "location", CidrLocationNameDefaultNotAllowed),
          QUERY(NextToken, "nexttoken", PaginationToken), QUERY(MaxResults, "maxresults", MaxResults));
STRUCTURE(ListCidrBlocksResponse, OPTIONAL(NextToken, PaginationToken),
          OPTIONAL(CidrBlocks, CidrBlockSummaries));
STRUCTURE(ListCidrCollectionsRequest, QUERY(NextToken, "nexttoken", PaginationToken),
          QUERY(MaxResults, "maxresults", MaxResults));
STRUCTURE(ListCidrCollectionsResponse, OPTIONAL(NextToken, PaginationToken),
          OPTIONAL(CidrCollections, CollectionSummaries));
STRUCTURE(ListCidrLocationsRequest, PATH(CollectionId, "CidrCollectionId", UUID),
          QUERY(NextToken, "nexttoken", PaginationToken), QUERY(MaxResults, "maxresults", MaxResults));
STRUCTURE(ListCidrLocationsResponse, OPTIONAL(NextToken, PaginationToken),
          OPTIONAL(CidrLocations, LocationSummaries));
