package io.coordinator.server.session;

import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Query;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * A session's queries that wait for one of its own commands to be applied. They are sorted by that command, so that
 * those that go on are found without a look at the others, however many these are.
 */
final class ReadQueue {
    private static final Error NEVER = SessionRefusals.of(
            ErrorCode.EINVAL,
            "after_seq names a command that has not come on this stream; send the command before the query or with it");

    private final PriorityQueue<Waiting> waiting =
            new PriorityQueue<>(Comparator.comparingLong(Waiting::afterSeq).thenComparingLong(Waiting::arrival));
    private long arrivals;
    private volatile long lastApplied;
    private volatile boolean empty = true;

    private record Waiting(Query query, long arrival) {
        long afterSeq() {
            return query.getAfterSeq();
        }
    }

    /** Up to this command the session's writes are visible now. */
    void applied(long seq) {
        if (seq > lastApplied) {
            lastApplied = seq;
        }
    }

    /**
     * Why a query must not wait: nothing promises that its command ever comes.
     *
     * @param received the highest command of the session that has come on its stream, or had been applied before
     */
    static Optional<Error> refuse(Query query, long received) {
        return Long.compareUnsigned(query.getAfterSeq(), received) > 0 ? Optional.of(NEVER) : Optional.empty();
    }

    /** Splits off the queries that must wait; returns those that need not. */
    synchronized List<Query> admit(List<Query> queries) {
        if (queries.stream().allMatch(query -> query.getAfterSeq() <= lastApplied)) {
            return queries;
        }
        // First announced, then compared; takeReady goes the other way round, so one of the two finds it.
        queries.forEach(query -> waiting.add(new Waiting(query, arrivals++)));
        empty = false;
        return takeReadyOfWaiting();
    }

    /** Takes out the queries that need not wait any longer. */
    List<Query> takeReady() {
        return empty ? List.of() : takeReadyOfWaiting();
    }

    private synchronized List<Query> takeReadyOfWaiting() {
        List<Query> ready = new ArrayList<>();
        for (Waiting next = waiting.peek(); next != null && next.afterSeq() <= lastApplied; next = waiting.peek()) {
            ready.add(waiting.remove().query());
        }
        empty = waiting.isEmpty();
        return ready;
    }
}
