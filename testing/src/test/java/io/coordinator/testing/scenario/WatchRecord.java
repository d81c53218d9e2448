package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.ChangeEvent;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.CoordinatorException;
import io.coordinator.client.Subscription;
import io.coordinator.client.WatchListener;
import io.coordinator.client.WatchOptions;
import io.coordinator.testing.history.EntryModel;
import io.coordinator.testing.history.Operation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/** What a watch heard of a prefix while the cluster was broken, and what it should have heard. */
final class WatchRecord implements AutoCloseable {
    private final ConcurrentLinkedQueue<ChangeEvent> events = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> endings = new ConcurrentLinkedQueue<>();
    private final Subscription subscription;

    private WatchRecord(CoordinatorClient client, String prefix) {
        subscription = client.watch(WatchOptions.cachePrefix(prefix), new WatchListener() {
            @Override
            public void onChange(ChangeEvent event) {
                events.add(event);
            }

            @Override
            public void onCompacted(long oldestRevision) {
                endings.add("compacted up to " + oldestRevision);
            }

            @Override
            public void onError(CoordinatorException error) {
                endings.add(error.toString());
            }
        });
    }

    /** Watches every key with a prefix from now on. */
    static WatchRecord start(CoordinatorClient client, String prefix) {
        WatchRecord record = new WatchRecord(client, prefix);
        Waiting.get(record.subscription.started());
        return record;
    }

    /** Waits until the watch has heard of a change. */
    void await(String key) {
        Waiting.await("the change of " + key)
                .until(() -> events.stream().anyMatch(event -> event.key().equals(key)));
    }

    /** Checks that the changes came in order, once each, and that no acknowledged write is missing (B-09). */
    void check(List<Operation<EntryModel.Input, EntryModel.Output>> writes, String title) {
        assertThat(endings).as(title).isEmpty();
        List<ChangeEvent> heard = new ArrayList<>(events);
        assertThat(heard.stream().map(ChangeEvent::revision)).as(title).isSorted();
        Map<String, Set<Long>> byKey = new TreeMap<>();
        for (ChangeEvent event : heard) {
            boolean first =
                    byKey.computeIfAbsent(event.key(), key -> new HashSet<>()).add(event.revision());
            assertThat(first).as("%s: heard twice: %s", title, event).isTrue();
        }
        for (Operation<EntryModel.Input, EntryModel.Output> write : writes) {
            if (write.output().orElse(null) instanceof EntryModel.Output.Written written) {
                assertThat(byKey.getOrDefault(write.key(), Set.of()))
                        .as("%s: %s, heard of %s", title, write, around(heard, written.revision()))
                        .contains(written.revision());
            }
        }
    }

    private static String around(List<ChangeEvent> heard, long revision) {
        return heard.stream()
                .filter(event -> Math.abs(event.revision() - revision) < 5)
                .map(String::valueOf)
                .collect(Collectors.joining(", "));
    }

    @Override
    public void close() {
        subscription.close();
    }
}
