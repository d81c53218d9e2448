package io.coordinator.testing.workload;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cache.Cache;
import io.coordinator.client.cache.CasResult;
import io.coordinator.client.cache.Entry;
import io.coordinator.client.cache.Expect;
import io.coordinator.client.cache.Next;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.testing.history.EntryModel;
import io.coordinator.testing.history.EntryModel.Input;
import io.coordinator.testing.history.EntryModel.Output;
import io.coordinator.testing.history.Operation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Keys of the cache with their revisions and versions, which are watched. */
final class Entries implements Workload {
    private final Watches<Input, Output> watches;
    private final Generations<EntryModel.State, Input, Output> keys;

    Entries(String prefix, Checks checks, Tally tally) {
        String names = prefix + "-entry-";
        watches = new Watches<>(WatchOptions.cachePrefix(names), Entries::fault, checks);
        keys = new Generations<>(names, new EntryModel(), checks, tally.of(kind()), watches);
    }

    Watches<Input, Output> watches() {
        return watches;
    }

    @Override
    public String kind() {
        return "entries";
    }

    @Override
    public void step(CoordinatorClient client, String name, Random random) {
        keys.use(key -> step(client.cache(), key, name, random));
    }

    private static void step(Cache cache, Generation<Input, Output> key, String name, Random random) {
        switch (random.nextInt(6)) {
            case 0 -> put(cache, key, name);
            case 1 -> key.record(name, new Input.Delete(), () -> new Output.Deleted(cache.delete(key.key())));
            case 2, 3 -> compareAndSet(cache, key, name);
            default ->
                key.record(
                        name,
                        new Input.Get(),
                        () -> new Output.Got(cache.get(key.key()).map(Entries::entry)));
        }
    }

    private static Optional<Output> put(Cache cache, Generation<Input, Output> key, String name) {
        String value = Parts.value(name);
        return key.record(name, new Input.Put(value), () -> new Output.Written(cache.put(key.key(), value)));
    }

    private static void compareAndSet(Cache cache, Generation<Input, Output> key, String name) {
        String value = Parts.value(name);
        long revision = Parts.attempt(() -> cache.get(key.key()))
                .flatMap(entry -> entry.map(Entry::revision))
                .orElse(0L);
        key.record(name, new Input.CompareAndSet(revision, value), () -> {
            CasResult result = cache.compareAndSet(key.key(), Expect.revision(revision), Next.value(value));
            return new Output.Compared(result.applied(), result.current().map(Entries::entry));
        });
    }

    private static EntryModel.Entry entry(Entry entry) {
        return new EntryModel.Entry(Parts.text(entry), entry.revision(), entry.version());
    }

    /** The last key has one write, which tells the watches that all before is over. */
    @Override
    public void finish(CoordinatorClient client) {
        keys.finish();
        long last = watches.newest();
        keys.use(key -> put(client.cache(), key, "last"));
        keys.finish();
        watches.await(last);
    }

    /** Every acknowledged write and delete is heard, and nothing that nobody can have written (B-09). */
    private static Optional<String> fault(List<Operation<Input, Output>> operations, List<ChangeEvent> heard) {
        Map<Long, String> unexplained = new HashMap<>();
        long deletions = 0;
        for (ChangeEvent event : heard) {
            if (event.kind() == ChangeEvent.Kind.PUT) {
                unexplained.put(event.revision(), event.value().orElseThrow().asText());
            } else {
                deletions++;
            }
        }
        long unknown = 0;
        for (Operation<Input, Output> operation : operations) {
            Optional<EntryModel.Entry> written = written(operation);
            if (written.isPresent()
                    && !written.get()
                            .value()
                            .equals(unexplained.remove(written.get().revision()))) {
                return Optional.of("it did not hear of " + operation);
            }
            unknown += operation.output().isEmpty() ? 1 : 0;
            deletions -= operation.output().equals(Optional.of(new Output.Deleted(true))) ? 1 : 0;
        }
        if (deletions < 0 || unexplained.size() + deletions > unknown) {
            return Optional.of("it heard " + unexplained + " which nobody wrote, or " + deletions
                    + " deletions too many; outcomes unknown: " + unknown);
        }
        return Optional.empty();
    }

    private static Optional<EntryModel.Entry> written(Operation<Input, Output> operation) {
        Output output = operation.output().orElse(null);
        if (operation.input() instanceof Input.Put put && output instanceof Output.Written written) {
            return Optional.of(new EntryModel.Entry(put.value(), written.revision(), 0));
        }
        return output instanceof Output.Compared compared && compared.applied() ? compared.current() : Optional.empty();
    }
}
