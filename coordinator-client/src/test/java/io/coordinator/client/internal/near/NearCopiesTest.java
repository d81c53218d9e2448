package io.coordinator.client.internal.near;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.builds.L1Options;
import io.coordinator.client.builds.L1Store;
import io.coordinator.client.internal.net.Loop;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchListener;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NearCopiesTest {
    private static final int ROUNDS = 1_000;

    private final List<WatchListener> listeners = new ArrayList<>();
    private volatile boolean current;
    private final Map<String, Object> stored = new ConcurrentHashMap<>();
    private final NearCopies<String> near = near(L1Options.defaults().store(new MapStore()));

    private NearCopies<String> near(L1Options options) {
        return new NearCopies<>(
                "ns", options, new NearCopies.Surroundings(new StillLoop(), Runnable::run, this::watch));
    }

    private Subscription watch(WatchOptions options, WatchListener listener) {
        listeners.add(listener);
        return new FakeWatch();
    }

    private void caughtUp(long revision) {
        near.onCaughtUp(revision);
        current = true;
    }

    private static Copy<String> copy(long revision) {
        return new Copy<>("r" + revision, revision, 0, false);
    }

    private void change(String key, ChangeEvent.Kind kind, long revision) {
        near.onChange(new ChangeEvent(revision, ChangeEvent.Data.BUILD, "ns", key, kind, null));
    }

    private @Nullable String value(String key) {
        Copy<String> copy = near.get(key);
        return copy == null ? null : copy.value();
    }

    @Test
    @Feature({"JC-L1-3", "JC-L1-4", "JC-L1-8"})
    void aCopyIsHeldUntilItsKeyChanges() {
        caughtUp(5);
        near.offer("k", copy(3), 6);
        assertThat(value("k")).isEqualTo("r3");
        for (ChangeEvent.Kind kind : List.of(
                ChangeEvent.Kind.STARTED, ChangeEvent.Kind.PROGRESS, ChangeEvent.Kind.FAILED, ChangeEvent.Kind.LOST)) {
            change("k", kind, 7);
        }
        assertThat(value("k")).isEqualTo("r3");
        long revision = 8;
        for (ChangeEvent.Kind kind : List.of(
                ChangeEvent.Kind.PUT,
                ChangeEvent.Kind.COMPLETED,
                ChangeEvent.Kind.DELETED,
                ChangeEvent.Kind.EXPIRED,
                ChangeEvent.Kind.EVICTED,
                ChangeEvent.Kind.OTHER)) {
            change("k", kind, ++revision);
            assertThat(value("k")).as(kind.name()).isNull();
            near.offer("k", copy(revision), revision);
            assertThat(value("k")).isNotNull();
        }
        change("k", ChangeEvent.Kind.COMPLETED, revision);
        assertThat(value("k")).as("news of the very value").isNotNull();
    }

    @Test
    @Feature({"S-58", "JC-L1-7"})
    void whatWasFetchedBeforeTheNewsIsNotHeld() {
        caughtUp(5);
        change("k", ChangeEvent.Kind.DELETED, 11);
        change("k", ChangeEvent.Kind.COMPLETED, 12);
        near.offer("k", copy(10), 10);
        assertThat(value("k")).isNull();
        near.offer("k", copy(12), 12);
        assertThat(value("k")).isEqualTo("r12");
        near.offer("old", copy(2), 4);
        assertThat(value("old")).as("fetched before the watch knew anything").isNull();
    }

    @Test
    @Feature({"S-58", "JC-L1-7"})
    void ofForgottenNewsTheLatestRevisionIsKnown() {
        caughtUp(5);
        change("k", ChangeEvent.Kind.DELETED, 6);
        for (int i = 0; i < 10_000; i++) {
            change("other-" + i, ChangeEvent.Kind.PUT, 10 + i);
        }
        near.offer("k", copy(5), 5);
        assertThat(value("k")).isNull();
        near.offer("k", copy(7), 9_000);
        assertThat(value("k")).isEqualTo("r7");
    }

    @Test
    @Feature({"S-58", "JC-L1-7"})
    void noInterleavingOfAFetchAndNewsLeavesAnOldCopy() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        caughtUp(1);
        CyclicBarrier together = new CyclicBarrier(3);
        for (int round = 0; round < ROUNDS; round++) {
            long old = 10L * round + 10;
            int delay = random.nextInt(300);
            CompletableFuture<Void> slow = raced(together, delay, () -> near.offer("k", copy(old), old));
            CompletableFuture<Void> fast =
                    raced(together, random.nextInt(300), () -> near.offer("k", copy(old + 2), old + 2));
            together.await();
            change("k", ChangeEvent.Kind.DELETED, old + 1);
            change("k", ChangeEvent.Kind.COMPLETED, old + 2);
            slow.join();
            fast.join();
            assertThat(value("k")).as("round " + round).isIn("r" + (old + 2), null);
        }
    }

    @Test
    @Feature({"S-59", "JC-L1-6"})
    void noInterleavingOfACutAndAFetchLeavesAnOldCopy() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        caughtUp(1);
        CyclicBarrier together = new CyclicBarrier(3);
        for (int round = 0; round < ROUNDS; round++) {
            long old = 10L * round + 10;
            near.offer("k", copy(old), old);
            CompletableFuture<Void> fetching =
                    raced(together, random.nextInt(300), () -> near.offer("k", copy(old), old));
            List<String> usedWhileCut = new ArrayList<>();
            CompletableFuture<Void> reading = raced(together, random.nextInt(300), () -> {
                boolean wasCut = !current;
                String read = value("k");
                if (wasCut && !current && read != null) {
                    usedWhileCut.add(read);
                }
            });
            together.await();
            current = false;
            for (int i = random.nextInt(300); i > 0; i--) {
                Thread.onSpinWait();
            }
            // What was changed meanwhile is told before the watch is current again.
            change("k", ChangeEvent.Kind.COMPLETED, old + 1);
            current = true;
            assertThat(value("k")).as("round " + round).isNull();
            fetching.join();
            reading.join();
            assertThat(value("k")).as("round " + round).isNull();
            assertThat(usedWhileCut).isEmpty();
        }
    }

    private static CompletableFuture<Void> raced(CyclicBarrier together, int spins, Runnable action) {
        return CompletableFuture.runAsync(() -> {
            try {
                together.await();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            for (int i = 0; i < spins; i++) {
                Thread.onSpinWait();
            }
            action.run();
        });
    }

    @Test
    @Feature({"S-59", "JC-L1-6"})
    void withoutACurrentWatchNoCopyIsUsed() {
        caughtUp(5);
        near.offer("k", copy(6), 6);
        current = false;
        assertThat(value("k")).isNull();
        change("k", ChangeEvent.Kind.COMPLETED, 7);
        current = true;
        assertThat(value("k")).isNull();
    }

    @Test
    @Feature({"S-59", "JC-L1-6"})
    void missedNewsEmptyTheStore() {
        caughtUp(5);
        near.offer("k", copy(6), 6);
        near.onCompacted(50);
        assertThat(listeners).hasSize(2);
        assertThat(stored).isEmpty();
        near.offer("k", copy(6), 60);
        assertThat(value("k")).as("nobody knows what was missed").isNull();
        near.onCaughtUp(70);
        near.offer("k", copy(6), 70);
        assertThat(value("k")).isEqualTo("r6");
    }

    @Test
    @Feature({"S-56", "JC-L1-5"})
    void aCopyEndsWithItsTime() {
        caughtUp(5);
        near.offer("gone", new Copy<>("x", 6, System.nanoTime() - 1, true), 6);
        near.offer("good", new Copy<>("x", 6, System.nanoTime() + 60_000_000_000L, true), 6);
        assertThat(value("gone")).isNull();
        assertThat(value("good")).isEqualTo("x");
    }

    @Test
    @Feature({"JC-L1-1", "JC-L1-2", "S-57"})
    void theBuiltInStoreHoldsNullsBoundsItselfAndPurges() {
        current = true;
        CaffeineStore store = new CaffeineStore(10);
        for (int i = 0; i < 1_000; i++) {
            store.put("k" + i, new Copy<>(null, 1, System.nanoTime() - 1, true));
        }
        long held = 0;
        for (int i = 0; i < 1_000; i++) {
            held += store.get("k" + i) == null ? 0 : 1;
        }
        assertThat(held).isBetween(1L, 10L);
        store.put("lasting", new Copy<>(null, 1, 0, false));
        store.purge(System.nanoTime());
        assertThat(store.get("lasting")).isNotNull();
        store.clear();
        assertThat(store.get("lasting")).isNull();
    }

    @Test
    @Feature("JC-CLS-1")
    void aClosedOneHoldsNothing() {
        caughtUp(5);
        near.offer("k", copy(6), 6);
        near.close();
        near.offer("k", copy(6), 6);
        assertThat(stored).isEmpty();
    }

    private final class MapStore implements L1Store {
        @Override
        public @Nullable Object get(String key) {
            return stored.get(key);
        }

        @Override
        public void put(String key, Object copy) {
            stored.put(key, copy);
        }

        @Override
        public void remove(String key) {
            stored.remove(key);
        }

        @Override
        public void clear() {
            stored.clear();
        }
    }

    private final class FakeWatch implements Subscription {
        @Override
        public CompletionStage<Long> started() {
            return CompletableFuture.completedFuture(0L);
        }

        @Override
        public boolean isActive() {
            return true;
        }

        @Override
        public boolean isCurrent() {
            return current;
        }

        @Override
        public long lastRevision() {
            return 0;
        }

        @Override
        public void close() {}
    }

    /** On which nothing happens by itself. */
    private static final class StillLoop implements Loop {
        @Override
        public boolean inLoop() {
            return true;
        }

        @Override
        public boolean offer(Runnable task) {
            task.run();
            return true;
        }

        @Override
        public Timer schedule(Runnable task, long delayNanos) {
            return Timer.NONE;
        }

        @Override
        public void close() {}
    }
}
