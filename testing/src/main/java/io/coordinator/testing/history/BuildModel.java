package io.coordinator.testing.history;

import java.util.List;
import java.util.Optional;

/**
 * A key whose value is built: at most one live reservation, one committed value for each, and refused completions of
 * those that have ended.
 *
 * <p>A call that asks for a value has one of two answers: the value, or, as soon as its own function begins, the
 * reservation. The completion is an operation of its own. A reservation that may have ended without its builder being
 * told is recorded as an {@link Input.Lose} without an answer.
 */
public final class BuildModel implements Model<BuildModel.State, BuildModel.Input, BuildModel.Output> {

    /**
     * The key.
     *
     * @param reservation the token of the live one; {@link #NONE}; or {@link #UNSEEN}, which can end at any time
     * @param lastToken no token up to this one can be given again
     */
    public record State(long reservation, long lastToken, Optional<String> value) {}

    private static final long NONE = 0;
    /** A reservation whose answer nobody saw. */
    private static final long UNSEEN = -1;

    /** What is asked. */
    public sealed interface Input {
        /** Asks for the value, or for the reservation if there is neither. */
        record GetOrBuild() implements Input {}

        record Complete(long token, String value) implements Input {}

        /** Asks what there is, without building. */
        record Read() implements Input {}

        record Put(String value) implements Input {}

        record Delete() implements Input {}

        /** The reservation ends by itself. */
        record Lose(long token) implements Input {}
    }

    /** What is answered. */
    public sealed interface Output {
        record Reserved(long token) implements Output {}

        record Value(String value) implements Output {}

        /** The value is committed, and this is it. */
        record Committed(String value) implements Output {}

        /** It is not committed: the reservation has ended, or its builder, who gives up first, believes so. */
        record Late() implements Output {}

        /** Somebody builds it; 0 for a token that was not told. */
        record Pending(long token) implements Output {}

        /** There is neither a value nor a builder. */
        record Absent() implements Output {}

        record Done() implements Output {}

        record Deleted(boolean existed) implements Output {}

        /** The builder that was waited for failed; says nothing about what there is now. */
        record Failed() implements Output {}
    }

    @Override
    public State initial() {
        return new State(NONE, 0, Optional.empty());
    }

    @Override
    public List<State> after(State state, Input input, Output output) {
        if (output instanceof Output.Reserved reserved) {
            return onlyIf(
                    state.reservation() <= NONE && state.value().isEmpty() && reserved.token() > state.lastToken(),
                    new State(reserved.token(), reserved.token(), Optional.empty()));
        }
        if (input instanceof Input.Complete complete) {
            boolean live = state.reservation() == complete.token();
            return output.equals(new Output.Committed(complete.value()))
                    ? onlyIf(live, with(state, complete.value()))
                    : onlyIf(output instanceof Output.Late, state);
        }
        if (output instanceof Output.Value value) {
            return onlyIf(state.value().equals(Optional.of(value.value())), state);
        }
        if (output instanceof Output.Pending pending) {
            return onlyIf(isPending(state, pending.token()), state);
        }
        if (output instanceof Output.Absent) {
            return onlyIf(state.value().isEmpty() && state.reservation() <= NONE, state);
        }
        if (input instanceof Input.Put put) {
            return List.of(with(state, put.value()));
        }
        if (output instanceof Output.Deleted deleted) {
            return deleted(state, deleted.existed());
        }
        return List.of(state);
    }

    @Override
    public List<State> afterUnknown(State state, Input input) {
        if (input instanceof Input.GetOrBuild) {
            return List.of(
                    state.reservation() == NONE && state.value().isEmpty()
                            ? new State(UNSEEN, state.lastToken(), state.value())
                            : state);
        }
        if (input instanceof Input.Complete complete) {
            return List.of(state.reservation() == complete.token() ? with(state, complete.value()) : state);
        }
        if (input instanceof Input.Lose lose) {
            return List.of(state.reservation() == lose.token() ? empty(state) : state);
        }
        if (input instanceof Input.Put put) {
            return List.of(with(state, put.value()));
        }
        return List.of(input instanceof Input.Delete ? empty(state) : state);
    }

    @Override
    public boolean observes(Input input, Output output) {
        return output instanceof Output.Value
                || output instanceof Output.Pending
                || output instanceof Output.Absent
                || output instanceof Output.Late
                || output instanceof Output.Failed;
    }

    private static boolean isPending(State state, long token) {
        return state.reservation() == UNSEEN
                || (state.reservation() > NONE && (token == 0 || token == state.reservation()));
    }

    private static List<State> deleted(State state, boolean existed) {
        boolean certain = state.value().isPresent() || state.reservation() > NONE;
        boolean possible = certain || state.reservation() == UNSEEN;
        return onlyIf(existed ? possible : !certain, empty(state));
    }

    private static State with(State state, String value) {
        return new State(NONE, state.lastToken(), Optional.of(value));
    }

    private static State empty(State state) {
        return new State(NONE, state.lastToken(), Optional.empty());
    }

    private static List<State> onlyIf(boolean legal, State state) {
        return legal ? List.of(state) : List.of();
    }
}
