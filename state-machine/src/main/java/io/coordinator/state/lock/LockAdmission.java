package io.coordinator.state.lock;

import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.LockCommand;
import io.coordinator.protocol.LockQuery;
import io.coordinator.state.kernel.Check;

/** What is wrong with a command or query about locks whatever the state. */
final class LockAdmission {
    private LockAdmission() {}

    static void admit(LockCommand lock, Check check) {
        String problem = LockNames.problem(lock.getNamesList());
        check.require(problem.isEmpty(), "names", problem);
        switch (lock.getOperationCase()) {
            case ACQUIRE -> admit(lock.getAcquire(), lock.getNamesCount(), check);
            case EXTEND -> check.atLeast("ttl_millis", 1, lock.getExtend().getTtlMillis());
            case CANCEL, RELEASE, DOWNGRADE, FORCE_RELEASE -> {}
            case OPERATION_NOT_SET -> check.unknown("the lock operation");
        }
    }

    private static void admit(AcquireLock acquire, int names, Check check) {
        check.atLeast("ttl_millis", 0, acquire.getTtlMillis())
                .atLeast("wait_millis", -1, acquire.getWaitMillis())
                // Every lock of a set keeps them.
                .value("contents of all locks together", acquire.getContents().size() * names);
    }

    static void admit(LockQuery lock, Check check) {
        switch (lock.getOperationCase()) {
            case INSPECT, VERIFY ->
                check.present("namespace", lock.getNamespace()).present("lock name", lock.getName());
            case LIST, HELD, CYCLES, AUDIT -> {}
            case OPERATION_NOT_SET -> check.unknown("the lock query");
        }
    }
}
