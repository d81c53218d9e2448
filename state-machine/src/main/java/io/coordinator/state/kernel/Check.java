package io.coordinator.state.kernel;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.coordinator.document.JsonText;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Expectation;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Static checks of one command or query, one after the other; the first that fails is the refusal. */
public final class Check {
    /** Of the core; what is of this version needs no gate. */
    static final int FIRST_VERSION = 1;

    private static final int MAX_UTF8_PER_CHAR = 3;

    private final int nameBytesMax;
    private final int valueBytesMax;
    private final boolean newerFields;
    private final int activeVersion;
    private @Nullable Error error;

    /**
     * Checks of what will be replicated, so that every member must know all of it.
     *
     * @param activeVersion the version of the core that all members are known to run
     */
    public Check(int nameBytesMax, int valueBytesMax, int activeVersion) {
        this(nameBytesMax, valueBytesMax, activeVersion, false);
    }

    private Check(int nameBytesMax, int valueBytesMax, int activeVersion, boolean newerFields) {
        this.nameBytesMax = nameBytesMax;
        this.valueBytesMax = valueBytesMax;
        this.activeVersion = activeVersion;
        this.newerFields = newerFields;
    }

    /**
     * Checks of what only this node acts on, whatever the others know.
     *
     * @param versionMax the newest version of the core that this node takes part in
     */
    public static Check ofThisNode(int nameBytesMax, int valueBytesMax, int versionMax, boolean newerFields) {
        return new Check(nameBytesMax, valueBytesMax, versionMax, newerFields);
    }

    public Optional<Error> result() {
        return Optional.ofNullable(error);
    }

    public boolean hasFailed() {
        return error != null;
    }

    /** A namespace, key or lock name: not empty, no NUL, not too long. */
    public Check name(String what, String name) {
        return present(what, name).prefix(what, name);
    }

    /** Not empty. */
    public Check present(String what, String name) {
        return require(!name.isEmpty(), what, "is empty; name it");
    }

    /** Like {@link #name}, but may be empty. */
    public Check prefix(String what, String prefix) {
        require(prefix.indexOf('\0') < 0, what, "contains the character NUL, which separates names; leave it out");
        return text(what, prefix, nameBytesMax);
    }

    /** Well-formed Unicode of at most as many bytes as a value. */
    public Check text(String what, String text) {
        return wellFormed(what, text).value(what, utf8Size(text, valueBytesMax));
    }

    /** Well-formed Unicode of at most so many bytes in UTF-8, which no setting changes. */
    public Check text(String what, String text, int bytesMax) {
        return wellFormed(what, text).size(what, utf8Size(text, bytesMax), bytesMax, "use a shorter one");
    }

    private Check wellFormed(String what, String text) {
        return require(
                isWellFormed(text), what, "contains half of a surrogate pair, which is no character; leave it out");
    }

    /** One JSON value within the limits. */
    public Check json(String what, ByteString text) {
        value(what, text.size());
        if (error == null) {
            String problem = JsonText.syntaxProblem(text);
            require(problem == null, what, "is not a JSON value in UTF-8: " + problem);
        }
        return this;
    }

    /** A value of so many bytes. */
    public Check value(String what, int bytes) {
        return size(what, bytes, valueBytesMax, "make it smaller, or raise value-bytes-max on every node");
    }

    public Check atLeast(String what, long min, long actual) {
        return actual >= min ? this : refuse(ErrorCode.EINVAL, what + " is " + actual + "; use " + min + " or more");
    }

    public Check atMost(String what, long max, long actual) {
        return actual <= max ? this : refuse(ErrorCode.EINVAL, what + " is " + actual + "; use " + max + " or less");
    }

    /** Refuses with EINVAL, "what problem", unless {@code holds}. */
    public Check require(boolean holds, String what, String problem) {
        return holds ? this : refuse(ErrorCode.EINVAL, what + " " + problem);
    }

    /**
     * Refuses a message with fields from a newer version: ignoring them here while a newer member obeys them would be
     * to diverge.
     */
    public Check known(Message message) {
        return newerFields || message.getUnknownFields().isEmpty()
                ? this
                : unknown(message.getDescriptorForType().getName() + " with fields of a newer version");
    }

    /**
     * Refuses a value of an enumeration that is of a newer version; protobuf calls each of them {@code UNRECOGNIZED}.
     */
    public Check known(String what, Enum<?> value) {
        return value.name().equals("UNRECOGNIZED") ? unknown("the " + what) : this;
    }

    /** Refuses what a version of the core introduced that not every member is known to run. */
    public Check since(String what, int version) {
        return version <= activeVersion ? this : unknown(what);
    }

    /** Refuses with EUNKNOWN. */
    public Check unknown(String what) {
        return refuse(
                ErrorCode.EUNKNOWN,
                what
                        + " is unknown to the version that this cluster runs; upgrade every member, or use an older"
                        + " client");
    }

    /** What somebody expects of a value. */
    public Check expectation(Expectation expect) {
        return switch (expect.getExpectationCase()) {
            case ABSENT -> require(expect.getAbsent(), "absent", "must be true if it is set");
            case ABSENT_OR_NULL -> require(expect.getAbsentOrNull(), "absent_or_null", "must be true if it is set");
            case VALUE, REVISION -> this;
            case EXPECTATION_NOT_SET -> unknown("the expectation");
        };
    }

    public Check refuse(ErrorCode code, String message) {
        return refuse(Refusals.error(code, message));
    }

    public Check refuse(Error refusal) {
        if (error == null) {
            error = refusal;
        }
        return this;
    }

    private Check size(String what, int bytes, int max, String advice) {
        return bytes <= max
                ? this
                : refuse(
                        ErrorCode.ETOOLARGE, what + " has " + bytes + " bytes and the limit is " + max + "; " + advice);
    }

    /** Exact where it matters. */
    private static int utf8Size(String text, int bytesMax) {
        return (long) text.length() * MAX_UTF8_PER_CHAR <= bytesMax
                ? text.length()
                : text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static boolean isWellFormed(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c) || i + 1 == length || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }
}
