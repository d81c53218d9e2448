package io.coordinator.state;

import com.google.protobuf.ByteString;
import io.coordinator.document.Meter;
import io.coordinator.protocol.Change;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.Chore;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Reply;
import io.coordinator.state.kernel.Budget;
import io.coordinator.state.kernel.Counters;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.Span;
import io.coordinator.state.kernel.Took;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Collects the effects of one entry, and takes back those of a command that is undone. */
final class Recorder implements Effects {
    /** Larger values are kept once, however many are told; for smaller ones a row of their own would not pay. */
    private static final int SHARED_BYTES_MIN = 512;
    /** Of a change or an event, besides what it carries. */
    private static final int MESSAGE_BYTES = 32;

    private final State state;
    private final Budget budget;
    private final List<Reply> replies;
    private final List<Applied.SessionEvent> events = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    private final List<Long> ended = new ArrayList<>();
    private final List<Defect> defects = new ArrayList<>();
    private final List<Took> took = new ArrayList<>();
    private final List<Long> shared = new ArrayList<>();

    Recorder(State state, int commands) {
        this.state = state;
        this.budget = state.storage.budget();
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
        return change(data, name, kind, value, List.of());
    }

    @Override
    public long change(DataKind data, Name name, ChangeKind kind, ByteString value, List<Integer> appended) {
        long bytes = (long) value.size() + (long) Integer.BYTES * appended.size();
        budget.bytes("changes", MESSAGE_BYTES + name.key().length() + bytes);
        long revision = state.counters.nextRevision();
        Change.Builder change = Change.newBuilder()
                .setRevision(revision)
                .setData(data)
                .setNamespace(name.namespace())
                .setKey(name.name())
                .setKind(kind)
                .setValue(value);
        // Even of none it would make a list of its own, with room for ten, which lives as long as the change.
        if (!appended.isEmpty()) {
            change.addAllAppended(appended);
        }
        changes.add(change.build());
        return revision;
    }

    @Override
    public void tell(long sessionId, Event.Builder event) {
        Event numbered = state.sessions.tell(sessionId, event);
        if (numbered != null) {
            budget.bytes("events", MESSAGE_BYTES + (long) numbered.getSerializedSize());
            budget.row(numbered.getSerializedSize());
            events.add(new Applied.SessionEvent(sessionId, state.shared.filledIn(numbered)));
        }
    }

    @Override
    public Shared share(ByteString value) {
        if (value.size() < SHARED_BYTES_MIN) {
            return new Shared() {
                @Override
                public void putInto(Event.Builder event) {
                    event.setValue(value);
                }

                @Override
                public long id() {
                    return 0;
                }
            };
        }
        budget.bytes("events", value.size());
        long id = nextTicket();
        state.shared.add(id, value);
        shared.add(id);
        return shared(id);
    }

    /** A value that was shared before. */
    static Shared shared(long id) {
        return new Shared() {
            @Override
            public void putInto(Event.Builder event) {
                event.setValueId(id);
            }

            @Override
            public long id() {
                return id;
            }
        };
    }

    @Override
    public void took(DataKind data, Span span, Name name, long millis) {
        took.add(new Took(data, span, name, Math.max(0, millis)));
    }

    @Override
    public Meter meter() {
        return budget;
    }

    @Override
    public Slice slice() {
        return budget.slice();
    }

    @Override
    public void later(DataKind data, Chore.Builder rest) {
        state.chores.add(nextTicket(), true, rest.setData(data).build());
    }

    @Override
    public void reclaimLater(DataKind data, Chore.Builder rest) {
        state.chores.add(nextTicket(), false, rest.setData(data).build());
    }

    /** Where {@link #backTo} goes back to. */
    record Mark(int changes, int events, int ended, int took, Counters counters) {}

    Mark mark() {
        return new Mark(changes.size(), events.size(), ended.size(), took.size(), state.counters.copy());
    }

    /** Takes back what was recorded since a mark, and the numbers that were given out. */
    void backTo(Mark mark) {
        state.counters.backTo(mark.counters());
        cut(changes, mark.changes());
        cut(events, mark.events());
        cut(ended, mark.ended());
        cut(took, mark.took());
        shared.clear();
    }

    private static void cut(List<?> list, int size) {
        list.subList(size, list.size()).clear();
    }

    /** A piece of work is over: what it shared with nobody goes. */
    void settle() {
        shared.forEach(state.shared::dropUnused);
        shared.clear();
    }

    void reply(Reply reply) {
        replies.add(reply);
    }

    void ended(long sessionId) {
        ended.add(sessionId);
    }

    void defect(String what, RuntimeException cause) {
        defects.add(new Defect(what, cause));
    }

    Applied applied(boolean diverged) {
        return new Applied(
                state.index,
                state.nowMillis,
                Collections.unmodifiableList(replies),
                Collections.unmodifiableList(events),
                Collections.unmodifiableList(changes),
                Collections.unmodifiableList(ended),
                Collections.unmodifiableList(defects),
                Collections.unmodifiableList(took),
                diverged);
    }
}
