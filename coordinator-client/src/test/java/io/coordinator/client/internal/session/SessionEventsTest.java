package io.coordinator.client.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.LockEvent;
import io.coordinator.protocol.LockGrant;
import io.coordinator.protocol.LockLost;
import io.coordinator.protocol.Welcome;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a session makes of what comes on its streams. */
class SessionEventsTest {
    private static final long ID = 7;
    private static final long REQUEST = 3;

    private static final SessionHolding NOBODY = new SessionHolding() {
        @Override
        public void onEvent(Event event) {}

        @Override
        public void onLeasePassed() {}

        @Override
        public void onSessionEnded(boolean closedByClient) {}
    };

    private final List<Long> told = new ArrayList<>();
    private final Session session = new Session(System::nanoTime);

    SessionEventsTest() {
        session.hold(REQUEST, new SessionHolding() {
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

    /** What is logged, each line after the events that were acknowledged before it. */
    private final List<String> logged = new ArrayList<>();

    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent line) {
            logged.add(line.getLevel() + " after " + session.lastEvent() + ": " + line.getFormattedMessage());
        }
    };

    @BeforeEach
    void listen() {
        Logger logger = (Logger) LoggerFactory.getLogger(StrayEvents.class);
        logger.setLevel(Level.DEBUG);
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void stopListening() {
        Logger logger = (Logger) LoggerFactory.getLogger(StrayEvents.class);
        logger.detachAppender(appender);
        logger.setLevel(null);
    }

    private static Event.Builder granted(long number, long request) {
        return Event.newBuilder()
                .setNumber(number)
                .setRequestSeq(request)
                .setLock(LockEvent.newBuilder().setGranted(LockGrant.getDefaultInstance()));
    }

    private static Event.Builder lost(long number, long request) {
        return Event.newBuilder()
                .setNumber(number)
                .setRequestSeq(request)
                .setLock(LockEvent.newBuilder().setLost(LockLost.getDefaultInstance()));
    }

    @Test
    @Feature("S-50")
    void anEventForARequestThatIsNotKnownIsReportedBeforeItIsAcknowledged() {
        assertThat(session.deliver(granted(1, 99).build())).isTrue();
        assertThat(logged)
                .singleElement()
                .asString()
                .startsWith("WARN after 0: ")
                .contains("request 99", "LOCK event 1");
        assertThat(session.lastEvent()).isEqualTo(1);
        session.deliver(granted(1, 99).build());
        assertThat(logged).as("repeated after a reconnect").hasSize(1);
        session.deliver(granted(2, REQUEST).build());
        assertThat(logged).as("known").hasSize(1);
        assertThat(told).containsExactly(2L);
    }

    @Test
    @Feature("S-50")
    void whatIsGivenToARequestThatWasLetGoOfIsReportedAndItsEndIsUsual() {
        session.drop(REQUEST);
        session.deliver(granted(1, REQUEST).build());
        session.deliver(lost(2, REQUEST).build());
        session.deliver(lost(3, 99).build());
        assertThat(told).isEmpty();
        assertThat(logged).hasSize(3);
        assertThat(logged.get(0)).startsWith("WARN").contains("request " + REQUEST);
        assertThat(logged.get(1)).startsWith("DEBUG").contains("request " + REQUEST);
        assertThat(logged.get(2)).startsWith("WARN").contains("request 99");
        for (int i = 0; i < StrayEvents.REMEMBERED; i++) {
            session.hold(1_000 + i, NOBODY);
            session.drop(1_000 + i);
        }
        session.deliver(lost(4, REQUEST).build());
        assertThat(logged.get(3)).as("so long ago").startsWith("WARN");
    }

    @Test
    @Feature("S-50")
    void whatWasGivenToARequestThatIsUndoneIsUsual() {
        session.undone(REQUEST);
        session.deliver(granted(1, REQUEST).build());
        session.deliver(lost(2, REQUEST).build());
        assertThat(told).isEmpty();
        assertThat(logged).hasSize(2).allMatch(line -> line.startsWith("DEBUG"));
        session.deliver(granted(3, 99).build());
        assertThat(logged.get(2)).startsWith("WARN");
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
