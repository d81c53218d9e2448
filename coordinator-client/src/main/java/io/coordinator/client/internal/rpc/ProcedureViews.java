package io.coordinator.client.internal.rpc;

import io.coordinator.client.rpc.ProcedurePage;
import io.coordinator.client.rpc.ProcedureStatus;
import io.coordinator.client.rpc.ProcedureSummary;
import io.coordinator.protocol.PoolMember;
import io.coordinator.protocol.ProcedureInspection;
import io.coordinator.protocol.ProcedureList;
import java.time.Duration;

/** What the cluster's answers about names that are called look like to user code. */
public final class ProcedureViews {
    private ProcedureViews() {}

    static ProcedurePage page(ProcedureList list) {
        return new ProcedurePage(
                list.getProceduresList().stream().map(ProcedureViews::summary).toList(), list.getMore());
    }

    static ProcedureStatus status(ProcedureInspection inspection) {
        return new ProcedureStatus(
                summary(inspection.getSummary()),
                inspection.getWorkersList().stream().map(ProcedureViews::worker).toList());
    }

    public static ProcedureSummary summary(io.coordinator.protocol.ProcedureSummary procedure) {
        return new ProcedureSummary(
                procedure.getNamespace(),
                procedure.getName(),
                procedure.getWorkers(),
                procedure.getRunning(),
                procedure.getWaiting(),
                Integer.toUnsignedLong(procedure.getBacklogMax()),
                Duration.ofMillis(procedure.getLongestWaitMillis()));
    }

    private static ProcedureStatus.Worker worker(PoolMember worker) {
        return new ProcedureStatus.Worker(
                worker.getSessionId(),
                worker.getClientName(),
                worker.getCapacity(),
                worker.getLeased(),
                worker.getLeaving());
    }
}
