// SPDX-License-Identifier: MIT
// A model from a few lines of text, for tests of everything that reads models:
//
//   zone Z1 example.com. [private] [vpc-a=us-east-1]             with VPCs it is private, too
//   vpc vpc-a us-east-1 10.0.0.0/16                              clients of that VPC
//   record www.example.com. A 60 192.0.2.10
//   latency www.example.com. A 60 us-east-1 192.0.2.10 hc-e       the check is optional; "-" is none
//   weighted www.example.com. A 60 a:10 192.0.2.10 hc            SetIdentifier and weight in one word
//   failover www.example.com. A 60 primary 192.0.2.10 hc         or secondary
//   geo www.example.com. A 60 US-WA 192.0.2.10 hc                or US, continent:NA, *
//   near www.example.com. A 60 a:38.95,-77.45,25 192.0.2.10 hc   SetIdentifier and latitude,longitude,bias
//   multi www.example.com. A 60 a 192.0.2.10 hc
//   cidr www.example.com. A 60 sea 192.0.2.10 hc                 the location's name, or *
//   block sea 192.0.2.0/24                                       of the one CIDR collection
//   resource elb.example.net. A 60 192.0.2.10 [unhealthy]        a load balancer; before the aliases to it
//   check hc-e [inverted] [disabled]
//   place DE us-east-1=90.1 eu-west-1=24 [continent=EU] [country=US] [state=WA] [at=47.6,-122.3]
//   client 203.0.113.0/24 DE
//   default DE
//   knob ecs4 24 | ecs6 48 | chasing 1 | minimal-any 1 | config-delay 20 | aggregation-delay 5
//   knob unmapped-located 1 | coarse-unmapped 1 | cidr-straight-default 1 | random-ties 1 | fold-replies 1
//   knob no-match 1 | unknown-zone 3     enum simulator_no_match, an rcode
//
// Instead of a value, alias=NAME is an alias whose target's health counts, blind=NAME one where it does not;
// resource=NAME and blindresource=NAME are the same for a resource.
// Records of one name and type in a row with the same identifier are values of one set. A region is its own
// SetIdentifier. Wrong lines abort the test.
#ifndef NEARWELL_TESTS_SUPPORT_MODEL_DSL_H
#define NEARWELL_TESTS_SUPPORT_MODEL_DSL_H

#include "core/model/builder.h"
#include "core/routing/view.h"

// A view over a model of its own: every check healthy unless it is inverted (H4).
struct test_view {
    struct view view;
    struct model *model;
    struct locator *locator;
    struct latency_table *latency;
    struct status_table *status;
};

struct model *model_dsl(const char *text);

// Only the spec, for tests of what is compiled from it.
struct spec_dsl;
struct spec_dsl *spec_dsl_create(const char *text);
const struct model_spec *spec_dsl_spec(const struct spec_dsl *dsl); // valid as long as dsl
void spec_dsl_destroy(struct spec_dsl *dsl);

struct test_view *test_view_create(const char *text);
void test_view_destroy(struct test_view *view);
void test_view_set(struct test_view *view, const char *check, bool healthy);

#endif
