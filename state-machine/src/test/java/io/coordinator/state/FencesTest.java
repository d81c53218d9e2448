package io.coordinator.state;

import static io.coordinator.protocol.CacheReply.OutcomeCase.WRITTEN;
import static io.coordinator.protocol.FenceMode.MONOTONIC;
import static io.coordinator.protocol.FenceMode.STRICT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.LockMode;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which tokens pass in which mode. */
class FencesTest extends Script {
    private static final AcquireLock SHARED =
            AcquireLock.newBuilder().setMode(LockMode.SHARED).build();

    private void passes(String lock, long token) {
        session("z").guardedBy(lock, token, MONOTONIC).put("k", "1").gives(WRITTEN);
        assertThat(session("z").verify(lock, token, MONOTONIC).getLive()).isTrue();
    }

    private Outcome fenced(String lock, long token) {
        assertThat(session("z").verify(lock, token, MONOTONIC).getLive()).isFalse();
        return session("z").guardedBy(lock, token, MONOTONIC).put("k", "1").refused(ErrorCode.EFENCED);
    }

    @Test
    @Feature({"A-01", "PM-FENCE-5", "B-07"})
    void theLastTokenOfASetPassesForEachOfItsLocks() {
        List<String> set = List.of("x", "y", "z");
        long token = session("a").acquire(set, AcquireLock.newBuilder()).token();
        session("a").release(set, token);
        set.forEach(lock -> passes(lock, token));
        long later = session("b").acquire("y").token();
        fenced("y", token);
        session("b").release("y", later);
        fenced("y", token);
        passes("z", token);
    }

    @Test
    @Feature({"A-01", "PM-FENCE-5", "S-28"})
    void theLastTokenPassesAMonotonicFenceUntilTheNextGrant() {
        long first = at(1_000).session("a").acquire("x", 500, 0).token();
        passes("x", first);
        at(1_500).tick();
        passes("x", first);
        session("a").guardedBy("x", first, STRICT).put("k", "1").refused(ErrorCode.EFENCED);

        long second = session("b").acquire("x").token();
        Outcome refused = fenced("x", first);
        assertThat(refused.reply().getError().getCurrentToken()).isEqualTo(second);
        session("b").release("x", second);
        passes("x", second);
        fenced("x", first);
    }

    @Test
    @Feature({"PM-FENCE-6", "S-29"})
    void aTokenThatWasNotIssuedForTheLockNeverPasses() {
        long x = session("a").acquire("x").token();
        long y = session("a").acquire("y").token();
        fenced("x", y);
        fenced("x", y + 1_000);
        fenced("x", 0);
        fenced("never", 0);
        session("a").release("x", x);
        fenced("x", y);
        fenced("x", 0);
        passes("x", x);
    }

    @Test
    @Feature({"A-01", "B-06", "B-19"})
    void everySharedHolderPassesAndTheNewestIsNamed() {
        long a = session("a").acquire(List.of("x"), SHARED.toBuilder()).token();
        long b = session("b").acquire(List.of("x"), SHARED.toBuilder()).token();
        session("a").guardedBy("x", a).put("k", "1").gives(WRITTEN);
        session("b").guardedBy("x", b).put("k", "1").gives(WRITTEN);
        assertThat(session("a").verify("x", a).getCurrentToken()).isEqualTo(b);

        session("b").release("x", b);
        assertThat(session("a").verify("x", b).getLive()).isFalse();
        assertThat(session("a").verify("x", b).getCurrentToken()).isEqualTo(a);
        passes("x", b);
        passes("x", a);
        session("a").release("x", a);
        passes("x", b);
        fenced("x", a);
    }

    @Test
    @Feature({"PM-FENCE-1", "B-19"})
    void aDowngradedHolderStillPasses() {
        long token = session("a").acquire("x").token();
        session("a").downgrade(List.of("x"), token);
        session("a").guardedBy("x", token).put("k", "1").gives(WRITTEN);
    }

    @Test
    @Feature({"B-06", "B-30"})
    void aForcedOutHolderIsFenced() {
        long token = session("a")
                .acquire(List.of("x", "y"), AcquireLock.newBuilder())
                .token();
        session("op").force(List.of("x"), 0, "op");
        session("a").guardedBy("x", token).put("k", "1").refused(ErrorCode.EFENCED);
        session("a").guardedBy("y", token).put("k", "1").gives(WRITTEN);
    }

    @Test
    @Feature("G-12")
    void aModeOfANewerVersionIsRefusedAndStopsAReplica() {
        Command.Builder put = session("a").putCommand("k", "1");
        put.getGuardBuilder().setNamespace("default").setLock("x").setModeValue(7);
        session("a").send(put).refused(ErrorCode.EUNKNOWN);
        assertThatThrownBy(() -> session("a").force(put)).isInstanceOf(UnknownCommandException.class);
    }
}
