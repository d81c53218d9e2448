package io.coordinator.testing.workload;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.testing.history.CounterModel;
import java.util.Random;

/** Numbers of the cache that are added to. */
final class Counters implements Workload {
    private final Generations<Long, CounterModel.Add, Long> keys;

    Counters(String prefix, Checks checks, Tally tally) {
        keys = new Generations<>(prefix + "-counter-", new CounterModel(), checks, tally.of(kind()), null);
    }

    @Override
    public String kind() {
        return "counters";
    }

    @Override
    public void step(CoordinatorClient client, String name, Random random) {
        long by = random.nextInt(3);
        keys.use(key ->
                key.record(name, new CounterModel.Add(by), () -> client.cache().increment(key.key(), by)));
    }

    @Override
    public void finish(CoordinatorClient client) {
        keys.finish();
    }
}
