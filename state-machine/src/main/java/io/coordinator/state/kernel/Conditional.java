package io.coordinator.state.kernel;

import io.coordinator.document.Meter;
import io.coordinator.protocol.Condition;
import io.coordinator.protocol.Error;
import org.jspecify.annotations.Nullable;

/** What a transaction can ask of the rows of one data type (B-11). */
public interface Conditional {
    /** Which conditions are about this type. */
    Condition.SubjectCase subject();

    /** Says what is wrong with a condition whatever the state; on any thread. */
    void admit(Condition condition, Check check);

    /**
     * Whether a condition holds. Changes nothing.
     *
     * @param condition with a subject of this type
     * @param meter counts what looking takes
     * @throws UnknownOperationException if the expectation is not set to anything this version knows
     */
    boolean holds(Context at, Condition condition, Meter meter);

    /**
     * Why a condition cannot be asked of what is there; null if it can. Whatever asks the same of this type by itself
     * is refused alike. Changes nothing.
     */
    default @Nullable Error refusal(Context at, Condition condition) {
        return null;
    }
}
