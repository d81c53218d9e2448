package io.coordinator.state.lock;

import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.LockCommand;
import io.coordinator.protocol.LockQuery;
import io.coordinator.state.kernel.Check;
import java.util.List;

/** What is wrong with a command or query about locks whatever the state. */
final class LockAdmission {
    private LockAdmission() {}

    static void admit(LockCommand lock, Check check) {
        String problem = LockNames.problem(lock.getNamesList());
        check.require(problem.isEmpty(), "names", problem);
        switch (lock.getOperationCase()) {
            case ACQUIRE -> admit(lock.getAcquire(), lock.getNamesList(), check);
            case EXTEND -> check.atLeast("ttl_millis", 1, lock.getExtend().getTtlMillis());
            case CANCEL, RELEASE, DOWNGRADE, FORCE_RELEASE -> {}
            case OPERATION_NOT_SET -> check.unknown("the lock operation");
        }
    }

    private static void admit(AcquireLock acquire, List<String> names, Check check) {
        check.atLeast("ttl_millis", 0, acquire.getTtlMillis())
                .atLeast("wait_millis", -1, acquire.getWaitMillis())
                // Every lock of a set keeps them all.
                .value("contents and names of all locks together", rowsBytes(acquire, names));
    }

    private static int rowsBytes(AcquireLock acquire, List<String> names) {
        long row = acquire.getContents().size();
        if (names.size() > 1) {
            row += names.stream().mapToLong(String::length).sum();
        }
        return (int) Math.min(Integer.MAX_VALUE, row * names.size());
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
