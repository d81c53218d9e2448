package io.coordinator.state.session;

import com.google.protobuf.MessageLite;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.SessionRecord;
import io.coordinator.state.kernel.RowVisitor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a capture has to say about one session.
 *
 * @param record null if it has ended
 * @param known whether an earlier capture has written its row
 */
record SessionImage(
        long id,
        @Nullable SessionRecord record,
        Stored.Change<byte[]> replies,
        Stored.Change<Event> events,
        boolean known) {

    int size() {
        return 1 + replies.size() + events.size();
    }

    void forEach(RowVisitor visitor) {
        if (record != null) {
            visitor.put(SessionRows.key(SessionRows.SESSIONS, id), record.toByteArray());
        } else if (known) {
            visitor.delete(SessionRows.key(SessionRows.SESSIONS, id));
        }
        write(SessionRows.REPLIES, replies, reply -> reply, visitor);
        write(SessionRows.EVENTS, events, MessageLite::toByteArray, visitor);
    }

    private <M> void write(int table, Stored.Change<M> change, Function<M, byte[]> encoded, RowVisitor visitor) {
        for (long number = change.deletedAfter() + 1; number <= change.deletedTo(); number++) {
            visitor.delete(SessionRows.key(table, id, number));
        }
        long number = change.writtenAfter();
        for (M message : change.written()) {
            number++;
            visitor.put(SessionRows.key(table, id, number), encoded.apply(message));
        }
    }
}
