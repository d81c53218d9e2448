package io.coordinator.testing.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A document with a number, a text and an array, and with its version and revision. Revisions come from a counter that
 * others share, so each change has a larger one than the last, by how much is open; an edit that changes nothing has
 * none.
 */
public final class DocumentModel implements Model<DocumentModel.State, DocumentModel.Input, DocumentModel.Output> {

    /**
     * The document.
     *
     * @param document empty: absent
     * @param revisionMin every later revision is larger
     */
    public record State(Optional<Document> document, long revisionMin) {}

    /**
     * One that exists.
     *
     * @param version 1 at creation, plus 1 with each change
     * @param revision of the last change; 0 while nobody has seen it
     */
    public record Document(Content content, long version, long revision) {}

    /** What is in it. */
    public record Content(long count, String text, List<String> items) {
        public Content {
            items = List.copyOf(items);
        }

        Content add(long by) {
            return new Content(count + by, text, items);
        }

        Content text(String next) {
            return new Content(count, next, items);
        }

        Content push(String item) {
            List<String> more = new ArrayList<>(items);
            more.add(item);
            return new Content(count, text, more);
        }

        Content without(int index) {
            List<String> fewer = new ArrayList<>(items);
            fewer.remove(index);
            return new Content(count, text, fewer);
        }
    }

    /** What is asked of a document. */
    public sealed interface Input {
        /** Opens it; one that exists keeps its content. */
        record Create(Content content) implements Input {}

        record Delete() implements Input {}

        record Read() implements Input {}

        record ReadCount() implements Input {}

        /** Asks for version and revision. */
        record ReadStamp() implements Input {}

        record Add(long by) implements Input {}

        record SetText(String text) implements Input {}

        record Push(String item) implements Input {}

        /** Takes the first item, or the last. */
        record Take(boolean first) implements Input {}

        /** Adds to the number and pushes an item in one step. */
        record Batch(long by, String item) implements Input {}

        /** In one step: tests the text, replaces it and pushes an item. */
        record Patch(String expected, String text, String item) implements Input {}

        /** Replaces all of it if it has this revision. */
        record CompareAndReplace(long revision, Content content) implements Input {}
    }

    /** What a document answers. */
    public sealed interface Output {
        record Created(boolean created) implements Output {}

        record Deleted(boolean existed) implements Output {}

        record Seen(Optional<Content> content) implements Output {}

        record Count(Optional<Long> count) implements Output {}

        /** Version and revision, after the operation; empty: absent. */
        record Stamp(Optional<Stamped> stamp) implements Output {}

        /** The number after an addition, or the length of the array after a push. */
        record NewNumber(long number) implements Output {}

        record Taken(Optional<String> item) implements Output {}

        record Done() implements Output {}

        /** The test of a patch failed, or the revision was another. */
        record NotAsExpected() implements Output {}

        /** There is no such document. */
        record Missing() implements Output {}
    }

    /** See {@link Document}. */
    public record Stamped(long version, long revision) {}

    @Override
    public State initial() {
        return new State(Optional.empty(), 0);
    }

    @Override
    public List<State> after(State state, Input input, Output output) {
        if (output instanceof Output.Missing) {
            return onlyIf(state.document().isEmpty(), state);
        }
        if (input instanceof Input.Create create && output instanceof Output.Created created) {
            return onlyIf(created.created() == state.document().isEmpty(), created(state, create));
        }
        if (output instanceof Output.Deleted deleted) {
            return onlyIf(deleted.existed() == state.document().isPresent(), deleted(state));
        }
        if (output instanceof Output.Seen seen) {
            return onlyIf(seen.content().equals(state.document().map(Document::content)), state);
        }
        if (output instanceof Output.Count count) {
            return onlyIf(
                    count.count()
                            .equals(state.document().map(held -> held.content().count())),
                    state);
        }
        if (input instanceof Input.ReadStamp && output instanceof Output.Stamp read) {
            return read.stamp().isEmpty()
                    ? onlyIf(state.document().isEmpty(), state)
                    : stamped(state, state, read.stamp().get());
        }
        return state.document().isEmpty() ? List.of() : edited(state, input, output);
    }

    @Override
    public List<State> afterUnknown(State state, Input input) {
        if (input instanceof Input.Create create) {
            return List.of(created(state, create));
        }
        if (input instanceof Input.Delete) {
            return List.of(deleted(state));
        }
        return List.of(next(state, input));
    }

    @Override
    public boolean observes(Input input, Output output) {
        return output instanceof Output.Missing
                || output instanceof Output.Seen
                || output instanceof Output.Count
                || output instanceof Output.NotAsExpected;
    }

    private static List<State> edited(State state, Input input, Output output) {
        if (output instanceof Output.NotAsExpected) {
            // A revision that nobody has seen may be another one.
            return onlyIf(!certainlyAsExpected(state, input), state);
        }
        if (!asExpected(state, input)) {
            return List.of();
        }
        State next = next(state, input);
        if (output instanceof Output.Stamp stamp) {
            return stamp.stamp().isEmpty()
                    ? List.of()
                    : stamped(state, next, stamp.stamp().get());
        }
        return onlyIf(answers(content(state), content(next), input, output), next);
    }

    private static boolean answers(Content before, Content after, Input input, Output output) {
        if (input instanceof Input.Add && output instanceof Output.NewNumber number) {
            return number.number() == after.count();
        }
        if (input instanceof Input.Push && output instanceof Output.NewNumber length) {
            return length.number() == after.items().size();
        }
        if (input instanceof Input.Take take && output instanceof Output.Taken taken) {
            List<String> items = before.items();
            return items.isEmpty()
                    ? taken.item().isEmpty()
                    : taken.item().equals(Optional.of(items.get(take.first() ? 0 : items.size() - 1)));
        }
        return output instanceof Output.Done;
    }

    /** The state after an edit, whose revision nobody has seen. */
    private static State next(State state, Input input) {
        if (state.document().isEmpty() || !asExpected(state, input)) {
            return state;
        }
        Document held = state.document().get();
        Content content = effect(held.content(), input);
        long min = input instanceof Input.CompareAndReplace replace
                ? Math.max(state.revisionMin(), replace.revision())
                : state.revisionMin();
        return content.equals(held.content())
                ? state
                : new State(Optional.of(new Document(content, held.version() + 1, 0)), min);
    }

    private static Content effect(Content content, Input input) {
        if (input instanceof Input.Add add) {
            return content.add(add.by());
        }
        if (input instanceof Input.SetText set) {
            return content.text(set.text());
        }
        if (input instanceof Input.Push push) {
            return content.push(push.item());
        }
        if (input instanceof Input.Take take) {
            int size = content.items().size();
            return size == 0 ? content : content.without(take.first() ? 0 : size - 1);
        }
        if (input instanceof Input.Batch batch) {
            return content.add(batch.by()).push(batch.item());
        }
        if (input instanceof Input.Patch patch) {
            return content.text(patch.text()).push(patch.item());
        }
        return input instanceof Input.CompareAndReplace replace ? replace.content() : content;
    }

    private static boolean asExpected(State state, Input input) {
        if (input instanceof Input.CompareAndReplace replace) {
            long revision = state.document().map(Document::revision).orElse(-1L);
            return revision == 0 ? replace.revision() > state.revisionMin() : replace.revision() == revision;
        }
        return !(input instanceof Input.Patch patch) || content(state).text().equals(patch.expected());
    }

    private static boolean certainlyAsExpected(State state, Input input) {
        boolean unseen = state.document().map(Document::revision).orElse(0L) == 0;
        return asExpected(state, input) && !(input instanceof Input.CompareAndReplace && unseen);
    }

    /** The state after an operation that showed version and revision. */
    private static List<State> stamped(State before, State after, Stamped shown) {
        if (after.document().isEmpty()) {
            return List.of();
        }
        Document held = after.document().get();
        boolean isNew = held.revision() == 0 || !after.equals(before);
        boolean fits = isNew ? shown.revision() > after.revisionMin() : shown.revision() == held.revision();
        return onlyIf(
                fits && shown.version() == held.version(),
                new State(
                        Optional.of(new Document(held.content(), held.version(), shown.revision())), shown.revision()));
    }

    private static State created(State state, Input.Create create) {
        return state.document().isPresent()
                ? state
                : new State(Optional.of(new Document(create.content(), 1, 0)), state.revisionMin());
    }

    private static State deleted(State state) {
        return new State(Optional.empty(), state.revisionMin());
    }

    private static Content content(State state) {
        return state.document().orElseThrow().content();
    }

    private static List<State> onlyIf(boolean legal, State state) {
        return legal ? List.of(state) : List.of();
    }
}
