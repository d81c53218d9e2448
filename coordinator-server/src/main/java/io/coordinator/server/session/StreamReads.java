package io.coordinator.server.session;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Consistency;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.Heard;
import io.coordinator.protocol.KeepAlive;
import io.coordinator.protocol.KeepAliveReply;
import io.coordinator.protocol.Query;
import io.coordinator.server.read.LeadershipProofs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The questions of one stream, from arrival to answer. */
final class StreamReads {
    private final SessionGateway gateway;
    private final Outbox outbox;
    private final Runnable leadershipLost;
    private final ReadQueue ownWrites = new ReadQueue();

    /** @param leadershipLost ends the stream */
    StreamReads(SessionGateway gateway, Outbox outbox, Runnable leadershipLost) {
        this.gateway = gateway;
        this.outbox = outbox;
        this.leadershipLost = leadershipLost;
    }

    void ask(List<Query> queries) {
        List<Query> admissible = new ArrayList<>(queries.size());
        List<Answer> refusals = new ArrayList<>();
        for (Query query : queries) {
            Optional<Error> refusal = gateway.refuse(query);
            if (refusal.isPresent()) {
                refusals.add(Answer.newBuilder()
                        .setId(query.getId())
                        .setError(refusal.get())
                        .build());
            } else {
                admissible.add(query);
            }
        }
        if (!refusals.isEmpty()) {
            answer(refusals);
        }
        submit(ownWrites.admit(admissible));
        // What they wait for may have been applied while they were put aside.
        retry();
    }

    /** The session's commands up to this one are visible to its reads now; see {@link #retry}. */
    void ownWritesApplied(long seq) {
        ownWrites.applied(seq);
    }

    /** Submits the queries that waited for the session's own writes and need not wait any longer. */
    void retry() {
        List<Query> ready = ownWrites.takeReady();
        if (!ready.isEmpty()) {
            submit(ready);
        }
    }

    /**
     * Answers a sign of life, as only a proven leader may: the answer extends the client's lease, and an old leader must
     * not extend what the new one does not know of (G-13). While the proof is on its way, the client learns that its
     * stream is well.
     */
    void confirm(KeepAlive keepAlive) {
        if (!gateway.proofs().await(new Confirmation(keepAlive))) {
            outbox.heard(Heard.getDefaultInstance());
            outbox.drain();
        }
    }

    private void submit(List<Query> queries) {
        List<Query> quorum = new ArrayList<>();
        List<Query> others = new ArrayList<>(queries.size());
        for (Query query : queries) {
            (query.getConsistency() == Consistency.QUORUM ? quorum : others).add(query);
        }
        if (!quorum.isEmpty()) {
            gateway.gate().submitQuorum(batch(quorum));
        }
        if (!others.isEmpty()) {
            gateway.gate().submit(batch(others));
        }
    }

    private QueryBatch batch(List<Query> queries) {
        return new QueryBatch(queries, this::answer, error -> leadershipLost.run());
    }

    private void answer(List<Answer> answers) {
        outbox.answers(answers);
        outbox.drain();
    }

    private final class Confirmation implements LeadershipProofs.Claim {
        private final KeepAlive keepAlive;

        Confirmation(KeepAlive keepAlive) {
            this.keepAlive = keepAlive;
        }

        @Override
        public void proven() {
            outbox.keepAlive(KeepAliveReply.newBuilder()
                    .setId(keepAlive.getId())
                    .setClusterTimeMillis(gateway.clusterTimeMillis())
                    .build());
            outbox.drain();
        }

        @Override
        public void refused() {
            leadershipLost.run();
        }
    }
}
