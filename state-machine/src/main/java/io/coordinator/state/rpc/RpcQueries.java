package io.coordinator.state.rpc;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.CallRow;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.ListProcedures;
import io.coordinator.protocol.PoolMember;
import io.coordinator.protocol.ProcedureInspection;
import io.coordinator.protocol.ProcedureList;
import io.coordinator.protocol.ProcedureSummary;
import io.coordinator.protocol.RpcAnswer;
import io.coordinator.protocol.RpcQuery;
import io.coordinator.protocol.Stats;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.NameScan;
import io.coordinator.state.kernel.Page;
import io.coordinator.state.kernel.Ranking;
import io.coordinator.state.kernel.Refusals;
import io.coordinator.state.kernel.SessionDirectory;

/** What can be asked about calls and workers. Every list is bounded. */
final class RpcQueries {
    private final ProcedureNames names;
    private final ProcedureWorkers workers;
    private final CallTable calls;
    private final SessionDirectory sessions;

    RpcQueries(ProcedureNames names, ProcedureWorkers workers, CallTable calls, SessionDirectory sessions) {
        this.names = names;
        this.workers = workers;
        this.calls = calls;
        this.sessions = sessions;
    }

    Answer.Builder query(Context at, RpcQuery rpc) {
        return switch (rpc.getOperationCase()) {
            case INSPECT -> {
                Name name = Name.of(rpc.getNamespace(), rpc.getName());
                yield answer(RpcAnswer.newBuilder().setInspection(inspect(at, name)));
            }
            case LIST -> list(at, rpc.getNamespace(), rpc.getList());
            case OPERATION_NOT_SET ->
                Refusals.answer(
                        ErrorCode.EUNKNOWN, "the query about calls is unknown to this version; upgrade this node");
        };
    }

    private static Answer.Builder answer(RpcAnswer.Builder rpc) {
        return Answer.newBuilder().setRpc(rpc);
    }

    private ProcedureInspection inspect(Context at, Name name) {
        return ProcedureInspection.newBuilder()
                .setExists(names.exists(name))
                .setSummary(summary(at, name))
                .addAllWorkers(workers.pools().shown(name.key(), this::isListed))
                .build();
    }

    private boolean isListed(PoolMember worker) {
        return ProcedureWorkers.isListed(worker) && sessions.isOpen(worker.getSessionId());
    }

    private Answer.Builder list(Context at, String namespace, ListProcedures list) {
        ProcedureList.Builder procedures = ProcedureList.newBuilder();
        NameScan scan = names.scan(namespace, list.getPrefix());
        Page page = new Page(list.getLimit());
        String key = scan.firstAfter(list.getAfterNamespace(), list.getAfterName());
        while (key != null) {
            ProcedureSummary summary = summary(at, Name.ofKey(key));
            if (!page.takes(summary.getSerializedSize())) {
                return answer(RpcAnswer.newBuilder().setList(procedures.setMore(true)));
            }
            procedures.addProcedures(summary);
            key = scan.next(key);
        }
        return scan.hasGivenUp() && procedures.getProceduresCount() == 0
                ? scan.refusal()
                : answer(RpcAnswer.newBuilder().setList(procedures.setMore(scan.hasGivenUp())));
    }

    /** Tells of the procedures that have most calls. */
    void rank(Context at, Stats.Builder stats) {
        Ranking<Name> busiest = new Ranking<>();
        NameScan scan = names.scan("", "");
        int seen = 0;
        for (String key = scan.firstAfter("", ""); key != null && seen < Ranking.LOOKED_AT_MAX; key = scan.next(key)) {
            Name name = Name.ofKey(key);
            busiest.add(calls.waiting(name) + workers.pools().leased(key), key, name);
            seen++;
        }
        busiest.first().forEach(name -> stats.addProcedures(summary(at, name)));
    }

    private ProcedureSummary summary(Context at, Name name) {
        CallRow head = calls.head(name);
        return ProcedureSummary.newBuilder()
                .setNamespace(name.namespace())
                .setName(name.name())
                .setWorkers(workers.size(name))
                .setWaiting(calls.waiting(name))
                .setRunning(workers.pools().leased(name.key()))
                .setLongestWaitMillis(head == null ? 0 : at.nowMillis() - head.getCalledAtMillis())
                .setBacklogMax(names.backlogMax(name))
                .build();
    }
}
