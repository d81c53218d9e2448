package io.coordinator.client.fake;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What the cluster keeps of a session. The cluster's lock guards it. */
final class FakeSession {
    final long id;
    final ByteString resumeToken;
    final TreeMap<Long, Reply> replies = new TreeMap<>();
    final List<Event> events = new ArrayList<>();
    long lastSeq;
    long lastEvent;
    /** The next command was turned back, since too much is unacknowledged. */
    boolean heldBack;

    FakeSession(long id, ByteString resumeToken) {
        this.id = id;
        this.resumeToken = resumeToken;
    }

    Event tell(Event.Builder event) {
        Event numbered = event.setNumber(++lastEvent).build();
        events.add(numbered);
        return numbered;
    }

    long unacknowledgedBytes() {
        return replies.values().stream().mapToLong(Reply::getSerializedSize).sum();
    }

    void acknowledge(Command command) {
        replies.headMap(command.getAckedSeq(), true).clear();
        events.removeIf(event -> event.getNumber() <= command.getAckedEvent());
    }
}
