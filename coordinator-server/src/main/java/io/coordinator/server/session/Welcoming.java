package io.coordinator.server.session;

import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Welcome;
import io.coordinator.server.propose.Proposer;
import io.coordinator.server.replica.ReadTask;
import io.coordinator.server.replica.ReadTurn;
import io.coordinator.state.Coordinator;
import io.coordinator.state.SessionView;
import java.util.List;

/**
 * Makes streams their sessions' own, and welcomes their clients, or refuses who does not know its session's secret.
 * Serves the {@link Door}, which has made sure that this node leads.
 */
final class Welcoming {
    private final GatewaySettings settings;
    private final Proposer proposer;
    private final SessionLeases leases;
    private final LeaderView leadership;

    Welcoming(GatewaySettings settings, Proposer proposer, SessionLeases leases, LeaderView leadership) {
        this.settings = settings;
        this.proposer = proposer;
        this.leases = leases;
        this.leadership = leadership;
    }

    /** Hears how far it has come; on the thread that looked at the state. */
    interface Done {
        /**
         * A turn is over.
         *
         * @param seen who was attached or refused, and is to be told
         * @param left who is to come in another turn
         */
        void attached(List<Visitor> seen, List<Visitor> left);
    }

    /** Attaches as many as one turn at the state allows. */
    ReadTask of(List<Visitor> visitors, Done done) {
        return new ReadTask() {
            private int seen;

            @Override
            public void evaluate(Coordinator core, ReadTurn turn) {
                do {
                    attach(core, visitors.get(seen));
                    seen++;
                } while (seen < visitors.size() && !turn.isOver());
            }

            @Override
            public void evaluated() {
                done.attached(visitors.subList(0, seen), visitors.subList(seen, visitors.size()));
            }
        };
    }

    private void attach(Coordinator core, Visitor visitor) {
        SessionView view = core.session(visitor.sessionId()).orElse(null);
        if (view == null) {
            visitor.refuse(SessionRefusals.sessionEnded());
        } else if (!Handshake.same(
                view.resumeToken().toByteArray(), visitor.hello().getResumeToken())) {
            visitor.refuse(SessionRefusals.of(ErrorCode.EAUTH, "the resume token is not this session's"));
        } else {
            leases.attached(view);
            Welcome welcome = welcome(view, visitor, core);
            visitor.attached(visitor.stream()
                    .attach(view, welcome, core.pendingEvents(view.id(), 0, EventFeed.QUEUED_BYTES_MAX)));
        }
    }

    private Welcome welcome(SessionView view, Visitor visitor, Coordinator core) {
        return Welcome.newBuilder()
                .setVersion(Handshake.agreed(visitor.hello()))
                .setActiveVersion(core.activeVersion())
                .setCluster(settings.cluster())
                .setSessionId(view.id())
                .setResumed(!visitor.wantsNewSession())
                .setLeaseMillis(view.leaseMillis())
                .setClusterTimeMillis(proposer.clusterTimeMillis())
                .setNode(settings.node())
                .setTerm(leadership.term())
                .setLastSeq(view.lastSeq())
                .addAllEndpoints(settings.endpoints().get())
                .setMaxValueBytes(settings.limits().valueBytesMax())
                .setMaxRequestBytes(settings.limits().requestBytesMax())
                .setRevision(core.revision())
                .build();
    }
}
