package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.CallFailed;
import io.coordinator.protocol.CallProcedure;
import io.coordinator.protocol.CallRevoked;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.RegisterWorker;
import io.coordinator.protocol.RpcEvent;
import io.coordinator.protocol.RpcReply;
import io.coordinator.state.kernel.Budget;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Calls when little is done in each entry, and many of them. */
@Feature("C-09")
class ThinCallsTest extends CallScript {
    private static final int MANY = 10_000;
    private static final int FEW = 2_000;

    private List<String> callers(String worker) {
        return heard(worker).stream()
                .map(event -> event.getDispatched().getCallerName())
                .toList();
    }

    @Test
    @Feature({"PM-RPC-13", "B-08"})
    void aNewWorkerIsGivenWhatWaitsOneByOneAndNobodyOvertakes() {
        for (String name : List.of("c0", "c1", "c2", "c3", "c4", "late", "w", "v")) {
            session(name);
        }
        cutSlices(1);
        for (int i = 0; i < 5; i++) {
            call("c" + i, "f", 0, -1).gives(RpcReply.OutcomeCase.ACCEPTED);
        }
        serve("w", "f", 100);
        assertThat(core().hasWorkLeft()).isTrue();
        there("f", 4, 1);
        assertThat(call("late", "f", PLAIN).reply().getRpc().getAccepted().getAhead())
                .isPositive();
        drain();
        assertThat(callers("w")).containsExactly("c0", "c1", "c2", "c3", "c4", "late");
    }

    @Test
    @Feature({"PM-RPC-7", "PM-RPC-11", "G-4", "S-73"})
    void theEndOfASessionEndsOneCallAfterTheOther() {
        CallProcedure again = PLAIN.toBuilder().setIdempotent(true).build();
        serve("w", "f", 100);
        serve("v", "g", 1);
        for (int i = 0; i < 4; i++) {
            call("c", "f", again);
            call("c", "f");
            call("w", "g");
        }
        long token = hearsToken("v");
        cutSlices(1);
        expire("w");
        assertThat(core().hasWorkLeft()).isTrue();
        // What has not come to its turn is nobody's any more.
        call("d", "f", PLAIN).refused(ErrorCode.ENOHANDLER);
        assertThat(inspect("f").getWorkersCount()).isZero();
        drain();
        hearsRevoked("v", token, CallRevoked.Reason.CALLER_GONE);
        assertThat(heard("c"))
                .hasSize(4)
                .allMatch(event -> event.getFailed().getReason() == CallFailed.Reason.WORKER_GONE);
        there("f", 4, 0);
        there("g", 0, 1);
        serve("u", "f", 100);
        drain();
        assertThat(heard("u"))
                .hasSize(4)
                .allMatch(event -> event.getDispatched().getAttempt() == 2);
    }

    @Test
    @Feature({"PM-RPC-8", "G-3"})
    void whatIsOverMakesWayForWhatIsNot() {
        serve("w", "f", 1);
        call("a", "f");
        for (int i = 0; i < 6; i++) {
            call("b", "f", 500 + i, 0);
        }
        call("c", "f", 0, 0);
        long token = hearsToken("w");
        cutSlices(1);
        at(2_000);
        returns("w", "f", token);
        drain();
        assertThat(callers("w")).containsExactly("c");
        assertThat(heard("b"))
                .hasSize(6)
                .allMatch(event -> event.getFailed().getReason() == CallFailed.Reason.TIMED_OUT);
    }

    @Test
    @Feature({"PM-RPC-13", "C-09"})
    void tenThousandThatWaitAreGivenSliceBySlice() {
        withoutShadow();
        call("c", "f", 0, -1);
        for (int i = 1; i < MANY; i++) {
            session("c").acks(session("c").sent().getSeq());
            call("c", "f", 60_000, -1);
        }
        call("c", "f", 0, -1).refused(ErrorCode.ENOSPACE, "10000 calls");
        call("d", "f", 0, -1).refused(ErrorCode.EBUSY, "10000 calls");
        serve("w", "f", RegisterWorker.newBuilder().setConcurrency(MANY).setBacklogMax(1));
        assertThat(core().hasWorkLeft()).isTrue();
        assertThat(steps()).isLessThan(2 * Budget.SLICE_STEPS);
        assertThat(drain()).isGreaterThan(5);
        there("f", 0, MANY);
        List<RpcEvent> given = heard("w");
        assertThat(given).hasSize(MANY);
        assertThat(given)
                .extracting(event -> event.getDispatched().getToken())
                .isSorted()
                .doesNotHaveDuplicates();
        expire("w");
        assertThat(core().hasWorkLeft()).isTrue();
        assertThat(drain()).isGreaterThan(5);
        assertThat(heard("c")).hasSize(MANY).allMatch(RpcEvent::hasFailed);
        assertThat(count("rpcCalls")).isZero();
    }

    @Test
    @Feature({"PM-RPC-11", "C-09"})
    void aSessionWithThousandsOfCallsEndsSliceBySlice() {
        withoutShadow();
        serve("w", "f", FEW);
        for (int i = 0; i < 2 * FEW; i++) {
            session("c").acks(session("c").sent().getSeq());
            call("c", "f");
        }
        there("f", FEW, FEW);
        heard("w");
        expire("c");
        assertThat(core().hasWorkLeft()).isTrue();
        drain();
        there("f", 0, FEW);
        assertThat(heard("w")).hasSize(FEW).allMatch(RpcEvent::hasRevoked);
        at(5_000).tick();
        drain();
        there("f", 0, 0);
    }

    @Test
    @Feature({"PM-RPC-1", "C-07"})
    void aSessionServesTenThousandProceduresAndNoMore() {
        withoutShadow();
        for (int i = 0; i < MANY; i++) {
            session("w").acks(session("w").sent().getSeq());
            serve("w", "f" + i, 1);
        }
        send("w", registerCommand("more", 1))
                .refused(ErrorCode.ENOSPACE, "10000 registrations")
                .changes();
        // One for another is no more than before.
        serve("w", "f7", 2);
        assertThat(count("rpcWorkers")).isEqualTo(MANY);
        expire("w");
        drain();
        assertThat(count("procedures")).isZero();
    }
}
