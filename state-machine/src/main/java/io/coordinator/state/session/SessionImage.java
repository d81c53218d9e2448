package io.coordinator.state.session;

import io.coordinator.protocol.Event;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionRecord;
import java.util.List;

/** A session as it was at a capture. */
record SessionImage(
        SessionRecord identity,
        boolean ended,
        long lastSeq,
        long ackedSeq,
        long lastEvent,
        List<Reply> replies,
        List<Event> events) {

    SessionRecord toRecord() {
        return identity.toBuilder()
                .setLastSeq(lastSeq)
                .setAckedSeq(ackedSeq)
                .setLastEvent(lastEvent)
                .addAllReplies(replies)
                .addAllEvents(events)
                .build();
    }
}
