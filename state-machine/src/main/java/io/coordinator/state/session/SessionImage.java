package io.coordinator.state.session;

import com.google.protobuf.Message;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionRecord;
import io.coordinator.state.kernel.RowVisitor;
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
        Stored.Change<Reply> replies,
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
        write(SessionRows.REPLIES, replies, visitor);
        write(SessionRows.EVENTS, events, visitor);
    }

    private void write(int table, Stored.Change<? extends Message> change, RowVisitor visitor) {
        for (long number = change.deletedAfter() + 1; number <= change.deletedTo(); number++) {
            visitor.delete(SessionRows.key(table, id, number));
        }
        long number = change.writtenAfter();
        for (Message message : change.written()) {
            number++;
            visitor.put(SessionRows.key(table, id, number), message.toByteArray());
        }
    }
}
