// SPDX-License-Identifier: MIT
#include "walk.h"

#include "core/population/caches.h"

struct client {
    const struct walk *walk;
    int64_t now;
    // the resolver
    unsigned heard; // the change that its answer is of
    int64_t resolver_until;
    // the client's own cache
    unsigned kept;
    int64_t cache_until;
    // what is used
    uint32_t site;
    int64_t connection_until;
};

static int64_t add(int64_t at, duration by)
{
    return by > INT64_MAX - at ? INT64_MAX : at + by;
}

// How many turns there were up to then.
static unsigned turns_until(const struct cache_outages *outages, int64_t at)
{
    unsigned least = 0;
    unsigned most = outages->count;
    while (least < most) {
        unsigned middle = least + (most - least) / 2;
        if (outages->times[middle] <= at) {
            least = middle + 1;
        } else {
            most = middle;
        }
    }
    return least;
}

bool outage_at(const struct cache_outages *outages, int64_t at)
{
    return turns_until(outages, at) % 2 == 1;
}

int64_t outage_next(const struct cache_outages *outages, int64_t after)
{
    unsigned turn = turns_until(outages, after);
    return turn < outages->count ? outages->times[turn] : INT64_MAX;
}

static bool works(const struct client *client, uint32_t site, int64_t at)
{
    return site != CACHES_NO_SITE && !outage_at(&client->walk->outages[site], at);
}

// A cache that is filled at the moment of a change gets the old answer.
static unsigned answer_at(const struct cache_timeline *timeline, unsigned from, int64_t at)
{
    while (from + 1 < timeline->count && timeline->changes[from + 1].at < at) {
        from++;
    }
    return from;
}

static int64_t next_change(const struct cache_timeline *timeline, unsigned heard)
{
    return heard + 1 < timeline->count ? timeline->changes[heard + 1].at : INT64_MAX;
}

duration walk_resolver_keeps(const struct resolver_kind *resolver, duration ttl)
{
    duration kept = ttl < resolver->ttl_least ? resolver->ttl_least : ttl;
    kept = kept > resolver->ttl_most ? resolver->ttl_most : kept;
    kept = add(kept, resolver->stale);
    return kept < CACHES_TICK ? CACHES_TICK : kept;
}

// The resolver has many clients, so it asked whenever an answer expired. As long as the answer is the same
// the times are a row.
static void refresh_resolver(struct client *client)
{
    const struct cache_timeline *timeline = client->walk->timeline;
    while (client->resolver_until <= client->now) {
        duration keeps = walk_resolver_keeps(client->walk->resolver, timeline->changes[client->heard].ttl);
        int64_t same_until = next_change(timeline, client->heard);
        same_until = same_until < client->now ? same_until : client->now;
        if (client->resolver_until < same_until) {
            int64_t times = (same_until - client->resolver_until) / keeps;
            client->resolver_until += times * keeps;
        }
        client->heard = answer_at(timeline, client->heard, client->resolver_until);
        keeps = walk_resolver_keeps(client->walk->resolver, timeline->changes[client->heard].ttl);
        client->resolver_until = add(client->resolver_until, keeps);
    }
}

static int64_t keep_until(const struct client *client)
{
    const struct client_class *class = client->walk->class;
    duration left = client->resolver_until - client->now;
    switch (class->cache) {
    case CLIENT_CACHE_NONE:
        break;
    case CLIENT_CACHE_TTL:
        left = left < class->cache_least ? class->cache_least : left;
        left = left > class->cache_most ? class->cache_most : left;
        return add(client->now, left);
    case CLIENT_CACHE_FIXED:
        return add(client->now, class->cache_least);
    }
    return client->resolver_until; // until then the resolver says the same
}

static uint32_t look_up(struct client *client)
{
    if (client->cache_until <= client->now) {
        refresh_resolver(client);
        client->kept = client->heard;
        client->cache_until = keep_until(client);
    }
    return client->walk->timeline->changes[client->kept].site;
}

static void reconnect(struct client *client)
{
    client->site = look_up(client);
    client->connection_until = works(client, client->site, client->now)
                                   ? add(client->now, client->walk->class->connection)
                                   : client->now;
}

// Nothing new can happen before: no cache expires, no connection ends, the site neither dies nor comes back.
static int64_t next_event(const struct client *client)
{
    int64_t turn = client->site != CACHES_NO_SITE
                       ? outage_next(&client->walk->outages[client->site], client->now)
                       : INT64_MAX;
    int64_t end = client->connection_until > client->now ? client->connection_until : client->cache_until;
    return turn < end ? turn : end;
}

// How long the client keeps the same answer each time; 0 when that varies. tied: it asks when its resolver
// does.
static duration steady_life(const struct client *client, bool *tied)
{
    const struct client_class *class = client->walk->class;
    duration keeps =
        walk_resolver_keeps(client->walk->resolver, client->walk->timeline->changes[client->heard].ttl);
    *tied = client->cache_until == client->resolver_until && class->cache != CLIENT_CACHE_FIXED;
    if (*tied) {
        return keeps;
    }
    bool own = class->cache == CLIENT_CACHE_FIXED ||
               (class->cache == CLIENT_CACHE_TTL && class->cache_least >= keeps);
    return own ? class->cache_least : 0;
}

// While everything is as Route 53 says, caches are filled again and again with the same: skips to the last
// time before something happens.
static void skip_the_same(struct client *client)
{
    const struct walk *walk = client->walk;
    int64_t until = next_change(walk->timeline, client->kept);
    bool tied;
    duration life = steady_life(client, &tied);
    until = until < walk->end ? until : walk->end;
    if (walk->class->connection != 0 || client->heard != client->kept || life == 0 ||
        client->cache_until >= until) {
        return;
    }
    int64_t skipped = (until - client->cache_until) / life * life;
    client->cache_until += skipped;
    client->resolver_until += tied ? skipped : 0;
}

void walk_client(const struct walk *walk, const struct walk_phases *phases)
{
    struct client client = {
        .walk = walk,
        .now = walk->start,
        .resolver_until = add(walk->start, phases->resolver),
        .cache_until = add(walk->start, phases->cache),
        .site = walk->timeline->changes[0].site,
        .connection_until = add(walk->start, phases->connection),
    };
    int64_t since = walk->start;
    while (client.now < walk->end) {
        uint32_t before = client.site;
        client.now = next_event(&client);
        if (client.now >= walk->end) {
            break;
        }
        if (client.connection_until <= client.now || !works(&client, client.site, client.now)) {
            reconnect(&client);
        }
        if (client.site != before) {
            walk->used(walk->context, since, client.now, before);
            since = client.now;
        } else {
            skip_the_same(&client);
        }
    }
    walk->used(walk->context, since, walk->end, client.site);
}
