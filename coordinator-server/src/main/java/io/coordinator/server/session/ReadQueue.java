package io.coordinator.server.session;

import io.coordinator.protocol.Query;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** A session's queries that wait for one of its own commands to be applied. */
final class ReadQueue {
    private final List<Query> waiting = new ArrayList<>();
    private volatile long lastApplied;
    private volatile boolean empty = true;

    /** Up to this command the session's writes are visible now. */
    void applied(long seq) {
        if (seq > lastApplied) {
            lastApplied = seq;
        }
    }

    /** Splits off the queries that must wait; returns those that need not. */
    synchronized List<Query> admit(List<Query> queries) {
        if (queries.stream().allMatch(query -> query.getAfterSeq() <= lastApplied)) {
            return queries;
        }
        List<Query> ready = new ArrayList<>();
        for (Query query : queries) {
            if (query.getAfterSeq() <= lastApplied) {
                ready.add(query);
            } else {
                waiting.add(query);
                empty = false;
            }
        }
        return ready;
    }

    /** Takes out the queries that need not wait any longer. */
    List<Query> takeReady() {
        return empty ? List.of() : takeReadyOfWaiting();
    }

    private synchronized List<Query> takeReadyOfWaiting() {
        List<Query> ready = new ArrayList<>();
        for (Iterator<Query> queries = waiting.iterator(); queries.hasNext(); ) {
            Query query = queries.next();
            if (query.getAfterSeq() <= lastApplied) {
                ready.add(query);
                queries.remove();
            }
        }
        empty = waiting.isEmpty();
        return ready;
    }
}
