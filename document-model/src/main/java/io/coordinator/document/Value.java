package io.coordinator.document;

import io.coordinator.protocol.JsonType;

/** A JSON value. Never changes; changed copies share with it what is the same. */
public abstract sealed class Value permits Scalar, ArrayValue, ObjectValue {
    /** What it is. */
    public abstract JsonType type();

    /**
     * Of its content: the same for the same text, however the value came about; the order of members does not count.
     */
    public abstract long hash();

    /** How many bytes its JSON text has. */
    public abstract long bytes();

    /** 0 for a scalar, 1 for an array or object of scalars, and so on. */
    public abstract int depth();

    /** Elements or members; 0 for scalars. */
    public abstract int length();

    /** Writes its JSON text without spaces. */
    abstract void write(TextOut out);

    /** Its JSON text; not to be changed. */
    byte[] text() {
        TextOut out = new TextOut(bytes());
        write(out);
        return out.done();
    }

    /** Its JSON text without spaces, in UTF-8. */
    @Override
    public String toString() {
        return JsonText.write(this).toStringUtf8();
    }
}
