package io.coordinator.state;

import static io.coordinator.protocol.CacheReply.OutcomeCase.COMPARED;
import static io.coordinator.protocol.CacheReply.OutcomeCase.DELETED;
import static io.coordinator.protocol.CacheReply.OutcomeCase.INCREMENTED;
import static io.coordinator.protocol.CacheReply.OutcomeCase.WRITTEN;
import static io.coordinator.protocol.LockReply.OutcomeCase.GRANTED;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.BuildReply;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Expectation;
import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.Test;

class GuardTest extends Script {

    @Test
    @Feature({"PM-FENCE-2", "PM-FENCE-3", "G-8"})
    void theLiveGrantsTokenPassesForEveryMutation() {
        long token = at(1_000).session("a").acquire("x").token();
        session("a").guardedBy("x", token).put("k", "1").gives(WRITTEN);
        session("a").guardedBy("x", token).increment("k", 1).gives(INCREMENTED);
        session("a")
                .guardedBy("x", token)
                .compareAndSet("k", Expectation.newBuilder().setAbsent(true), "1")
                .gives(COMPARED);
        session("a").guardedBy("x", token).delete("k").gives(DELETED);
        session("a").guardedBy("x", token).reserve("b", 100, 0).gives(BuildReply.OutcomeCase.BUILD);
        session("a").guardedBy("x", token).acquire("y").gives(GRANTED);
    }

    @Test
    @Feature({"S-27", "A-01", "PM-FENCE-2"})
    void theTokenOfAnOvertakenHolderIsFenced() {
        long a = at(1_000).session("a").acquire("x", 1_000, 0).token();
        long b = at(2_000).session("b").acquire("x").token();

        Outcome refused = session("a").guardedBy("x", a).put("k", "\"a\"").refused(ErrorCode.EFENCED, "\"x\"");

        assertThat(refused.reply().getError().getCurrentToken()).isEqualTo(b);
        refused.changes();
        session("b").guardedBy("x", b).put("k", "\"b\"").gives(WRITTEN);
        assertThat(session("a").get("k")).hasValue("\"b\"");
    }

    @Test
    @Feature({"S-28", "A-01", "PM-FENCE-5"})
    void anEndedGrantIsFencedEvenIfNobodyTookOver() {
        long expired = at(1_000).session("a").acquire("x", 1_000, 0).token();
        at(2_000).session("a").guardedBy("x", expired).put("k", "1").refused(ErrorCode.EFENCED);

        long released = session("a").acquire("x").token();
        session("a").release("x", released);
        session("a").guardedBy("x", released).put("k", "1").refused(ErrorCode.EFENCED);
    }

    @Test
    @Feature({"S-29", "PM-FENCE-6", "PM-FENCE-7"})
    void aTokenThatWasNeverIssuedIsFencedAndHarmsNobody() {
        long token = at(1_000).session("a").acquire("x").token();
        session("b").guardedBy("x", token + 1_000).put("k", "1").refused(ErrorCode.EFENCED);
        session("b").guardedBy("x", 0).put("k", "1").refused(ErrorCode.EFENCED);
        session("b").guardedBy("free", 0).put("k", "1").refused(ErrorCode.EFENCED);
        session("a").guardedBy("x", token).put("k", "1").gives(WRITTEN);
    }

    @Test
    @Feature({"A-01", "G-5"})
    void aFencedCommandUsesUpItsSeqAndIsRememberedAsRefused() {
        session("a").guardedBy("x", 5).put("k", "1").refused(ErrorCode.EFENCED);
        Outcome first = session("a").again().refused(ErrorCode.EFENCED);
        assertThat(session("a").again().reply()).isEqualTo(first.reply());
        session("a").put("k", "2").gives(WRITTEN);
    }

    @Test
    @Feature("G-8")
    void aGuardIsCheckedWhenItsCommandIsReachedInTheBatch() {
        long token = at(1_000).session("a").acquire("x").token();
        Actor a = session("a");
        Entry.Builder entry = Entry.newBuilder()
                .addCommands(a.guardedBy("x", token).stamp(a.putCommand("k", "1")))
                .addCommands(a.stamp(a.releaseCommand("x", token)))
                .addCommands(a.guardedBy("x", token).stamp(a.putCommand("k", "2")));

        apply(entry);

        assertThat(last().replies().get(0).getCache().hasWritten()).isTrue();
        assertThat(last().replies().get(2).getError().getCode()).isEqualTo(ErrorCode.EFENCED);
        assertThat(session("b").get("k")).hasValue("1");
    }

    @Test
    @Feature("PM-SHARD-5")
    void theGuardingLockAndTheKeyNeedNotBeRelated() {
        long token = session("a").acquire("some/lock").token();
        session("a").guardedBy("some/lock", token).put("other:key", "1").gives(WRITTEN);
        assertThat(session("b").get("other:key")).hasValue("1");
    }

    @Test
    void aGuardMustNameItsLock() {
        session("a").guardedBy("", 1).put("k", "1").refused(ErrorCode.EINVAL, "guard lock");
    }
}
