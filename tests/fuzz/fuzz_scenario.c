// SPDX-License-Identifier: MIT
// Any bytes as a scenario: findings that say why not, or a run, cut short, that comes out the same twice.
#include <assert.h>
#include <string.h>

#include "core/scenario/replay.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { STEPS = 200 };

static bool run(struct bytes text, uint64_t *digest)
{
    static const char latency[] =
        "{\"Default\": \"DE\", \"Regions\": [\"us-east-1\", \"eu-west-1\"], \"Places\": "
        "{\"DE\": {\"Milliseconds\": [90, 25]}, \"US\": {\"Milliseconds\": [10, 80]}}}";
    struct scenario_options options = {.policy = {.default_latency_name = "latency.json",
                                                  .default_latency = bytes_of(latency),
                                                  .on_loopback = true}};
    struct replay_options limits = {.steps_most = STEPS};
    struct diagnostics *diagnostics = diagnostics_create();
    struct scenario *scenario = scenario_read("scenario.json", text, &options, diagnostics);
    bool good = scenario != NULL;
    assert(good == (diagnostics_errors(diagnostics) == 0));
    if (good) {
        struct replay_report report;
        replay_run(scenario, &limits, &report);
        assert(report.steps <= STEPS);
        *digest = report.digest;
        replay_report_free(&report);
    }
    scenario_destroy(scenario);
    diagnostics_destroy(diagnostics);
    return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t first = 0;
    uint64_t again = 0;
    struct bytes text = {data, size};
    if (run(text, &first)) {
        run(text, &again);
        assert(first == again);
    }
    return 0;
}
