package io.coordinator.state.rpc;

import io.coordinator.protocol.CallProcedure;
import io.coordinator.protocol.CompleteCall;
import io.coordinator.protocol.RegisterWorker;
import io.coordinator.protocol.RpcCommand;
import io.coordinator.protocol.RpcQuery;
import io.coordinator.state.kernel.Check;
import io.coordinator.state.kernel.SessionLimits;

/** What is wrong with a command or query about calls whatever the state. */
final class RpcAdmission {
    private static final int CONCURRENCY_MAX = 10_000;

    private RpcAdmission() {}

    static void admit(RpcCommand rpc, Check check) {
        switch (rpc.getOperationCase()) {
            case REGISTER -> admit(rpc.getRegister(), check);
            case CALL -> admit(rpc.getCall(), check);
            case COMPLETE -> admit(rpc.getComplete(), check);
            case UNREGISTER, CANCEL, PROGRESS -> {}
            case OPERATION_NOT_SET -> check.unknown("the operation of calls");
        }
    }

    private static void admit(RegisterWorker register, Check check) {
        // Negative is what a Java int makes of a number beyond 2^31.
        check.atLeast("concurrency", 1, register.getConcurrency())
                .atMost("concurrency", CONCURRENCY_MAX, register.getConcurrency())
                .atLeast("backlog_max", 0, register.getBacklogMax())
                .atMost("backlog_max", SessionLimits.QUEUE_MAX, register.getBacklogMax());
    }

    private static void admit(CallProcedure call, Check check) {
        check.atLeast("timeout_millis", 0, call.getTimeoutMillis())
                .atLeast("wait_for_worker_millis", -1, call.getWaitForWorkerMillis());
    }

    private static void admit(CompleteCall complete, Check check) {
        switch (complete.getOutcomeCase()) {
            case RESULT -> check.json("result", complete.getResult());
            case FAILURE -> {}
            case CANCELLED -> check.require(complete.getCancelled(), "cancelled", "must be true if it is set");
            case HANDED_BACK -> check.require(complete.getHandedBack(), "handed_back", "must be true if it is set");
            case OUTCOME_NOT_SET -> check.unknown("the outcome of a call");
        }
    }

    static void admit(RpcQuery rpc, Check check) {
        switch (rpc.getOperationCase()) {
            case INSPECT -> check.present("namespace", rpc.getNamespace()).present("procedure name", rpc.getName());
            case LIST -> {}
            case OPERATION_NOT_SET -> check.unknown("the query about calls");
        }
    }
}
