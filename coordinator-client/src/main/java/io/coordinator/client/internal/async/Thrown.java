package io.coordinator.client.internal.async;

import java.util.Arrays;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * How to speak of what the user's code threw. The methods of such an exception are the user's code as well and may
 * throw in turn, and loggers and futures call them: then whoever only wanted to report it would fail instead.
 */
public final class Thrown {
    private Thrown() {}

    /** Its message; empty if it has none, or if that cannot be had. */
    public static String message(Throwable thrown) {
        try {
            String message = thrown.getMessage();
            return message == null ? "" : message;
        } catch (Throwable e) { // whatever it is, it says nothing
            return "";
        }
    }

    /** Its class and its message, for messages. */
    public static String text(Throwable thrown) {
        try {
            return String.valueOf(thrown);
        } catch (Throwable e) { // whatever it is, it says nothing
            return thrown.getClass().getName();
        }
    }

    /** What a {@link CompletionException} is about, where there is such a thing; anything else as it is. */
    public static Throwable cause(Throwable thrown) {
        if (!(thrown instanceof CompletionException)) {
            return thrown;
        }
        try {
            Throwable cause = thrown.getCause();
            return cause == null ? thrown : cause;
        } catch (Throwable e) { // of a subclass of the user's
            return thrown;
        }
    }

    /**
     * The same for futures, which ask an exception for its text before they tell their dependents of it, and tell none
     * if it throws: such a one is put into another one.
     */
    static Throwable carried(Throwable thrown) {
        try {
            String unused = thrown.toString();
            return thrown;
        } catch (Throwable e) { // whatever it is, it would be thrown again
            return new Carrier(thrown);
        }
    }

    /** What the user's code threw, if it was put into another exception on its way. */
    public static Throwable original(Throwable failure) {
        return failure instanceof Carrier carrier ? carrier.thrown : failure;
    }

    /**
     * Logs a warning, and throws nothing.
     *
     * @param arguments of the format; the last one is what was thrown
     */
    public static void warn(Logger log, String format, @Nullable Object... arguments) {
        try {
            log.warn(format, arguments);
        } catch (Throwable e) { // of what was thrown, or of the logger
            warnWithout(log, format, arguments);
        }
    }

    private static void warnWithout(Logger log, String format, @Nullable Object[] arguments) {
        @Nullable Object[] safe = Arrays.copyOf(arguments, arguments.length);
        int last = safe.length - 1;
        if (safe[last] instanceof Throwable thrown) {
            safe[last] = new Unspeakable(thrown);
        }
        try {
            log.warn(format, safe);
        } catch (Throwable e) {
            // Of the logger, and there is nobody else to tell.
        }
    }

    /** Stands for an exception where its own methods would be called. */
    private static final class Carrier extends CompletionException {
        private final Throwable thrown;

        Carrier(Throwable thrown) {
            super(thrown.getClass().getName() + ", which throws when it is asked for its text", thrown);
            this.thrown = thrown;
        }
    }

    /** Shows in a log which exception it was, and where from. */
    private static final class Unspeakable extends Exception {
        Unspeakable(Throwable thrown) {
            super(thrown.getClass().getName() + ", which throws when it is asked for its text", null, false, true);
            try {
                setStackTrace(thrown.getStackTrace());
            } catch (Throwable e) { // then it is not known
                setStackTrace(new StackTraceElement[0]);
            }
        }
    }
}
