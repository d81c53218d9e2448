package io.coordinator.client.internal.session;

import org.jspecify.annotations.Nullable;

/**
 * Which session a client has now, the stream that it is attached by, and who carries watches over it: what all parts of
 * the channel look at. Changed on the loop; the session and the address are read anywhere.
 */
final class Attachment {
    private volatile Session session;
    private volatile @Nullable String endpoint;
    private @Nullable Stream stream;
    private StreamWatcher watcher = StreamWatcher.NONE;
    private long replacedId;

    /** Attached by nothing yet. */
    Attachment(Session first) {
        session = first;
    }

    /** The session that calls made now belong to. */
    Session session() {
        return session;
    }

    /** The stream to the leader; null while one is looked for. */
    @Nullable
    Stream stream() {
        return stream;
    }

    boolean isAttached() {
        return stream != null;
    }

    /** The address of the node at the other end of the stream, or null. */
    @Nullable
    String endpoint() {
        return endpoint;
    }

    StreamWatcher watcher() {
        return watcher;
    }

    /** Set once, before the start. */
    void setWatcher(StreamWatcher watcher) {
        this.watcher = watcher;
    }

    void attach(Stream attached) {
        stream = attached;
        endpoint = attached.endpoint();
    }

    /** The stream is of no use any more. */
    void detach() {
        stream = null;
        endpoint = null;
    }

    /** The session is gone, and another one takes its place. */
    void replace(Session next) {
        replacedId = session.id();
        session = next;
    }

    /** The id of the session that the present one took the place of, if nobody has asked yet; else 0. */
    long takeReplacedId() {
        long id = replacedId;
        replacedId = 0;
        return id;
    }
}
