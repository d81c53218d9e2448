package io.coordinator.state.kernel;

import io.coordinator.document.Meter;
import io.coordinator.protocol.Condition;
import io.coordinator.protocol.Error;
import org.jspecify.annotations.Nullable;

/** A data type whose rows a transaction can make conditions on (B-11). */
public interface Conditional {
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
