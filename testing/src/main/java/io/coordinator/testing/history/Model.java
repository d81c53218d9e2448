package io.coordinator.testing.history;

import java.util.List;

/**
 * What one object may do when its operations happen one after the other: a sequential specification.
 *
 * <p>States, inputs and outputs are immutable and have value equality. A model may be nondeterministic: where the
 * caller cannot know which state follows (a lock that some other client may have lost), it returns all that can.
 *
 * @param <S> the state of one object
 * @param <I> what is asked
 * @param <O> what is answered
 */
public interface Model<S, I, O> {

    /** The object before the first operation. */
    S initial();

    /**
     * The states that can follow if {@code input} took effect in {@code state} and answered {@code output}; empty if it
     * cannot have.
     */
    List<S> after(S state, I input, O output);

    /** The states that can follow if {@code input} took effect in {@code state} and nobody saw its answer. */
    List<S> afterUnknown(S state, I input);

    /** True if an operation with this answer never changes the state; a report may leave such operations out. */
    default boolean observes(I input, O output) {
        return false;
    }
}
