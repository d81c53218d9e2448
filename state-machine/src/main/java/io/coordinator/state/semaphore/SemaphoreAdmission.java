package io.coordinator.state.semaphore;

import io.coordinator.protocol.AcquirePermits;
import io.coordinator.protocol.ListSemaphores;
import io.coordinator.protocol.SemaphoreCommand;
import io.coordinator.protocol.SemaphoreQuery;
import io.coordinator.state.kernel.Check;

/** What is wrong with a command or query about semaphores whatever the state. */
final class SemaphoreAdmission {
    private SemaphoreAdmission() {}

    static void admit(SemaphoreCommand semaphore, Check check) {
        check.known(semaphore).name("namespace", semaphore.getNamespace()).name("semaphore name", semaphore.getName());
        switch (semaphore.getOperationCase()) {
            case ACQUIRE -> admit(semaphore.getAcquire(), check);
            case CANCEL -> check.known(semaphore.getCancel());
            case RELEASE -> check.known(semaphore.getRelease());
            case EXTEND ->
                check.known(semaphore.getExtend())
                        .atLeast("ttl_millis", 1, semaphore.getExtend().getTtlMillis());
            case RESIZE ->
                check.known(semaphore.getResize())
                        // Negative is what a Java int makes of a number beyond 2^31.
                        .atLeast("limit", 0, semaphore.getResize().getLimit());
            case DELETE -> check.known(semaphore.getDelete());
            case OPERATION_NOT_SET -> check.unknown("the semaphore operation");
        }
    }

    private static void admit(AcquirePermits acquire, Check check) {
        check.known(acquire)
                .atLeast("permits", 1, acquire.getPermits())
                .atLeast("initial_limit", 1, acquire.getInitialLimit())
                .atLeast("ttl_millis", 0, acquire.getTtlMillis())
                .atLeast("wait_millis", -1, acquire.getWaitMillis())
                .optionalJson("contents", acquire.getContents());
    }

    static void admit(SemaphoreQuery semaphore, Check check) {
        check.known(semaphore);
        switch (semaphore.getOperationCase()) {
            case INSPECT ->
                check.known(semaphore.getInspect())
                        .name("namespace", semaphore.getNamespace())
                        .name("semaphore name", semaphore.getName());
            case LIST -> admit(semaphore.getList(), check);
            case OPERATION_NOT_SET -> check.unknown("the semaphore query");
        }
    }

    private static void admit(ListSemaphores list, Check check) {
        check.known(list)
                .prefix("namespace", list.getNamespace())
                .prefix("prefix", list.getPrefix())
                .prefix("after_namespace", list.getAfterNamespace())
                .prefix("after_name", list.getAfterName());
    }
}
