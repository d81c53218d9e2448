package io.coordinator.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.coordinator.server.support.FakeTime;
import io.coordinator.server.support.LogCapture;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RareComplaintTest {

    @Test
    void isLoggedOnceInAnIntervalAndCountsTheRest() {
        FakeTime time = new FakeTime();
        try (LogCapture log = LogCapture.of(RareComplaintTest.class)) {
            RareComplaint complaint = new RareComplaint(
                    LoggerFactory.getLogger(RareComplaintTest.class),
                    Duration.ofMinutes(1).toNanos(),
                    time);
            for (int i = 0; i < 5; i++) {
                complaint.complain("refused");
            }
            time.advance(Duration.ofMinutes(1));
            complaint.complain("refused");
            time.advance(Duration.ofMinutes(1));
            complaint.complain("refused");
            assertThat(log.events())
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .containsExactly("refused", "refused (5 times since this was last said)", "refused");
        }
    }
}
