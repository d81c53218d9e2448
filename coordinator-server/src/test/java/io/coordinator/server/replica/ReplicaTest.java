package io.coordinator.server.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coordinator.protocol.Entry;
import io.coordinator.state.Coordinator;
import io.coordinator.state.Limits;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Reads give the state back in time. */
@Feature("C-08")
class ReplicaTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Queue<Runnable> helper = new ArrayDeque<>();
    private final Replica replica = new Replica(new Coordinator(Limits.DEFAULT), helper::add, nanos::get);

    @Test
    void aTurnIsOverAfterAMillisecond() {
        read(turn -> {
            nanos.addAndGet(999_999);
            assertThat(turn.isOver()).isFalse();
            nanos.addAndGet(1);
            assertThat(turn.isOver()).isTrue();
        });
    }

    @Test
    void aTurnIsOverWhenAnEntryWaits() throws InterruptedException {
        Thread applier = new Thread(() -> replica.locked(core -> core));
        read(turn -> {
            assertThat(turn.isOver()).isFalse();
            applier.start();
            await().until(turn::isOver);
        });
        applier.join();
    }

    @Test
    void aReaderLeavesLongReadsToTheHelper() {
        AtomicLong evaluated = new AtomicLong();
        read(turn -> {
            for (int i = 0; i < 20; i++) {
                read(later -> {
                    evaluated.incrementAndGet();
                    nanos.addAndGet(1_000_000);
                });
            }
        });
        assertThat(evaluated).hasValue(5);
        helper.remove().run();
        assertThat(evaluated).hasValue(20);
        assertThat(helper).isEmpty();
    }

    @Test
    void whoAppliesEntriesLeavesReadsToTheHelper() throws InterruptedException {
        AtomicLong evaluated = new AtomicLong();
        Thread applier = new Thread(() -> {
            replica.apply(1, Entry.getDefaultInstance());
            read(turn -> evaluated.incrementAndGet());
            read(turn -> evaluated.incrementAndGet());
        });
        applier.start();
        applier.join();
        assertThat(evaluated).hasValue(0);
        assertThat(helper).as("asked once").hasSize(1);
        helper.remove().run();
        assertThat(evaluated).hasValue(2);
    }

    private void read(Consumer<ReadTurn> look) {
        replica.read(new ReadTask() {
            @Override
            public void evaluate(Coordinator core, ReadTurn turn) {
                look.accept(turn);
            }

            @Override
            public void evaluated() {}
        });
    }
}
