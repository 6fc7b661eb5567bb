// SPDX-License-Identifier: MIT
// What a stranger may post to the sample regional service: a fault, or the message of a peer.
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/sample/fault.h"
#include "core/sample/replication.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_fault(struct bytes text)
{
    struct fault *fault = fault_parse(text, NULL);
    if (fault == NULL) {
        return;
    }
    char *printed = fault_print(fault);
    struct fault *again = fault_parse(bytes_of(printed), NULL);
    assert(again != NULL);
    char *reprinted = fault_print(again);
    assert(strcmp(printed, reprinted) == 0);
    for (duration at = 0; at < DURATION_S(10); at += DURATION_MS(700)) {
        struct fault_phase phase = fault_phase_at(fault, at);
        assert(phase.kind != FAULT_FLAP && phase.until > at);
    }
    fault_cuts(fault, "eu-west-1", "127.0.0.1:80", "http://127.0.0.1:80/");
    free(printed);
    free(reprinted);
    fault_destroy(fault);
    fault_destroy(again);
}

static void try_message(struct bytes text)
{
    struct replication message;
    if (!replication_parse(text, &message, NULL)) {
        return;
    }
    struct counters *counters = counters_create("us-east-1");
    struct counters *copy = counters_create("eu-west-1");
    replication_apply(&message, counters, NULL);
    uint64_t reached;
    char *printed = replication_print(&message.sender, counters, NULL, 0, &reached);
    struct replication again;
    bool ok = replication_parse(bytes_of(printed), &again, NULL);
    assert(ok && replication_apply(&again, copy, NULL) == COUNTERS_OK);
    assert(counters_count(copy) == counters_count(counters));
    free(printed);
    replication_free(&message);
    replication_free(&again);
    counters_destroy(counters);
    counters_destroy(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    try_fault((struct bytes){data, size});
    try_message((struct bytes){data, size});
    return 0;
}
