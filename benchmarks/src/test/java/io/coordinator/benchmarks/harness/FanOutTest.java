package io.coordinator.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class FanOutTest {
    private static final byte[] MESSAGE = new byte[Numbered.SHORTEST];

    private final AtomicLong now = new AtomicLong();
    private final Samples samples = new Samples();
    private final FanOut fanOut = new FanOut(3, new CurrentSamples(samples), now::get);
    private final Wire wire = new Wire();

    @Test
    void countsEachSubscribersCopyWithItsOwnLatency() {
        CompletableFuture<?> done = publish();

        now.set(1_000_000);
        fanOut.received(2, wire.sent.get(0));
        now.set(3_000_000);
        fanOut.received(0, wire.sent.get(0));
        assertThat(samples.completed()).isEqualTo(2);
        assertThat(done).isNotDone();
        now.set(9_000_000);
        fanOut.received(1, wire.sent.get(0));

        assertThat(done).isCompleted();
        assertThat(samples.completed()).isEqualTo(3);
        assertThat(samples.failed()).isZero();
        assertThat(samples.latencies().getMinValue()).isBetween(999_000L, 1_001_000L);
        assertThat(samples.latencies().getMaxValue()).isBetween(8_990_000L, 9_010_000L);
    }

    @Test
    void takesASecondCopyForAFailureAndNotForSomebodyElsesFirst() {
        CompletableFuture<?> done = publish();

        fanOut.received(0, wire.sent.get(0));
        fanOut.received(0, wire.sent.get(0));
        fanOut.received(1, wire.sent.get(0));

        assertThat(done).isNotDone();
        assertThat(samples.completed()).isEqualTo(2);
        assertThat(samples.failed()).isEqualTo(1);
        assertThat(samples.firstFailure()).get().asString().contains("subscriber 0 got message 1 twice");
        fanOut.received(2, wire.sent.get(0));
        assertThat(done).isCompleted();
        fanOut.received(2, wire.sent.get(0));
        assertThat(samples.completed()).isEqualTo(3);
        assertThat(samples.failed()).as("also when all have it").isEqualTo(2);
    }

    @Test
    void keepsMessagesApart() {
        CompletableFuture<?> first = publish();
        CompletableFuture<?> second = publish();

        for (int subscriber = 0; subscriber < 3; subscriber++) {
            fanOut.received(subscriber, wire.sent.get(1));
        }

        assertThat(first).isNotDone();
        assertThat(second).isCompleted();
    }

    @Test
    void countsEveryCopyThatIsLostAndGoesOn() {
        CompletableFuture<?> done = publish();
        fanOut.received(1, wire.sent.get(0));

        now.set(FanOut.PATIENCE_NANOS);
        fanOut.giveUpOld();
        assertThat(done).isNotDone();
        now.set(FanOut.PATIENCE_NANOS + 1);
        fanOut.giveUpOld();

        assertThat(done)
                .failsWithin(0, TimeUnit.SECONDS)
                .withThrowableOfType(Exception.class)
                .withCauseInstanceOf(TimeoutException.class)
                .withMessageContaining("2 of 3 subscribers did not get a message");
        // The loop that waits for the message counts the second of them.
        assertThat(samples.failed()).isEqualTo(1);
        fanOut.received(2, wire.sent.get(0));
        assertThat(samples.completed()).as("what comes too late").isEqualTo(1);
        assertThat(samples.failed()).isEqualTo(2);
    }

    @Test
    void failsWithTheSink() {
        wire.answer = () -> CompletableFuture.failedFuture(new IllegalStateException("closed"));
        assertThat(publish()).isCompletedExceptionally();
        wire.answer = () -> {
            throw new IllegalStateException("closed");
        };
        assertThat(publish()).isCompletedExceptionally();
        assertThat(samples.failed()).as("left to the loop").isZero();
    }

    @Test
    void takesWhatItNeverSentForAFailure() {
        fanOut.received(0, new byte[1]);
        fanOut.received(0, Numbered.with(MESSAGE, 7));
        assertThat(samples.failed()).isEqualTo(2);
        assertThat(samples.completed()).isZero();
    }

    private CompletableFuture<?> publish() {
        return fanOut.publish(wire, MESSAGE).toCompletableFuture();
    }

    private static final class Wire implements MessageSink {
        private final List<byte[]> sent = new ArrayList<>();
        private Supplier<CompletionStage<Void>> answer = () -> CompletableFuture.completedFuture(null);

        @Override
        public CompletionStage<?> publish(byte[] message) {
            sent.add(message);
            return answer.get();
        }

        @Override
        public void close() {}
    }
}
