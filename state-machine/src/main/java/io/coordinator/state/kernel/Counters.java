package io.coordinator.state.kernel;

/** The numbers that are given out once and never again, in the whole life of the cluster. */
public final class Counters {
    private long revision;
    private long token;
    private long ticket;
    private long sessionId;

    /** A new cluster's. */
    public Counters() {}

    /** The last ones given out. */
    public Counters(long revision, long token, long ticket, long sessionId) {
        this.revision = revision;
        this.token = token;
        this.ticket = ticket;
        this.sessionId = sessionId;
    }

    public long nextRevision() {
        return ++revision;
    }

    /** Running out takes centuries; if it happens, stopping is better than a token used twice. */
    public long nextToken() {
        token = Math.incrementExact(token);
        return token;
    }

    /** What has been given out by now. */
    public Counters copy() {
        return new Counters(revision, token, ticket, sessionId);
    }

    /** Takes back what was given out since a copy was made, and nobody has seen. */
    public void backTo(Counters before) {
        revision = before.revision;
        token = before.token;
        ticket = before.ticket;
        sessionId = before.sessionId;
    }

    /** Leaves out so many numbers of each kind, which others may have given out. */
    public void leaveOut(long numbers) {
        revision = Math.addExact(revision, numbers);
        token = Math.addExact(token, numbers);
        ticket = Math.addExact(ticket, numbers);
        sessionId = Math.addExact(sessionId, numbers);
    }

    public long nextTicket() {
        return ++ticket;
    }

    public long nextSessionId() {
        return ++sessionId;
    }

    public long revision() {
        return revision;
    }

    public long token() {
        return token;
    }

    public long ticket() {
        return ticket;
    }

    public long sessionId() {
        return sessionId;
    }

    public long digest() {
        return Fingerprint.of(Fingerprint.of(revision, token), Fingerprint.of(ticket, sessionId));
    }
}
