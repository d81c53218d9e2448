package io.coordinator.testing.history;

import java.util.List;
import java.util.Optional;

/**
 * A cache entry with its revision and version. Revisions come from a counter that other keys share, so each write
 * answers a larger one than the last, by how much is open.
 */
public final class EntryModel implements Model<EntryModel.State, EntryModel.Input, EntryModel.Output> {

    /**
     * The entry.
     *
     * @param entry empty: absent
     * @param revisionMin every later revision of the key is larger
     */
    public record State(Optional<Entry> entry, long revisionMin) {}

    /**
     * A value as it is read.
     *
     * @param revision of the last write; 0 while nobody has seen it
     * @param version 1 at creation, plus 1 with each write
     */
    public record Entry(String value, long revision, long version) {}

    /** What is asked of an entry. */
    public sealed interface Input {
        record Get() implements Input {}

        record Put(String value) implements Input {}

        record Delete() implements Input {}

        /** Compares the revision and writes; revision 0 expects the entry to be absent. */
        record CompareAndSet(long revision, String next) implements Input {}
    }

    /** What an entry answers. */
    public sealed interface Output {
        record Got(Optional<Entry> entry) implements Output {}

        record Written(long revision) implements Output {}

        record Deleted(boolean existed) implements Output {}

        /** What a compare-and-set did; {@code current} is the entry after it. */
        record Compared(boolean applied, Optional<Entry> current) implements Output {}
    }

    @Override
    public State initial() {
        return new State(Optional.empty(), 0);
    }

    @Override
    public List<State> after(State state, Input input, Output output) {
        if (output instanceof Output.Got got) {
            return seen(state, got.entry());
        }
        if (input instanceof Input.Put put && output instanceof Output.Written written) {
            return written(state, put.value(), written.revision());
        }
        if (output instanceof Output.Deleted deleted) {
            return deleted.existed() == state.entry().isPresent() ? List.of(deleted(state)) : List.of();
        }
        if (input instanceof Input.CompareAndSet cas && output instanceof Output.Compared compared) {
            return compared.applied() ? swapped(state, cas, compared) : kept(state, cas, compared);
        }
        return List.of();
    }

    @Override
    public List<State> afterUnknown(State state, Input input) {
        if (input instanceof Input.Put put) {
            return List.of(unseen(state, put.value()));
        }
        if (input instanceof Input.Delete) {
            return List.of(deleted(state));
        }
        if (input instanceof Input.CompareAndSet cas && mayHaveRevision(state, cas.revision())) {
            return List.of(unseen(state, cas.next()));
        }
        return List.of(state);
    }

    @Override
    public boolean observes(Input input, Output output) {
        return false;
    }

    /** A read shows the revision of a write whose answer nobody saw. */
    private static List<State> seen(State state, Optional<Entry> read) {
        if (read.isEmpty() || state.entry().isEmpty()) {
            return read.isEmpty() && state.entry().isEmpty() ? List.of(state) : List.of();
        }
        Entry held = state.entry().get();
        Entry shown = read.get();
        boolean alike = held.value().equals(shown.value()) && held.version() == shown.version();
        boolean fits =
                held.revision() == 0 ? shown.revision() > state.revisionMin() : shown.revision() == held.revision();
        return alike && fits ? List.of(new State(read, shown.revision())) : List.of();
    }

    private static List<State> written(State state, String value, long revision) {
        return revision > state.revisionMin()
                ? List.of(new State(Optional.of(new Entry(value, revision, nextVersion(state))), revision))
                : List.of();
    }

    private static List<State> swapped(State state, Input.CompareAndSet cas, Output.Compared compared) {
        return mayHaveRevision(state, cas.revision()) ? seen(unseen(state, cas.next()), compared.current()) : List.of();
    }

    private static List<State> kept(State state, Input.CompareAndSet cas, Output.Compared compared) {
        return seen(state, compared.current()).stream()
                .filter(now -> now.entry().map(Entry::revision).orElse(0L) != cas.revision())
                .toList();
    }

    private static State unseen(State state, String value) {
        return new State(Optional.of(new Entry(value, 0, nextVersion(state))), state.revisionMin());
    }

    private static State deleted(State state) {
        return new State(Optional.empty(), state.revisionMin());
    }

    private static boolean mayHaveRevision(State state, long revision) {
        return state.entry()
                .map(entry -> entry.revision() == 0 ? revision > state.revisionMin() : entry.revision() == revision)
                .orElse(revision == 0);
    }

    private static long nextVersion(State state) {
        return state.entry().map(Entry::version).orElse(0L) + 1;
    }
}
