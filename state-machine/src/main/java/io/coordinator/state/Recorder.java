package io.coordinator.state;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Change;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Reply;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Collects the effects of one entry. */
final class Recorder implements Effects {
    private final State state;
    private final List<Reply> replies;
    private final List<Applied.SessionEvent> events = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    private final List<Long> ended = new ArrayList<>();

    Recorder(State state, int commands) {
        this.state = state;
        this.replies = new ArrayList<>(commands);
    }

    @Override
    public long mintToken() {
        return state.counters.nextToken();
    }

    @Override
    public boolean isMinted(long token) {
        return token > 0 && token <= state.counters.token();
    }

    @Override
    public long nextTicket() {
        return state.counters.nextTicket();
    }

    @Override
    public long change(DataKind data, Name name, ChangeKind kind, ByteString value) {
        long revision = state.counters.nextRevision();
        changes.add(Change.newBuilder()
                .setRevision(revision)
                .setData(data)
                .setNamespace(name.namespace())
                .setKey(name.name())
                .setKind(kind)
                .setValue(value)
                .build());
        return revision;
    }

    @Override
    public void tell(long sessionId, Event.Builder event) {
        Event numbered = state.sessions.tell(sessionId, event);
        if (numbered != null) {
            events.add(new Applied.SessionEvent(sessionId, numbered));
        }
    }

    /** Where {@link #backTo} goes back to. */
    int mark() {
        return changes.size();
    }

    /** Takes back the changes since a mark, and their revisions. */
    void backTo(int mark) {
        state.counters.backToRevision(state.counters.revision() - (changes.size() - mark));
        changes.subList(mark, changes.size()).clear();
    }

    void reply(Reply reply) {
        replies.add(reply);
    }

    void ended(long sessionId) {
        ended.add(sessionId);
    }

    Applied applied(boolean diverged) {
        return new Applied(
                state.index,
                state.nowMillis,
                Collections.unmodifiableList(replies),
                Collections.unmodifiableList(events),
                Collections.unmodifiableList(changes),
                Collections.unmodifiableList(ended),
                diverged);
    }
}
