// SPDX-License-Identifier: MIT
// CPU time of one query over UDP on loopback, against a reflector that only returns what it gets: the floor
// under every server that uses these system calls. The server has one CPU, the load another. Rounds of both
// alternate, for the machine's own speed changes within seconds; "x the floor" is the figure to compare.
//   bench_dns_loopback [ROUNDS [MILLISECONDS]]
#include <errno.h>
#include <inttypes.h>
#include <netinet/udp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/xalloc.h"
#include "core/answer/answer.h"
#include "core/dns/message.h"
#include "core/policy/load.h"
#include "io/dns/server.h"

enum {
    SERVER_CPU = 0,
    LOAD_CPU = 1,
    NAMES = 1000,
    NETS = 2048,
    QUERIES = 8192,
    QUERY_ROOM = 128,
    SOCKETS = 4,
    FLYING = 128, // queries without an answer yet
    BURST = 32,
    REPLY_ROOM = 1500,
    ROUNDS_MAX = 101,
};

// --- what is asked -----------------------------------------------------------------------------------------

static const char *const regions[] = {"us-east-1", "eu-west-1", "ap-northeast-1", "sa-east-1"};
enum { REGIONS = 4 };

static void write_records(struct buffer *policy, unsigned name, bool routed)
{
    for (unsigned i = 0; i < (routed ? REGIONS : 1); i++) {
        buffer_format(policy, "%s{\"Name\":\"n%04u.example.com.\",\"Type\":\"A\",\"TTL\":60,",
                      name + i > 0 ? "," : "", name);
        if (routed) {
            buffer_format(policy, "\"SetIdentifier\":\"%s\",\"Region\":\"%s\",", regions[i], regions[i]);
        }
        buffer_format(policy, "\"ResourceRecords\":[{\"Value\":\"192.0.2.%u\"}]}", 1 + i);
    }
}

// One block after the other of 10.0.0.0/8, each in another region than its neighbours.
static void write_policy(struct buffer *policy, bool routed)
{
    buffer_text(policy,
                "{\"HostedZones\":[{\"Id\":\"Z1\",\"Name\":\"example.com.\",\"ResourceRecordSets\":[");
    for (unsigned i = 0; i < NAMES; i++) {
        write_records(policy, i, routed);
    }
    buffer_text(policy, "]}],\"Clients\":[");
    for (unsigned i = 0; i < NETS; i++) {
        buffer_format(policy, "%s{\"Cidr\":\"10.%u.%u.0/20\",\"Place\":\"%s\"}", i > 0 ? "," : "", i >> 4,
                      (i & 15) << 4, regions[i % REGIONS]);
    }
    buffer_text(policy, "]}");
}

struct queries {
    size_t len[QUERIES];
    uint8_t data[QUERIES][QUERY_ROOM];
};

static void write_queries(struct queries *queries, bool routed)
{
    struct random random;
    random_seed(&random, 1);
    for (unsigned i = 0; i < QUERIES; i++) {
        char text[32];
        struct dns_name name = {0};
        struct dns_client_subnet subnet = {.present = routed, .source = 24};
        uint32_t net = random_below(&random, NETS);
        snprintf(text, sizeof text, "n%04u.example.com.", random_below(&random, NAMES));
        dns_name_parse(bytes_of(text), &name, NULL);
        subnet.address.family = 4;
        subnet.address.bytes[0] = 10;
        subnet.address.bytes[1] = (uint8_t)(net >> 4);
        subnet.address.bytes[2] = (uint8_t)((net & 15) << 4 | random_below(&random, 16));
        queries->len[i] = dns_query_write(queries->data[i], QUERY_ROOM, 0, &name, 1, routed, &subnet);
    }
}

// --- the load ----------------------------------------------------------------------------------------------

struct load {
    const struct queries *queries;
    unsigned next;
    int fds[SOCKETS];
    unsigned flying[SOCKETS];
    uint64_t answered;
    uint64_t good; // NOERROR with a record
};

static double clock_s(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

// All queries of a workload have one length, so that one call sends a burst of them (UDP_SEGMENT).
static void send_burst(struct load *load, unsigned s)
{
    struct iovec slices[BURST];
    union {
        char room[CMSG_SPACE(sizeof(uint16_t))];
        struct cmsghdr align;
    } control = {0};
    struct msghdr message = {
        .msg_iov = slices, .msg_iovlen = BURST, .msg_control = &control, .msg_controllen = sizeof control};
    struct cmsghdr *item = CMSG_FIRSTHDR(&message);
    uint16_t segment = (uint16_t)load->queries->len[0];
    for (unsigned i = 0; i < BURST; i++) {
        unsigned query = (load->next + i) % QUERIES;
        slices[i] = (struct iovec){(void *)(uintptr_t)load->queries->data[query], load->queries->len[query]};
    }
    item->cmsg_level = IPPROTO_UDP;
    item->cmsg_type = UDP_SEGMENT;
    item->cmsg_len = CMSG_LEN(sizeof segment);
    memcpy(CMSG_DATA(item), &segment, sizeof segment);
    if (sendmsg(load->fds[s], &message, MSG_DONTWAIT) > 0) {
        load->next = (load->next + BURST) % QUERIES;
        load->flying[s] += BURST;
    }
}

static void receive_burst(struct load *load, unsigned s)
{
    static uint8_t data[BURST][REPLY_ROOM];
    struct iovec slices[BURST];
    struct mmsghdr messages[BURST] = {0};
    for (unsigned i = 0; i < BURST; i++) {
        slices[i] = (struct iovec){data[i], REPLY_ROOM};
        messages[i].msg_hdr.msg_iov = &slices[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    int count = recvmmsg(load->fds[s], messages, BURST, MSG_DONTWAIT, NULL);
    for (int i = 0; i < count; i++) {
        load->good += messages[i].msg_len > DNS_HEADER_LEN && (data[i][3] & 15) == 0 && data[i][7] > 0;
    }
    load->answered += count > 0 ? (unsigned)count : 0;
    load->flying[s] -= count > 0 ? (unsigned)count : 0;
}

static void run_load(struct load *load, const struct ip_endpoint *at, double seconds)
{
    struct sockaddr_storage address;
    socklen_t len = ip_endpoint_to_sockaddr(at, &address);
    for (unsigned s = 0; s < SOCKETS; s++) {
        load->fds[s] = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (load->fds[s] < 0 || connect(load->fds[s], (struct sockaddr *)&address, len) != 0) {
            perror("load");
            exit(1);
        }
        load->flying[s] = 0;
    }
    for (double end = clock_s(CLOCK_MONOTONIC) + seconds; clock_s(CLOCK_MONOTONIC) < end;) {
        for (unsigned s = 0; s < SOCKETS; s++) {
            if (load->flying[s] <= FLYING / SOCKETS - BURST) {
                send_burst(load, s);
            }
            receive_burst(load, s);
        }
    }
    for (unsigned s = 0; s < SOCKETS; s++) {
        close(load->fds[s]);
    }
}

// --- the servers -------------------------------------------------------------------------------------------

static void pin(unsigned cpu)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    if (sched_setaffinity(0, sizeof set, &set) != 0) {
        perror("two CPUs are needed");
        exit(1);
    }
}

struct reflector {
    int fd;
    bool stop;
    pthread_t thread;
    struct ip_endpoint at;
};

static void *reflect(void *context)
{
    enum { WIDTH = 64 };
    static uint8_t data[WIDTH][REPLY_ROOM];
    static struct sockaddr_storage from[WIDTH];
    struct reflector *reflector = context;
    struct iovec slices[WIDTH];
    struct mmsghdr messages[WIDTH] = {0};
    while (!__atomic_load_n(&reflector->stop, __ATOMIC_RELAXED)) {
        for (unsigned i = 0; i < WIDTH; i++) {
            slices[i] = (struct iovec){data[i], REPLY_ROOM};
            messages[i].msg_hdr = (struct msghdr){
                .msg_name = &from[i], .msg_namelen = sizeof from[i], .msg_iov = &slices[i], .msg_iovlen = 1};
        }
        int count = recvmmsg(reflector->fd, messages, WIDTH, MSG_WAITFORONE, NULL);
        for (int i = 0; i < count; i++) {
            // As many bytes as the shortest answer has: one A record more.
            data[i][2] |= 0x80;
            slices[i].iov_len = messages[i].msg_len + 16;
        }
        for (int sent = 0; sent < count;) {
            int done = sendmmsg(reflector->fd, messages + sent, (unsigned)(count - sent), 0);
            if (done <= 0) {
                break;
            }
            sent += done;
        }
    }
    return NULL;
}

static void start_reflector(struct reflector *reflector)
{
    struct timeval look_up = {0, 100000};
    struct sockaddr_storage address;
    int size = 4 << 20;
    ip_endpoint_parse(bytes_of("127.0.0.1:0"), &reflector->at, NULL);
    socklen_t len = ip_endpoint_to_sockaddr(&reflector->at, &address);
    reflector->stop = false;
    reflector->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    setsockopt(reflector->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    setsockopt(reflector->fd, SOL_SOCKET, SO_RCVTIMEO, &look_up, sizeof look_up);
    if (bind(reflector->fd, (struct sockaddr *)&address, len) != 0 ||
        getsockname(reflector->fd, (struct sockaddr *)&address, &len) != 0 ||
        pthread_create(&reflector->thread, NULL, reflect, reflector) != 0) {
        perror("reflector");
        exit(1);
    }
    ip_endpoint_from_sockaddr((struct sockaddr *)&address, &reflector->at);
}

static void stop_reflector(struct reflector *reflector)
{
    __atomic_store_n(&reflector->stop, true, __ATOMIC_RELAXED);
    pthread_join(reflector->thread, NULL);
    close(reflector->fd);
}

struct measured {
    double us;   // CPU time of the server for one query
    double busy; // its share of its CPU
    double good; // share of answers that are right
    uint64_t count;
};

// This thread is the load, all other CPU time of the process is the server's.
static double server_cpu(void)
{
    return clock_s(CLOCK_PROCESS_CPUTIME_ID) - clock_s(CLOCK_THREAD_CPUTIME_ID);
}

static struct measured measure(const struct queries *queries, const struct ip_endpoint *at, double seconds)
{
    static struct load load;
    load = (struct load){.queries = queries};
    double cpu = server_cpu();
    double started = clock_s(CLOCK_MONOTONIC);
    run_load(&load, at, seconds);
    double took = clock_s(CLOCK_MONOTONIC) - started;
    cpu = server_cpu() - cpu;
    double answered = load.answered > 0 ? (double)load.answered : 1;
    return (struct measured){cpu / answered * 1e6, cpu / took, (double)load.good / answered, load.answered};
}

static struct measured measure_floor(const struct queries *queries, double seconds)
{
    struct reflector reflector;
    pin(SERVER_CPU);
    start_reflector(&reflector);
    pin(LOAD_CPU);
    struct measured measured = measure(queries, &reflector.at, seconds);
    stop_reflector(&reflector);
    return measured;
}

static void keep(const struct view *view, void *context)
{
    (void)view;
    (void)context;
}

static struct measured measure_server(const struct queries *queries, const struct view *view, double seconds)
{
    struct dns_listener listener = {.place = ""};
    struct dns_server_options options = {
        .listeners = &listener,
        .listener_count = 1,
        .workers = 1,
        .tcp_connections = 16,
        .tcp_idle_ms = 10000,
    };
    struct ip_endpoint bound;
    struct error error = {0};
    struct publisher *publisher = publisher_create(keep, NULL);
    publisher_publish(publisher, view);
    ip_endpoint_parse(bytes_of("127.0.0.1:0"), &listener.at, NULL);
    struct dns_server *server = dns_server_create(&options, publisher, &bound, &error);
    if (server == NULL) {
        fprintf(stderr, "%s\n", error.text);
        exit(1);
    }
    pin(SERVER_CPU);
    dns_server_start(server);
    pin(LOAD_CPU);
    struct measured measured = measure(queries, &bound, seconds);
    dns_server_destroy(server);
    publisher_destroy(publisher);
    return measured;
}

// --- the figures -------------------------------------------------------------------------------------------

static int by_size(const void *a, const void *b)
{
    const double *x = a;
    const double *y = b;
    return (*x > *y) - (*x < *y);
}

static double median(double *values, unsigned count)
{
    qsort(values, count, sizeof *values, by_size);
    return values[count / 2];
}

static void bench(const char *name, bool routed, unsigned rounds, double seconds)
{
    static struct queries queries;
    struct buffer text;
    struct diagnostics *diagnostics = diagnostics_create();
    struct policy_options options = {.on_loopback = true};
    buffer_init(&text, 16 << 20);
    write_policy(&text, routed);
    write_queries(&queries, routed);
    struct model *model = policy_load(name, bytes_of(buffer_string(&text)), &options, diagnostics);
    if (model == NULL) {
        struct buffer why;
        buffer_init(&why, 4096);
        diagnostics_first(diagnostics, &why);
        fprintf(stderr, "%s\n", buffer_string(&why));
        exit(1);
    }
    struct locator *locator = locator_create(model);
    struct latency_table *latency = latency_table_create(model);
    struct status_table *status = status_table_create(model->health_check_count, true);
    struct view view = {model, locator, latency, status};
    double us[ROUNDS_MAX];
    double ratio[ROUNDS_MAX];
    double busy = 1;
    double good = 1;
    struct measured before = measure_floor(&queries, seconds);
    for (unsigned i = 0; i < rounds; i++) {
        struct measured server = measure_server(&queries, &view, seconds);
        struct measured after = measure_floor(&queries, seconds);
        us[i] = server.us;
        ratio[i] = server.us / ((before.us + after.us) / 2);
        busy = server.busy < busy ? server.busy : busy;
        good = server.good < good ? server.good : good;
        before = after;
    }
    double middle = median(us, rounds);
    double over = median(ratio, rounds);
    printf("dns_loopback %-16s %6.0f queries per CPU-second, %.2f us each, %.3f (%.3f-%.3f) x the floor; "
           "%.0f %% busy, %.1f %% right\n",
           name, 1e6 / middle, middle, over, ratio[0], ratio[rounds - 1], busy * 100, good * 100);
    free(status);
    latency_table_destroy(latency);
    locator_destroy(locator);
    model_destroy(model);
    diagnostics_destroy(diagnostics);
    buffer_free(&text);
}

int main(int argc, char **argv)
{
    uint32_t rounds = 5;
    uint32_t ms = 500;
    if ((argc > 1 && (!bytes_parse_u32(bytes_of(argv[1]), ROUNDS_MAX, &rounds) || rounds == 0)) ||
        (argc > 2 && !bytes_parse_u32(bytes_of(argv[2]), 60000, &ms))) {
        fprintf(stderr, "bench_dns_loopback [ROUNDS [MILLISECONDS]]\n");
        return 2;
    }
    bench("plain", false, rounds, ms / 1e3);
    bench("client subnet", true, rounds, ms / 1e3);
    return 0;
}
