package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.ConfigureQueue;
import io.coordinator.protocol.DeleteQueue;
import io.coordinator.protocol.GetStats;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.QueueSettings;
import io.coordinator.protocol.SessionQuery;
import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.Test;

/** Queues are counted with what is derived from them, or very many empty ones would fill the heap unseen. */
@Feature({"B-26", "C-09"})
class QueueHeapTest extends JobScript {
    private static final int QUEUES = 200;
    /** What one that has no jobs was seen to take, its row and its orders. */
    private static final long HEAP = 1_300;

    private long stateBytes() {
        return query(Query.newBuilder().setSession(SessionQuery.newBuilder().setStats(GetStats.getDefaultInstance())))
                .getSession()
                .getStats()
                .getStateBytes();
    }

    @Test
    void anEmptyQueueIsCountedWithItsOrders() {
        session("a");
        long before = stateBytes();
        for (int i = 0; i < QUEUES; i++) {
            String queue = "q" + i;
            session("a").acks(session("a").sent().getSeq());
            session("a").send(command(queue, b -> b.setConfigure(configuration())));
        }
        assertThat((stateBytes() - before) / QUEUES).isBetween(HEAP, 2 * HEAP);
        for (int i = 0; i < QUEUES; i++) {
            String queue = "q" + i;
            session("a").acks(session("a").sent().getSeq());
            session("a").send(command(queue, b -> b.setDelete(DeleteQueue.getDefaultInstance())));
        }
        drain();
        assertThat(stateBytes() - before).isLessThan(HEAP);
    }

    private static ConfigureQueue.Builder configuration() {
        return ConfigureQueue.newBuilder()
                .setSettings(QueueSettings.newBuilder().setConcurrencyMax(3));
    }
}
