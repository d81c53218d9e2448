package io.coordinator.client.cache;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a compare-and-set did.
 *
 * @param applied whether the key was as expected
 * @param entry the entry after the command, or null if there is none; see {@link #current()}
 * @param revision the global revision after the command
 */
public record CasResult(boolean applied, @Nullable Entry entry, long revision) {
    /** The entry after the command, whether it applied or not; empty if there is no such key. */
    public Optional<Entry> current() {
        return Optional.ofNullable(entry);
    }
}
