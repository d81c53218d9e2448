package io.coordinator.server.session;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Consistency;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.Query;
import io.coordinator.server.read.GatedRead;
import io.coordinator.server.replica.ReadTurn;
import io.coordinator.state.Coordinator;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One read without a session: waits for room, is evaluated, and is charged until its call has ended. */
public final class UnaryRead implements GatedRead, Outgoing.Member {
    private final UnaryReads reads;
    private final Query query;
    private final Consumer<Answer> answered;
    private @Nullable Answer answer;
    private long charged;
    private long wantedBytes;
    private boolean turn;
    private boolean entered;
    private boolean ended;
    private boolean refused;

    UnaryRead(UnaryReads reads, Query query, Consumer<Answer> answered) {
        this.reads = reads;
        this.query = query;
        this.answered = answered;
    }

    /** Begins; the answer can come before this returns. Make sure first that {@link #ended} will be called. */
    public void begin() {
        synchronized (this) {
            if (ended) {
                return;
            }
            entered = true;
        }
        boolean few = reads.enter();
        Optional<Error> refusal = reads.replica().refuse(query);
        if (refusal.isPresent()) {
            refuseWith(refusal.get());
        } else if (!few) {
            refuseWith(reads.busy());
        } else {
            submit();
        }
    }

    /** The call is over: the answer is on the wire, or nobody waits for it any more. */
    public void ended() {
        long bytes;
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            if (!entered) {
                return;
            }
            bytes = charged;
            charged = 0;
        }
        reads.leave(bytes);
    }

    private void submit() {
        if (query.getConsistency() == Consistency.STALE) {
            reads.readStale(this);
        } else if (!reads.isServing()) {
            refuseWith(reads.notLeader());
        } else if (query.getConsistency() == Consistency.QUORUM) {
            reads.submitQuorum(this);
        } else {
            reads.submit(this);
        }
    }

    @Override
    public synchronized void evaluate(Coordinator core, ReadTurn time) {
        reads.refund(charged);
        charged = 0;
        answer = null;
        if (ended || !admits(wantedBytes)) {
            return;
        }
        Answer found = Evaluation.answer(core, query);
        wantedBytes = found.getSerializedSize();
        refused = wantedBytes > Outgoing.SMALL_BYTES && !reads.hasRoom();
        if (!refused && admits(wantedBytes)) {
            answer = found;
            charged = wantedBytes;
            reads.charge(charged);
        }
    }

    private boolean admits(long bytes) {
        Outgoing node = reads.node();
        return bytes <= Outgoing.SMALL_BYTES ? node.admitsSmall() : node.admitsLarge(0, bytes, turn);
    }

    @Override
    public void release() {
        Answer found;
        synchronized (this) {
            if (ended) {
                return;
            }
            found = answer;
        }
        if (found != null) {
            answered.accept(found);
        } else if (refused) {
            refuseWith(reads.busy());
        } else {
            reads.node().await(this);
        }
    }

    @Override
    public void refuse(Error error) {
        refuseWith(reads.notLeader());
    }

    private void refuseWith(Error error) {
        answered.accept(Answer.newBuilder().setId(query.getId()).setError(error).build());
    }

    @Override
    public void resume() {
        synchronized (this) {
            if (ended) {
                return;
            }
            turn = true;
        }
        submit();
    }

    @Override
    public void sweep(long nowNanos) {
        // What a call has been answered cannot be taken back; see UnaryReads.
    }
}
