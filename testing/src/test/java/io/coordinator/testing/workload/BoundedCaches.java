package io.coordinator.testing.workload;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cache.Cache;
import io.coordinator.client.cache.CacheSettings;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.error.CoordinatorException;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Evicts, slides and expires all the time; that the replicas agree on what is left, their digests show. */
final class BoundedCaches implements Workload {
    private static final int KEYS = 20;

    private final String namespace;
    private final Tally.Counts counts;

    BoundedCaches(String prefix, Tally tally) {
        namespace = prefix + "-bounded";
        counts = tally.of(kind());
    }

    @Override
    public String kind() {
        return "bounded";
    }

    @Override
    public void step(CoordinatorClient client, String name, Random random) {
        try {
            step(client.namespace(namespace).cache(), random);
            counts.answered.increment();
        } catch (CoordinatorException e) {
            (e.outcomeUnknown() ? counts.unknown : counts.refused).increment();
        }
    }

    private static void step(Cache cache, Random random) {
        String key = "k" + random.nextInt(KEYS);
        switch (random.nextInt(7)) {
            case 0 -> cache.put(key, random.nextInt(), PutOptions.sliding(Duration.ofMillis(200)));
            case 1 -> cache.put(key, random.nextInt(), PutOptions.ttl(Duration.ofMillis(150)));
            case 2 -> cache.put(key, random.nextInt());
            case 3 -> cache.delete(key);
            case 4 -> readOrConfigure(cache, key, random);
            default -> cache.getAll(List.of(key, "k1", "k2"));
        }
    }

    private static void readOrConfigure(Cache cache, String key, Random random) {
        if (random.nextInt(10) > 0) {
            cache.get(key);
        } else {
            cache.configure(
                    CacheSettings.unbounded().maxEntries(random.nextInt(12)).maxBytes(random.nextInt(2) * 60L));
        }
    }
}
