package io.coordinator.client.document;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Arguments;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How to open a document. Immutable: each method returns a changed copy.
 *
 * @param content for a document that does not exist yet; see {@link #initialContent(Object)}
 * @param hasContent whether there is one; without, it is an empty object
 * @param kind what becomes of it
 * @param timeToLive for ephemeral ones, more than 0, in milliseconds rounded up; over 146 years count as that; or null.
 *     With another kind it is refused; see {@link #ttl()}
 */
public record OpenOptions(
        @Nullable Object content,
        boolean hasContent,
        DocumentInfo.Kind kind,
        @Nullable Duration timeToLive) {
    private static final OpenOptions DEFAULTS = new OpenOptions(null, false, DocumentInfo.Kind.DURABLE, null);

    /**
     * Checks the options.
     *
     * @throws ValidationException if the ttl is 0 or less, or the kind is not ephemeral but has a ttl; or if there is
     *     content although there should be none
     */
    public OpenOptions {
        Objects.requireNonNull(kind, "kind");
        if (timeToLive != null) {
            Arguments.positive("ttl", timeToLive);
            if (kind != DocumentInfo.Kind.EPHEMERAL) {
                throw new ValidationException("ttl is for EPHEMERAL documents, but the kind is " + kind);
            }
        }
        if (content != null && !hasContent) {
            throw new ValidationException("content is given, but hasContent is false; set it to true");
        }
    }

    /** A durable document that begins as an empty object. */
    public static OpenOptions defaults() {
        return DEFAULTS;
    }

    /**
     * What a new document begins with. A document that exists keeps its content (DJ-INIT-1).
     *
     * @param content at most 1 MiB as JSON; null begins with JSON null
     */
    public OpenOptions initialContent(@Nullable Object content) {
        return new OpenOptions(content, true, kind, timeToLive);
    }

    /** Gone when this client's session ends. */
    public OpenOptions ephemeral() {
        return new OpenOptions(content, hasContent, DocumentInfo.Kind.EPHEMERAL, null);
    }

    /**
     * Gone when nobody has opened it for this long.
     *
     * @param ttl more than 0, in milliseconds rounded up; over 146 years count as that
     * @throws ValidationException if it is 0 or less
     */
    public OpenOptions ephemeral(Duration ttl) {
        return new OpenOptions(content, hasContent, DocumentInfo.Kind.EPHEMERAL, ttl);
    }

    /**
     * The content of a file, whose path is the id; the file itself is read and written by whoever wants to (DJ-SRC-2).
     */
    public OpenOptions file() {
        return new OpenOptions(content, hasContent, DocumentInfo.Kind.FILE, null);
    }

    /** How long, more than 0, an ephemeral document outlives its last opening; empty if it is bound to the session. */
    public Optional<Duration> ttl() {
        return Optional.ofNullable(timeToLive);
    }
}
