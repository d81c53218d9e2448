package io.coordinator.client.document;

import java.util.OptionalLong;

/**
 * What the cluster keeps about a document.
 *
 * @param revision of its last change
 * @param createRevision of its creation
 * @param version 1 at its creation, plus 1 at each change
 * @param kind durable, ephemeral or a file
 * @param expiresAt cluster time in milliseconds; see {@link #expiresAtMillis()}
 */
public record DocumentInfo(long revision, long createRevision, long version, Kind kind, long expiresAt) {
    /** What becomes of a document. */
    public enum Kind {
        /** Kept until it is deleted. */
        DURABLE,
        /** Gone with the session that created it, or a while after it was last opened. */
        EPHEMERAL,
        /** As durable; its id is the path of a file. */
        FILE
    }

    /** When it expires; empty if it does not by time. */
    public OptionalLong expiresAtMillis() {
        return expiresAt == 0 ? OptionalLong.empty() : OptionalLong.of(expiresAt);
    }
}
