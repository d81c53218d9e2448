package io.coordinator.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Acknowledge;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.CloseSession;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.ExpireSession;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.testing.feature.Feature;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a node takes when it is idle, when its queue is full, and when that is not the end of it. */
@Feature("C-08")
class IntakeRulesTest {
    private static final Command PUT =
            Command.newBuilder().setCache(CacheCommand.getDefaultInstance()).build();
    private static final Command ACKNOWLEDGE =
            of(SessionCommand.newBuilder().setAcknowledge(Acknowledge.getDefaultInstance()));
    private static final Command CLOSE = of(SessionCommand.newBuilder().setClose(CloseSession.getDefaultInstance()));
    private static final Command EXPIRE = of(SessionCommand.newBuilder().setExpire(ExpireSession.getDefaultInstance()));

    private boolean overloaded;
    private boolean flooded;
    private final IntakeRules admission =
            new IntakeRules(command -> Optional.empty(), () -> overloaded, () -> flooded, Optional::empty, 100);

    @Test
    void anIdleNodeTakesAllThatMayComeFromClients() {
        assertThat(admission.refuse(PUT)).isEmpty();
        assertThat(admission.refuse(ACKNOWLEDGE)).isEmpty();
        assertThat(admission.refuse(CLOSE)).isEmpty();
        assertThat(admission.flooded()).isEmpty();
        assertThat(admission.refused()).isZero();
    }

    @Test
    void onlyTheEndOfASessionGoesPastAFullQueue() {
        overloaded = true;
        assertThat(admission.refuse(CLOSE)).isEmpty();
        assertBusy(admission.refuse(PUT));
        assertBusy(admission.refuse(ACKNOWLEDGE));
        assertThat(admission.refused()).isEqualTo(2);
        assertThat(admission.flooded()).isEmpty();
    }

    @Test
    void aFloodIsAReasonToEndAStream() {
        flooded = true;
        assertBusy(admission.flooded());
    }

    @Test
    void noClientSpeaksForTheCluster() {
        assertThat(admission.refuse(EXPIRE).orElseThrow().getCode()).isEqualTo(ErrorCode.EINVAL);
    }

    private static void assertBusy(Optional<Error> error) {
        assertThat(error.orElseThrow().getCode()).isEqualTo(ErrorCode.EBUSY);
        assertThat(error.orElseThrow().getRetryAfterMillis()).isEqualTo(100);
    }

    private static Command of(SessionCommand.Builder body) {
        return Command.newBuilder().setSession(body).build();
    }
}
