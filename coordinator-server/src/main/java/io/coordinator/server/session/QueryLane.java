package io.coordinator.server.session;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.Query;
import io.coordinator.server.read.GatedRead;
import io.coordinator.server.replica.ReadTurn;
import io.coordinator.state.Coordinator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * A stream's queries of one consistency, in their order. They cost their own size until there is room for their
 * answers; then they are evaluated in steps, and a step ends when its answers fill a frame, or when others need the
 * state (C-08).
 *
 * <p>A step is submitted to the read gate and takes queries only when it is evaluated, none that arrived after it was
 * submitted: what proves the step proves all of them.
 */
final class QueryLane {
    private static final int STEP_QUERIES_MAX = 1_024;
    /** Steps that may wait for proof at once. */
    private static final int STEPS_MAX = 16;

    private final StreamAccount account;
    private final Consumer<GatedRead> gate;
    private final Receiver receiver;
    private final Deque<Query> waiting = new ArrayDeque<>();
    private int steps;
    /** How many queries have ever arrived. */
    private long arrived;
    /** The value of it when the last step was submitted. */
    private long covered;
    /** The size of the first query's answer if that found no room, else 0. */
    private long wantedBytes;

    /** What came of {@link #pump}. */
    enum Pumped {
        A_STEP,
        NOTHING,
        /** Only others can make the room that is missing. */
        NO_ROOM
    }

    /** Who gets what the lane finds. */
    interface Receiver {
        /** These were evaluated, proven and charged. None: there was no room. */
        void answered(List<Answer> answers);

        /** This node leads no longer. */
        void leadershipLost();
    }

    /** @param gate where steps go for proof */
    QueryLane(StreamAccount account, Consumer<GatedRead> gate, Receiver receiver) {
        this.account = account;
        this.gate = gate;
        this.receiver = receiver;
    }

    /** A query, which the account keeps. */
    synchronized void add(Query query) {
        waiting.add(query);
        arrived++;
    }

    /** Has the next queries evaluated if there is room for an answer. */
    Pumped pump() {
        Step step;
        synchronized (this) {
            boolean uncovered = !waiting.isEmpty() && (steps == 0 || covered < arrived);
            if (!uncovered || steps >= STEPS_MAX) {
                return Pumped.NOTHING;
            }
            if (!account.admits(wantedBytes)) {
                return account.isEmpty() ? Pumped.NO_ROOM : Pumped.NOTHING;
            }
            steps++;
            covered = arrived;
            step = new Step(arrived);
        }
        gate.accept(step);
        return Pumped.A_STEP;
    }

    /** The next queries that arrived before a step was submitted. */
    private synchronized List<Query> next(Step step) {
        long eligible = step.upTo - (arrived - waiting.size());
        return waiting.stream()
                .limit(Math.max(0, Math.min(eligible, STEP_QUERIES_MAX)))
                .toList();
    }

    /**
     * Takes out what a step has evaluated. Steps are evaluated one at a time, with the state locked, so the first
     * queries are still the first.
     *
     * @param wanted the size of an answer that found no room, or 0
     */
    private synchronized void take(Step step, long wanted) {
        for (Query query : step.queries) {
            waiting.remove();
            account.keep(-Unanswered.bytesOf(query));
        }
        wantedBytes = wanted;
    }

    /** Undoes {@link Step#evaluate}: the step was not proven in time and is evaluated anew. */
    private synchronized void putBack(Step step) {
        for (int i = step.queries.size() - 1; i >= 0; i--) {
            account.keep(Unanswered.bytesOf(step.queries.get(i)));
            waiting.addFirst(step.queries.get(i));
        }
        account.refund(step.bytes);
        step.clear();
    }

    private synchronized void end() {
        steps--;
    }

    /** Some queries on their way through the gate. */
    private final class Step implements GatedRead {
        private final long upTo;
        private final List<Query> queries = new ArrayList<>();
        private List<Answer> answers = new ArrayList<>();
        /** Of the answers; all charged. */
        private long bytes;

        Step(long upTo) {
            this.upTo = upTo;
        }

        @Override
        public void evaluate(Coordinator core, ReadTurn turn) {
            if (!queries.isEmpty()) {
                putBack(this);
            }
            long small = 0;
            long wanted = 0;
            for (Query query : next(this)) {
                boolean enough = bytes + small >= FrameWriter.FRAME_BYTES;
                // One is answered whatever it took, so that a lane gets on.
                if (enough || (!queries.isEmpty() && turn.isOver())) {
                    break;
                }
                Answer answer = Evaluation.answer(core, query);
                int size = answer.getSerializedSize();
                if (size <= Outgoing.SMALL_BYTES && account.admitsSmall()) {
                    small += size;
                } else if (account.tryCharge(size)) {
                    bytes += size;
                } else {
                    wanted = size;
                    break;
                }
                queries.add(query);
                answers.add(answer);
            }
            account.charge(small);
            bytes += small;
            take(this, wanted);
        }

        @Override
        public void release() {
            end();
            receiver.answered(answers);
        }

        @Override
        public void refuse(Error error) {
            receiver.leadershipLost();
        }

        private void clear() {
            queries.clear();
            answers = new ArrayList<>();
            bytes = 0;
        }
    }
}
