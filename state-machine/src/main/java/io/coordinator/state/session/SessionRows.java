package io.coordinator.state.session;

import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionRecord;
import io.coordinator.state.kernel.Fingerprint;
import io.coordinator.state.kernel.StoredKey;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How sessions are stored: a row for each session, each reply and each event, so that no row grows with their number;
 * and how they are put together again.
 */
final class SessionRows {
    static final int SESSIONS = 0;
    static final int REPLIES = 1;
    static final int EVENTS = 2;

    private static final HexFormat HEX = HexFormat.of();

    private final TreeMap<Long, Parts> bySession = new TreeMap<>();

    /** What has been read of one session. */
    private static final class Parts {
        @Nullable
        SessionRecord record;

        final TreeMap<Long, byte[]> replies = new TreeMap<>();
        final TreeMap<Long, Event> events = new TreeMap<>();
    }

    static byte[] key(int table, long sessionId) {
        return StoredKey.encode(DataKind.SESSION_VALUE, table, HEX.toHexDigits(sessionId));
    }

    static byte[] key(int table, long sessionId, long number) {
        return StoredKey.encode(DataKind.SESSION_VALUE, table, HEX.toHexDigits(sessionId) + HEX.toHexDigits(number));
    }

    /**
     * Notes a row down if it is one of these.
     *
     * @return false if it is not, or comes twice
     * @throws InvalidProtocolBufferException if key or value cannot be decoded
     */
    boolean load(byte[] key, byte[] value) throws InvalidProtocolBufferException {
        if (StoredKey.kind(key) != DataKind.SESSION_VALUE || StoredKey.table(key) > EVENTS) {
            return false;
        }
        String text = StoredKey.key(key);
        try {
            Parts parts = bySession.computeIfAbsent(HexFormat.fromHexDigitsToLong(text, 0, 16), id -> new Parts());
            return switch (StoredKey.table(key)) {
                case SESSIONS -> {
                    boolean first = parts.record == null;
                    parts.record = SessionRecord.parseFrom(value);
                    yield first;
                }
                case REPLIES -> {
                    // Kept as it is; whether it can be read is found out now.
                    var unused = Reply.parseFrom(value);
                    yield parts.replies.put(number(text), value) == null;
                }
                default -> parts.events.put(number(text), Event.parseFrom(value)) == null;
            };
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new InvalidProtocolBufferException("the key of a session's row is damaged: " + e.getMessage());
        }
    }

    private static long number(String key) {
        return HexFormat.fromHexDigitsToLong(key, 16, 32);
    }

    /**
     * The sessions, in the order of their ids.
     *
     * @throws InvalidProtocolBufferException if rows are missing
     */
    List<Session> assemble(Fingerprint fingerprint, SharedValues shared) throws InvalidProtocolBufferException {
        List<Session> sessions = new ArrayList<>(bySession.size());
        for (var entry : bySession.entrySet()) {
            Parts parts = entry.getValue();
            SessionRecord record = parts.record;
            if (record == null
                    || !isWhole(parts.replies, record.getAckedSeq(), record.getLastSeq())
                    || !isWhole(parts.events, record.getAckedEvent(), record.getLastEvent())) {
                throw new InvalidProtocolBufferException("rows of session " + entry.getKey() + " are missing");
            }
            Session session = new Session(
                    record,
                    List.copyOf(parts.replies.values()),
                    List.copyOf(parts.events.values()),
                    fingerprint,
                    shared);
            session.markStored();
            sessions.add(session);
        }
        bySession.clear();
        return sessions;
    }

    /** Whether these are the numbers {@code after + 1 … last}. */
    private static boolean isWhole(SortedMap<Long, ?> rows, long after, long last) {
        return rows.size() == last - after
                && (rows.isEmpty() || (rows.firstKey() == after + 1 && rows.lastKey() == last));
    }
}
