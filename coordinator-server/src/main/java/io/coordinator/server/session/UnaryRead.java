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
    private final long id;
    private final Consistency consistency;
    private final Consumer<Answer> answered;
    /** Until it is answered. */
    private @Nullable Query query;

    private @Nullable Answer answer;
    private long charged;
    private long wantedBytes;
    private boolean turn;
    private boolean entered;
    private boolean ended;
    private boolean refused;

    UnaryRead(UnaryReads reads, Query query, Consumer<Answer> answered) {
        this.reads = reads;
        this.id = query.getId();
        this.consistency = query.getConsistency();
        this.query = query;
        this.answered = answered;
    }

    /** Begins; the answer can come before this returns. Make sure first that {@link #ended} will be called. */
    public void begin() {
        Query asked;
        synchronized (this) {
            asked = query;
            if (ended || asked == null) {
                return;
            }
            entered = true;
        }
        boolean few = reads.enter();
        Optional<Error> refusal = reads.replica().refuse(asked);
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
            forget();
            if (!entered) {
                return;
            }
            bytes = charged;
            charged = 0;
        }
        reads.leave(bytes);
    }

    private void submit() {
        if (consistency == Consistency.STALE) {
            reads.readStale(this);
        } else if (!reads.isServing()) {
            refuseWith(reads.notLeader());
        } else if (consistency == Consistency.QUORUM) {
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
        Query asked = query;
        if (ended || asked == null || !admits(wantedBytes)) {
            return;
        }
        Answer found = Evaluation.answer(core, asked);
        wantedBytes = found.getSerializedSize();
        refused = !reads.hasRoom(wantedBytes);
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
            if (found != null) {
                forget();
            }
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

    /** The call may last, and needs neither any more. */
    private synchronized void forget() {
        query = null;
        answer = null;
    }

    private void refuseWith(Error error) {
        forget();
        answered.accept(Answer.newBuilder().setId(id).setError(error).build());
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
        // Whoever counts calls cuts those that are not taken.
    }
}
