package io.coordinator.server.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

@Feature("PM-EVT-2")
class ServerEventsTest {
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final CountDownLatch go = new CountDownLatch(1);

    private final class Recorder implements ServerListener {
        @Override
        public void connected(long sessionId) {
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            heard.add("connected " + sessionId);
        }

        @Override
        public void dropping(long sessionId) {
            heard.add("dropping " + sessionId);
        }

        @Override
        public void persistFailed(Throwable why) {
            heard.add("failed " + why.getMessage());
        }
    }

    @Test
    void whatHappensIsToldInOrderWhileNobodyWaits() {
        try (ServerEvents events = new ServerEvents(List.of(new Recorder()))) {
            events.attached(7);
            events.dropping(7);
            events.failed(new IOException("no space"));
            assertThat(heard).isEmpty();
            go.countDown();
            await().untilAsserted(
                            () -> assertThat(heard).containsExactly("connected 7", "dropping 7", "failed no space"));
        }
    }

    @Test
    @Feature("C-06")
    void whatASlowListenerHasNoRoomForIsLeftOut() {
        try (ServerEvents events = new ServerEvents(List.of(new Recorder()))) {
            events.attached(1);
            for (int i = 0; i < 2 * ServerEvents.WAITING_MAX; i++) {
                events.dropping(i);
            }
            go.countDown();
            await().until(() -> heard.size() >= ServerEvents.WAITING_MAX);
            events.attached(2);
            await().until(() -> heard.contains("connected 2"));
            assertThat(heard).hasSizeLessThanOrEqualTo(ServerEvents.WAITING_MAX + 3);
        }
    }

    @Test
    void withoutAListenerSessionsAreCounted() {
        try (ServerEvents events = new ServerEvents(List.of())) {
            events.reaped(List.of(1L, 2L));
            events.reaped(List.of(3L));
            assertThat(events.sessionsReaped()).isEqualTo(3);
        }
    }
}
