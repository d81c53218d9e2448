package io.coordinator.state.semaphore;

import io.coordinator.protocol.AcquirePermits;
import io.coordinator.protocol.SemaphoreCommand;
import io.coordinator.protocol.SemaphoreQuery;
import io.coordinator.state.kernel.Check;

/** What is wrong with a command or query about semaphores whatever the state. */
final class SemaphoreAdmission {
    private SemaphoreAdmission() {}

    static void admit(SemaphoreCommand semaphore, Check check) {
        switch (semaphore.getOperationCase()) {
            case ACQUIRE -> admit(semaphore.getAcquire(), check);
            case EXTEND -> check.atLeast("ttl_millis", 1, semaphore.getExtend().getTtlMillis());
            // Negative is what a Java int makes of a number beyond 2^31.
            case RESIZE -> check.atLeast("limit", 0, semaphore.getResize().getLimit());
            case CANCEL, RELEASE, DELETE -> {}
            case OPERATION_NOT_SET -> check.unknown("the semaphore operation");
        }
    }

    private static void admit(AcquirePermits acquire, Check check) {
        check.atLeast("permits", 1, acquire.getPermits())
                .atLeast("initial_limit", 1, acquire.getInitialLimit())
                .atLeast("ttl_millis", 0, acquire.getTtlMillis())
                .atLeast("wait_millis", -1, acquire.getWaitMillis());
    }

    static void admit(SemaphoreQuery semaphore, Check check) {
        switch (semaphore.getOperationCase()) {
            case INSPECT ->
                check.present("namespace", semaphore.getNamespace()).present("semaphore name", semaphore.getName());
            case LIST -> {}
            case OPERATION_NOT_SET -> check.unknown("the semaphore query");
        }
    }
}
