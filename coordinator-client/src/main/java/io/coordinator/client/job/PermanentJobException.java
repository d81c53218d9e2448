package io.coordinator.client.job;

import io.coordinator.client.internal.argument.Text;
import org.jspecify.annotations.Nullable;

/**
 * What a handler throws when another attempt would fail too: the job is dead at once. It is an answer, not a defect:
 * the worker's error listener does not hear of it.
 */
public final class PermanentJobException extends RuntimeException {
    private final String code;

    /**
     * A failure for good.
     *
     * @param message what is more than 16 KiB of UTF-8 is cut off
     */
    public PermanentJobException(String message) {
        this("EHANDLER", message, null);
    }

    /**
     * A failure for good, with a code.
     *
     * @param code not empty; what is more than 256 bytes of UTF-8 is cut off
     * @param message what is more than 16 KiB of UTF-8 is cut off
     * @param cause others get nothing of it; may be null
     */
    public PermanentJobException(String code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = Text.name("code", code);
    }

    /** The code that is told. */
    public String code() {
        return code;
    }
}
