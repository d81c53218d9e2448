package io.coordinator.client.error;

import java.util.List;

/** An argument or a setting is bad; the message names it. Nothing was changed. */
public final class ValidationException extends RejectedException {
    private final transient List<Problem> errors;

    public ValidationException(String message) {
        this(message, List.of());
    }

    /** What the user's own code threw says more. */
    public ValidationException(String message, Throwable cause) {
        super(ErrorCode.EINVAL, false, false, message, cause);
        this.errors = List.of();
    }

    /** Several settings may be bad at once (EL-ERR-1). */
    public ValidationException(String message, List<Problem> errors) {
        super(ErrorCode.EINVAL, false, false, message, null);
        this.errors = List.copyOf(errors);
    }

    /** What is wrong with each setting, where the call checks several; otherwise empty. */
    public List<Problem> errors() {
        return errors;
    }

    /**
     * A bad setting.
     *
     * @param path which one
     * @param message what is wrong with it
     */
    public record Problem(String path, String message) {}
}
