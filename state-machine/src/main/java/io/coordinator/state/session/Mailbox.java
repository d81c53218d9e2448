package io.coordinator.state.session;

import io.coordinator.protocol.Event;
import io.coordinator.state.kernel.Fingerprint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one session is told and has not acknowledged. Each event is a row of a table of its own, so that no row of the
 * session grows with their number. How much each kind of data has sent is derived: the kind's credit is judged by it.
 */
final class Mailbox {
    private static final long EVENTS = 2;

    private final Fingerprint fingerprint;
    private final SharedValues shared;
    private final long sequence;
    private final Unacknowledged<Event> events;
    private final List<Sender> senders = new ArrayList<>(0);
    /** Which events the last capture has left behind as rows. */
    private Stored stored;

    /** What one kind of data has sent. There are few kinds, so they are looked for one by one. */
    private static final class Sender {
        final int kind;
        int events;
        long bytes;

        Sender(int kind) {
            this.kind = kind;
        }
    }

    /**
     * A mailbox, with what was in it at a capture.
     *
     * @param acknowledged the number before the first event
     */
    Mailbox(long sessionId, long acknowledged, List<Event> events, Fingerprint fingerprint, SharedValues shared) {
        this.fingerprint = fingerprint;
        this.shared = shared;
        sequence = Fingerprint.of(sessionId, EVENTS);
        this.events = new Unacknowledged<>(acknowledged);
        events.forEach(this::append);
        stored = Stored.all(this.events);
    }

    /** Numbers an event and keeps it. */
    Event add(Event.Builder event) {
        Event numbered = event.setNumber(events.last() + 1).build();
        append(numbered);
        return numbered;
    }

    private void append(Event event) {
        long hash = fingerprint.ofMessage(sequence, events.last() + 1, event);
        events.append(event, hash, event.getSerializedSize());
        shared.refer(event.getValueId());
        count(event, 1, bytesSent(event));
    }

    /** Takes back the last {@link #add}; what it referred to takes itself back. */
    void removeLast() {
        Event event = events.get(events.last());
        if (event == null) {
            throw new IllegalStateException("there is no event to take back");
        }
        events.removeLast();
        count(event, -1, bytesSent(event));
    }

    /** Forgets the events up to a number; false if there are none. */
    boolean acknowledge(long number) {
        return events.acknowledge(number, event -> {
            count(event, -1, bytesSent(event));
            shared.release(event.getValueId());
        });
    }

    /** The session ends, and hears nothing of this any more. */
    void release() {
        events.after(0).forEach(event -> shared.release(event.getValueId()));
    }

    /** The event with a number, as it is stored; null if it is acknowledged or not given yet. */
    @Nullable
    Event get(long number) {
        return events.get(number);
    }

    // ---- who has sent how much ----

    private long bytesSent(Event event) {
        return event.getSerializedSize() + (long) shared.size(event.getValueId());
    }

    private void count(Event event, int count, long bytes) {
        int kind = event.getBodyCase().getNumber();
        Sender sender = find(kind);
        if (sender == null) {
            sender = new Sender(kind);
            senders.add(sender);
        }
        sender.events += count;
        sender.bytes += count * bytes;
    }

    private @Nullable Sender find(int kind) {
        for (Sender sender : senders) {
            if (sender.kind == kind) {
                return sender;
            }
        }
        return null;
    }

    /** How many events a kind of data has sent. */
    int countOf(int kind) {
        Sender sender = find(kind);
        return sender == null ? 0 : sender.events;
    }

    /** Their bytes, with the values that they name. */
    long bytesOf(int kind) {
        Sender sender = find(kind);
        return sender == null ? 0 : sender.bytes;
    }

    // ---- sums ----

    long acknowledged() {
        return events.acknowledged();
    }

    long last() {
        return events.last();
    }

    int size() {
        return events.size();
    }

    long bytes() {
        return events.bytes();
    }

    long digest() {
        return events.digest();
    }

    /** What a snapshot has to write and to delete since the last call. */
    Stored.Change<Event> changes(boolean ended) {
        Stored.Change<Event> changes = stored.next(events, ended);
        stored = Stored.all(events);
        return changes;
    }
}
