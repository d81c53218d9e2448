package io.coordinator.server.call;

import io.coordinator.protocol.Error;
import io.coordinator.protocol.InspectProcedure;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.RpcQuery;
import io.coordinator.server.read.GatedRead;
import io.coordinator.server.read.ReadGate;
import io.coordinator.server.replica.ReadTurn;
import io.coordinator.state.Coordinator;

/** Asks the state of this node under proof that it leads. */
public record GatedRegistrations(ReadGate gate) implements CallRegistrations {
    @Override
    public void ask(String namespace, String name, Asker asker) {
        Query query = Query.newBuilder()
                .setRpc(RpcQuery.newBuilder()
                        .setNamespace(namespace)
                        .setName(name)
                        .setInspect(InspectProcedure.getDefaultInstance()))
                .build();
        gate.submit(new Look(query, asker));
    }

    private static final class Look implements GatedRead {
        private final Query query;
        private final Asker asker;
        private int workers;

        Look(Query query, Asker asker) {
            this.query = query;
            this.asker = asker;
        }

        @Override
        public void evaluate(Coordinator core, ReadTurn turn) {
            workers = core.query(query).getRpc().getInspection().getSummary().getWorkers();
        }

        @Override
        public void release() {
            asker.found(workers);
        }

        @Override
        public void refuse(Error error) {
            asker.refused();
        }
    }
}
