package io.coordinator.client.cache;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Arguments;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a compare-and-set makes of a key (PM-ATOM-8). */
public sealed interface Next {
    /**
     * A new value.
     *
     * @param value anything that the client's mapper can write; null for JSON null
     * @param ttlIfCreated how long the key lives if it did not exist, more than 0, in milliseconds rounded up; over 146
     *     years count as that; or null for ever; an existing key keeps its expiry
     */
    record Value(@Nullable Object value, @Nullable Duration ttlIfCreated) implements Next {
        /**
         * Checks the ttl.
         *
         * @throws ValidationException if it is 0 or less
         */
        public Value {
            if (ttlIfCreated != null) {
                Arguments.positive("ttlIfCreated", ttlIfCreated);
            }
        }

        /**
         * The same value; a key that is created expires after this time.
         *
         * @param ttl more than 0, in milliseconds rounded up; over 146 years count as that
         * @throws ValidationException if it is 0 or less
         */
        public Value ttlIfCreated(Duration ttl) {
            return new Value(value, ttl);
        }
    }

    /** No key any more. */
    record Delete() implements Next {}

    /** Writes a value; null for JSON null. */
    static Value value(@Nullable Object value) {
        return new Value(value, null);
    }

    /** Removes the key. */
    static Next delete() {
        return new Delete();
    }
}
