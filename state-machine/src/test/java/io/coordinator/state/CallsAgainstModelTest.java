package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.CallDispatched;
import io.coordinator.protocol.CallProcedure;
import io.coordinator.protocol.CompleteCall;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.RegisterWorker;
import io.coordinator.protocol.RpcEvent;
import io.coordinator.state.kernel.Budget;
import io.coordinator.state.kernel.Seeds;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;

/**
 * One procedure, random callers and workers that come and go, and beside it what each of them has heard. A call is told
 * by its arguments.
 */
class CallsAgainstModelTest extends CallScript {
    private static final int STEPS = 300;
    private static final int TIMEOUT_MAX = 400;

    private final Random random = Seeds.random("CallsAgainstModelTest");
    private final List<String> open = new ArrayList<>();
    /** By arguments, in the order in which they came. */
    private final Map<Integer, Asked> calls = new TreeMap<>();
    /** By token: what workers were given and have not answered. */
    private final Map<Long, Given> given = new TreeMap<>();

    private final Map<String, Long> members = new HashMap<>();
    private final Set<String> ended = new HashSet<>();

    private long nowMillis = 1_000;
    private int sessions;
    private int numbers;

    private static final class Asked {
        final int number;
        final String caller;
        final long seq;
        final boolean idempotent;
        final long deadline;
        int given;
        int handedBack;
        int outcomes;
        boolean cancelled;

        Asked(int number, String caller, long seq, boolean idempotent, long deadline) {
            this.number = number;
            this.caller = caller;
            this.seq = seq;
            this.idempotent = idempotent;
            this.deadline = deadline;
        }
    }

    /** A call that a worker has, as it knows. */
    private record Given(String worker, Asked call) {}

    @RepeatedTest(3)
    @Feature({"PM-RPC-3", "PM-RPC-4", "PM-RPC-7", "PM-RPC-8", "PM-RPC-11", "PM-RPC-12", "PM-RPC-13", "S-71", "A-21"})
    void doesWhatTheModelDoes() {
        // Thin or thick: the outcome is the same, since all that is left is done before the next command.
        cutSlices(random.nextBoolean() ? 1 : Budget.SLICE_STEPS);
        for (int i = 0; i < STEPS; i++) {
            nowMillis += random.nextInt(60);
            at(nowMillis).tick();
            drain();
            hear();
            step();
            drain();
            hear();
            compare();
        }
        nowMillis += TIMEOUT_MAX;
        at(nowMillis).tick();
        drain();
        hear();
        nowMillis += 5_000;
        at(nowMillis).tick();
        drain();
        hear();
        assertThat(count("rpcCalls")).isZero();
        assertThat(calls.values())
                .allMatch(call -> call.outcomes == 1 || call.cancelled || ended.contains(call.caller));
    }

    private void step() {
        if (open.size() < 4 || random.nextInt(30) == 0) {
            open.add("s" + sessions++);
        }
        String who = open.get(random.nextInt(open.size()));
        switch (random.nextInt(20)) {
            case 0 -> end(who);
            case 1, 2 -> members.put(who, serve(who, "f", concurrency()));
            case 3 -> {
                if (members.containsKey(who)) {
                    assertThat(unregister(who, "f", members.remove(who), random.nextBoolean()))
                            .isTrue();
                }
            }
            case 4 -> cancelOne(who);
            case 5, 6, 7, 8, 9, 10, 11 -> answerOne();
            default -> callOne(who);
        }
    }

    private RegisterWorker.Builder concurrency() {
        return RegisterWorker.newBuilder().setConcurrency(1 + random.nextInt(4)).setBacklogMax(1 + random.nextInt(8));
    }

    private void end(String who) {
        hear();
        expire(who);
        open.remove(who);
        members.remove(who);
        ended.add(who);
        drain();
        List<Given> lost =
                given.values().stream().filter(one -> one.worker.equals(who)).toList();
        given.values().removeIf(one -> one.worker.equals(who));
        hear();
        for (Given one : lost) {
            // Told at once, unless another worker may have it.
            boolean over = one.call.outcomes == 1 || one.call.cancelled || ended.contains(one.call.caller);
            assertThat(over || one.call.idempotent).isTrue();
        }
    }

    private void callOne(String who) {
        int timeout = 1 + random.nextInt(TIMEOUT_MAX);
        CallProcedure call = CallProcedure.newBuilder()
                .setArguments(Actor.json(String.valueOf(numbers)))
                .setTimeoutMillis(timeout)
                .setWaitForWorkerMillis(random.nextInt(3) == 0 ? random.nextInt(200) : -1)
                .setIdempotent(random.nextBoolean())
                .build();
        Outcome outcome = call(who, "f", call);
        if (outcome.reply().hasError()) {
            assertThat(outcome.reply().getError().getCode()).isIn(ErrorCode.EBUSY, ErrorCode.ENOHANDLER);
            return;
        }
        calls.put(numbers, new Asked(numbers, who, outcome.seq(), call.getIdempotent(), nowMillis + timeout));
        numbers++;
    }

    private void cancelOne(String who) {
        List<Asked> mine =
                calls.values().stream().filter(call -> call.caller.equals(who)).toList();
        if (!mine.isEmpty()) {
            Asked call = mine.get(random.nextInt(mine.size()));
            boolean pending = cancel(who, "f", call.seq);
            assertThat(pending).isEqualTo(call.outcomes == 0 && !call.cancelled);
            call.cancelled |= pending;
        }
    }

    private void answerOne() {
        List<Long> tokens = List.copyOf(given.keySet());
        if (tokens.isEmpty()) {
            return;
        }
        long token = tokens.get(random.nextInt(tokens.size()));
        Given one = given.remove(token);
        Asked call = one.call;
        boolean live = call.outcomes == 0 && !call.cancelled && !ended.contains(call.caller);
        CompleteCall.Builder answer = switch (random.nextInt(6)) {
            case 0 -> handBack(token);
            case 1 -> stopped(token);
            default -> result(token);
        };
        call.handedBack += live && answer.hasHandedBack() ? 1 : 0;
        boolean accepted = complete(one.worker, "f", answer);
        if (live || !answer.hasCancelled()) {
            assertThat(accepted).isEqualTo(live);
        }
        assertThat(returns(one.worker, "f", token)).isFalse();
    }

    private void hear() {
        for (String who : List.copyOf(open)) {
            for (Event event : session(who).heard()) {
                hear(who, event);
            }
            List<Event> pending = core().pendingEvents(session(who).id());
            if (!pending.isEmpty()) {
                session(who).acksEvents(pending.get(pending.size() - 1).getNumber());
            }
        }
    }

    private void hear(String who, Event event) {
        RpcEvent rpc = event.getRpc();
        switch (rpc.getOutcomeCase()) {
            case DISPATCHED -> hearCall(who, rpc.getDispatched());
            case REVOKED -> assertThat(calls).isNotEmpty();
            case RETURNED, FAILED -> {
                Asked call = calls.values().stream()
                        .filter(asked -> asked.caller.equals(who) && asked.seq == event.getRequestSeq())
                        .findFirst()
                        .orElseThrow();
                call.outcomes++;
                assertThat(call.outcomes).as("outcomes of %s", call.number).isEqualTo(1);
                assertThat(call.cancelled).isFalse();
                assertThat(call.deadline >= nowMillis || rpc.hasFailed()).isTrue();
            }
            case PROGRESS, OUTCOME_NOT_SET -> throw new AssertionError(rpc);
        }
    }

    private void hearCall(String who, CallDispatched dispatched) {
        Asked call = Objects.requireNonNull(
                calls.get(Integer.valueOf(dispatched.getArguments().toStringUtf8())));
        assertThat(given.values().stream().map(Given::call)).doesNotContain(call);
        call.given++;
        assertThat(dispatched.getAttempt()).isEqualTo(call.given - call.handedBack);
        assertThat(dispatched.getAttempt() == 1 || call.idempotent).isTrue();
        given.put(dispatched.getToken(), new Given(who, call));
    }

    private void compare() {
        // Those that workers have not answered and that have not been given up for too long.
        assertThat(inspect("f").getSummary().getRunning()).isLessThanOrEqualTo(given.size());
        List<Integer> load = new ArrayList<>();
        inspect("f").getWorkersList().stream()
                .filter(worker -> !worker.getLeaving())
                .forEach(worker -> {
                    assertThat(worker.getLeased()).isLessThanOrEqualTo(worker.getCapacity());
                    if (worker.getLeased() < worker.getCapacity()) {
                        load.add(worker.getLeased());
                    }
                });
        // Nobody waits where somebody has room.
        assertThat(load.isEmpty() || inspect("f").getSummary().getWaiting() == 0)
                .isTrue();
        long pending = calls.values().stream()
                .filter(call -> call.outcomes == 0 && !call.cancelled && !ended.contains(call.caller))
                .count();
        assertThat(count("rpcCalls")).isGreaterThanOrEqualTo(pending);
        assertThat(count("rpcCallsWaiting")).isLessThanOrEqualTo(pending);
    }
}
