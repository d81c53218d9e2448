package io.coordinator.state.lock;

import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.ForceReleaseLock;
import io.coordinator.protocol.ListLocks;
import io.coordinator.protocol.LockCommand;
import io.coordinator.protocol.LockQuery;
import io.coordinator.state.kernel.Check;
import java.util.List;

/** What is wrong with a command or query about locks whatever the state. */
final class LockAdmission {
    private LockAdmission() {}

    static void admit(LockCommand lock, Check check) {
        check.known(lock).name("namespace", lock.getNamespace());
        String problem = LockNames.problem(lock.getNamesList());
        check.require(problem.isEmpty(), "names", problem);
        for (int i = 0; i < Math.min(lock.getNamesCount(), LockNames.MAX); i++) {
            check.name("lock name", lock.getNames(i));
        }
        switch (lock.getOperationCase()) {
            case ACQUIRE -> admit(lock.getAcquire(), lock.getNamesList(), check);
            case CANCEL -> check.known(lock.getCancel());
            case RELEASE -> check.known(lock.getRelease());
            case EXTEND ->
                check.known(lock.getExtend())
                        .atLeast("ttl_millis", 1, lock.getExtend().getTtlMillis());
            case DOWNGRADE -> check.known(lock.getDowngrade());
            case FORCE_RELEASE -> admit(lock.getForceRelease(), check);
            case OPERATION_NOT_SET -> check.unknown("the lock operation");
        }
    }

    private static void admit(AcquireLock acquire, List<String> names, Check check) {
        check.known(acquire)
                .known("lock mode", acquire.getMode())
                .atLeast("ttl_millis", 0, acquire.getTtlMillis())
                .atLeast("wait_millis", -1, acquire.getWaitMillis())
                .prefix("owner", acquire.getOwner())
                .optionalJson("contents", acquire.getContents())
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

    private static void admit(ForceReleaseLock force, Check check) {
        check.known(force).name("operator", force.getOperator()).prefix("reason", force.getReason());
    }

    static void admit(LockQuery lock, Check check) {
        check.known(lock);
        switch (lock.getOperationCase()) {
            case INSPECT -> {
                check.known(lock.getInspect());
                admitName(lock, check);
            }
            case VERIFY -> {
                check.known(lock.getVerify())
                        .known("guard mode", lock.getVerify().getMode());
                admitName(lock, check);
            }
            case LIST -> admit(lock.getList(), check);
            case HELD -> check.known(lock.getHeld());
            case CYCLES -> check.known(lock.getCycles());
            case AUDIT -> check.known(lock.getAudit());
            case OPERATION_NOT_SET -> check.unknown("the lock query");
        }
    }

    private static void admitName(LockQuery lock, Check check) {
        check.name("namespace", lock.getNamespace()).name("lock name", lock.getName());
    }

    private static void admit(ListLocks list, Check check) {
        check.known(list)
                .prefix("namespace", list.getNamespace())
                .prefix("prefix", list.getPrefix())
                .prefix("after_namespace", list.getAfterNamespace())
                .prefix("after_name", list.getAfterName());
    }
}
