package io.coordinator.server.call;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One procedure: who serves it here, and the calls that wait, in their order. Used by the exchange's thread only. */
final class ProcedureLine {
    static final int BACKLOG_DEFAULT = 10_000;

    private final String namespace;
    private final String name;
    private final NavigableMap<Long, PendingCall> waiting = new TreeMap<>();
    private final NavigableSet<WorkerOffer> free = new TreeSet<>(WorkerOffer.LEAST_BUSY_FIRST);
    private int offers;
    private int backlogMax = BACKLOG_DEFAULT;
    private boolean asking;

    ProcedureLine(String namespace, String name) {
        this.namespace = namespace;
        this.name = name;
    }

    String namespace() {
        return namespace;
    }

    String name() {
        return name;
    }

    // ---- who serves it ----

    boolean isServed() {
        return offers > 0;
    }

    /** @param newBacklogMax 0 for the default */
    void add(WorkerOffer offer, int newBacklogMax) {
        offers++;
        free.add(offer);
        backlogMax = newBacklogMax == 0 ? BACKLOG_DEFAULT : newBacklogMax;
    }

    void remove(WorkerOffer offer) {
        offers--;
        free.remove(offer);
        offer.close();
    }

    /** Who gets the next call, or null if nobody takes one now. */
    @Nullable
    WorkerOffer next() {
        for (WorkerOffer offer : free) {
            if (!offer.stream().hasEnded() && offer.stream().hasRoom()) {
                return offer;
            }
        }
        return null;
    }

    void begin(WorkerOffer offer, long dispatch) {
        free.remove(offer);
        offer.begin(dispatch);
        if (offer.isFree()) {
            free.add(offer);
        }
    }

    void end(WorkerOffer offer) {
        free.remove(offer);
        offer.end();
        if (offer.isFree()) {
            free.add(offer);
        }
    }

    // ---- what waits ----

    int waiting() {
        return waiting.size();
    }

    boolean isFull() {
        return waiting.size() >= backlogMax;
    }

    @Nullable
    PendingCall first() {
        return waiting.isEmpty() ? null : waiting.firstEntry().getValue();
    }

    /** Of the call that waits and came last; 0 if none waits. */
    long lastNumber() {
        return waiting.isEmpty() ? 0 : waiting.lastKey();
    }

    /** One that has waited before has its old place again. */
    void add(PendingCall call) {
        waiting.put(call.number(), call);
    }

    void remove(PendingCall call) {
        waiting.remove(call.number());
    }

    List<PendingCall> all() {
        return new ArrayList<>(waiting.values());
    }

    boolean isUnused() {
        return offers == 0 && waiting.isEmpty();
    }

    // ---- whether it is registered ----

    /** Whether the state is being asked for its workers. */
    boolean isAsking() {
        return asking;
    }

    void asking(boolean newAsking) {
        asking = newAsking;
    }

    @Override
    public String toString() {
        return "\"" + name + "\" in namespace \"" + namespace + "\"";
    }
}
