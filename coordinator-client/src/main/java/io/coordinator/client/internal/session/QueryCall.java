package io.coordinator.client.internal.session;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Query;

/** A query on its way. It changes nothing, so it can be asked again in any session. */
public abstract class QueryCall extends Call {
    private final Query.Builder envelope;

    /** Unique on its stream; 0 until it is sent. */
    long id;

    /** When it was last handed to a stream. */
    long sentNanos;

    /**
     * A query.
     *
     * @param envelope the body and the consistency; the rest is filled in when it is sent
     */
    protected QueryCall(Query.Builder envelope) {
        super(0);
        this.envelope = envelope;
    }

    final Query message(long newId, long afterSeq) {
        id = newId;
        return envelope.setId(newId).setAfterSeq(afterSeq).build();
    }

    /** The one answer. */
    protected abstract void onAnswer(Answer answer);
}
