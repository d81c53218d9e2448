package io.coordinator.state;

import static io.coordinator.protocol.BuildReply.OutcomeCase.BUILD;
import static io.coordinator.protocol.BuildReply.OutcomeCase.WAIT;
import static io.coordinator.protocol.LockReply.OutcomeCase.GRANTED;
import static io.coordinator.protocol.LockReply.OutcomeCase.QUEUED;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.BuildEvent;
import io.coordinator.protocol.CompleteBuild;
import io.coordinator.protocol.DocumentKind;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Expectation;
import io.coordinator.protocol.KeyedValue;
import io.coordinator.protocol.PutValues;
import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Times that no clock reaches, and such that are none. Each entry is also applied by a replica made of a snapshot. */
class ExtremeTimesTest extends Script {
    private static final long NEVER = Long.MAX_VALUE;

    @ParameterizedTest
    @ValueSource(longs = {0, 1_000, Long.MAX_VALUE / 2, Long.MAX_VALUE - 1})
    @Feature({"C-21", "C-22", "C-23"})
    void whatLastsLongerThanAClockCanTellNeverEnds(long now) {
        at(now);
        Actor a = session("a");
        Actor b = session("b");
        long token = a.acquire("lock", NEVER, 0).gives(GRANTED).token();
        b.acquire("lock", NEVER, NEVER).gives(QUEUED);
        a.extend("lock", token, NEVER);
        long permit = a.permits("permits", 1, 1, NEVER, 0).token();
        b.permits("permits", 1, 1, NEVER, NEVER);
        a.extendPermits("permits", permit, NEVER);
        a.put("value", "1", NEVER, false);
        a.sliding("slides", "1", NEVER);
        a.touch("slides");
        a.putAll(PutValues.newBuilder().setTtlMillis(NEVER).addValues(value("all")));
        a.compareAndSet("set", Expectation.newBuilder().setAbsent(true), "1", NEVER);
        a.increment("number", 1, NEVER);
        a.open("document", "{}", DocumentKind.EPHEMERAL, NEVER);
        long building = a.reserve("build", NEVER, NEVER).gives(BUILD).token();
        b.reserve("build", NEVER, NEVER).gives(WAIT);
        long built = a.reserve("built", NEVER, 0).token();
        a.complete(
                "built",
                CompleteBuild.newBuilder()
                        .setToken(built)
                        .setTtlMillis(NEVER)
                        .setSliding(true)
                        .setRefreshAfterMillis(NEVER),
                "1");
        a.touchBuild("built");
        long failed = a.reserve("failed", 1, 0).token();
        a.failKept("failed", failed, NEVER);

        at(now > NEVER / 2 ? NEVER - 1 : now + NEVER / 2).tick();

        assertThat(last().changes()).isEmpty();
        assertThat(last().events()).isEmpty();
        assertThat(a.verify("lock", token).getLive()).isTrue();
        assertThat(a.entry("slides").orElseThrow().getExpiresAtMillis()).isEqualTo(NEVER);
        assertThat(a.get("value")).hasValue("1");
        assertThat(a.get("set")).hasValue("1");
        assertThat(a.get("number")).hasValue("1");
        assertThat(a.document("document").hasInfo()).isTrue();
        assertThat(a.status("built").getResult().getExpiresAtMillis()).isEqualTo(NEVER);
        a.release("lock", token);
        assertThat(b.hearsGrant()).isGreaterThan(token);
        a.complete("build", building, "1");
        b.hears(BuildEvent.OutcomeCase.COMPLETED);
    }

    private static KeyedValue value(String key) {
        return KeyedValue.newBuilder()
                .setKey(key)
                .setValue(ByteString.copyFromUtf8("1"))
                .build();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE})
    @Feature({"U-04", "G-15"})
    void aNegativeTimeIsRefused(long millis) {
        Actor a = session("a");
        long token = a.acquire("held").token();
        long permit = a.permits("held", 1, 2, 0, 0).token();
        long build = a.reserve("built", 1_000, 0).token();
        a.acquire("lock", millis, 0).refused(ErrorCode.EINVAL, "ttl_millis");
        a.extend("held", token, millis).refused(ErrorCode.EINVAL, "ttl_millis");
        a.permits("permits", 1, 1, millis, 0).refused(ErrorCode.EINVAL, "ttl_millis");
        a.extendPermits("held", permit, millis).refused(ErrorCode.EINVAL, "ttl_millis");
        a.put("k", "1", millis, false).refused(ErrorCode.EINVAL, "ttl_millis");
        a.sliding("k", "1", millis).refused(ErrorCode.EINVAL, "ttl_millis");
        a.putAll(PutValues.newBuilder().setTtlMillis(millis).addValues(value("k")))
                .refused(ErrorCode.EINVAL, "ttl_millis");
        a.compareAndSet("k", Expectation.newBuilder().setAbsent(true), "1", millis)
                .refused(ErrorCode.EINVAL, "ttl_millis");
        a.increment("k", 1, millis).refused(ErrorCode.EINVAL, "ttl_millis");
        a.configure(0, 0, millis).refused(ErrorCode.EINVAL, "ttl_millis");
        a.open("d", "{}", DocumentKind.EPHEMERAL, millis).refused(ErrorCode.EINVAL, "ttl_millis");
        a.reserve("b", millis, 0).refused(ErrorCode.EINVAL, "build_millis");
        a.complete("built", build, "1", millis).refused(ErrorCode.EINVAL, "ttl_millis");
        a.failKept("built", build, millis).refused(ErrorCode.EINVAL, "keep_millis");
        long wait = millis == -1 ? -2 : millis; // -1 waits for ever.
        a.acquire("lock", 0, wait).refused(ErrorCode.EINVAL, "wait_millis");
        a.permits("permits", 1, 1, 0, wait).refused(ErrorCode.EINVAL, "wait_millis");
        a.reserve("b", 1, wait).refused(ErrorCode.EINVAL, "wait_millis");
        a.await("b", wait).refused(ErrorCode.EINVAL, "wait_millis");
    }

    @Test
    @Feature("U-04")
    void aTimeOfNothingIsRefusedWhereOneIsNeeded() {
        Actor a = session("a");
        long token = a.acquire("held").token();
        long permit = a.permits("held", 1, 2, 0, 0).token();
        a.extend("held", token, 0).refused(ErrorCode.EINVAL, "ttl_millis");
        a.extendPermits("held", permit, 0).refused(ErrorCode.EINVAL, "ttl_millis");
        a.reserve("b", 0, 0).refused(ErrorCode.EINVAL, "build_millis");
    }
}
