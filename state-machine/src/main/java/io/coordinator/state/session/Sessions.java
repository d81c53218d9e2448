package io.coordinator.state.session;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.OpenSession;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionRecord;
import io.coordinator.state.kernel.Counters;
import io.coordinator.state.kernel.Fingerprint;
import io.coordinator.state.kernel.RowVisitor;
import io.coordinator.state.kernel.SessionDirectory;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.UndoLog;
import io.coordinator.state.kernel.Usage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All open sessions. What they own besides replies and events is the data types' business. */
public final class Sessions implements SessionDirectory {
    private final Map<Long, Session> byId = new HashMap<>();
    /** The same ones in the order of their ids: a page of them must not cost a walk through all. */
    private final NavigableMap<Long, Session> inOrder = new TreeMap<>();
    /** By what {@link #tokenKey} makes of it. */
    private final Map<String, Session> byToken = new HashMap<>();

    private final Fingerprint fingerprint;
    private final UndoLog undo;
    private final Usage usage;
    private final SharedValues shared;
    private final SessionRows loading = new SessionRows();
    private List<Session> dirty = new ArrayList<>();
    private long unacknowledged;
    private long digest;

    public Sessions(Storage storage, SharedValues shared) {
        this.fingerprint = storage.fingerprint();
        this.undo = storage.undo();
        this.usage = storage.usage();
        this.shared = shared;
    }

    public @Nullable Session find(long sessionId) {
        return byId.get(sessionId);
    }

    @Override
    public boolean isOpen(long sessionId) {
        return byId.containsKey(sessionId);
    }

    @Override
    public String clientName(long sessionId) {
        Session session = find(sessionId);
        return session == null ? "" : session.clientName();
    }

    @Override
    public int eventsUnheard(long sessionId, DataKind kind) {
        Session session = find(sessionId);
        return session == null ? 0 : session.mailbox().countOf(kind.getNumber());
    }

    @Override
    public long eventBytesUnheard(long sessionId, DataKind kind) {
        Session session = find(sessionId);
        return session == null ? 0 : session.mailbox().bytesOf(kind.getNumber());
    }

    /** In the order of their ids. */
    public Collection<Session> all() {
        return List.copyOf(inOrder.values());
    }

    /** Those behind an id, in the order of their ids; none of them may be changed meanwhile. */
    public Iterable<Session> after(long sessionId) {
        return sessionId < 0 ? List.of() : inOrder.tailMap(sessionId, false).values();
    }

    public int size() {
        return byId.size();
    }

    /** Sessions, replies and events. */
    public long rows() {
        return byId.size() + unacknowledged;
    }

    /** The session that this resume token opened, or a new one. */
    public Session open(OpenSession open, long nowMillis, Counters counters) {
        Session known = byToken.get(tokenKey(open.getResumeToken()));
        if (known != null) {
            return known;
        }
        Session session = new Session(
                SessionRecord.newBuilder()
                        .setSessionId(counters.nextSessionId())
                        .setResumeToken(open.getResumeToken())
                        .setLeaseMillis(open.getLeaseMillis())
                        .setClientName(open.getClientName())
                        .setOpenedAtMillis(nowMillis)
                        .build(),
                List.of(),
                List.of(),
                fingerprint,
                shared);
        insert(session);
        undo.add(() -> take(session));
        return session;
    }

    /** Ends a session; false if there is none. */
    public boolean end(long sessionId) {
        Session session = byId.get(sessionId);
        if (session == null) {
            return false;
        }
        session.mailbox().release();
        take(session);
        undo.add(() -> {
            session.setEnded(false);
            insert(session);
        });
        return true;
    }

    /** Forgets what the client has received. */
    public void acknowledge(Session session, long seq, long event) {
        int before = session.unacknowledged();
        boolean replies = session.acknowledge(seq);
        boolean events = session.mailbox().acknowledge(event);
        if (replies || events) {
            touch(session, before);
        }
    }

    /** Keeps the reply to the session's next command. */
    public void remember(Session session, Reply reply) {
        if (!session.hasEnded()) {
            int before = session.unacknowledged();
            session.remember(reply);
            touch(session, before);
        }
    }

    /** Numbers an event and keeps it; null if the session has ended. */
    public @Nullable Event tell(long sessionId, Event.Builder event) {
        Session session = byId.get(sessionId);
        if (session == null) {
            return null;
        }
        int before = session.unacknowledged();
        Event numbered = session.mailbox().add(event);
        touch(session, before);
        undo.add(() -> {
            int count = session.unacknowledged();
            session.mailbox().removeLast();
            touch(session, count);
        });
        return numbered;
    }

    /**
     * Events of a session that it has not acknowledged, behind a number, in order and as they are sent: about so many
     * bytes of them, but at least one if there is one.
     */
    public List<Event> pendingEvents(long sessionId, long after, long bytesMax) {
        Session session = find(sessionId);
        List<Event> filled = new ArrayList<>();
        if (session == null) {
            return filled;
        }
        long bytes = 0;
        Mailbox mailbox = session.mailbox();
        long number = Math.max(after, mailbox.acknowledged()) + 1;
        for (Event stored = mailbox.get(number); stored != null && bytes < bytesMax; stored = mailbox.get(number)) {
            Event event = shared.filledIn(stored);
            bytes += event.getSerializedSize();
            filled.add(event);
            number++;
        }
        return filled;
    }

    public long digest() {
        return digest;
    }

    public int dirtyRows() {
        return dirty.size();
    }

    /** Freezes the sessions changed since the last call. */
    public Capture capture() {
        List<SessionImage> images = new ArrayList<>(dirty.size());
        for (Session session : dirty) {
            images.add(session.image());
        }
        dirty = new ArrayList<>();
        return new Capture(images);
    }

    /**
     * Notes a stored row down if it belongs to a session; see {@link #finishLoading}.
     *
     * @throws InvalidProtocolBufferException if it cannot be decoded
     */
    public boolean load(byte[] key, byte[] value) throws InvalidProtocolBufferException {
        return loading.load(key, value);
    }

    /**
     * Puts the sessions together from the rows that were loaded.
     *
     * @throws InvalidProtocolBufferException if rows are missing
     */
    public void finishLoading() throws InvalidProtocolBufferException {
        for (Session session : loading.assemble(fingerprint, shared)) {
            byId.put(session.id(), session);
            byToken.put(tokenKey(session.resumeToken()), session);
            unacknowledged += session.unacknowledged();
            account(session);
        }
        inOrder.putAll(byId);
    }

    private void insert(Session session) {
        byId.put(session.id(), session);
        byToken.put(tokenKey(session.resumeToken()), session);
        touch(session, 0);
        inOrder.put(session.id(), session);
    }

    private void take(Session session) {
        byId.remove(session.id());
        byToken.remove(tokenKey(session.resumeToken()));
        session.setEnded(true);
        unacknowledged -= session.unacknowledged();
        touch(session, session.unacknowledged());
        inOrder.remove(session.id());
    }

    /**
     * A client chooses its token, and so could choose many with the same hash. Strings have an order, by which a hash
     * map finds its way among such; bytes have none, so that it would look at all of them.
     */
    private static String tokenKey(ByteString token) {
        return token.toString(StandardCharsets.ISO_8859_1);
    }

    private void touch(Session session, int unacknowledgedBefore) {
        unacknowledged += session.unacknowledged() - unacknowledgedBefore;
        account(session);
        if (session.markDirty()) {
            dirty.add(session);
        }
    }

    private void account(Session session) {
        digest += session.digestChange();
        usage.addKept(session.heapChange());
    }

    /** Changed sessions, frozen. */
    public static final class Capture {
        private final List<SessionImage> images;

        private Capture(List<SessionImage> images) {
            this.images = images;
        }

        public int size() {
            return images.stream().mapToInt(SessionImage::size).sum();
        }

        public void forEach(RowVisitor visitor) {
            images.forEach(image -> image.forEach(visitor));
        }
    }
}
