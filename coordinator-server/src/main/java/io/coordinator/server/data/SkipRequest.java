package io.coordinator.server.data;

import java.time.Instant;
import java.util.Optional;

/**
 * The wish that an entry be skipped.
 *
 * @param term what the entry's term must be; needed if this member has not received the entry yet
 * @param sha256 what its hash must be; the same
 * @param operator who wishes it
 * @param reason why
 * @param at when, by the clock of the machine
 */
public record SkipRequest(
        long index, Optional<Long> term, Optional<String> sha256, String operator, String reason, Instant at) {}
