package io.coordinator.client.document;

import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.ValidationException;
import org.jspecify.annotations.Nullable;

/**
 * Edits of one place in a document. A value may be anything that the client's {@code ObjectMapper} can write. One that
 * contains NaN, an infinity or half of a surrogate pair is refused with {@link ValidationException} before anything is
 * sent.
 *
 * <p>An edit that does not fit what is there (a push on an object, an index out of range) changes nothing and says so
 * in its outcome; it is no exception.
 *
 * <p>Names of members are texts of at most 1,024 bytes of UTF-8 without half of a surrogate pair; they can be empty. A
 * half is refused with {@link ValidationException}, a longer one with {@link PayloadTooLargeException}, or inside a
 * value by the outcome {@link EditOutcome.Reason#NAME_TOO_LONG}. Each value has the limits of all
 * <a href="../package-summary.html#values">values</a>.
 *
 * @param <R> what an edit answers: an outcome, or something that leads to it
 */
public interface DocumentOperations<R> {
    // ---- objects ----

    /**
     * Sets a member of the object that is here (DJ-SET-1).
     *
     * @param name taken as it is, dots and all (DJ-SET-5)
     * @param value null stores JSON null
     */
    R set(String name, @Nullable Object value);

    /**
     * Removes a member of the object that is here; the outcome has its value.
     *
     * @param name taken as it is, dots and all
     */
    R remove(String name);

    // ---- arrays ----

    /**
     * Appends elements to the array that is here, in this order (DJ-PUSH-1).
     *
     * @param values 100,000 at most, or {@link ValidationException}; none change nothing
     */
    R push(@Nullable Object... values);

    /**
     * Puts elements before those of the array that is here, in this order (DJ-PUSH-2).
     *
     * @param values as for {@link #push}
     */
    R unshift(@Nullable Object... values);

    /** Takes the last element (DJ-POP-1). */
    R pop();

    /** Takes the first element (DJ-SHIFT-1). */
    R shift();

    /**
     * Removes elements and puts others in their place, by JavaScript's rules (DJ-SPL-2).
     *
     * @param start any number; negative counts from the end; clamped
     * @param count any number; clamped to what there is, negative to 0
     * @param instead 100,000 at most, or {@link ValidationException}
     */
    R splice(long start, long count, @Nullable Object... instead);

    /** Removes the first element that is equal to the item (DJ-REM-1). */
    R removeItem(@Nullable Object item);

    /** Removes the first element that matches the item (DJ-REM-2). */
    R removeItem(@Nullable Object item, ItemMatch match);

    /**
     * Updates the first element that matches the item: two objects are merged, member by member; anything else takes
     * the element's place (DJ-UPD-3, A-09).
     */
    R updateItem(@Nullable Object item, @Nullable Object update, ItemMatch match);

    /** Puts a value in the place of the first element that matches the item. */
    R replaceItem(@Nullable Object item, @Nullable Object replacement, ItemMatch match);

    /**
     * Replaces an element.
     *
     * @param index from 0 to less than the length; others, also negative ones, are
     *     {@link EditOutcome.Reason#OUT_OF_RANGE}
     */
    R setIndex(long index, @Nullable Object value);

    /**
     * Inserts an element.
     *
     * @param index from 0 to the length; others, also negative ones, are {@link EditOutcome.Reason#OUT_OF_RANGE}
     */
    R insert(long index, @Nullable Object value);

    // ---- anything ----

    /** Replaces the value that is here; at the root, the whole document (DJ-REPL-1). */
    R replace(@Nullable Object value);

    /**
     * Adds to the number that is here, exactly in 64 bits; a missing member counts as 0 (B-24).
     *
     * @param by may be negative; a sum beyond 64 bits, also of a number with a fraction, is
     *     {@link EditOutcome.Reason#OVERFLOW}
     */
    R increment(long by);

    /**
     * Adds a finite number to the number that is here, in doubles unless both are whole.
     *
     * @param by finite, or {@link ValidationException}; may be negative
     */
    R incrementDecimal(double by);

    /** Merges into what is here (JSON Merge Patch, RFC 7396): null removes a member. */
    R merge(@Nullable Object patch);

    /** Makes empty objects for the members that are missing on the way here. */
    R createPath();
}
