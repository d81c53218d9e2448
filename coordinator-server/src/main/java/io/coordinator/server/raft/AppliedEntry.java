package io.coordinator.server.raft;

import io.coordinator.protocol.Entry;
import io.coordinator.state.Applied;
import org.jspecify.annotations.Nullable;

/**
 * A committed entry after this replica applied it.
 *
 * @param term in which it was appended
 * @param index in the log
 * @param bytes its size in the log
 * @param entry what was applied
 * @param applied what it did
 * @param own the submission that this came from, if this node submitted it and still leads the same term now; its
 *     commit is then proof that nobody else led when it was submitted
 */
public record AppliedEntry(
        long term,
        long index,
        int bytes,
        Entry entry,
        Applied applied,
        @Nullable Submission own) {}
