package io.coordinator.testing.history;

import java.util.List;
import java.util.Optional;

/**
 * A lock with fencing tokens, and one value that is written under it.
 *
 * <p>A holder that may have lost its grant without being told, because it was killed or its lease ran out, is recorded
 * as an {@link Input.Lose} without an answer that begins at the moment from which the cluster may take the grant away.
 * A grant to somebody else before that moment is a violation.
 */
public final class LockModel implements Model<LockModel.State, LockModel.Input, LockModel.Output> {

    /**
     * The lock.
     *
     * @param holder whose grant is live
     * @param lastToken no token up to this one can be granted again
     * @param value what the last guarded write wrote
     */
    public record State(Holder holder, long lastToken, Optional<String> value) {}

    /** Who holds the lock. */
    public sealed interface Holder {
        record Nobody() implements Holder {}

        record Known(long token) implements Holder {}

        /** A grant whose answer nobody saw: its token is unknown, and it can end at any time. */
        record Unknown() implements Holder {}
    }

    /** What is asked of a lock. */
    public sealed interface Input {
        /** Acquire, waiting or not. */
        record Acquire() implements Input {}

        record Release(long token) implements Input {}

        record Verify(long token) implements Input {}

        record GuardedWrite(long token, String value) implements Input {}

        record Read() implements Input {}

        /** The grant ends by itself. */
        record Lose(long token) implements Input {}
    }

    /** What a lock answers. */
    public sealed interface Output {
        record Granted(long token) implements Output {}

        record Busy() implements Output {}

        /** The wait elapsed; says nothing about the lock. */
        record WaitElapsed() implements Output {}

        record Released(boolean wasHeld) implements Output {}

        record Verified(boolean live) implements Output {}

        record Written() implements Output {}

        record Fenced() implements Output {}

        record Value(Optional<String> value) implements Output {}
    }

    private static final Holder NOBODY = new Holder.Nobody();
    private static final Holder UNKNOWN = new Holder.Unknown();

    @Override
    public State initial() {
        return new State(NOBODY, 0, Optional.empty());
    }

    @Override
    public List<State> after(State state, Input input, Output output) {
        if (output instanceof Output.Granted granted) {
            return granted(state, granted.token());
        }
        if (output instanceof Output.Busy) {
            return onlyIf(!state.holder().equals(NOBODY), state);
        }
        if (input instanceof Input.Release release && output instanceof Output.Released released) {
            return released.wasHeld()
                    ? released(state, release.token())
                    : onlyIf(!holds(state, release.token()), state);
        }
        if (input instanceof Input.Verify verify && output instanceof Output.Verified verified) {
            return onlyIf(verified.live() == holds(state, verify.token()), state);
        }
        if (input instanceof Input.GuardedWrite write) {
            return output instanceof Output.Written
                    ? written(state, write)
                    : onlyIf(!holds(state, write.token()), state);
        }
        if (output instanceof Output.Value read) {
            return onlyIf(read.value().equals(state.value()), state);
        }
        return List.of(state);
    }

    @Override
    public List<State> afterUnknown(State state, Input input) {
        if (input instanceof Input.Acquire && mayBeFree(state)) {
            return List.of(new State(UNKNOWN, state.lastToken(), state.value()));
        }
        if (input instanceof Input.Release release && holds(state, release.token())) {
            return released(state, release.token());
        }
        if (input instanceof Input.Lose lose && holds(state, lose.token())) {
            return released(state, lose.token());
        }
        if (input instanceof Input.GuardedWrite write && holds(state, write.token())) {
            return written(state, write);
        }
        return List.of(state);
    }

    @Override
    public boolean observes(Input input, Output output) {
        return !(output instanceof Output.Granted
                || output instanceof Output.Written
                || output.equals(new Output.Released(true)));
    }

    private static List<State> granted(State state, long token) {
        return onlyIf(
                mayBeFree(state) && token > state.lastToken(),
                new State(new Holder.Known(token), token, state.value()));
    }

    private static List<State> released(State state, long token) {
        return onlyIf(holds(state, token), new State(NOBODY, state.lastToken(), state.value()));
    }

    private static List<State> written(State state, Input.GuardedWrite write) {
        return onlyIf(
                holds(state, write.token()), new State(state.holder(), state.lastToken(), Optional.of(write.value())));
    }

    private static boolean holds(State state, long token) {
        return state.holder().equals(new Holder.Known(token));
    }

    private static boolean mayBeFree(State state) {
        return !(state.holder() instanceof Holder.Known);
    }

    private static List<State> onlyIf(boolean legal, State state) {
        return legal ? List.of(state) : List.of();
    }
}
