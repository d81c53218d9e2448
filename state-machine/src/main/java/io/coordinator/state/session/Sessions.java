package io.coordinator.state.session;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.OpenSession;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionRecord;
import io.coordinator.state.kernel.ClientNames;
import io.coordinator.state.kernel.Counters;
import io.coordinator.state.kernel.Fingerprint;
import io.coordinator.state.kernel.RowVisitor;
import io.coordinator.state.kernel.StoredKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All open sessions. What they own besides replies and events is the data types' business. */
public final class Sessions implements ClientNames {
    private static final int TABLE = 0;

    private final Map<Long, Session> byId = new HashMap<>();
    private final Map<ByteString, Session> byToken = new HashMap<>();
    private final Fingerprint fingerprint;
    private List<Session> dirty = new ArrayList<>();
    private long digest;

    public Sessions(Fingerprint fingerprint) {
        this.fingerprint = fingerprint;
    }

    public @Nullable Session find(long sessionId) {
        return byId.get(sessionId);
    }

    @Override
    public String of(long sessionId) {
        Session session = find(sessionId);
        return session == null ? "" : session.clientName();
    }

    /** In the order of their ids. */
    public Collection<Session> all() {
        return new TreeMap<>(byId).values();
    }

    public int size() {
        return byId.size();
    }

    /** The session that this resume token opened, or a new one. */
    public Session open(OpenSession open, long nowMillis, Counters counters) {
        Session known = byToken.get(open.getResumeToken());
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
                fingerprint);
        insert(session);
        touch(session);
        return session;
    }

    /** Ends a session; false if there is none. */
    public boolean end(long sessionId) {
        Session session = byId.remove(sessionId);
        if (session == null) {
            return false;
        }
        byToken.remove(session.resumeToken());
        session.end();
        touch(session);
        return true;
    }

    /** Forgets what the client has received. */
    public void acknowledge(Session session, long seq, long event) {
        if (session.acknowledge(seq, event)) {
            touch(session);
        }
    }

    /** Keeps the reply to the session's next command. */
    public void remember(Session session, Reply reply) {
        if (!session.hasEnded()) {
            session.remember(reply);
            touch(session);
        }
    }

    /** Numbers an event and keeps it; null if the session has ended. */
    public @Nullable Event tell(long sessionId, Event.Builder event) {
        Session session = byId.get(sessionId);
        if (session == null) {
            return null;
        }
        Event numbered = session.append(event);
        touch(session);
        return numbered;
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
     * Inserts a stored session if this is the row of one.
     *
     * @throws InvalidProtocolBufferException if the value is not a session's
     */
    public boolean load(byte[] key, byte[] value) throws InvalidProtocolBufferException {
        if (StoredKey.kind(key) != DataKind.SESSION_VALUE || StoredKey.table(key) != TABLE) {
            return false;
        }
        Session session = new Session(SessionRecord.parseFrom(value), fingerprint);
        insert(session);
        digest += session.digestChange();
        return true;
    }

    private void insert(Session session) {
        byId.put(session.id(), session);
        byToken.put(session.resumeToken(), session);
    }

    private void touch(Session session) {
        digest += session.digestChange();
        if (session.markDirty()) {
            dirty.add(session);
        }
    }

    /** Changed sessions, frozen. */
    public static final class Capture {
        private final List<SessionImage> images;

        private Capture(List<SessionImage> images) {
            this.images = images;
        }

        public int size() {
            return images.size();
        }

        public void forEach(RowVisitor visitor) {
            for (SessionImage image : images) {
                long id = image.identity().getSessionId();
                byte[] key = StoredKey.encode(
                        DataKind.SESSION_VALUE, TABLE, HexFormat.of().toHexDigits(id));
                if (image.ended()) {
                    visitor.delete(key);
                } else {
                    visitor.put(key, image.toRecord().toByteArray());
                }
            }
        }
    }
}
