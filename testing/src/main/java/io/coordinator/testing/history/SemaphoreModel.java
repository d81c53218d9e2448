package io.coordinator.testing.history;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A semaphore: at most so many permits are granted at a time, and each grant has a larger token than the last.
 *
 * <p>A holder that may have lost its grant without being told is recorded as in {@link LockModel}: an
 * {@link Input.Lose} without an answer. A grant whose answer nobody saw comes and goes at any time: it never stands in
 * the way of another, and always excuses one that is refused.
 *
 * @param limit how many permits there are
 */
public record SemaphoreModel(int limit)
        implements Model<SemaphoreModel.State, SemaphoreModel.Input, SemaphoreModel.Output> {

    /**
     * The semaphore.
     *
     * @param held permits by the token of their grant
     * @param unseen permits that may be held by grants whose answers nobody saw
     * @param lastToken no token up to this one can be granted again
     */
    public record State(Map<Long, Integer> held, int unseen, long lastToken) {
        int known() {
            return held.values().stream().mapToInt(Integer::intValue).sum();
        }

        State grant(long token, int permits) {
            Map<Long, Integer> more = new TreeMap<>(held);
            more.put(token, permits);
            return new State(more, unseen, token);
        }

        State without(long token) {
            Map<Long, Integer> fewer = new TreeMap<>(held);
            fewer.remove(token);
            return new State(fewer, unseen, lastToken);
        }
    }

    /** What is asked of a semaphore. */
    public sealed interface Input {
        record Acquire(int permits) implements Input {}

        record Release(long token) implements Input {}

        /** Asks how many permits are held. */
        record Count() implements Input {}

        /** The grant ends by itself. */
        record Lose(long token) implements Input {}
    }

    /** What a semaphore answers. */
    public sealed interface Output {
        record Granted(long token) implements Output {}

        record Busy() implements Output {}

        /** The wait elapsed; says nothing about the semaphore. */
        record WaitElapsed() implements Output {}

        record Released(boolean wasHeld) implements Output {}

        record Held(int permits) implements Output {}
    }

    @Override
    public State initial() {
        return new State(Map.of(), 0, 0);
    }

    @Override
    public List<State> after(State state, Input input, Output output) {
        if (input instanceof Input.Acquire acquire && output instanceof Output.Granted granted) {
            boolean fits = state.known() + acquire.permits() <= limit && granted.token() > state.lastToken();
            return fits ? List.of(state.grant(granted.token(), acquire.permits())) : List.of();
        }
        if (input instanceof Input.Acquire acquire && output instanceof Output.Busy) {
            return onlyIf(state.known() + state.unseen() + acquire.permits() > limit, state);
        }
        if (input instanceof Input.Release release && output instanceof Output.Released released) {
            return onlyIf(
                    released.wasHeld() == state.held().containsKey(release.token()), state.without(release.token()));
        }
        if (output instanceof Output.Held held) {
            return onlyIf(
                    held.permits() >= state.known()
                            && held.permits() <= Math.min(limit, state.known() + state.unseen()),
                    state);
        }
        return List.of(state);
    }

    @Override
    public List<State> afterUnknown(State state, Input input) {
        if (input instanceof Input.Acquire acquire) {
            int unseen = Math.min(limit, state.unseen() + acquire.permits());
            return List.of(new State(state.held(), unseen, state.lastToken()));
        }
        if (input instanceof Input.Release release) {
            return List.of(state.without(release.token()));
        }
        return List.of(input instanceof Input.Lose lose ? state.without(lose.token()) : state);
    }

    @Override
    public boolean observes(Input input, Output output) {
        return !(output instanceof Output.Granted || output.equals(new Output.Released(true)));
    }

    private static List<State> onlyIf(boolean legal, State state) {
        return legal ? List.of(state) : List.of();
    }
}
