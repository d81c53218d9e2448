package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.CallDispatched;
import io.coordinator.protocol.CallFailed;
import io.coordinator.protocol.CallProcedure;
import io.coordinator.protocol.CallRevoked;
import io.coordinator.protocol.CompleteCall;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.RegisterWorker;
import io.coordinator.protocol.RpcEvent;
import io.coordinator.protocol.RpcReply;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When calls end without a result, and what their workers hear of it. */
class CallTimesTest extends CallScript {
    private static final long GRACE = 5_000;

    private long call(String session, String name, long timeoutMillis) {
        return call(session, name, timeoutMillis, 0)
                .gives(RpcReply.OutcomeCase.ACCEPTED)
                .seq();
    }

    // ---- deadlines ----

    @Test
    @Feature({"PM-RPC-8", "PM-RPC-10", "S-72", "G-3"})
    void aHungWorkerLosesTheCallByTimeAndGetsOthersAfterTheGrace() {
        serve("w", "f", 1);
        at(1_000);
        long seq = call("c", "f", 1_000);
        long hung = hearsToken("w");
        long next = call("d", "f");
        at(1_999).tick();
        hearsNothing("c");
        at(2_000).tick();
        hearsFailure("c", seq, CallFailed.Reason.TIMED_OUT);
        hearsRevoked("w", hung, CallRevoked.Reason.TIMED_OUT);
        assertThat(reports("w", "f", hung)).isFalse();
        assertThat(cancel("c", "f", seq)).isFalse();
        there("f", 1, 1);
        at(1_999 + GRACE).tick();
        hearsNothing("w");
        at(2_000 + GRACE).tick();
        there("f", 0, 1);
        long token = hearsToken("w");
        assertThat(returns("w", "f", hung)).isFalse();
        assertThat(returns("w", "f", token)).isTrue();
        hearsResult("d", next);
        hearsNothing("c");
        assertThat(count("rpcCalls")).isZero();
    }

    @Test
    @Feature({"PM-RPC-8", "PM-RPC-10"})
    void aWorkerThatIsLateGetsTheNextAtOnceAndItsResultIsIgnored() {
        serve("w", "f", 1);
        for (boolean stops : new boolean[] {true, false}) {
            long seq = call("c", "f", 1_000);
            long late = hearsToken("w");
            call("d", "f");
            at(now() + 1_000).tick();
            hearsFailure("c", seq, CallFailed.Reason.TIMED_OUT);
            hearsRevoked("w", late, CallRevoked.Reason.TIMED_OUT);
            assertThat(complete("w", "f", stops ? stopped(late) : result(late))).isEqualTo(stops);
            hearsNothing("c");
            returns("w", "f", hearsToken("w"));
            session("d").heard();
            there("f", 0, 0);
        }
    }

    @Test
    @Feature({"PM-RPC-9", "PM-RPC-3", "S-72"})
    void withoutATimeoutOfItsOwnACallHasHalfAMinute() {
        serve("w", "f", 1);
        at(1_000);
        long seq = call("c", "f", 0);
        long waiting = call("d", "f", 0);
        assertThat(hearsCall("w").getRemainingMillis()).isEqualTo(30_000);
        at(30_999).tick();
        hearsNothing("c");
        at(31_000).tick();
        hearsFailure("c", seq, CallFailed.Reason.TIMED_OUT);
        hearsFailure("d", waiting, CallFailed.Reason.TIMED_OUT);
        there("f", 0, 1);
    }

    @Test
    @Feature({"PM-RPC-8", "G-3"})
    void whatIsPastItsTimeIsNotCompletedAlthoughItsExpiryIsLate() {
        serve("w", "f", 9);
        for (int i = 0; i < 6; i++) {
            call("c", "f", 1_000);
        }
        long last = heard("w").get(5).getDispatched().getToken();
        cutSlices(1);
        at(1_000);
        assertThat(returns("w", "f", last)).isFalse();
        drain();
        assertThat(heard("c"))
                .hasSize(6)
                .allMatch(event -> event.getFailed().getReason() == CallFailed.Reason.TIMED_OUT);
        assertThat(heard("w")).hasSize(5).allMatch(RpcEvent::hasRevoked);
        there("f", 0, 5);
    }

    @Test
    @Feature({"PM-RPC-5", "G-3"})
    void aCallWaitsForAWorkerAsLongAsItSays() {
        at(1_000);
        long some = call("c", "f", 9_000, 500).seq();
        long forIts = call("d", "f", 2_000, -1).seq();
        long longer = call("e", "f", 2_000, Long.MAX_VALUE).seq();
        at(1_499).tick();
        hearsNothing("c");
        at(1_500).tick();
        hearsFailure("c", some, CallFailed.Reason.NO_WORKER);
        at(3_000).tick();
        hearsFailure("d", forIts, CallFailed.Reason.TIMED_OUT);
        hearsFailure("e", longer, CallFailed.Reason.TIMED_OUT);
        assertThat(inspect("f").getExists()).isFalse();
    }

    @Test
    @Feature({"PM-RPC-5", "PM-RPC-13"})
    void whoWaitsForItsTurnNoLongerWaitsForAWorker() {
        long first = call("c", "f", 9_000, 500).seq();
        long second = call("d", "f", 9_000, 500).seq();
        at(400);
        serve("w", "f", 1);
        CallDispatched dispatched = hearsCall("w");
        assertThat(dispatched.getRemainingMillis()).isEqualTo(8_600);
        at(600).tick();
        hearsNothing("d");
        returns("w", "f", dispatched.getToken());
        hearsResult("c", first);
        expire("w");
        hearsFailure("d", second, CallFailed.Reason.WORKER_GONE);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, Long.MAX_VALUE / 2, Long.MAX_VALUE - 1})
    @Feature({"PM-RPC-3", "R-24"})
    void theLongestTimesAreAsGoodAsNever(long now) {
        at(now);
        serve("w", "f", RegisterWorker.newBuilder().setConcurrency(10_000).setBacklogMax(100_000));
        long seq = call("c", "f", Long.MAX_VALUE, Long.MAX_VALUE).seq();
        CallDispatched dispatched = hearsCall("w");
        assertThat(dispatched.getDeadlineMillis()).isEqualTo(Long.MAX_VALUE);
        assertThat(dispatched.getRemainingMillis()).isEqualTo(Long.MAX_VALUE - now);
        assertThat(cancel("c", "f", seq)).isTrue();
        hearsRevoked("w", dispatched.getToken(), CallRevoked.Reason.CANCELLED);
        call("c", "g", Long.MAX_VALUE, -1);
        expire("c");
        assertThat(inspect("g").getExists()).isFalse();
    }

    @Test
    @Feature({"R-24", "C-04"})
    void whatAdmissionRefusesIsAnsweredAllTheSame() {
        RegisterWorker none = RegisterWorker.getDefaultInstance();
        send("w", command("f", b -> b.setRegister(none))).refused(ErrorCode.EINVAL, "concurrency");
        session("w").force(command("f", b -> b.setRegister(none))).refused(ErrorCode.EINVAL, "concurrency");
        for (int many : new int[] {10_001, -1}) {
            send("w", registerCommand("f", many)).refused(ErrorCode.EINVAL, "concurrency");
        }
        for (int many : new int[] {100_001, -1}) {
            RegisterWorker.Builder backlog =
                    RegisterWorker.newBuilder().setConcurrency(1).setBacklogMax(many);
            send("w", command("f", b -> b.setRegister(backlog))).refused(ErrorCode.EINVAL, "backlog_max");
        }
        call("c", "f", -1, 0).refused(ErrorCode.EINVAL, "timeout_millis");
        call("c", "f", 0, -2).refused(ErrorCode.EINVAL, "wait_for_worker_millis");
        CallProcedure noJson =
                PLAIN.toBuilder().setArguments(Actor.json("oops")).build();
        call("c", "f", noJson).refused(ErrorCode.EINVAL);
        call("c", "", PLAIN).refused(ErrorCode.EINVAL, "procedure name");
        send("w", completeCommand("f", CompleteCall.newBuilder().setToken(1))).refused(ErrorCode.EUNKNOWN);
        send("w", completeCommand("f", handBack(1).setHandedBack(false))).refused(ErrorCode.EINVAL);
        send("w", completeCommand("f", stopped(1).setCancelled(false))).refused(ErrorCode.EINVAL);
        send("w", completeCommand("f", CompleteCall.newBuilder().setResult(ByteString.EMPTY)))
                .refused(ErrorCode.EINVAL);

        session("w").force(registerCommand("f", -1)).gives(RpcReply.OutcomeCase.REGISTERED);
        CallProcedure odd = PLAIN.toBuilder()
                .setTimeoutMillis(Long.MIN_VALUE)
                .setWaitForWorkerMillis(Long.MIN_VALUE)
                .build();
        session("c").force(callCommand("f", odd)).gives(RpcReply.OutcomeCase.ACCEPTED);
        assertThat(hearsCall("w").getRemainingMillis()).isEqualTo(30_000);
    }

    // ---- nobody waits any more ----

    @Test
    @Feature({"PM-RPC-10", "G-7"})
    void aCancelTakesOutWhatWaitsAndStopsWhatRuns() {
        serve("w", "f", 1);
        long running = call("c", "f");
        long waiting = call("c", "f");
        long next = call("c", "f");
        long token = hearsToken("w");
        assertThat(cancel("d", "f", waiting)).isFalse();
        assertThat(cancel("c", "g", waiting)).isFalse();
        assertThat(cancel("c", "f", waiting)).isTrue();
        assertThat(cancel("c", "f", waiting)).isFalse();
        there("f", 1, 1);
        assertThat(cancel("c", "f", running)).isTrue();
        assertThat(cancel("c", "f", running)).isFalse();
        hearsRevoked("w", token, CallRevoked.Reason.CANCELLED);
        there("f", 1, 1);
        assertThat(complete("w", "f", stopped(token))).isTrue();
        returns("w", "f", hearsToken("w"));
        hearsResult("c", next);
    }

    @Test
    @Feature({"PM-RPC-10", "PM-RPC-8"})
    void aCancelledCallThatDoesNotStopFreesItsPlaceAfterTheGrace() {
        serve("w", "f", 1);
        cancel("c", "f", call("c", "f"));
        heard("w");
        call("c", "f");
        at(GRACE - 1).tick();
        hearsNothing("w");
        at(GRACE).tick();
        hearsToken("w");
        there("f", 0, 1);
    }

    @Test
    @Feature({"PM-RPC-11", "G-4"})
    void theEndOfACallersSessionEndsItsCalls() {
        serve("w", "f", 1);
        call("c", "f");
        call("c", "f");
        long token = hearsToken("w");
        call("d", "f");
        expire("c");
        hearsRevoked("w", token, CallRevoked.Reason.CALLER_GONE);
        there("f", 1, 1);
        assertThat(returns("w", "f", token)).isFalse();
        assertThat(hearsCall("w").getCallerName()).isEqualTo("d");
        // Both at once, the worker and its only caller.
        serve("s", "own", 1);
        call("s", "own");
        call("s", "own");
        session("s").close();
        drain();
        assertThat(inspect("own").getExists()).isFalse();
    }

    @Test
    @Feature({"PM-RPC-7", "PM-RPC-12", "PM-RPC-8"})
    void whatWasGivenUpGoesWithItsWorkerAndIsNotGivenAgain() {
        serve("w", "f", 1);
        CallProcedure idempotent = PLAIN.toBuilder().setIdempotent(true).build();
        cancel("c", "f", call("c", "f", idempotent).seq());
        serve("v", "f", 1);
        expire("w");
        hearsNothing("v");
        hearsNothing("c");
        there("f", 0, 0);
    }

    // ---- progress and credit ----

    @Test
    @Feature("PM-RPC-3")
    void progressIsToldToTheCaller() {
        serve("w", "f", 1);
        long seq = call("c", "f");
        long token = hearsToken("w");
        assertThat(reports("w", "f", token)).isTrue();
        var told = session("c").hears(RpcEvent.OutcomeCase.PROGRESS).get(0);
        assertThat(told.getRequestSeq()).isEqualTo(seq);
        assertThat(told.getRpc().getProgress().getValue().toStringUtf8()).isEqualTo("50");
        assertThat(reports("w", "f", token + 1)).isFalse();
        returns("w", "f", token);
        hearsResult("c", seq);
        assertThat(reports("w", "f", token)).isFalse();
        hearsNothing("c");
    }

    @Test
    @Feature({"PM-RPC-13", "C-08"})
    void whoAcknowledgesNothingIsToldNoProgressButEveryOutcome() {
        withoutShadow();
        serve("w", "f", 1);
        long seq = call("c", "f");
        long token = hearsToken("w");
        useUp("c", "w", token);
        assertThat(reports("w", "f", token)).isTrue();
        hearsNothing("c");
        call("c", "f", PLAIN).refused(ErrorCode.EBUSY, "RPC");
        send("c", registerCommand("g", 1)).refused(ErrorCode.EBUSY, "RPC");
        returns("w", "f", token);
        hearsResult("c", seq);
        acknowledge("c");
        call("c", "f");
    }

    /** So much progress that there is no credit left. */
    private void useUp(String caller, String worker, long token) {
        ByteString large = Actor.json('"' + "x".repeat(1_000_000) + '"');
        for (int i = 0; i < 17; i++) {
            session(worker).acks(session(worker).sent().getSeq());
            send(worker, command("f", b -> {
                b.getProgressBuilder().setToken(token).setValue(large);
                return b;
            }));
        }
        assertThat(heard(caller)).hasSize(17);
    }

    private void acknowledge(String session) {
        var pending = core().pendingEvents(session(session).id());
        session(session).acksEvents(pending.get(pending.size() - 1).getNumber()).acknowledge();
    }

    @Test
    @Feature({"PM-RPC-4", "C-08"})
    void whoAcknowledgesNothingGetsNoCallsUntilItDoes() {
        withoutShadow();
        serve("w", "f", 100);
        CallProcedure large = PLAIN.toBuilder()
                .setArguments(Actor.json('"' + "x".repeat(1_000_000) + '"'))
                .build();
        for (int i = 0; i < 20; i++) {
            session("c").acks(session("c").sent().getSeq());
            call("c", "f", large).gives(RpcReply.OutcomeCase.ACCEPTED);
        }
        there("f", 3, 17);
        List<RpcEvent> given = heard("w");
        assertThat(given).hasSize(17);
        acknowledge("w");
        drain();
        there("f", 0, 20);
        assertThat(heard("w")).hasSize(3);
    }

    @Test
    @Feature({"PM-RPC-4", "C-08", "C-09", "G-12"})
    void allNamesOfASessionThatHearsAgainGoOnBitByBit() {
        withoutShadow();
        cutSlices(1);
        for (int i = 0; i < 4; i++) {
            serve("w", "f" + i, 100);
        }
        CallProcedure large = PLAIN.toBuilder()
                .setArguments(Actor.json('"' + "x".repeat(1_000_000) + '"'))
                .build();
        for (int i = 0; i < 24; i++) {
            session("c").acks(session("c").sent().getSeq());
            call("c", "f" + i % 4, large).gives(RpcReply.OutcomeCase.ACCEPTED);
        }
        assertThat(heard("w")).hasSize(17);
        assertThat(count("rpcCallsWaiting")).isEqualTo(7);
        acknowledge("w");
        assertThat(drain()).isGreaterThan(4);
        assertThat(count("rpcCallsWaiting")).isZero();
        assertThat(heard("w")).hasSize(7);
    }
}
