package io.coordinator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.builds.AsyncBuilds;
import io.coordinator.client.builds.BuildOptions;
import io.coordinator.client.builds.BuildStatus;
import io.coordinator.client.builds.Builds;
import io.coordinator.client.builds.JobClaim;
import io.coordinator.client.builds.L1Options;
import io.coordinator.client.builds.OnceOptions;
import io.coordinator.client.builds.ReadThroughCache;
import io.coordinator.client.builds.ReadThroughOptions;
import io.coordinator.client.cache.Cache;
import io.coordinator.client.cache.CacheSettings;
import io.coordinator.client.cache.CasResult;
import io.coordinator.client.cache.Entry;
import io.coordinator.client.cache.Expect;
import io.coordinator.client.cache.KeyPage;
import io.coordinator.client.cache.Next;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The examples of docs/cache.md and docs/builds.md, against three servers. */
@CoordinatorCluster
class CachesTest {
    record Report(String name, int rows) {}

    @Test
    @Feature({"PM-CACHE-1", "PM-CACHE-10", "PM-CACHE-11", "PM-CACHE-12", "PM-ATOM-1", "PM-ATOM-6"})
    void cache(CoordinatorClient client) {
        // spotless:off
        // snippet: cache-put
        Cache cache = client.namespace("prices").cache();
        long revision = cache.put("book", Map.of("eur", 30));
        cache.put("offer", 12, PutOptions.ttl(Duration.ofMinutes(5)));
        cache.put("visitor/7", "here", PutOptions.sliding(Duration.ofMinutes(10)));   // from its last access
        Optional<Entry> book = cache.get("book");
        boolean existed = cache.delete("offer");
        // end
        // snippet: cache-many
        cache.putAll(Map.of("a", 1, "b", 2));                      // in one step
        Map<String, Entry> both = cache.getAll(List.of("a", "b", "missing"));   // at one revision, without the missing one
        KeyPage keys = cache.keys("visitor/", "", 100);
        long cleared = cache.clear("visitor/");                    // one change, however many keys
        // end
        // snippet: cache-count
        long visits = cache.increment("visits", 1);                 // exactly once, also across failovers
        CasResult swapped = cache.compareAndSet("visits", Expect.value(visits), Next.value(0));
        Next me = Next.value("me").ttlIfCreated(Duration.ofSeconds(30));
        CasResult claimed = cache.compareAndSet("leader", Expect.absent(), me);
        CasResult moved = cache.compareAndSet("book", Expect.revision(revision), Next.delete());
        // end
        // snippet: cache-bounds
        cache.configure(CacheSettings.unbounded().maxEntries(10_000).maxBytes(64 << 20).defaultTtl(Duration.ofHours(1)));
        // end
        // snippet: cache-map
        ConcurrentMap<String, Integer> stock = client.namespace("stock").cache().asMap(Integer.class);
        stock.merge("book", 5, Integer::sum);
        // end
        // spotless:on
        assertThat(book.orElseThrow().value().get("eur").intValue()).isEqualTo(30);
        assertThat(existed).isTrue();
        assertThat(both.keySet()).containsExactly("a", "b");
        assertThat(keys.keys()).containsExactly("visitor/7");
        assertThat(cleared).isOne();
        assertThat(List.of(swapped, claimed, moved)).allMatch(CasResult::applied);
        assertThat(cache.settings().maxEntries()).isEqualTo(10_000);
        assertThat(stock).containsEntry("book", 5);
    }

    @Test
    @Feature({"JC-BOR-1", "B-32", "EL-USE-1"})
    void builds(CoordinatorClient client) {
        // spotless:off
        // snippet: build-get
        Builds builds = client.namespace("reports").builds();
        Report report =
                builds.getOrBuild("2026-11", Report.class, build -> new Report("november", 42), Duration.ofMinutes(10));
        // end
        // snippet: build-context
        Report careful = builds.getOrBuild("2026-12", Report.class, context -> {
            for (int done = 0; done < 100 && !context.isCancelled(); done += 50) {
                context.progress(Map.of("percent", done));         // shown by builds.status(key)
            }
            return new Report("written under token " + context.token(), 1);   // show the token to what you change elsewhere
        }, BuildOptions.timeout(Duration.ofMinutes(10)).ttl(Duration.ofDays(1)));
        // end
        // snippet: build-options
        BuildOptions options = BuildOptions.timeout(Duration.ofMinutes(10))
                .waitTimeout(Duration.ofSeconds(30))               // for another builder
                .ttl(Duration.ofHours(6))                          // or sliding(…)
                .refreshAfter(Duration.ofHours(1))                 // one builds it anew, all others get what there is
                .cacheFailures(Duration.ofSeconds(10))             // nobody hammers what is broken
                .takeOverOnFailure();                              // build if the builder fails, instead of failing with it
        // end
        // snippet: build-once
        boolean ranHere = builds.runOnce("migrate-to-v7", context -> System.out.println("migrating"), Duration.ofMinutes(30));
        builds.runOnce("nightly-2026-11-29", context -> System.out.println("summing up"),
                OnceOptions.timeout(Duration.ofHours(2)).keepFor(Duration.ofDays(7)));
        // end
        // snippet: build-admin
        builds.put("2026-10", new Report("october", 7), PutOptions.ttl(Duration.ofDays(1)));   // without building
        Report stored = builds.get("2026-10", Report.class);
        Report awaited = builds.get("2026-10", Report.class, Duration.ofSeconds(5));   // waits for a build, never builds
        BuildStatus.State state = builds.status("2026-10").state();
        builds.delete("2026-10");
        builds.clear("2026-");
        // end
        // spotless:on
        assertThat(report).isEqualTo(new Report("november", 42));
        assertThat(careful).isNotNull();
        assertThat(options.refreshAfter()).contains(Duration.ofHours(1));
        assertThat(ranHere).isTrue();
        assertThat(stored).isEqualTo(new Report("october", 7)).isEqualTo(awaited);
        assertThat(state).isEqualTo(BuildStatus.State.EXISTS);
    }

    @Test
    @Feature({"JC-FAC-1", "JC-L1-1", "DL-FAN-1", "DL-PUSH-1"})
    void readThroughAndJobsForAll(CoordinatorClient client) {
        List<String> heard = new CopyOnWriteArrayList<>();
        // spotless:off
        // snippet: read-through
        ReadThroughOptions<Integer, Report> settings = ReadThroughOptions.of("customers", Integer.class, Report.class)
                .slidingExpiry(Duration.ofMinutes(10))
                .l1(L1Options.defaults());                         // copies near the caller
        try (ReadThroughCache<Integer, Report> customers = client.readThroughCache(settings)) {
            Report one = customers.buildOrRetrieve(7, context -> new Report("customer 7", 7), Duration.ofSeconds(10));
            Report fresh = customers.linearizable().get(7);        // always asks the cluster
            System.out.println(one + " and " + fresh);
        }
        // end
        // snippet: share
        AsyncBuilds jobs = client.async().builds();
        CompletionStage<Integer> total = jobs.shareAsync("nightly-sum", Integer.class, context -> 1 + 2, Duration.ofMinutes(1));
        // end
        // snippet: claim
        CompletionStage<JobClaim> claimed = jobs.claimAsync("import", Duration.ofMinutes(1));
        claimed.thenAccept(claim -> {
            claim.job().ifPresent(job -> job.complete(17));   // whoever is the owner does it, and says so
            claim.outcome().thenAccept(result -> heard.add("imported " + result));
        });
        // end
        // spotless:on
        assertThat(total.toCompletableFuture().join()).isEqualTo(3);
        assertThat(claimed.toCompletableFuture().join().job()).isPresent();
        Awaitility.await().until(() -> heard.size() == 1);
        assertThat(heard).containsExactly("imported 17");
    }
}
