package io.coordinator.client.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Event;
import io.coordinator.protocol.Welcome;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a session makes of what comes on its streams. */
class SessionEventsTest {
    private static final long ID = 7;
    private static final long REQUEST = 3;

    private final List<Long> told = new ArrayList<>();
    private final Session session = new Session(System::nanoTime);

    SessionEventsTest() {
        session.hold(REQUEST, new Holding() {
            @Override
            public void onEvent(Event event) {
                told.add(event.getNumber());
            }

            @Override
            public void onLeasePassed() {}

            @Override
            public void onSessionEnded(boolean closedByClient) {}
        });
    }

    @Test
    @Feature("S-50")
    void eachEventIsToldOnceAndInOrder() {
        assertThat(session.deliver(event(1))).isTrue();
        assertThat(session.deliver(event(2))).isTrue();
        assertThat(session.deliver(event(1))).as("repeated after a reconnect").isTrue();
        assertThat(session.deliver(event(2))).isTrue();
        assertThat(told).containsExactly(1L, 2L);

        assertThat(session.deliver(event(4))).as("3 is missing").isFalse();
        assertThat(session.lastEvent()).isEqualTo(2);
        assertThat(session.deliver(event(3))).isTrue();
        assertThat(session.deliver(event(4))).isTrue();
        assertThat(told).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    @Feature("C-52")
    void aWelcomeFitsIfItKnowsWhatWasAnsweredAndNothingThatWasNeverSent() {
        assertThat(session.fits(welcome(ID, 0))).as("any is the first").isTrue();
        session.attached(ID, 1, 0);
        assertThat(session.fits(welcome(ID, 0))).isTrue();
        assertThat(session.fits(welcome(ID, 1))).as("nothing was sent").isFalse();
        assertThat(session.fits(welcome(ID + 1, 0))).isFalse();
    }

    private static Event event(long number) {
        return Event.newBuilder().setNumber(number).setRequestSeq(REQUEST).build();
    }

    private static Welcome welcome(long id, long lastSeq) {
        return Welcome.newBuilder().setSessionId(id).setLastSeq(lastSeq).build();
    }
}
