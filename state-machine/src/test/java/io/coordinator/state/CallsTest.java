package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.coordinator.protocol.CallDispatched;
import io.coordinator.protocol.CallFailed;
import io.coordinator.protocol.CallProcedure;
import io.coordinator.protocol.CompleteCall;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.ListProcedures;
import io.coordinator.protocol.PoolMember;
import io.coordinator.protocol.ProcedureSummary;
import io.coordinator.protocol.RegisterWorker;
import io.coordinator.protocol.RemoteFailure;
import io.coordinator.protocol.RpcEvent;
import io.coordinator.protocol.RpcReply;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who calls, who is called, and what becomes of it. */
class CallsTest extends CallScript {
    private static final CallProcedure IDEMPOTENT =
            PLAIN.toBuilder().setIdempotent(true).build();

    private void gone(String name) {
        assertThat(inspect(name).getExists()).isFalse();
        assertThat(count("procedures")).isZero();
        assertThat(count("rpcWorkers")).isZero();
        assertThat(count("rpcCalls")).isZero();
        assertThat(count("rpcCallsWaiting")).isZero();
    }

    // ---- one call ----

    @Test
    @Feature({"PM-RPC-1", "PM-RPC-3", "A-21"})
    void aCallIsGivenToAWorkerAndItsResultToTheCaller() {
        at(1_000);
        long worker = serve("w", "f", 1);
        Outcome accepted = call("c", "f", 4_000, 0).gives(RpcReply.OutcomeCase.ACCEPTED);
        assertThat(accepted.reply().getRpc().getAccepted().getDeadlineMillis()).isEqualTo(5_000);
        assertThat(accepted.reply().getRpc().getAccepted().getAhead()).isZero();
        CallDispatched dispatched = hearsCall("w");
        assertThat(dispatched)
                .isEqualTo(CallDispatched.newBuilder()
                        .setToken(dispatched.getToken())
                        .setArguments(Actor.json("[1]"))
                        .setDeadlineMillis(5_000)
                        .setRemainingMillis(4_000)
                        .setAttempt(1)
                        .setCallerName("c")
                        .build());
        there("f", 0, 1);
        assertThat(returns("w", "f", dispatched.getToken())).isTrue();
        hearsResult("c", accepted.seq());
        there("f", 0, 0);
        // The lease has ended, and the call is over.
        assertThat(returns("w", "f", dispatched.getToken())).isFalse();
        assertThat(cancel("c", "f", accepted.seq())).isFalse();
        hearsNothing("c");
        assertThat(core().nextDeadlineMillis()).isEmpty();
        assertThat(unregister("w", "f", worker, false)).isTrue();
        gone("f");
    }

    @Test
    @Feature({"PM-RPC-6", "S-71"})
    void aFailureIsTheCallersWithItsCode() {
        serve("w", "f", 1);
        long seq = call("c", "f");
        RemoteFailure failure = RemoteFailure.newBuilder()
                .setCode("E42")
                .setMessage("no such picture")
                .setType("x.NoPicture")
                .build();
        CompleteCall.Builder failed =
                CompleteCall.newBuilder().setToken(hearsToken("w")).setFailure(failure);
        assertThat(complete("w", "f", failed)).isTrue();
        assertThat(hearsFailure("c", seq, CallFailed.Reason.HANDLER).getFailure())
                .isEqualTo(failure);
        there("f", 0, 0);
    }

    @Test
    @Feature({"PM-RPC-13", "C-06"})
    void theBusiestProceduresAreNamed() {
        at(1_000);
        for (int i = 0; i < 25; i++) {
            serve("w", "f" + i, i == 0 ? 1 : i);
        }
        serve("v", "f24", 1);
        for (int i = 0; i < 30; i++) {
            call("c", "f24");
        }
        call("c", "f7");
        at(3_000).tick();
        List<ProcedureSummary> named = stats().getProceduresList();
        assertThat(named)
                .extracting(ProcedureSummary::getName)
                .startsWith("f24", "f7", "f0")
                .hasSize(20);
        assertThat(named.get(0))
                .returns(2, ProcedureSummary::getWorkers)
                .returns(25L, ProcedureSummary::getRunning)
                .returns(5L, ProcedureSummary::getWaiting)
                .returns(2_000L, ProcedureSummary::getLongestWaitMillis);
        assertThat(count("rpcCalls")).isEqualTo(31);
    }

    @Test
    @Feature({"PM-RPC-6", "PM-RPC-12"})
    void aWorkerThatStopsUnaskedFailsTheCall() {
        serve("w", "f", 1);
        long seq = call("c", "f");
        assertThat(complete("w", "f", stopped(hearsToken("w")))).isTrue();
        assertThat(hearsFailure("c", seq, CallFailed.Reason.HANDLER)
                        .getFailure()
                        .getCode())
                .isEqualTo("EHANDLER");
    }

    @Test
    @Feature({"PM-RPC-5", "S-71"})
    void whatNobodyServesIsRefusedAtOnce() {
        String message = "no handler registered for \"f\"";
        call("c", "f", PLAIN).refused(ErrorCode.ENOHANDLER, message).changes();
        long worker = serve("w", "f", 1);
        serve("w", "g", 1);
        call("c", "f");
        unregister("w", "f", worker, true);
        // It still has a call, and gets no other one.
        call("c", "f", PLAIN).refused(ErrorCode.ENOHANDLER, message);
        expire("w");
        call("c", "g", PLAIN).refused(ErrorCode.ENOHANDLER);
    }

    @Test
    @Feature({"PM-RPC-3", "G-4"})
    void onlyTheTokenOfTheWorkersOwnSessionCompletesACall() {
        serve("w", "f", 1);
        serve("v", "g", 1);
        long seq = call("c", "f");
        long token = hearsToken("w");
        assertThat(returns("v", "f", token)).isFalse();
        assertThat(returns("c", "f", token)).isFalse();
        assertThat(returns("w", "g", token)).isFalse();
        assertThat(returns("w", "f", token + 1)).isFalse();
        assertThat(returns("w", "f", 0)).isFalse();
        assertThat(reports("v", "f", token)).isFalse();
        hearsNothing("c");
        there("f", 0, 1);
        assertThat(returns("w", "f", token)).isTrue();
        hearsResult("c", seq);
    }

    // ---- who gets it ----

    @Test
    @Feature({"PM-RPC-4", "S-71"})
    void theWorkerWithTheFewestGetsTheNext() {
        for (String worker : List.of("u", "v", "w")) {
            serve(worker, "work", 100);
        }
        for (int i = 0; i < 12; i++) {
            call("c", "work");
            List<Integer> load = load("work");
            assertThat(load.stream().mapToInt(n -> n).max().getAsInt()
                            - load.stream().mapToInt(n -> n).min().getAsInt())
                    .isLessThanOrEqualTo(1);
        }
        assertThat(load("work")).containsExactly(4, 4, 4);
        RpcEvent first = heard("v").get(1);
        returns("v", "work", first.getDispatched().getToken());
        call("c", "work");
        assertThat(load("work")).containsExactly(4, 4, 4);
        hearsToken("v");
    }

    @Test
    @Feature({"PM-RPC-4", "PM-RPC-13", "B-08"})
    void callsWaitInTheOrderInWhichTheyCame() {
        serve("w", "f", 2);
        List<Long> seqs = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Outcome accepted = call("c" + i, "f", PLAIN);
            seqs.add(accepted.seq());
            assertThat(accepted.reply().getRpc().getAccepted().getAhead()).isEqualTo(Math.max(0, i - 2));
        }
        there("f", 3, 2);
        List<RpcEvent> given = heard("w");
        assertThat(given).hasSize(2);
        returns("w", "f", given.get(1).getDispatched().getToken());
        hearsResult("c1", seqs.get(1));
        assertThat(hearsCall("w").getCallerName()).isEqualTo("c2");
        serve("v", "f", 1);
        assertThat(hearsCall("v").getCallerName()).isEqualTo("c3");
        there("f", 1, 3);
    }

    @Test
    @Feature({"PM-RPC-13", "C-07"})
    void aFullBacklogRefusesAndSaysWhenToComeAgain() {
        serve("w", "f", RegisterWorker.newBuilder().setConcurrency(1).setBacklogMax(2));
        long first = call("c", "f");
        call("c", "f");
        call("c", "f");
        Outcome refused =
                call("c", "f", PLAIN).refused(ErrorCode.EBUSY, "2 calls").changes();
        assertThat(refused.reply().getError().getRetryAfterMillis()).isPositive();
        assertThat(inspect("f").getSummary().getBacklogMax()).isEqualTo(2);
        returns("w", "f", hearsToken("w"));
        hearsResult("c", first);
        call("c", "f");
        // The last registration says it.
        serve("v", "f", RegisterWorker.newBuilder().setConcurrency(1));
        assertThat(inspect("f").getSummary().getBacklogMax()).isEqualTo(10_000);
        call("c", "f");
        there("f", 2, 2);
    }

    // ---- coming and going of workers ----

    @Test
    @Feature({"PM-RPC-1", "PM-RPC-2"})
    void whoRegistersAgainReplacesItsRegistration() {
        long first = serve("w", "f", 2);
        long seq = call("c", "f");
        long old = hearsToken("w");
        long second = serve("w", "f", 1);
        assertThat(second).isGreaterThan(first);
        assertThat(inspect("f").getWorkersList())
                .extracting(PoolMember::getTicket, PoolMember::getLeaving, PoolMember::getLeased)
                .containsExactly(tuple(first, true, 1), tuple(second, false, 0));
        call("c", "f");
        hearsToken("w");
        assertThat(load("f")).containsExactly(1, 1);
        call("c", "f");
        there("f", 1, 2);
        // What the old one had goes on; it then makes way, and the new one has no more room for that.
        assertThat(returns("w", "f", old)).isTrue();
        hearsResult("c", seq);
        assertThat(load("f")).containsExactly(1);
        there("f", 1, 1);
        hearsNothing("w");
        long third = serve("w", "f", 1);
        serve("w", "f", 2);
        assertThat(unregister("w", "f", third, true)).isFalse();
        assertThat(count("rpcWorkers")).isEqualTo(3);
    }

    @Test
    @Feature("PM-RPC-2")
    void anUnregisteredWorkerCompletesWhatItHas() {
        for (boolean drain : new boolean[] {true, false}) {
            long worker = serve("w", "f", 2);
            long seq = call("c", "f");
            long token = hearsToken("w");
            assertThat(unregister("v", "f", worker, drain)).isFalse();
            assertThat(unregister("w", "g", worker, drain)).isFalse();
            assertThat(unregister("w", "f", worker, drain)).isTrue();
            assertThat(unregister("w", "f", worker, true)).isFalse();
            assertThat(inspect("f").getWorkersCount()).isEqualTo(drain ? 1 : 0);
            assertThat(inspect("f").getSummary().getWorkers()).isEqualTo(drain ? 1 : 0);
            assertThat(inspect("f").getSummary().getRunning()).isEqualTo(1);
            assertThat(reports("w", "f", token)).isTrue();
            assertThat(heard("c")).hasSize(1);
            assertThat(returns("w", "f", token)).isTrue();
            hearsResult("c", seq);
            gone("f");
        }
    }

    @Test
    @Feature("PM-RPC-2")
    void aDrainingWorkerThatIsUnregisteredForGoodIsNotListedAnyMore() {
        long worker = serve("w", "f", 2);
        call("c", "f");
        unregister("w", "f", worker, true);
        assertThat(inspect("f").getWorkersCount()).isOne();
        assertThat(unregister("w", "f", worker, false)).isFalse();
        assertThat(inspect("f").getWorkersCount()).isZero();
        serve("w", "f", 1);
        assertThat(inspect("f").getSummary().getWorkers()).isOne();
        expire("w");
        expire("c");
        gone("f");
    }

    @Test
    @Feature({"PM-RPC-7", "PM-RPC-12", "S-73"})
    void theEndOfAWorkersSessionFailsItsCallsAndOthersServeOn() {
        serve("w", "f", 2);
        long first = call("c", "f");
        long second = call("c", "f");
        serve("v", "f", 1);
        long third = call("c", "f");
        hearsToken("v");
        long waiting = call("d", "f");
        expire("w");
        assertThat(session("c").heard())
                .extracting(event ->
                        event.getRequestSeq() + " " + event.getRpc().getFailed().getReason())
                .containsExactly(first + " WORKER_GONE", second + " WORKER_GONE");
        there("f", 1, 1);
        expire("v");
        hearsFailure("c", third, CallFailed.Reason.WORKER_GONE);
        // Who was not given to anybody waits for another worker.
        hearsNothing("d");
        serve("u", "f", 1);
        returns("u", "f", hearsToken("u"));
        hearsResult("d", waiting);
    }

    @Test
    @Feature({"PM-RPC-7", "PM-RPC-12", "S-73"})
    void anIdempotentCallGoesToAnotherWorkerBeforeAllThatWait() {
        serve("w", "f", 1);
        long seq = call("c", "f", IDEMPOTENT).seq();
        long lost = hearsToken("w");
        call("d", "f");
        expire("w");
        hearsNothing("c");
        there("f", 2, 0);
        serve("v", "f", 1);
        CallDispatched again = hearsCall("v");
        assertThat(again.getCallerName()).isEqualTo("c");
        assertThat(again.getAttempt()).isEqualTo(2);
        assertThat(again.getToken()).isGreaterThan(lost);
        assertThat(returns("v", "f", lost)).isFalse();
        assertThat(returns("v", "f", again.getToken())).isTrue();
        hearsResult("c", seq);
        assertThat(hearsCall("v").getCallerName()).isEqualTo("d");
    }

    @Test
    @Feature({"PM-RPC-12", "PM-RPC-2"})
    void whatIsHandedBackGoesToAnotherWorkerAsIfItHadNotBeenGiven() {
        serve("w", "f", 5);
        serve("v", "f", 5);
        call("c", "f");
        call("c", "f");
        call("c", "f");
        long token = heard("w").get(0).getDispatched().getToken();
        heard("v");
        // Now w has two and v one.
        assertThat(complete("w", "f", handBack(token))).isTrue();
        assertThat(hearsCall("v").getAttempt()).isEqualTo(1);
        assertThat(load("f")).containsExactly(1, 2);
        assertThat(complete("w", "f", handBack(token))).isFalse();
        hearsNothing("c");
    }

    @Test
    @Feature({"PM-RPC-12", "PM-RPC-2"})
    void whatIsHandedBackComesBackIfThereIsNoOther() {
        long worker = serve("w", "f", 1);
        long seq = call("c", "f");
        call("d", "f");
        assertThat(complete("w", "f", handBack(hearsToken("w")))).isTrue();
        CallDispatched again = hearsCall("w");
        assertThat(again.getCallerName()).isEqualTo("c");
        unregister("w", "f", worker, false);
        assertThat(complete("w", "f", handBack(again.getToken()))).isTrue();
        hearsNothing("w");
        there("f", 2, 0);
        serve("v", "f", 1);
        returns("v", "f", hearsToken("v"));
        hearsResult("c", seq);
    }

    // ---- what can be asked ----

    @Test
    @Feature({"PM-RPC-1", "C-02"})
    void proceduresAreListedInPages() {
        for (int i = 0; i < 5; i++) {
            serve("w", "f" + i, 3);
        }
        at(500);
        call("c", "f1");
        call("c", "zz", 0, -1);
        at(700).tick();
        assertThat(list("", ListProcedures.newBuilder()).getProceduresList())
                .extracting(ProcedureSummary::getName)
                .containsExactly("f0", "f1", "f2", "f3", "f4", "zz");
        var page =
                list(Actor.NAMESPACE, ListProcedures.newBuilder().setPrefix("f").setLimit(2));
        assertThat(page.getMore()).isTrue();
        assertThat(page.getProcedures(1))
                .isEqualTo(ProcedureSummary.newBuilder()
                        .setNamespace(Actor.NAMESPACE)
                        .setName("f1")
                        .setWorkers(1)
                        .setRunning(1)
                        .setBacklogMax(10_000)
                        .build());
        var rest = list(
                Actor.NAMESPACE,
                ListProcedures.newBuilder()
                        .setPrefix("f")
                        .setAfterNamespace(Actor.NAMESPACE)
                        .setAfterName("f1"));
        assertThat(rest.getProceduresList())
                .extracting(ProcedureSummary::getName)
                .containsExactly("f2", "f3", "f4");
        assertThat(rest.getMore()).isFalse();
        assertThat(inspect("zz").getSummary().getLongestWaitMillis()).isEqualTo(200);
        assertThat(inspect("f1").getWorkers(0).getClientName()).isEqualTo("w");
        assertThat(list("other", ListProcedures.newBuilder()).getProceduresCount())
                .isZero();
    }

    @Test
    @Feature({"PM-RPC-1", "C-02"})
    void anInspectionShowsAThousandWorkers() {
        withoutShadow();
        for (int i = 0; i <= 1_000; i++) {
            serve("w" + i, "f", 1);
        }
        assertThat(inspect("f").getWorkersCount()).isEqualTo(1_000);
        assertThat(inspect("f").getSummary().getWorkers()).isEqualTo(1_001);
    }
}
