package io.coordinator.testing.workload;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cache.Cache;
import io.coordinator.client.cache.Expect;
import io.coordinator.client.cache.Next;
import io.coordinator.testing.history.RegisterModel;
import io.coordinator.testing.history.RegisterModel.Input;
import io.coordinator.testing.history.RegisterModel.Output;
import java.util.Optional;
import java.util.Random;

/** Keys of the cache that are written, read, and compared by value. */
final class Registers implements Workload {
    private final Generations<Optional<String>, Input, Output> keys;

    Registers(String prefix, Checks checks, Tally tally) {
        keys = new Generations<>(prefix + "-register-", new RegisterModel(), checks, tally.of(kind()), null);
    }

    @Override
    public String kind() {
        return "registers";
    }

    @Override
    public void step(CoordinatorClient client, String name, Random random) {
        keys.use(key -> step(client.cache(), key, name, random));
    }

    private void step(Cache cache, Generation<Input, Output> key, String name, Random random) {
        String value = Parts.value(name);
        switch (random.nextInt(4)) {
            case 0 ->
                key.record(name, new Input.Write(value), () -> {
                    cache.put(key.key(), value);
                    return new Output.Done();
                });
            case 1 -> compareAndSet(cache, key, name, value, random);
            default ->
                key.record(
                        name,
                        new Input.Read(),
                        () -> new Output.Value(cache.get(key.key()).map(Parts::text)));
        }
    }

    private void compareAndSet(Cache cache, Generation<Input, Output> key, String name, String value, Random random) {
        Optional<String> expected = random.nextInt(3) == 0
                ? Optional.empty()
                : Parts.attempt(() -> cache.get(key.key())).flatMap(entry -> entry.map(Parts::text));
        Expect expect = expected.<Expect>map(Expect::value).orElse(Expect.absent());
        key.record(
                name,
                new Input.CompareAndSet(expected, value),
                () -> new Output.Compared(cache.compareAndSet(key.key(), expect, Next.value(value))
                        .applied()));
    }

    @Override
    public void finish(CoordinatorClient client) {
        keys.finish();
    }
}
