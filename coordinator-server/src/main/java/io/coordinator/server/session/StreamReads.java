package io.coordinator.server.session;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Consistency;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.Heard;
import io.coordinator.protocol.KeepAlive;
import io.coordinator.protocol.KeepAliveReply;
import io.coordinator.protocol.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The questions of one stream, from arrival to answer. */
final class StreamReads implements QueryLane.Receiver, KeepAlives.Receiver {
    private final SessionGateway gateway;
    private final StreamAccount account;
    private final Outbox outbox;
    private final Runnable leadershipLost;
    private final ReadQueue ownWrites = new ReadQueue();
    private final QueryLane linearizable;
    private final QueryLane quorum;
    private final KeepAlives keepAlives;

    /** @param leadershipLost ends the stream */
    StreamReads(SessionGateway gateway, StreamAccount account, Outbox outbox, Runnable leadershipLost) {
        this.gateway = gateway;
        this.account = account;
        this.outbox = outbox;
        this.leadershipLost = leadershipLost;
        this.linearizable = new QueryLane(account, read -> gateway.gate().submit(read), this);
        this.quorum = new QueryLane(account, read -> gateway.gate().submitQuorum(read), this);
        this.keepAlives = new KeepAlives(gateway.proofs(), this);
    }

    /** @param received the highest command of the session that has come: a query can wait for no other */
    void ask(List<Query> queries, long received) {
        List<Query> admissible = new ArrayList<>(queries.size());
        List<Answer> refusals = new ArrayList<>();
        for (Query query : queries) {
            Optional<Error> refusal = ReadQueue.refuse(query, received).or(() -> gateway.refuse(query));
            if (refusal.isPresent()) {
                refusals.add(Answer.newBuilder()
                        .setId(query.getId())
                        .setError(refusal.get())
                        .build());
            } else {
                account.keep(Unanswered.bytesOf(query));
                admissible.add(query);
            }
        }
        if (!refusals.isEmpty()) {
            outbox.refusals(refusals);
        }
        ownWrites.admit(admissible).forEach(this::add);
        // What they wait for may have been applied while they were put aside.
        ownWrites.takeReady().forEach(this::add);
        outbox.drain();
    }

    /** The session's commands up to this one are visible to its reads now; see {@link #retry}. */
    void ownWritesApplied(long seq) {
        ownWrites.applied(seq);
    }

    /** Goes on with the queries that waited for the session's own writes and need not wait any longer. */
    void retry() {
        List<Query> ready = ownWrites.takeReady();
        if (!ready.isEmpty()) {
            ready.forEach(this::add);
            outbox.drain();
        }
    }

    /**
     * Has queries evaluated as far as there is room for their answers.
     *
     * @return whether there were any
     */
    boolean pump() {
        QueryLane.Pumped first = linearizable.pump();
        QueryLane.Pumped second = quorum.pump();
        if (first == QueryLane.Pumped.NO_ROOM || second == QueryLane.Pumped.NO_ROOM) {
            outbox.awaitRoom();
        }
        return first == QueryLane.Pumped.A_STEP || second == QueryLane.Pumped.A_STEP;
    }

    @Override
    public void answered(List<Answer> answers) {
        if (!answers.isEmpty()) {
            outbox.answers(answers);
        }
        outbox.drain();
    }

    @Override
    public void leadershipLost() {
        leadershipLost.run();
    }

    /**
     * Answers a sign of life, as only a proven leader may: the answer extends the client's lease, and an old leader
     * must not extend what the new one does not know of (G-13). While the proof is on its way, the client learns that
     * its stream is well.
     */
    void confirm(KeepAlive keepAlive) {
        if (!keepAlives.confirm(keepAlive)) {
            outbox.heard(Heard.getDefaultInstance());
            outbox.drain();
        }
    }

    @Override
    public void confirmed(KeepAlive keepAlive) {
        outbox.keepAlive(KeepAliveReply.newBuilder()
                .setId(keepAlive.getId())
                .setClusterTimeMillis(gateway.clusterTimeMillis())
                .setSpreadMillis(gateway.spreadMillis())
                .build());
        outbox.drain();
    }

    private void add(Query query) {
        (query.getConsistency() == Consistency.QUORUM ? quorum : linearizable).add(query);
    }
}
