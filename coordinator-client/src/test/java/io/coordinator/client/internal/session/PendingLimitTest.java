package io.coordinator.client.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.ThrottledException;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Reply;
import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.Test;

/** How much a client lets be unanswered. */
@Feature("C-29")
class PendingLimitTest {
    private final PendingLimit limit = new PendingLimit(3, 100);

    private static CommandCall call(int bytes) {
        return new CommandCall(Command.newBuilder(), bytes) {
            @Override
            protected void onReply(Reply reply) {}

            @Override
            protected void onFailure(CoordinatorException why) {}

            @Override
            protected void onDeadline(CoordinatorException why) {}
        };
    }

    private CommandCall admitted(int bytes) {
        CommandCall call = call(bytes);
        assertThat(limit.admit(call)).isNull();
        return call;
    }

    private void refused(int bytes) {
        assertThat(limit.admit(call(bytes))).isInstanceOf(ThrottledException.class);
    }

    @Test
    void soManyCallsAndOneMoreWhenOneIsAnswered() {
        CommandCall first = admitted(1);
        admitted(1);
        admitted(1);
        refused(1);
        refused(0);
        limit.release(first);
        admitted(1);
        refused(1);
    }

    @Test
    void soManyBytesAndAsManyMoreAsWereAnswered() {
        CommandCall first = admitted(60);
        admitted(40);
        refused(1);
        limit.release(first);
        refused(61);
        admitted(60);
    }

    @Test
    void anAnswerCountsOnce() {
        CommandCall first = admitted(1);
        admitted(1);
        admitted(1);
        limit.release(first);
        limit.release(first);
        admitted(1);
        refused(1);
    }

    @Test
    void whatWasRefusedTakesNoRoom() {
        admitted(90);
        for (int i = 0; i < 10; i++) {
            refused(11);
        }
        admitted(10);
    }

    @Test
    void whatWouldNeverFitIsToldApart() {
        assertThat(limit.admit(call(101))).isInstanceOf(PayloadTooLargeException.class);
        admitted(100);
        refused(1);
    }

    @Test
    void whatTheSdkMustSayIsCountedAndNeverRefused() {
        admitted(100);
        for (int i = 0; i < 5; i++) {
            assertThat(limit.admit(call(200).persistent())).isNull();
        }
        refused(0);
    }
}
