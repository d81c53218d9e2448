package io.coordinator.cli.rpc;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coordinator.cli.console.Columns;
import io.coordinator.cli.console.Elapsed;
import io.coordinator.client.rpc.ProcedureStatus;
import io.coordinator.client.rpc.ProcedureSummary;
import java.util.List;

/** Names that are called and their workers, for people and for programs. */
final class RpcListings {
    static final Columns<ProcedureSummary> PROCEDURES = new Columns<ProcedureSummary>()
            .text("NAME", "name", ProcedureSummary::name)
            .number("WORKERS", "workers", ProcedureSummary::workers)
            .number("IN FLIGHT", "inFlight", ProcedureSummary::inFlight)
            .number("BACKLOG", "backlog", ProcedureSummary::backlog)
            .number("BACKLOG MAX", "backlogMax", ProcedureSummary::backlogMax)
            .numberMember("pendingCalls", ProcedureSummary::pendingCalls)
            .column(
                    "LONGEST WAIT",
                    "longestWaitMillis",
                    procedure -> procedure.backlog() == 0
                            ? Columns.NONE
                            : Elapsed.text(procedure.longestWait().toMillis()),
                    procedure -> JsonNodeFactory.instance.numberNode(
                            procedure.longestWait().toMillis()));

    private static final Columns<ProcedureStatus.Worker> WORKERS = new Columns<ProcedureStatus.Worker>()
            .text("CLIENT", "clientName", ProcedureStatus.Worker::clientName)
            .id("SESSION", "sessionId", ProcedureStatus.Worker::sessionId)
            .number("IN FLIGHT", "inFlight", ProcedureStatus.Worker::inFlight)
            .number("TAKES", "concurrency", ProcedureStatus.Worker::concurrency)
            .column(
                    "LEAVES",
                    "draining",
                    worker -> worker.draining() ? "yes" : Columns.NONE,
                    worker -> JsonNodeFactory.instance.booleanNode(worker.draining()));

    private RpcListings() {}

    static String table(ProcedureStatus procedure) {
        return PROCEDURES.table(List.of(procedure.summary()))
                + (procedure.workers().isEmpty() ? "" : '\n' + WORKERS.table(procedure.workers()));
    }

    static ObjectNode json(ProcedureStatus procedure) {
        ObjectNode json = PROCEDURES.json(procedure.summary());
        json.set("workerList", WORKERS.array(procedure.workers()));
        return json;
    }
}
