package io.coordinator.server.session;

import io.coordinator.protocol.Error;
import io.coordinator.protocol.Hello;
import java.util.Optional;

/** A client between its Hello and its Welcome. Lives on the door's thread, except where said. */
final class Visitor {
    private final ClientStream stream;
    private final Hello hello;
    private final long arrivedNanos;
    private long spokenNanos;
    private long sessionId;
    private Optional<Error> refusal = Optional.empty();
    private Optional<ClientStream> replaced = Optional.empty();

    /** @param quietNanos the first word comes so long before it would otherwise be due */
    Visitor(ClientStream stream, Hello hello, long nowNanos, long quietNanos) {
        this.stream = stream;
        this.hello = hello;
        this.arrivedNanos = nowNanos;
        this.spokenNanos = nowNanos - quietNanos;
        this.sessionId = hello.getSessionId();
    }

    ClientStream stream() {
        return stream;
    }

    Hello hello() {
        return hello;
    }

    boolean wantsNewSession() {
        return hello.getSessionId() == 0;
    }

    /** The session to attach; 0 until the one asked for is open. */
    long sessionId() {
        return sessionId;
    }

    void opened(long newSessionId) {
        sessionId = newSessionId;
    }

    long waitedNanos(long nowNanos) {
        return nowNanos - arrivedNanos;
    }

    /** Whether it was told nothing for so long; if so, it counts as told now. */
    boolean isDueForAWord(long nowNanos, long everyNanos) {
        boolean due = nowNanos - spokenNanos >= everyNanos;
        if (due) {
            spokenNanos = nowNanos;
        }
        return due;
    }

    /** Why it is not let in; with the state locked. */
    void refuse(Error why) {
        refusal = Optional.of(why);
    }

    /** Its stream serves the session now, instead of that other; with the state locked. */
    void attached(Optional<ClientStream> instead) {
        replaced = instead;
    }

    /** Tells it, and the stream that had the session before. */
    void tell() {
        replaced.ifPresent(old -> old.goodbye(SessionRefusals.resumedElsewhere()));
        refusal.ifPresentOrElse(stream::goodbye, stream::start);
    }
}
